"""Shows what would become of the last orders, before anything is sent."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.settings import changed
from app.sync import shadow
from app.sync.preferences import settings_of
from app.sync.shadow import Preview, Shadow
from app.web import limits
from app.web.bodies import Unreadable, json_object
from app.web.current import shop
from app.web.order_exchanges import as_text
from app.web.sentences import said
from app.web.settings_api import refuse_fields, unstorable

blueprint = Blueprint("shadow", __name__, url_prefix="/api/settings")
_USUAL = 20


@blueprint.post("/preview")
def show() -> ResponseReturnValue:
    """Run the last ``count`` orders (20 unless given) through the settings there are, or those
    typed under ``settings``. JSON, or HTML for a page that asks for it. Writes nothing."""
    body = json_object()
    count, typed = _count(body), dict(_typed(body))
    typed.pop("version", None)
    errors = unstorable(typed)
    settings, wrong = changed(settings_of(shop()), typed)
    if errors or settings is None:
        return refuse_fields(errors or wrong)
    with limits.testing():
        found = shadow.preview(shop(), settings, count)
    if request.accept_mimetypes.best == "text/html":
        rows = "parts/settings_preview_rows.html"
        return render_template(rows, preview=found, as_text=as_text)
    return jsonify(as_json(found))


def as_json(preview: Preview) -> dict[str, Any]:
    """A preview as the API gives it."""
    sent = sum(1 for each in preview.shadows if each.closed is None)
    return {
        "orders": [_order(each) for each in preview.shadows],
        "sent": sent,
        "waiting": len(preview.shadows) - sent,
        "complete": preview.complete,
    }


def _order(found: Shadow) -> dict[str, Any]:
    closed = found.closed
    return {
        "id": found.gid,
        "name": found.name,
        "outcome": "waits" if closed else "sent",
        "gate": closed.gate if closed else "",
        "message": said(closed.message) if closed else "",
        "fix": closed.fix if closed else "",
        "documents": found.documents,
    }


def _count(body: Mapping[str, Any]) -> int:
    count = body.get("count", _USUAL)
    if type(count) is not int or not 1 <= count <= shadow.MOST:
        raise Unreadable(422, "count", _("Preview from 1 to %(most)s orders.", most=shadow.MOST))
    return count


def _typed(body: Mapping[str, Any]) -> Mapping[str, Any]:
    typed = body.get("settings", {})
    if not isinstance(typed, dict):
        raise Unreadable(422, "settings", _("%(key)s must be a JSON object.", key="settings"))
    return typed
