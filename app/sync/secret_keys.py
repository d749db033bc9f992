"""The secrets at rest: whether ENCRYPTION_KEYS opens them, and all of them under its first key."""

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import InvalidToken
from flask import current_app
from sqlalchemy import ColumnElement, Row, Select, Text, literal, select, type_coerce, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.schema import Column

from app.db import Base, Secret, db, reading, session
from app.models import Connection, Shop
from app.sync import connect
from app.sync.engine import atomically

_PAGE = 200
_SEEN = "tagdock_secrets"
_ALL_OPEN = "all open"


@dataclass(slots=True)
class Rotation:
    """What became of a column's secrets; ``lost`` names the stores of those that no key opens."""

    column: str
    rewritten: int = 0
    current: int = 0
    lost: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Lost:
    """A stored secret that no key opens."""

    column: Column[Any]
    key: Any


def lost() -> str:
    """The column of a secret that no key opens, such as ``connections.token``; empty when all open.

    All are looked at until all open, once in a process; meanwhile only the one found last.
    """
    seen = current_app.extensions.get(_SEEN)
    if seen == _ALL_OPEN:
        return ""
    with reading():
        found = seen if isinstance(seen, _Lost) and _is_lost(seen) else _first_lost()
    session().rollback()
    current_app.extensions[_SEEN] = found or _ALL_OPEN
    return str(found.column) if found else ""


def tell_at_boot() -> None:
    """Say in a sentence that secrets can't be read; it keeps no connection, for it may fork. A
    database that is not there yet, or has no tables, is no reason not to begin."""
    try:
        if column := lost():
            print(said_of(column), file=sys.stderr)
    except SQLAlchemyError:
        session().rollback()
    finally:
        session().remove()
        db.engine.dispose()


def said_of(column: str) -> str:
    """What an operator is told of secrets that no key opens."""
    return (
        f"ENCRYPTION_KEYS lacks the key of what is stored in {column}. Put that key back at its"
        " end; if it is lost, those stores must connect again."
    )


def rotate() -> Iterator[Rotation]:
    """Write every secret anew under the first key, column by column, page by page; what is under it
    already stays. Commits."""
    for column in _columns():
        rotation = Rotation(str(column))
        for page in _pages(column):
            for row in page:
                _renew(column, row, rotation)
            session().commit()
        yield rotation


def forget() -> None:
    """Take every secret that no key opens for one that was never stored: those warehouses are
    disconnected. Commits."""
    for column in _columns():
        for page in _pages(column):
            for row in [row for row in page if not Secret.opens(row.secret)]:
                _forget(column, row)
    current_app.extensions.pop(_SEEN, None)


def _columns() -> list[Column[Any]]:
    tables = Base.metadata.sorted_tables
    return [each for table in tables for each in table.columns if isinstance(each.type, Secret)]


def _key_of(column: Column[Any]) -> Column[Any]:
    return next(iter(column.table.primary_key))


def _stored(column: Column[Any]) -> ColumnElement[str]:
    """What is in the column, as it is."""
    return type_coerce(column, Text)


def _rows(column: Column[Any]) -> Select[Any, str, str]:
    key = _key_of(column).label("key")
    return select(key, _stored(column).label("secret"), _store(column).label("store")).where(
        column.is_not(None)
    )


def _store(column: Column[Any]) -> ColumnElement[str]:
    """The domain of the store that a row belongs to."""
    known = column.table.columns
    if "domain" in known:
        return known["domain"]
    return select(Shop.domain).where(Shop.id == known["shop_id"]).scalar_subquery()


def _pages(column: Column[Any]) -> Iterator[Sequence[Row[Any, str, str]]]:
    key = _key_of(column)
    query = _rows(column).order_by(key).limit(_PAGE)
    page = session().execute(query).all()
    while page:
        after = page[-1].key
        yield page
        page = session().execute(query.where(key > after)).all()


def _is_lost(seen: _Lost) -> bool:
    row = session().execute(_rows(seen.column).where(_key_of(seen.column) == seen.key)).first()
    return row is not None and not Secret.opens(row.secret)


def _first_lost() -> _Lost | None:
    for column in _columns():
        for page in _pages(column):
            for row in page:
                if not Secret.opens(row.secret):
                    return _Lost(column, row.key)
    return None


def _renew(column: Column[Any], row: Row[Any, str, str], rotation: Rotation) -> None:
    try:
        renewed = Secret.renewed(row.secret)
    except InvalidToken:
        rotation.lost.append(row.store)
        return
    if renewed == row.secret:
        rotation.current += 1
        return
    _replace(column, row, renewed)
    rotation.rewritten += 1


def _replace(column: Column[Any], row: Row[Any, str, str], text: str | None) -> None:
    """Store a text as it is, unless a process stored another meanwhile: that is newer."""
    unchanged = (_key_of(column) == row.key) & (_stored(column) == row.secret)
    given = {column.name: literal(text, Text)}
    session().execute(update(column.table).where(unchanged).values(given))


def _forget(column: Column[Any], row: Row[Any, str, str]) -> None:
    if column is Connection.__table__.columns["token"]:
        atomically(lambda: _disconnect(row.key))
    else:
        atomically(lambda: _replace(column, row, None))


def _disconnect(connection_id: str) -> None:
    connection = session().get_one(Connection, connection_id, populate_existing=True)
    if connection.locked:
        connect.forget(connection)
