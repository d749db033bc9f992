"""Reads what changed in the warehouse, page by page, from where it was left off.

A page's items and the cursor behind them are committed together: nothing is skipped, and what is
read twice changes nothing. Feeds are the truth; callbacks only say that it is time to look.
"""

import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime

from app.db import database_now, session
from app.domain.states import Effect
from app.errors import Rejected
from app.models import Connection, FeedCursor, Shop
from app.sync import breaker, feed_items, stock_anew, stock_feed
from app.sync.capabilities import lacks
from app.sync.engine import atomically
from app.sync.feed_items import CANCELLATIONS, RETURNS, SHIPMENTS
from app.sync.outside import way_of, wms_for
from app.sync.owing import DEFAULT, owe
from app.sync.situations import connection_of, paused_because
from app.sync.stock_state import is_wanted
from app.wms.feeds import FeedPage
from app.wms.http import ConnectorApi
from app.wms.refusals import CURSOR_EXPIRED, CURSOR_REFUSED, UNSUPPORTED

__all__ = ["CANCELLATIONS", "FEEDS", "INVENTORY", "RETURNS", "SHIPMENTS", "owe_look", "read"]

INVENTORY = stock_anew.FEED
FEEDS = (SHIPMENTS, INVENTORY, CANCELLATIONS, RETURNS)
_SECONDS = 8.0


class _Overtaken(Exception):
    """What answers is not what is connected by now: nothing of it is taken in."""


@dataclass(slots=True)
class _Look:
    """One reading of a feed. ``way``, ``generation``: how, and in which account, the WMS is asked;
    ``anew``: it was begun from the beginning because the WMS took the cursor for none."""

    shop: Shop
    feed: str
    wms: ConnectorApi
    way: str
    generation: int
    anew: bool = False
    counts: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True, slots=True)
class _Asked:
    """When a page was asked for, how far the feed was read then, and the cursor it was asked
    with."""

    at: datetime
    seen: str
    cursor: str


def owe_look(shop_id: int, connection_id: str, *, lane: str = DEFAULT) -> None:
    """Owe a look at the warehouse's feeds. The caller commits."""
    owe(shop_id, ("connection", connection_id), Effect.FEED, lane=lane)


def read(shop: Shop, feed: str) -> tuple[Counter[str], bool]:
    """Take in what is new in a feed, unless the WMS says that it lacks it or the connection is
    paused; returns what it was, and whether that was all. Commits.

    Raises TryLater or Rejected when the WMS does not answer as it should.
    """
    connection = connection_of(shop)
    if connection is None or not _is_readable(shop, connection, feed):
        session().rollback()
        return Counter(), True
    breaker.require_pace(connection)
    end = time.monotonic() + _SECONDS
    way, generation = way_of(connection), connection.generation
    with closing(wms_for(connection)) as wms:
        look = _Look(shop, feed, wms, way, generation)
        try:
            more = _turn(look)
            while more and time.monotonic() < end:
                more = _turn(look)
        except _Overtaken:
            return look.counts, False
    breaker.answered(connection)
    return look.counts, not more


def _is_readable(shop: Shop, connection: Connection, feed: str) -> bool:
    unwanted = feed == INVENTORY and not is_wanted(shop)
    return not (unwanted or paused_because(connection) or lacks(connection, feed))


def _turn(look: _Look) -> bool:
    """Read one page; False: there is no other."""
    asked = atomically(lambda: _ask(look))
    try:
        asked, page = _answer(look, asked)
    except Rejected as problem:
        if problem.code == CURSOR_EXPIRED and asked.cursor:
            atomically(lambda: _move(look, asked, ""))
            return True
        if problem.code == UNSUPPORTED[0]:
            return False
        breaker.refused(look.shop, problem)
        raise
    taken = atomically(lambda: _take(look, asked, page))
    look.counts += taken
    if taken[stock_feed.ANEW]:
        return True
    return page.has_more and bool(page.next_cursor) and page.next_cursor != asked.cursor


def _ask(look: _Look) -> _Asked:
    cursor = _row(look).cursor
    return _Asked(database_now(), cursor, cursor)


def _answer(look: _Look, asked: _Asked) -> tuple[_Asked, FeedPage]:
    """The page behind the cursor. Where the WMS takes that for none, the first of all, once: many
    say so of one that has expired."""
    try:
        return asked, look.wms.feed(look.feed, asked.cursor)
    except Rejected as problem:
        if problem.code != CURSOR_REFUSED or look.anew:
            raise
    look.anew = True
    return replace(asked, cursor=""), look.wms.feed(look.feed)


def _take(look: _Look, asked: _Asked, page: FeedPage) -> Counter[str]:
    connection = _connection(look)
    if look.feed == INVENTORY:
        if _row(look).cursor != asked.seen:
            # Somebody else has taken this page in: taken twice, the first would begin anew.
            return Counter()
        fresh = not asked.cursor
        counts = stock_feed.take(connection, page, fresh=fresh, asked_at=asked.at)
    else:
        counts = feed_items.take(connection, look.feed, page)
    following = "" if counts[stock_feed.ANEW] else page.next_cursor or asked.cursor
    _move(look, asked, following)
    return counts


def _move(look: _Look, asked: _Asked, cursor: str) -> None:
    """Note how far the feed is read, unless somebody else was quicker."""
    row = _row(look)
    row.read_at = database_now()
    if row.cursor == asked.seen:
        row.cursor = cursor


def _row(look: _Look) -> FeedCursor:
    connection = _connection(look)
    key = (connection.id, connection.generation, look.feed)
    row = session().get(FeedCursor, key)
    if row is None:
        row = FeedCursor(
            connection_id=connection.id,
            generation=connection.generation,
            feed=look.feed,
            shop_id=look.shop.id,
            cursor="",
        )
        session().add(row)
    return row


def _connection(look: _Look) -> Connection:
    """The connection as it is now. Raises _Overtaken if that is not what is asked, or paused."""
    found = connection_of(look.shop)
    if found is None or paused_because(found):
        raise _Overtaken
    if (way_of(found), found.generation) != (look.way, look.generation):
        raise _Overtaken
    return found
