"""Reads what changed in the warehouse, page by page, from where it was left off.

A page's items and the cursor behind them are committed together: nothing is skipped, and what is
read twice changes nothing. Feeds are the truth; callbacks only say that it is time to look.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from app.db import database_now, session
from app.domain.states import Effect
from app.errors import Rejected
from app.models import Connection, FeedCursor, Shop
from app.sync import breaker, journal, returns_coming, seller, shipping, stock_anew, stock_feed
from app.sync.capabilities import lacks
from app.sync.engine import atomically
from app.sync.outside import wms_for
from app.sync.owing import DEFAULT, owe
from app.sync.situations import connection_of
from app.sync.stock_state import is_wanted
from app.wms.cancellations import cancellations_in
from app.wms.feeds import FeedPage, shipments_in
from app.wms.http import ConnectorApi
from app.wms.refusals import CURSOR_EXPIRED
from app.wms.returns import returns_in

SHIPMENTS, CANCELLATIONS = "shipments", "cancellations"
INVENTORY, RETURNS = stock_anew.FEED, "returns"
FEEDS = (SHIPMENTS, INVENTORY, CANCELLATIONS, RETURNS)
_SECONDS = 8.0
_MOST_NAMED = 10
_MORE = "…"


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a page was asked for with: of another account's, nothing is taken in."""

    generation: int
    cursor: str
    at: datetime


def owe_look(shop_id: int, connection_id: str, *, lane: str = DEFAULT) -> None:
    """Owe a look at the warehouse's feeds. The caller commits."""
    owe(shop_id, ("connection", connection_id), Effect.FEED, lane=lane)


def read(shop: Shop, feed: str) -> tuple[Counter[str], bool]:
    """Take in what is new in a feed, unless the WMS says that it lacks it; returns what it was, and
    whether that was all. Commits.

    Raises TryLater or Rejected when the WMS does not answer as it should.
    """
    counts: Counter[str] = Counter()
    connection = connection_of(shop)
    unwanted = feed == INVENTORY and not is_wanted(shop)
    if connection is None or not connection.token or unwanted or lacks(connection, feed):
        session().rollback()
        return counts, True
    breaker.require_pace(connection)
    end = time.monotonic() + _SECONDS
    more = True
    with closing(wms_for(connection)) as wms:
        while more and time.monotonic() < end:
            more = _turn(shop, wms, feed, counts)
    breaker.answered(connection)
    return counts, not more


def _turn(shop: Shop, wms: ConnectorApi, feed: str, counts: Counter[str]) -> bool:
    """Read one page; False: there is no other."""
    asked = atomically(lambda: _ask(shop, feed))
    cursor = asked.cursor
    try:
        page = wms.feed(feed, cursor)
    except Rejected as problem:
        if problem.code == CURSOR_EXPIRED and cursor:
            atomically(lambda: _move(shop, feed, cursor, ""))
            return True
        if problem.code == "unsupported":
            return False
        breaker.refused(shop, problem)
        raise
    taken = atomically(lambda: _take(shop, feed, asked, page))
    counts += taken
    if taken[stock_feed.ANEW]:
        return True
    return page.has_more and bool(page.next_cursor) and page.next_cursor != cursor


def _ask(shop: Shop, feed: str) -> _Asked:
    row = _row(shop, feed)
    return _Asked(row.generation, row.cursor, database_now())


def _take(shop: Shop, feed: str, asked: _Asked, page: FeedPage) -> Counter[str]:
    connection, cursor = connection_of(shop), asked.cursor
    if connection is None or connection.generation != asked.generation:
        return Counter()
    if feed == INVENTORY:
        if _row(shop, feed).cursor != cursor:
            # Somebody else has taken this page in: taken twice, the first would begin anew.
            return Counter()
        counts = stock_feed.take(connection, page, fresh=not cursor, asked_at=asked.at)
    else:
        counts = _TAKERS[feed](connection, page)
    following = "" if counts[stock_feed.ANEW] else page.next_cursor or cursor
    _move(shop, feed, cursor, following)
    return counts


def _take_shipments(connection: Connection, page: FeedPage) -> Counter[str]:
    told, senseless = shipments_in(page)
    counts = Counter(shipping.take(connection, each) for each in told)
    _warn(connection, SHIPMENTS, senseless, counts[shipping.UNKNOWN])
    return counts


def _take_cancellations(connection: Connection, page: FeedPage) -> Counter[str]:
    told, senseless = cancellations_in(page)
    counts = Counter(seller.take(connection, each) for each in told)
    _warn(connection, CANCELLATIONS, senseless, counts[seller.UNKNOWN])
    return counts


def _take_returns(connection: Connection, page: FeedPage) -> Counter[str]:
    told, senseless = returns_in(page)
    counts = Counter(returns_coming.take(connection, each) for each in told)
    _warn(connection, RETURNS, senseless, counts[returns_coming.UNKNOWN])
    return counts


def _warn(connection: Connection, feed: str, senseless: Sequence[str], unknown: int) -> None:
    """Nothing is left out silently."""
    parts = [
        f"{unknown} {feed} of orders that Tagdock never sent" if unknown else "",
        f"{len(senseless)} {feed} that can't be read: {_names(senseless)}" if senseless else "",
    ]
    if not any(parts):
        return
    message = f"Left out: {' and '.join(part for part in parts if part)}."
    journal.write(connection.shop_id, "left_out", message, level=journal.WARNING, code="left-out")


def _names(senseless: Sequence[str]) -> str:
    more = [_MORE] if len(senseless) > _MOST_NAMED else []
    return ", ".join([*senseless[:_MOST_NAMED], *more])


_TAKERS: dict[str, Callable[[Connection, FeedPage], Counter[str]]] = {
    SHIPMENTS: _take_shipments,
    CANCELLATIONS: _take_cancellations,
    RETURNS: _take_returns,
}


def _move(shop: Shop, feed: str, seen: str, cursor: str) -> None:
    """Note how far the feed is read, unless somebody else was quicker."""
    row = _row(shop, feed)
    row.read_at = database_now()
    if row.cursor == seen:
        row.cursor = cursor


def _row(shop: Shop, feed: str) -> FeedCursor:
    connection = connection_of(shop)
    if connection is None:
        raise Rejected("not-connected", "No warehouse is connected.")
    key = (connection.id, connection.generation, feed)
    row = session().get(FeedCursor, key)
    if row is None:
        row = FeedCursor(
            connection_id=connection.id,
            generation=connection.generation,
            feed=feed,
            shop_id=shop.id,
            cursor="",
        )
        session().add(row)
    return row
