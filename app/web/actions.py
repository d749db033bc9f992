"""Staff actions: send, ask, take out, and what became of it. No call to Shopify or the WMS here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.sync import actions, automation, reports, returns_again, revival, shipping
from app.sync.engine import atomically
from app.sync.owing import STAFF
from app.sync.ring import ring
from app.sync.situations import connection_of, paused_because
from app.web.answers import refuse
from app.web.bodies import Unreadable, json_object, order_id, order_ids, row_ids
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


@blueprint.get("/orders/to-send")
def to_send() -> ResponseReturnValue:
    """How many orders sending all that wait would send, and why none goes for now."""
    why = paused_because(connection_of(shop()))
    paused = {"message": said(why)} if why else None
    return jsonify(count=actions.to_send(shop()), paused=paused)


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


@blueprint.post("/given-up/try-again")
def try_again() -> ResponseReturnValue:
    """Take up again the named pieces of work that were given up, or all of them."""
    body = json_object()
    if "all" in body:
        _check_everything(body)
        run, queued = _commit_and_ring(lambda: revival.try_all_again(shop(), actor()))
    else:
        ids = row_ids(body)
        run, queued = _commit_and_ring(lambda: revival.try_again(shop(), ids, actor()))
    return jsonify(run=run, queued=queued), 202


@blueprint.post("/given-up/dismiss")
def dismiss() -> ResponseReturnValue:
    """Take the named pieces of work off the list of what was given up; how many there were."""
    ids, who = row_ids(json_object()), actor()
    dismissed = atomically(lambda: revival.dismiss(shop(), ids, who))
    if not dismissed:
        return refuse(404, _("It isn't in this list any more. Reload the page."))
    return jsonify(dismissed=dismissed)


@blueprint.post("/shipments/try-again")
def fulfil_again() -> ResponseReturnValue:
    """Fulfil the named shipments in Shopify now, if it can be done; how many there are to try."""
    ids = row_ids(json_object())
    queued = _commit_and_ring(lambda: shipping.try_again(shop_id(), ids, actor()))
    if not queued:
        return refuse(404, _("There is no shipment to try again. Reload the page."))
    return jsonify(queued=queued), 202


@blueprint.post("/returns/try-again")
def announce_again() -> ResponseReturnValue:
    """Tell the warehouse of the named returns now, or Shopify what came; how many there are."""
    ids = row_ids(json_object())
    queued = _commit_and_ring(lambda: returns_again.try_again(shop_id(), ids, actor()))
    if not queued:
        return refuse(404, _("There is no return to try again. Reload the page."))
    return jsonify(queued=queued), 202


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


def _check_everything(body: Mapping[str, Any]) -> None:
    if body["all"] is not True or "ids" in body:
        raise Unreadable(422, "all", _('Name either ids or "all": true.'))


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
