"""Searches the log: by an order, a job or a SKU through an index; by words a part at a time.

Words can't be looked up. So many lines are read, newest first, and the page says how far it got:
however long the log is, a page takes the same time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import aliased

from app.db import session
from app.models import LogLine, OrderTerm, Shop
from app.sync.order_terms import term_of
from app.web.log_list import Filter, in_any_order, lines_of
from app.web.paging import Cursor, Keys, Page, beyond, page_of

KEYS: Keys = (LogLine.at, LogLine.id)
# How many lines a search for words reads for a page.
READ_AT_ONCE = 20_000
# The start of a job's id that says enough to be one.
_SHORTEST_JOB = 6
_ABOVE_ALL = "\U0010ffff"
# Orders of a SKU from which on nearly every stretch of the log has some of them.
_MANY = 200
_line = aliased(LogLine)
Place = tuple[datetime, int] | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of lines. ``read_to``: the search went no further than here, and can go on."""

    page: Page[LogLine]
    read_to: datetime | None = None


def find_lines(shop: Shop, wanted: Filter, cursor: Cursor | None) -> Found:
    """A page of a shop's log, newest first."""
    query, words = _meaning(shop, wanted)
    if words:
        return _find_words(query, words, cursor)
    return Found(page_of(query, KEYS, cursor))


def matching(shop: Shop, wanted: Filter) -> Select[Any]:
    """All the lines that a filter means."""
    query, words = _meaning(shop, wanted)
    return query.where(_has(words)) if words else query


def _meaning(shop: Shop, wanted: Filter) -> tuple[Select[Any], str]:
    """The lines that can be found by an index, and the words that are left to be looked for in
    their messages."""
    if not wanted.search:
        return lines_of(shop, wanted), ""
    few = _by_name(shop, wanted.search)
    if few is not None:
        return lines_of(shop, wanted, in_any_order(shop)).where(LogLine.id.in_(few)), ""
    many = _by_popular_sku(shop, wanted.search)
    if many is not None:
        return lines_of(shop, wanted).where(many), ""
    return lines_of(shop, wanted), wanted.search


def _by_name(shop: Shop, text: str) -> Select[Any] | None:
    """The ids of the lines about the order or the job of this name, or about the few orders with
    this SKU; None when the log knows none."""
    lines, mine = select(_line.id), _line.shop_id == shop.id
    ways = (
        lines.where(mine, _line.order_name.in_((text, f"#{text}"))),
        lines.where(mine, _of_job(text)),
        lines.where(_line.order_id.in_(_orders_with(shop, text))),
    )
    known = (way for way in ways if session().scalar(way.limit(1)) is not None)
    return next(known, None)


def _of_job(text: str) -> ColumnElement[bool]:
    if len(text) < _SHORTEST_JOB:
        return _line.job_id == text
    return and_(_line.job_id >= text, _line.job_id < text + _ABOVE_ALL)


def _orders_with(shop: Shop, sku: str) -> list[int]:
    """The orders with a SKU, unless they are many."""
    orders = select(OrderTerm.order_id).where(*_terms(shop, sku)).limit(_MANY)
    found = list(session().scalars(orders))
    return found if len(found) < _MANY else []


def _by_popular_sku(shop: Shop, sku: str) -> ColumnElement[bool] | None:
    """The condition that a line is about one of the many orders with this SKU; None when there
    are not many. Nearly every stretch of the log has some, so they are looked up line by line."""
    many = select(OrderTerm.order_id).where(*_terms(shop, sku)).offset(_MANY - 1).limit(1)
    if session().scalar(many) is None:
        return None
    return exists().where(*_terms(shop, sku), OrderTerm.order_id == LogLine.order_id)


def _terms(shop: Shop, sku: str) -> tuple[ColumnElement[bool], ...]:
    return OrderTerm.shop_id == shop.id, OrderTerm.term == term_of(sku)


def _has(words: str) -> ColumnElement[bool]:
    """The condition that a line's message has these words in it."""
    return LogLine.message.icontains(words, autoescape=True)


def _find_words(query: Select[Any], words: str, cursor: Cursor | None) -> Found:
    """Read so many lines on from the cursor, and let the next page go on where that ended."""
    back = cursor is not None and cursor.back
    last, unread = _ends(query, cursor, back=back)
    within = query.where(_has(words))
    if unread is not None:
        within = within.where(beyond(KEYS, Cursor(not back, *unread)))
    page = page_of(within, KEYS, cursor)
    ahead, behind = (page.previous, page.next) if back else (page.next, page.previous)
    unfinished = unread is not None and not ahead
    if unfinished and last is not None:
        ahead = Cursor(back, *last).write()
    if cursor is not None and not behind:
        behind = Cursor(not back, cursor.at, cursor.id).write()
    following, previous = (behind, ahead) if back else (ahead, behind)
    return Found(
        Page(page.rows, next=following, previous=previous),
        last[0] if unfinished and last is not None else None,
    )


def _ends(query: Select[Any], cursor: Cursor | None, *, back: bool) -> tuple[Place, Place]:
    """The last line that is read on from a cursor, and the first that isn't; None each when there
    are fewer."""
    order = (LogLine.at.asc(), LogLine.id.asc()) if back else (LogLine.at.desc(), LogLine.id.desc())
    places = query.with_only_columns(LogLine.at, LogLine.id).order_by(*order)
    if cursor is not None:
        places = places.where(beyond(KEYS, cursor))
    found = session().execute(places.offset(READ_AT_ONCE - 1).limit(2)).all()
    last, unread = ([(row.at, row.id) for row in found] + [None, None])[:2]
    return last, unread
