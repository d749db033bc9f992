"""A connection's health: a breaker rests a WMS that is down, a refused token pauses sending."""

from datetime import timedelta

from app.db import database_now, session
from app.errors import Rejected, TryLater, Uncertain
from app.models import Connection, Shop
from app.models.connection import ESTABLISHED, NEVER_TESTED, REFUSED, UNREACHABLE
from app.sync import journal
from app.sync.engine import atomically
from app.sync.situations import connection_of

# Failures in a row before the breaker opens, and how long it first stays open.
_PATIENCE = 3
_FIRST_REST = timedelta(seconds=5)
_LONGEST_REST = timedelta(minutes=5)
_NO_TROUBLE = (ESTABLISHED, NEVER_TESTED)
_PAUSING = {"token-refused", "token-forbidden"}


def set_status(connection: Connection, status: str, message: str = "") -> None:
    """Change a connection's status, noting since when. The caller commits."""
    if connection.status != status:
        connection.status, connection.status_since = status, database_now()
        level = journal.INFO if status in _NO_TROUBLE else journal.ERROR
        journal.write(
            connection.shop_id, "connection", message or "Connection established.", level=level
        )
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
        if fresh.status == UNREACHABLE:
            set_status(fresh, ESTABLISHED)

    atomically(work)


def failed(shop: Shop, problem: TryLater | Uncertain) -> None:
    """The WMS did not answer. After some failures in a row it is left alone a while. Commits."""

    def work() -> None:
        connection = connection_of(shop)
        if connection is None or (isinstance(problem, TryLater) and not problem.counts):
            return
        connection.failures += 1
        over = connection.failures - _PATIENCE
        if over < 0:
            return
        rest = min(_LONGEST_REST, _FIRST_REST * 2 ** min(over, 10))
        connection.open_until = database_now() + rest
        if connection.status == ESTABLISHED:
            set_status(connection, UNREACHABLE, problem.message)

    session().rollback()
    atomically(work)


def refused(shop: Shop, problem: Rejected) -> bool:
    """Whether the WMS refused us rather than the request; then sending pauses. Commits."""
    if problem.code not in _PAUSING:
        return False

    def work() -> None:
        connection = connection_of(shop)
        # Without a token it was disconnected meanwhile: there is nothing to mend.
        if connection is not None and connection.token:
            set_status(connection, REFUSED, problem.message)

    session().rollback()
    atomically(work)
    return True
