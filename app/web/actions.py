"""Staff actions: send, ask, take out, and what became of it. No call to Shopify or the WMS here."""

import re
from collections.abc import Callable
from dataclasses import asdict
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.sync import actions, automation, reports
from app.sync.engine import atomically
from app.sync.owing import STAFF
from app.sync.ring import ring
from app.web.answers import refuse
from app.web.bodies import Unreadable, json_object, order_id, order_ids
from app.web.current import actor, shop, shop_id
from app.web.order_status import order_status
from app.web.sentences import said

blueprint = Blueprint("actions", __name__, url_prefix="/api")
Result = TypeVar("Result")
_CURSOR = re.compile(r"[0-9]{1,18}", re.ASCII)


@blueprint.post("/orders/send")
def send() -> ResponseReturnValue:
    """Send the named orders whatever their tag, or all that wait to be sent."""
    body = json_object()
    if "all" in body:
        _check_all(body.get("all"), alone="ids" not in body)
        receipt = _commit_and_ring(lambda: actions.send_all(shop(), actor()))
    else:
        ids = order_ids(body)
        receipt = _commit_and_ring(lambda: actions.send(shop(), ids, actor()))
    return jsonify(_spoken(asdict(receipt))), 202


@blueprint.post("/orders/status")
def ask_status() -> ResponseReturnValue:
    """Ask the warehouse about the named orders now."""
    ids = order_ids(json_object())
    run = _commit_and_ring(lambda: actions.ask_status(shop(), ids, actor()))
    return jsonify(run=run), 202


@blueprint.post("/orders/take-out")
def take_out() -> ResponseReturnValue:
    """Take the named orders out of automation: nothing sends them by itself any more."""
    ids = order_ids(json_object())
    run = _commit_and_ring(lambda: actions.take_out(shop(), ids, actor()))
    return jsonify(run=run), 202


@blueprint.post("/orders/add")
def add() -> ResponseReturnValue:
    """Put the named orders into automation: they go as soon as the rules let them."""
    ids = order_ids(json_object())
    run = _commit_and_ring(lambda: automation.add(shop(), ids, actor()))
    return jsonify(run=run), 202


@blueprint.get("/orders/status")
def status() -> ResponseReturnValue:
    """Where one order is, and which gates are open."""
    found = order_status(shop(), order_id(request.args.get("id")))
    if found is None:
        return refuse(404, _("We haven't seen this order. Send it to the WMS to track it."))
    return jsonify(_spoken(found))


@blueprint.get("/runs/<uuid:run>")
def run_report(run: UUID) -> ResponseReturnValue:
    """What became of a run's orders so far."""
    cursor = request.args.get("cursor") or None
    if cursor is not None and not _CURSOR.fullmatch(cursor):
        raise Unreadable(422, "cursor", _("This cursor isn't one of ours. Start without one."))
    found = reports.run_report(shop(), str(run), cursor)
    if found is None:
        return refuse(404, _("There is no such run in this shop."))
    return jsonify(_spoken(found))


def _check_all(value: object, *, alone: bool) -> None:
    if value != "no-sync":
        raise Unreadable(422, "all", _('The only group that can be sent is "all": "no-sync".'))
    if not alone:
        raise Unreadable(422, "all", _("Name either ids or all, not both."))


def _spoken(value: Any) -> Any:
    """The same JSON with every ``message`` in the asker's language."""
    if isinstance(value, list):
        return [_spoken(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        key: said(inner) if key == "message" and inner else _spoken(inner)
        for key, inner in value.items()
    }


def _commit_and_ring(verb: Callable[[], Result]) -> Result:
    result = atomically(verb)
    ring(shop_id(), STAFF)
    return result
