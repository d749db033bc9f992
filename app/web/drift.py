"""The drift report: what differs between both sides, and what a person does about it."""

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.drift import Kind
from app.sync import drift, drift_repair
from app.sync.engine import atomically
from app.sync.owing import BULK, STAFF
from app.sync.ring import ring
from app.web import drift_list, spreadsheet
from app.web.answers import refuse
from app.web.banners import banner_for
from app.web.bodies import Unreadable, json_object, row_ids
from app.web.current import actor, shop, shop_id
from app.web.paging import Cursor
from app.web.parts import page
from app.web.setup_api import find_connection

blueprint = Blueprint("drift", __name__)
_PARTS = {"drift": "parts/drift_rows.html"}


@blueprint.get("/drift")
def index() -> ResponseReturnValue:
    """What differs, newest first."""
    wanted = drift_list.kind_of(request.args.get("kind", ""))
    cursor = Cursor.read(request.args.get("cursor"))
    return page(
        "drift.html",
        _PARTS,
        warning=banner_for(find_connection()),
        wanted=wanted,
        kinds=drift_list.KINDS,
        run=drift.last_run(shop_id()),
        ended=drift_list.last_ended(shop()),
        **drift_list.found(shop(), wanted, cursor),
    )


@blueprint.get("/drift/export.csv")
def export() -> Response:
    """Everything that differs, as a file."""
    wanted = drift_list.kind_of(request.args.get("kind", ""))
    return spreadsheet.download("drift.csv", drift_list.FIELDS, drift_list.lines(shop(), wanted))


@blueprint.post("/api/drift/compare")
def compare() -> ResponseReturnValue:
    """Compare both sides now, unless that is under way."""
    json_object()
    run = atomically(lambda: drift.compare_now(shop(), actor()))
    ring(shop_id(), BULK)
    return jsonify(run=run), 202


@blueprint.post("/api/drift/repair")
def repair() -> ResponseReturnValue:
    """Repair the named rows, or all of a kind that need no confirmation."""
    body, who = json_object(), actor()
    if "kind" in body:
        kind = _kind(body["kind"], alone="ids" not in body)
        run, queued = atomically(lambda: drift_repair.repair_all(shop(), kind, who))
    else:
        ids = row_ids(body)
        run, queued = atomically(lambda: drift_repair.repair(shop(), ids, who))
    if not queued:
        return refuse(404, _("There is nothing to repair any more. Reload the page."))
    ring(shop_id(), STAFF)
    return jsonify(run=run, queued=queued), 202


def _kind(given: object, *, alone: bool) -> Kind:
    if not isinstance(given, str) or given not in list(Kind) or not alone:
        raise Unreadable(422, "kind", _("Name either ids or one kind of difference."))
    return Kind(given)
