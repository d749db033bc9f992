"""The database: one session, and the column types that make SQLite and PostgreSQL behave alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    FromClause,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    event,
    func,
    select,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    DeclarativeBase,
    Session,
    registry,
    scoped_session,
)

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

# SQLite numbers rows by itself only in a column of type INTEGER.
BigId = BigInteger().with_variant(Integer(), "sqlite")
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def byte_ordered(length: int) -> String:
    """Text that sorts by its bytes in either database, so that an index finds what begins so."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class Base(DeclarativeBase):
    """Every table's parent."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMING),
        type_annotation_map={dict[str, Any]: Json, list[str]: Json, list[dict[str, Any]]: Json},
    )


class UtcDateTime(TypeDecorator[datetime]):
    """A moment. Only aware datetimes go in; UTC ones come out, also from SQLite."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC; raise ValueError for one without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment needs a time zone.")
        moment = value.astimezone(UTC)
        return moment if dialect.name == "postgresql" else moment.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Secret(TypeDecorator[str]):
    """Text kept encrypted at rest, under the newest of the keys given to ``unlock``."""

    impl = Text
    cache_ok = True
    _box: MultiFernet | None = None
    _newest: Fernet | None = None

    @classmethod
    def unlock(cls, keys: tuple[str, ...]) -> None:
        """Set the process's Fernet keys, newest first."""
        boxes = [Fernet(key) for key in keys]
        cls._box, cls._newest = MultiFernet(boxes), boxes[0]

    @classmethod
    def opens(cls, stored: str) -> bool:
        """Whether a key fits what is stored."""
        return _fits(cls._open(), stored)

    @classmethod
    def renewed(cls, stored: str) -> str:
        """What is stored as the newest key writes it, and as it is where that key wrote it already.
        Raises InvalidToken when no key fits."""
        if cls._newest is not None and _fits(cls._newest, stored):
            return stored
        return cls._open().rotate(stored.encode()).decode()

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Encrypt."""
        return None if value is None else self._open().encrypt(value.encode()).decode()

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt; None when no key fits any more (app/sync/secret_keys.py tells of those)."""
        if value is None:
            return None
        try:
            return self._open().decrypt(value.encode()).decode()
        except InvalidToken:
            return None

    @classmethod
    def _open(cls) -> MultiFernet:
        if cls._box is None:
            raise RuntimeError("Secret.unlock() has not been called.")
        return cls._box


def _fits(box: Fernet | MultiFernet, stored: str) -> bool:
    try:
        box.decrypt(stored.encode())
    except InvalidToken:
        return False
    return True


db = SQLAlchemy(model_class=Base)
# Seconds that a transaction may stand still. No request is made in one, so milliseconds are usual.
_LONGEST_PAUSE = 20
_POSTGRESQL_CLOCK = select(func.clock_timestamp())
_SQLITE_CLOCK = select(func.strftime("%Y-%m-%dT%H:%M:%f", "now"))


def session() -> scoped_session[Session]:
    """The current application context's session."""
    return cast("scoped_session[Session]", db.session)


def database_now() -> datetime:
    """The database's clock, in UTC: the only clock that leases are measured by.

    It is read once in a transaction. Those are short: none is open during a request to the outside.
    """
    current = session()()
    transaction, moment = current.info.get("now", (None, None))
    if moment is None or transaction is not current.get_transaction():
        moment = _read_clock(current)
        current.info["now"] = (current.get_transaction(), moment)
    return cast("datetime", moment)


def _read_clock(current: Session) -> datetime:
    connection = current.connection()
    if connection.dialect.name == "postgresql":
        return cast("datetime", connection.scalar(_POSTGRESQL_CLOCK)).astimezone(UTC)
    stamp = connection.scalar(_SQLITE_CLOCK)
    return datetime.fromisoformat(f"{stamp}000").replace(tzinfo=UTC)


def dialect() -> str:
    """The kind of database: sqlite or postgresql."""
    return session().get_bind().dialect.name


def insert_into(table: FromClause, kind: str) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can say what to do about rows that are there already, for either database."""
    insert = postgresql.insert if kind == "postgresql" else sqlite.insert
    return insert(cast("Table", table))


@contextmanager
def reading() -> Iterator[None]:
    """Run the enclosed reads in one transaction that takes no write lock on SQLite."""
    session().connection(execution_options={"reading": True})
    yield


def prepare(engine: Engine) -> None:
    """Set an engine up. SQLite: write-ahead log, patience for locks, foreign keys. PostgreSQL: no
    locks for those who sleep."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_sqlite_connect)
        event.listen(engine, "begin", _on_sqlite_begin)
    else:
        event.listen(engine, "connect", _on_postgresql_connect)


def _on_sqlite_connect(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "busy_timeout=15000",
        "foreign_keys=ON",
        "synchronous=NORMAL",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _on_postgresql_connect(connection: Any, _record: object) -> None:
    """A machine that stops in the midst of a transaction keeps its locks until the server ends it:
    before the leases run out, so that others can do its work."""
    connection.execute(f"SET idle_in_transaction_session_timeout = '{_LONGEST_PAUSE}s'")
    connection.commit()


def _on_sqlite_begin(connection: Connection) -> None:
    reading_only = connection.get_execution_options().get("reading", False)
    connection.execute(text("BEGIN" if reading_only else "BEGIN IMMEDIATE"))
