"""The warehouse's callbacks: verify, store, 204, ring."""

from datetime import UTC, datetime

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.db import session
from app.errors import Rejected
from app.models import Connection
from app.sync.callbacks import accept_callback
from app.sync.engine import atomically
from app.sync.owing import DEFAULT
from app.sync.ring import ring
from app.web.answers import refuse
from app.wms.callbacks import verify

blueprint = Blueprint("callbacks", __name__)
_MOST_ID, _MOST_TYPE = 128, 64


@blueprint.post("/wms/callbacks/<connection_id>")
def receive(connection_id: str) -> ResponseReturnValue:
    """Take a callback in, once; a repetition is answered like the first."""
    connection = _find(connection_id)
    if connection is None:
        return refuse(404, _("Nobody is connected under this address."))
    try:
        secrets = [connection.callback_secret] if connection.callback_secret else []
        event = verify(request.get_data(), dict(request.headers), secrets, datetime.now(UTC))
    except Rejected as refusal:
        status = 401 if refusal.code == "bad-signature" else 422
        return refuse(status, refusal.message, refusal.code)
    if len(event.id) > _MOST_ID or len(event.type) > _MOST_TYPE:
        return refuse(422, _("The callback's id or type is too long."), "invalid")
    shop_id = connection.shop_id
    if atomically(lambda: accept_callback(connection, event)):
        ring(shop_id, DEFAULT)
    return "", 204


def _find(connection_id: str) -> Connection | None:
    if len(connection_id) != 36 or "\0" in connection_id:
        return None
    connection = session().get(Connection, connection_id)
    return connection if connection is not None and connection.shop.installed else None
