"""Pages by cursor of rows that lie in the order of an index: a page begins behind its values."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_

from app.db import session
from app.web.paging import ROWS, Page, one_page

_MOST_NUMBER = 2**62
_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Key:
    """What rows are ordered by: a column or expression, and whether the largest comes first."""

    column: ColumnElement[Any]
    falling: bool = False

    def order(self, *, back: bool) -> ColumnElement[Any]:
        """The order of rows, or that of rows read backwards."""
        return self.column.desc() if self.falling is not back else self.column.asc()

    def beyond(self, value: Any, *, back: bool) -> ColumnElement[bool]:
        """The condition for what lies beyond a value."""
        ahead: ColumnElement[bool] = self.column > value
        behind: ColumnElement[bool] = self.column < value
        return behind if self.falling is not back else ahead


@dataclass(frozen=True, slots=True)
class KeyCursor:
    """A place between two rows: the values of the one that it lies beside, and which way to go."""

    back: bool
    values: tuple[str | int, ...]

    def write(self) -> str:
        """The form that goes into an address."""
        text = json.dumps([int(self.back), *self.values])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None, kinds: Sequence[type]) -> "KeyCursor | None":
        """The cursor in an address; None for none, and for one that can't be ours."""
        try:
            back, *values = json.loads(base64.urlsafe_b64decode((text or "").encode() + b"=="))
        except (ValueError, TypeError, binascii.Error, RecursionError):
            return None
        fit = len(values) == len(kinds) and all(map(_fits, values, kinds))
        return cls(bool(back), tuple(values)) if fit else None


def _fits(value: object, kind: type) -> bool:
    if type(value) is not kind:
        return False
    if isinstance(value, int):
        return abs(value) < _MOST_NUMBER
    return isinstance(value, str) and len(value) <= _LONGEST and "\0" not in value


def rows_behind(
    query: Select[Any], keys: Sequence[Key], cursor: KeyCursor | None, limit: int
) -> list[Any]:
    """Up to ``limit`` rows of a query, behind a cursor the way it goes. The query's last columns
    are the keys'."""
    back = cursor is not None and cursor.back
    wanted = query if cursor is None else query.where(_beyond(keys, cursor))
    ordered = wanted.order_by(*(key.order(back=back) for key in keys)).limit(limit)
    return list(session().execute(ordered).all())


def page_behind(query: Select[Any], keys: Sequence[Key], cursor: KeyCursor | None) -> Page[Any]:
    """One page of a query's rows."""
    back = cursor is not None and cursor.back
    found = rows_behind(query, keys, cursor, ROWS + 1)
    rows, before, after = one_page(found, back=back, begun=cursor is not None)
    return Page(
        rows,
        next=after_row(rows[-1], keys).write() if after else "",
        previous=after_row(rows[0], keys, back=True).write() if before else "",
    )


def after_row(row: Any, keys: Sequence[Key], *, back: bool = False) -> KeyCursor:
    """The place beside a row."""
    return KeyCursor(back, tuple(row[-len(keys) :]))


def _beyond(keys: Sequence[Key], cursor: KeyCursor) -> ColumnElement[bool]:
    """Behind in the first key, or the same there and behind in the next."""
    ways = []
    for place, key in enumerate(keys):
        same = [other.column == cursor.values[at] for at, other in enumerate(keys[:place])]
        ways.append(and_(*same, key.beyond(cursor.values[place], back=cursor.back)))
    first = keys[0]
    edge = first.beyond(cursor.values[0], back=cursor.back)
    # Said twice, so that an index finds where to begin.
    return and_(or_(edge, first.column == cursor.values[0]), or_(*ways))
