"""Searches the log: by an order, a job or a SKU through an index; by words a part at a time.

Words can't be looked up. So many lines are read, newest first, and the page says how far it got:
however long the log is, a page takes the same time.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select, true
from sqlalchemy.orm import aliased

from app.db import session
from app.models import LogLine, OrderTerm, Shop
from app.sync.order_terms import term_of
from app.web.log_list import Filter, lines_of
from app.web.paging import Cursor, Keys, Page, beyond, page_of

KEYS: Keys = (LogLine.at, LogLine.id)
# How many lines a search for words reads for a page.
READ_AT_ONCE = 20_000
# The start of a job's id that says enough to be one.
_SHORTEST_JOB = 6
_ABOVE_ALL = "\U0010ffff"
# Orders of a SKU from which on nearly every stretch of the log has some of them.
_MANY = 200
Place = tuple[datetime, int] | None


@dataclass(frozen=True, slots=True)
class Found:
    """A page of lines. ``read_to``: the search went no further than here, and can go on."""

    page: Page[LogLine]
    read_to: datetime | None = None


def find_lines(shop: Shop, wanted: Filter, cursor: Cursor | None) -> Found:
    """A page of a shop's log, newest first."""
    query = lines_of(shop, wanted)
    named = named_by(shop, wanted.search) if wanted.search else true()
    if named is not None:
        return Found(page_of(query.where(named), KEYS, cursor))
    return _find_words(query, wanted.search, cursor)


def condition_of(shop: Shop, wanted: Filter) -> ColumnElement[bool]:
    """The condition that a line is what a filter searches for."""
    if not wanted.search:
        return true()
    named = named_by(shop, wanted.search)
    return has_words(wanted.search) if named is None else named


def named_by(shop: Shop, text: str) -> ColumnElement[bool] | None:
    """The condition that lines are about the order, job or SKU of this name; None when the log
    knows none."""
    by_name = LogLine.order_name.in_((text, f"#{text}"))
    if _is_known(shop, by_name):
        return by_name
    by_job = _of_job(text)
    if _is_known(shop, by_job):
        return by_job
    return _by_sku(shop, text)


def _of_job(text: str) -> ColumnElement[bool]:
    if len(text) < _SHORTEST_JOB:
        return LogLine.job_id == text
    return and_(LogLine.job_id >= text, LogLine.job_id < text + _ABOVE_ALL)


def _is_known(shop: Shop, condition: ColumnElement[bool]) -> bool:
    query = select(LogLine.id).where(LogLine.shop_id == shop.id, condition)
    return session().scalar(query.limit(1)) is not None


def _by_sku(shop: Shop, text: str) -> ColumnElement[bool] | None:
    """By the orders that have it: few are named one by one, many are looked up line by line."""
    mine = (OrderTerm.shop_id == shop.id, OrderTerm.term == term_of(text))
    orders = list(session().scalars(select(OrderTerm.order_id).where(*mine).limit(_MANY)))
    if not orders:
        return None
    if len(orders) == _MANY:
        return exists().where(*mine, OrderTerm.order_id == LogLine.order_id)
    line = aliased(LogLine)
    return LogLine.id.in_(select(line.id).where(line.order_id.in_(orders)))


def has_words(text: str) -> ColumnElement[bool]:
    """The condition that a line's message has this text in it."""
    return LogLine.message.icontains(text, autoescape=True)


def _find_words(query: Select[Any], text: str, cursor: Cursor | None) -> Found:
    """Read so many lines on from the cursor, and let the next page go on where that ended."""
    back = cursor is not None and cursor.back
    last, unread = _ends(query, cursor, back=back)
    within = query.where(has_words(text))
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
