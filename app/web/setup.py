"""The setup wizard: five steps from an installed app to orders that go by themselves."""

from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import func, select

from app.db import database_now, session
from app.models import Connection, Order
from app.models.connection import ESTABLISHED
from app.sync.engine import atomically
from app.web.bodies import Unreadable, json_object
from app.web.current import shop, shop_id
from app.web.parts import page
from app.web.settings import form_values
from app.web.settings_edits import edited_orders
from app.web.settings_places import placed_of, proposals

blueprint = Blueprint("setup", __name__)
STEPS = (
    lazy_gettext("Connect your warehouse"),
    lazy_gettext("Locations"),
    lazy_gettext("Order rules"),
    lazy_gettext("Fulfilment and stock"),
    lazy_gettext("Finish"),
)
PARTS = {"ready": "parts/setup_ready.html"}
# An order that nothing but the switch holds back.
_ONLY_THE_SWITCH = ("automatic", "")


@blueprint.get("/setup")
def show() -> ResponseReturnValue:
    """The step asked for, as far as the shop has come; else the one to go on with."""
    values = form_values()
    step = _step(request.args.get("step", ""), reached(values["connection"]))
    values["warning"] = None if step == 1 else values["warning"]
    return page("setup.html", PARTS, step=step, steps=STEPS, **values, **_shown_at(step))


@blueprint.put("/api/setup")
def keep() -> ResponseReturnValue:
    """Note how far the merchant has come: ``{"step": 3}``, and ``{"done": true}`` at the end."""
    body = json_object()
    step, done = body.get("step", shop().setup_step), body.get("done", False)
    if type(step) is not int or not 1 <= step <= len(STEPS):
        raise Unreadable(422, "step", _("Setup has the steps 1 to 5."))
    if not isinstance(done, bool):
        raise Unreadable(422, "done", _("%(key)s must be true or false.", key="done"))
    return jsonify(atomically(lambda: _keep(step, done=done)))


def _keep(step: int, *, done: bool) -> dict[str, Any]:
    found = shop()
    found.setup_step = max(found.setup_step, len(STEPS) if done else step)
    if done and found.setup_done_at is None:
        found.setup_done_at = database_now()
    return {"step": found.setup_step, "done": found.setup_done_at is not None}


def reached(connection: Connection | None) -> int:
    """The step to go on with: a connection that works is the first step, whoever made it."""
    works = connection is not None and connection.status == ESTABLISHED
    return max(shop().setup_step, 2 if works else 1)


def _step(asked: str, furthest: int) -> int:
    wanted = int(asked) if asked in ("1", "2", "3", "4", "5") else furthest
    return min(wanted, furthest)


def _shown_at(step: int) -> dict[str, Any]:
    if step == 2:
        places = placed_of(shop())
        return {"places": places, "proposed": proposals(places)}
    if step == 3:
        return {"edited": edited_orders(shop())}
    return {"ready": ready_to_go()} if step == len(STEPS) else {}


def ready_to_go() -> int:
    """How many orders go as soon as automatic processes are on."""
    waiting = select(func.count()).where(
        Order.shop_id == shop_id(),
        Order.tag_state == "no_sync",
        Order.reason.in_(_ONLY_THE_SWITCH),
        Order.deleted.is_(False),
    )
    return session().scalar(waiting) or 0
