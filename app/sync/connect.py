"""A shop's connection to its WMS: saved, tested, confirmed, and kept informed by callbacks."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.orm.attributes import flag_modified

from app.db import database_now, session
from app.domain.states import Effect
from app.errors import Rejected, TryLater, Uncertain
from app.models import Batch, Connection, Order, OutboundOrder, Shop
from app.models.batch import ABANDONED, POSTING, RUNNING
from app.models.connection import (
    ESTABLISHED,
    NEVER_TESTED,
    OTHER_ACCOUNT,
    PASSING,
    REFUSED,
    USABLE,
)
from app.sync import connection_faults, journal, mirror, stock_changes, stock_marks
from app.sync.breaker import set_status
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.looking import look_again
from app.sync.outside import way_of, wms_for
from app.sync.owing import BULK, owe
from app.sync.situations import connection_of
from app.sync.verdicts import (
    NO_WAREHOUSE,
    TestVerdict,
    elsewhere,
    established,
    failure_of,
    name_of,
)
from app.wms.base import ConnectionInfo

# What the WMS says of itself by which orders wait or go.
_DECIDES = ("capabilities", "default_fields")
_DISCONNECTED = "Disconnected. Nothing is sent until a warehouse is connected again."
_CHANGED = "The connection was changed meanwhile. Test it again."


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which connection was asked, how it was reached, and for which warehouse account."""

    id: str
    way: str
    generation: int


def save(
    shop: Shop, *, label: str, app_url: str, token: str | None, automatic: bool, actor: str = ""
) -> Connection:
    """Keep where the WMS is and how it is reached; ``token`` None keeps the one there is.

    Raises Rejected with a code that names the field. The caller commits.
    """
    label, app_url = label.strip(), app_url.strip().rstrip("/")
    connection = connection_of(shop)
    connection_faults.check(label, app_url, token, stored=bool(connection and connection.token))
    if connection is None:
        connection = Connection(
            id=str(uuid4()), shop_id=shop.id, status_since=database_now(), generation=1
        )
        session().add(connection)
    else:
        session().refresh(connection, with_for_update=True)
    if (app_url, token or connection.token) != (connection.app_url, connection.token):
        connection.app_url, connection.token = app_url, token or connection.token
        connection.failures, connection.open_until = 0, None
        connection.paced_until = None
        message = "The connection was changed. Test it."
        set_status(connection, NEVER_TESTED, message, actor=actor)
    connection.label = label
    set_automatic(connection, automatic, actor)
    return connection


def set_automatic(connection: Connection, on: bool, actor: str = "") -> None:
    """Switch automatic processes on or off; switched on, waiting orders are looked at now. The
    caller commits."""
    if connection.automatic == on:
        return
    connection.automatic = on
    text = "Automatic processes switched on." if on else "Automatic processes switched off."
    journal.write(connection.shop_id, "automatic", text, actor=actor)
    if on:
        look_again(connection.shop_id)


def test(connection: Connection) -> TestVerdict:
    """Ask the WMS who it is, and note how it went, unless the connection was changed meanwhile.
    Commits."""
    asked = _asked(connection)
    with closing(wms_for(connection)) as wms:
        try:
            info = wms.connection()
        except (Rejected, TryLater, Uncertain) as problem:
            failure = problem
        else:
            return atomically(lambda: _answered(asked, info))
    return atomically(lambda: _failed(asked, failure))


def test_owed(shop: Shop, claims: Sequence[Claim]) -> None:
    """Test a connection that an operator prepared, unless a person was quicker. Raises TryLater
    while nothing answers. One that is in use is asked anew what it can do."""
    connection = connection_of(shop)
    if connection is not None and connection.token and connection.status == NEVER_TESTED:
        verdict = test(connection)
        if verdict.status in PASSING:
            raise TryLater(verdict.message)
    elif connection is not None and connection.token and connection.status in USABLE:
        _learn(connection)
    atomically(lambda: finish(claims))


def owe_look(shop_id: int) -> None:
    """Owe a question to the WMS what it can do by now. The caller commits."""
    connection = session().query(Connection).filter_by(shop_id=shop_id).one_or_none()
    if connection is not None and connection.token and connection.status in USABLE:
        owe(shop_id, ("connection", connection.id), Effect.TEST, lane=BULK)


def _learn(connection: Connection) -> None:
    """Take in what the WMS says of itself now. If it does not answer, its work finds that out."""
    asked = _asked(connection)
    with closing(wms_for(connection)) as wms:
        try:
            info = wms.connection()
        except (Rejected, TryLater, Uncertain):
            return
    atomically(lambda: _answered(asked, info, calls_back=False))


def _asked(connection: Connection) -> _Asked:
    return _Asked(connection.id, way_of(connection), connection.generation)


def _overtaken(connection: Connection, asked: _Asked) -> TestVerdict | None:
    """The verdict where what was asked is not what is connected now: it tells nothing of that."""
    if not connection.token:
        return TestVerdict(ok=False, status=NEVER_TESTED, message=_DISCONNECTED)
    if asked != _asked(connection):
        return TestVerdict(ok=False, status=connection.status, message=_CHANGED)
    return None


def _failed(asked: _Asked, problem: Rejected | TryLater | Uncertain) -> TestVerdict:
    connection = session().get_one(Connection, asked.id, with_for_update=True)
    if overtaken := _overtaken(connection, asked):
        return overtaken
    verdict = failure_of(problem)
    if verdict.status == REFUSED or connection.status not in (REFUSED, OTHER_ACCOUNT):
        # Not knowing who is there does not let orders go there.
        unknown = connection.status == NEVER_TESTED and verdict.status in PASSING
        set_status(connection, NEVER_TESTED if unknown else verdict.status, problem.message)
    return verdict


def _answered(asked: _Asked, info: ConnectionInfo, *, calls_back: bool = True) -> TestVerdict:
    """Take in what the WMS says of itself. ``calls_back``: it is asked again to call back."""
    connection = session().get_one(Connection, asked.id, with_for_update=True)
    if overtaken := _overtaken(connection, asked):
        return overtaken
    if not info.default_warehouse:
        return _failed(asked, Rejected("not-the-contract", NO_WAREHOUSE))
    if connection.account and connection.account != info.account:
        return _other_account(connection, info)
    _adopt(connection, info)
    if calls_back and info.capabilities.callbacks:
        owe(connection.shop_id, ("connection", connection.id), Effect.REGISTER)
    return established(info, connection.label)


def _other_account(connection: Connection, info: ConnectionInfo) -> TestVerdict:
    connection.other_account = info.account
    verdict = elsewhere(connection.account, info)
    set_status(connection, OTHER_ACCOUNT, verdict.message)
    return verdict


def _adopt(connection: Connection, info: ConnectionInfo) -> None:
    connection.account, connection.other_account = info.account, ""
    connection.system = name_of(info)
    told = info.to_stored()
    stock_marks.warehouses_told(connection, info.default_warehouse, told)
    before, connection.info = connection.info, told
    connection.max_batch = info.max_batch
    connection.default_warehouse = info.default_warehouse
    connection.failures, connection.open_until = 0, None
    was = connection.status
    set_status(connection, ESTABLISHED)
    if was != ESTABLISHED or any(before.get(key) != connection.info[key] for key in _DECIDES):
        look_again(connection.shop_id)


def confirm_account(connection: Connection, actor: str = "") -> None:
    """A person confirms the other warehouse account: a new generation begins. What was sent to the
    old account is archived and never sent again by itself. The caller commits, then tests."""
    if connection.status != OTHER_ACCOUNT:
        raise Rejected("nothing-to-confirm", "The warehouse account has not changed.")
    mirror.let_go(connection.shop_id)
    session().query(OutboundOrder).filter_by(shop_id=connection.shop_id, archived=False).update(
        {"archived": True}, synchronize_session=False
    )
    session().query(Batch).filter(
        Batch.shop_id == connection.shop_id, Batch.state.in_((POSTING, RUNNING))
    ).update({"state": ABANDONED, "body": b""}, synchronize_session=False)
    session().query(Order).filter_by(shop_id=connection.shop_id).update(
        {"manual": False}, synchronize_session=False
    )
    stock_changes.account_changed(connection, actor)
    connection.generation += 1
    connection.account = connection.other_account
    connection.other_account = ""
    message = "A new warehouse account was confirmed. Test it."
    set_status(connection, NEVER_TESTED, message, actor=actor)


def forget(connection: Connection, actor: str = "") -> None:
    """Disconnect: sending stops and the token is dropped. What waits and what is on its way stays
    as it is, and goes on with the next token for the same account. The caller commits."""
    if not connection.token_stored and connection.callback_secret is None:
        return
    connection.token = connection.callback_secret = None
    # What no key opens reads as None, and is stored all the same.
    flag_modified(connection, "token")
    flag_modified(connection, "callback_secret")
    connection.failures, connection.open_until = 0, None
    connection.other_account = ""
    if connection.status != NEVER_TESTED:
        connection.status, connection.status_since = NEVER_TESTED, database_now()
    connection.status_message = _DISCONNECTED
    journal.write(connection.shop_id, "disconnected", _DISCONNECTED, actor=actor)
