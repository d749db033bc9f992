"""A connection's health: a breaker rests a WMS that is down, one that wants fewer requests is left
alone for as long as it says, a refused token pauses sending."""

from contextlib import closing
from datetime import datetime, timedelta

from app.db import database_now, session
from app.errors import Rejected, TryLater, Uncertain
from app.models import Connection, Shop
from app.models.connection import (
    ESTABLISHED,
    NEVER_TESTED,
    PASSING,
    REFUSED,
    UNREACHABLE,
    UNUSABLE,
)
from app.sync import journal
from app.sync.engine import atomically
from app.sync.outside import way_of, wms_for
from app.sync.situations import connection_of

# Failures in a row before the breaker opens, and how long it first stays open.
_PATIENCE = 3
_FIRST_REST = timedelta(seconds=5)
_LONGEST_REST = timedelta(minutes=5)
_NO_TROUBLE = (ESTABLISHED, NEVER_TESTED)
# Seconds for an answer to whether it is there at all. Whoever asks has mostly waited for another.
_SHORT_CALL = 5.0
# The codes by which the WMS refuses us, whatever we ask.
PAUSING = frozenset({"token-refused", "token-forbidden"})
PACED = "The warehouse asked for fewer requests. Nothing to do: it is tried again by itself."


def set_status(connection: Connection, status: str, message: str = "", *, actor: str = "") -> None:
    """Change a connection's status, noting since when, and who did it if somebody did. The caller
    commits."""
    if connection.status != status:
        connection.status, connection.status_since = status, database_now()
        level = journal.INFO if status in _NO_TROUBLE else journal.ERROR
        text = message or "Connection established."
        journal.write(connection.shop_id, "connection", text, level=level, actor=actor)
    connection.status_message = message


def is_well(connection: Connection) -> bool:
    """Whether nothing is known to be wrong with the connection."""
    return not connection.failures and connection.status == ESTABLISHED


def answered(connection: Connection) -> None:
    """The WMS answered: whatever was wrong is over. Commits."""
    if is_well(connection):
        return
    shop_id = connection.shop_id

    def work() -> None:
        fresh = session().query(Connection).filter_by(shop_id=shop_id).one()
        fresh.failures, fresh.open_until = 0, None
        if fresh.status in PASSING:
            set_status(fresh, ESTABLISHED)

    atomically(work)


def is_resting(connection: Connection, now: datetime) -> bool:
    """Whether the WMS is left alone: it was down, or asked for that."""
    return any(until and until > now for until in (connection.open_until, connection.paced_until))


def pace_left(shop: Shop) -> float:
    """The seconds for which the WMS still wants no requests. Ends the transaction."""
    connection = connection_of(shop)
    until = connection.paced_until if connection else None
    left = (until - database_now()).total_seconds() if until else 0.0
    session().rollback()
    return max(0.0, left)


def require_pace(connection: Connection) -> None:
    """Raise TryLater while the WMS wants no requests."""
    until, now = connection.paced_until, database_now()
    if until and until > now:
        raise TryLater(PACED, (until - now).total_seconds(), counts=False)


def paced(shop: Shop, problem: TryLater | Uncertain) -> bool:
    """Whether the WMS merely wants fewer requests; then it is asked nothing until then. Commits."""
    if isinstance(problem, Uncertain) or problem.counts:
        return False

    def work() -> None:
        connection = connection_of(shop)
        until = database_now() + timedelta(seconds=problem.wait)
        if connection is not None and problem.wait:
            connection.paced_until = max(until, connection.paced_until or until)

    session().rollback()
    atomically(work)
    return True


def failed(shop: Shop, problem: TryLater | Uncertain) -> None:
    """The WMS did not answer. After some failures in a row, or if it wants that, it is left alone a
    while. Commits."""

    def work() -> None:
        connection = connection_of(shop)
        if connection is None:
            return
        connection.failures += 1
        over = connection.failures - _PATIENCE
        if over < 0:
            return
        rest = min(_LONGEST_REST, _FIRST_REST * 2 ** min(over, 10))
        connection.open_until = database_now() + rest
        if connection.status in (ESTABLISHED, UNUSABLE):
            set_status(connection, UNREACHABLE, problem.message)

    if paced(shop, problem):
        return
    session().rollback()
    atomically(work)


def answers(shop: Shop) -> bool:
    """Whether the WMS is there at all, as one more question tells: what failed is then the fault
    of that alone. Commits."""
    connection = connection_of(shop)
    if connection is None:
        return False
    with closing(wms_for(connection, seconds=_SHORT_CALL)) as wms:
        try:
            wms.connection()
        except (TryLater, Rejected):
            return False
    answered(connection)
    return True


def refused(shop: Shop, problem: Rejected) -> bool:
    """Whether the WMS refused us rather than the request; then sending pauses, unless the
    connection was changed since it was asked. Commits."""
    if problem.code not in PAUSING:
        return False

    def work() -> None:
        connection = connection_of(shop)
        # Without a token it was disconnected meanwhile, with another way there changed: there is
        # nothing to mend.
        if connection is not None and connection.token and _is_about(problem, connection):
            set_status(connection, REFUSED, problem.message)

    session().rollback()
    atomically(work)
    return True


def _is_about(problem: Rejected, connection: Connection) -> bool:
    return problem.way in ("", way_of(connection))
