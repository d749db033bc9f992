"""A shop's connection to its WMS: saved, tested, confirmed, and kept informed by callbacks."""

import base64
import secrets
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from uuid import uuid4

from app.db import database_now, session
from app.domain.states import Effect
from app.errors import Rejected, TryLater, Uncertain
from app.models import Batch, Connection, Order, OutboundOrder, Shop
from app.models.batch import ABANDONED, POSTING, RUNNING
from app.models.connection import ESTABLISHED, NEVER_TESTED, OTHER_ACCOUNT, REFUSED, UNREACHABLE
from app.sync import journal
from app.sync.breaker import set_status
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.looking import look_again
from app.sync.outside import settings, wms_for
from app.sync.owing import owe
from app.sync.situations import connection_of
from app.wms.base import ConnectionInfo
from app.wms.http import check_app_url

_EVENTS = ("job.finished",)
NO_WAREHOUSE = "The WMS names no warehouse. Add one there, then test again."
_DISCONNECTED = "Disconnected. Nothing is sent until a warehouse is connected again."
_LONGEST = {"label": 100, "app_url": 500, "token": 2000}


@dataclass(frozen=True, slots=True)
class TestVerdict:
    """How a test of the connection ended, in a sentence."""

    ok: bool
    status: str
    message: str


def save(shop: Shop, *, label: str, app_url: str, token: str | None, automatic: bool) -> Connection:
    """Keep where the WMS is and how it is reached; ``token`` None keeps the one there is.

    Raises Rejected with a code that names the field. The caller commits.
    """
    label, app_url = label.strip(), app_url.strip().rstrip("/")
    connection = connection_of(shop)
    check(label, app_url, token, stored=bool(connection and connection.token))
    if connection is None:
        connection = Connection(
            id=str(uuid4()), shop_id=shop.id, status_since=database_now(), generation=1
        )
        session().add(connection)
    if (app_url, token or connection.token) != (connection.app_url, connection.token):
        connection.app_url, connection.token = app_url, token or connection.token
        connection.failures, connection.open_until = 0, None
        set_status(connection, NEVER_TESTED, "The connection was changed. Test it.")
    connection.label = label
    set_automatic(connection, automatic)
    return connection


def check(label: str, app_url: str, token: str | None, *, stored: bool) -> None:
    """Raise Rejected, with a code that names the field, for what can't be a connection.
    ``stored``: there is a token already, which stays when none is given."""
    for fault in faults(label, app_url, token, stored=stored):
        raise fault


def faults(label: str, app_url: str, token: str | None, *, stored: bool) -> Iterator[Rejected]:
    """Everything for which this can't be a connection."""
    given = {"label": label, "app_url": app_url, "token": token or ""}
    for name, most in _LONGEST.items():
        if len(given[name]) > most:
            yield Rejected(name, f"The {name.replace('_', ' ')} is longer than {most} characters.")
    if not label:
        yield Rejected("label", "Give the connection a name, such as the warehouse's.")
    yield from _url_faults(app_url)
    if not token and not stored:
        yield Rejected("token", "Enter the authorization token from the connector's page.")
    if token and not (token.isascii() and token.isprintable() and " " not in token):
        yield Rejected("token", "The token has spaces or odd characters in it. Copy it again.")


def _url_faults(app_url: str) -> Iterator[Rejected]:
    try:
        check_app_url(app_url, settings().wms_allowed_hosts)
    except Rejected as fault:
        yield fault


def set_automatic(connection: Connection, on: bool) -> None:
    """Switch automatic processes on or off; switched on, waiting orders are looked at now. The
    caller commits."""
    if connection.automatic == on:
        return
    connection.automatic = on
    text = "Automatic processes switched on." if on else "Automatic processes switched off."
    journal.write(connection.shop_id, "automatic", text)
    if on:
        look_again(connection.shop_id)


def test(connection: Connection) -> TestVerdict:
    """Ask the WMS who it is, and note how it went. Commits."""
    connection_id = connection.id
    with closing(wms_for(connection)) as wms:
        try:
            info = wms.connection()
        except (Rejected, TryLater, Uncertain) as problem:
            failure = problem
        else:
            return atomically(lambda: _answered(connection_id, info))
    return atomically(lambda: _failed(connection_id, failure))


def test_owed(shop: Shop, claims: Sequence[Claim]) -> None:
    """Test a connection that an operator prepared, unless a person was quicker. Raises TryLater
    while nothing answers."""
    connection = connection_of(shop)
    if connection is not None and connection.token and connection.status == NEVER_TESTED:
        verdict = test(connection)
        if verdict.status == UNREACHABLE:
            raise TryLater(verdict.message)
    atomically(lambda: finish(claims))


def _failed(connection_id: str, problem: Rejected | TryLater | Uncertain) -> TestVerdict:
    connection = session().get_one(Connection, connection_id)
    if not connection.token:
        return TestVerdict(ok=False, status=NEVER_TESTED, message=_DISCONNECTED)
    status = REFUSED if isinstance(problem, Rejected) else UNREACHABLE
    paused = connection.status in (NEVER_TESTED, REFUSED, OTHER_ACCOUNT)
    # Not knowing who is there does not let orders go there.
    kept = connection.status if paused and status == UNREACHABLE else status
    set_status(connection, kept, problem.message)
    return TestVerdict(ok=False, status=status, message=problem.message)


def _answered(connection_id: str, info: ConnectionInfo) -> TestVerdict:
    connection = session().get_one(Connection, connection_id)
    if not connection.token:
        return TestVerdict(ok=False, status=NEVER_TESTED, message=_DISCONNECTED)
    if not info.default_warehouse:
        return _failed(connection_id, Rejected("not-the-contract", NO_WAREHOUSE))
    if connection.account and connection.account != info.account:
        return _other_account(connection, info)
    _adopt(connection, info)
    return established(info, connection.label)


def established(info: ConnectionInfo, label: str) -> TestVerdict:
    """The verdict on a WMS that is of use; ``label`` names one that doesn't name itself."""
    count = len(info.warehouses)
    warehouses = f"{count} warehouse{'' if count == 1 else 's'}"
    message = f"Connection established. {_name_of(info) or label}, {warehouses}."
    return TestVerdict(ok=True, status=ESTABLISHED, message=message)


def elsewhere(account: str, info: ConnectionInfo) -> TestVerdict:
    """The verdict on a WMS that is another account than the orders so far are with."""
    message = (
        f"This app URL leads to another warehouse account, {info.account}. Orders sent so far are"
        f" with {account}. Confirm the change, or put the old app URL back."
    )
    return TestVerdict(ok=False, status=OTHER_ACCOUNT, message=message)


def _name_of(info: ConnectionInfo) -> str:
    return f"{info.system.name} {info.system.version}".strip()


def _other_account(connection: Connection, info: ConnectionInfo) -> TestVerdict:
    connection.other_account = info.account
    verdict = elsewhere(connection.account, info)
    set_status(connection, OTHER_ACCOUNT, verdict.message)
    return verdict


def _adopt(connection: Connection, info: ConnectionInfo) -> None:
    connection.account, connection.other_account = info.account, ""
    connection.system = _name_of(info)
    connection.info = info.model_dump(mode="json")
    connection.max_batch = info.max_batch
    connection.default_warehouse = info.default_warehouse
    connection.failures, connection.open_until = 0, None
    was = connection.status
    set_status(connection, ESTABLISHED)
    if info.capabilities.callbacks:
        owe(connection.shop_id, ("connection", connection.id), Effect.REGISTER)
    if was != ESTABLISHED:
        look_again(connection.shop_id)


def confirm_account(connection: Connection) -> None:
    """A person confirms the other warehouse account: a new generation begins. What was sent to the
    old account is archived and never sent again by itself. The caller commits, then tests."""
    if connection.status != OTHER_ACCOUNT:
        raise Rejected("nothing-to-confirm", "The warehouse account has not changed.")
    session().query(OutboundOrder).filter_by(shop_id=connection.shop_id, archived=False).update(
        {"archived": True}, synchronize_session=False
    )
    session().query(Batch).filter(
        Batch.shop_id == connection.shop_id, Batch.state.in_((POSTING, RUNNING))
    ).update({"state": ABANDONED, "body": b""}, synchronize_session=False)
    session().query(Order).filter_by(shop_id=connection.shop_id).update(
        {"manual": False}, synchronize_session=False
    )
    connection.generation += 1
    connection.account = connection.other_account
    connection.other_account = ""
    set_status(connection, NEVER_TESTED, "A new warehouse account was confirmed. Test it.")


def forget(connection: Connection, actor: str = "") -> None:
    """Disconnect: sending stops and the token is dropped. What waits and what is on its way stays
    as it is, and goes on with the next token for the same account. The caller commits."""
    if connection.token is None and connection.callback_secret is None:
        return
    connection.token = connection.callback_secret = None
    connection.failures, connection.open_until = 0, None
    connection.other_account = ""
    if connection.status != NEVER_TESTED:
        connection.status, connection.status_since = NEVER_TESTED, database_now()
    connection.status_message = _DISCONNECTED
    journal.write(connection.shop_id, "disconnected", _DISCONNECTED, actor=actor)


def register(shop: Shop, claims: Sequence[Claim]) -> None:
    """Ask the WMS to call back, under a secret of the connection's own."""
    connection = connection_of(shop)
    if connection is None:
        atomically(lambda: finish(claims))
        return
    connection.callback_secret = connection.callback_secret or _secret()
    url = f"{settings().app_url}/wms/callbacks/{connection.id}"
    secret = connection.callback_secret
    with closing(wms_for(connection)) as wms:
        wms.put_callbacks(url, secret, _EVENTS)
    atomically(lambda: finish(claims))


def _secret() -> str:
    """A Standard Webhooks secret: 32 random bytes, base64."""
    return f"whsec_{base64.b64encode(secrets.token_bytes(32)).decode()}"
