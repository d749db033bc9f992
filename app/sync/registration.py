"""Asks the WMS to call back, and again when what we want to hear of has changed since."""

import base64
import secrets
from collections.abc import Sequence
from contextlib import closing

from sqlalchemy import exists, select

from app.db import session
from app.domain.states import Effect
from app.models import Connection, Owed, Shop
from app.models.connection import USABLE
from app.sync.capabilities import can
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.outside import settings, wms_for
from app.sync.owing import owe
from app.sync.situations import connection_of

_EVENTS = (
    *("job.finished", "order.state_changed", "order.cancelled"),
    *("shipment.updated", "inventory.changed", "return.updated"),
)


def register(shop: Shop, claims: Sequence[Claim]) -> None:
    """Ask the WMS to call back, under a secret of the connection's own."""
    found = connection_of(shop)
    if found is None:
        atomically(lambda: finish(claims))
        return
    connection_id = found.id
    connection = atomically(lambda: _with_secret(connection_id))
    url, secret = _url(connection), str(connection.callback_secret)
    with closing(wms_for(connection)) as wms:
        wms.put_callbacks(url, secret, _EVENTS)
    atomically(lambda: _registered(connection_id, claims))


def stay_registered(shop_id: int) -> None:
    """Owe a registration to a connection that made none for what we want to hear of now, as after
    an upgrade or a move of the app. One that is owed or was given up is left alone. The caller
    commits."""
    query = select(Connection).where(Connection.shop_id == shop_id)
    connection = session().scalar(query)
    if connection is None or not _calls_back(connection):
        return
    heard = connection.registered == _wanted(connection) and connection.callback_secret
    if heard or _is_owed(connection):
        return
    owe(shop_id, ("connection", connection.id), Effect.REGISTER)


def _calls_back(connection: Connection) -> bool:
    able = can(connection, "callbacks") and bool(connection.token)
    return able and connection.status in USABLE


def _is_owed(connection: Connection) -> bool:
    """Whether a registration waits, is being made, or was given up."""
    known = exists().where(
        Owed.subject_type == "connection",
        Owed.subject_id == connection.id,
        Owed.effect == Effect.REGISTER,
    )
    return bool(session().scalar(select(known)))


def _with_secret(connection_id: str) -> Connection:
    connection = session().get_one(Connection, connection_id)
    connection.callback_secret = connection.callback_secret or _secret()
    return connection


def _registered(connection_id: str, claims: Sequence[Claim]) -> None:
    connection = session().get_one(Connection, connection_id)
    connection.registered = _wanted(connection)
    finish(claims)


def _wanted(connection: Connection) -> str:
    """What a registration asks for now, in one text."""
    return " ".join((_url(connection), *_EVENTS))


def _url(connection: Connection) -> str:
    return f"{settings().app_url}/wms/callbacks/{connection.id}"


def _secret() -> str:
    """A Standard Webhooks secret: 32 random bytes, base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
