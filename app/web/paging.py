"""Pages by cursor: rows with a time newest first, then those without one, newest row first."""

import base64
import binascii
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute

from app.db import session

ROWS = 50
_MOST_ID = 2**62
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """A page's rows and the cursors of its neighbours; empty where there is none."""

    rows: list[Row]
    next: str = ""
    previous: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place between two rows, and which way to read on; ``at`` is None beside an undated row."""

    back: bool
    at: datetime | None
    id: int

    def write(self) -> str:
        """The form that goes into an address."""
        values = [int(self.back), self.at.isoformat() if self.at else None, self.id]
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")

    @classmethod
    def read(cls, text: str | None) -> "Cursor | None":
        """The cursor in an address; None for none, and for one that we never wrote."""
        try:
            raw = base64.urlsafe_b64decode((text or "").encode() + b"==")
            back, at, row = json.loads(raw)
            moment = _utc(datetime.fromisoformat(at)) if at is not None else None
            known = isinstance(row, int) and 0 <= row < _MOST_ID
        except (ValueError, TypeError, OverflowError, binascii.Error, RecursionError):
            return None
        return cls(bool(back), moment, row) if known else None


def _utc(moment: datetime) -> datetime:
    """Raises ValueError for a time without a zone, OverflowError for one that UTC lacks."""
    if moment.tzinfo is None:
        raise ValueError
    return moment.astimezone(UTC)


Keys = tuple[InstrumentedAttribute[datetime | None], InstrumentedAttribute[int]]


def page_of(query: Select[tuple[Any]], keys: Keys, cursor: Cursor | None) -> Page[Any]:
    """One page of a query's rows. ``keys``: the columns of the time and of the id."""
    back = cursor is not None and cursor.back
    rows = _rows(query, keys, cursor, back=back)
    rows, before, after = one_page(rows, back=back, begun=cursor is not None)
    return Page(
        rows,
        next=_cursor(rows[-1], keys, back=False) if after else "",
        previous=_cursor(rows[0], keys, back=True) if before else "",
    )


def one_page(rows: list[Any], *, back: bool, begun: bool) -> tuple[list[Any], bool, bool]:
    """Of up to ROWS + 1 rows, read on or back from a cursor or, not ``begun``, from the top: those
    of one page in their order, and whether any lie before and after them."""
    more = len(rows) > ROWS
    rows = rows[:ROWS]
    if back:
        rows.reverse()
    before, after = (more, True) if back else (begun, more)
    return rows, bool(rows) and before, bool(rows) and after


def _rows(query: Select[tuple[Any]], keys: Keys, cursor: Cursor | None, *, back: bool) -> list[Any]:
    """Up to one row more than a page, first from the segment the cursor is in, then the other."""
    at, row_id = keys
    dated = (at.is_not(None), (at.asc(), row_id.asc()) if back else (at.desc(), row_id.desc()))
    undated = (at.is_(None), (row_id.asc(),) if back else (row_id.desc(),))
    segments = [undated, dated] if back else [dated, undated]
    if cursor is not None and (cursor.at is None) != back:
        segments = segments[1:]
    rows: list[Any] = []
    for place, (belongs, order) in enumerate(segments):
        edge = beyond(keys, cursor) if place == 0 and cursor is not None else None
        wanted = query.where(belongs) if edge is None else query.where(belongs, edge)
        rows += session().scalars(wanted.order_by(*order).limit(ROWS + 1 - len(rows))).all()
        if len(rows) > ROWS:
            break
    return rows


def beyond(keys: Keys, cursor: Cursor) -> ColumnElement[bool]:
    """The condition that a dated row lies beyond a cursor, the way it reads on."""
    at, row_id = keys
    if cursor.at is None:
        return row_id > cursor.id if cursor.back else row_id < cursor.id
    if cursor.back:
        return and_(at >= cursor.at, or_(at > cursor.at, row_id > cursor.id))
    return and_(at <= cursor.at, or_(at < cursor.at, row_id < cursor.id))


def _cursor(row: Any, keys: Keys, *, back: bool) -> str:
    return Cursor(back, getattr(row, keys[0].key), getattr(row, keys[1].key)).write()
