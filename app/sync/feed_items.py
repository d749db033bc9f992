"""Takes in the items of a page of shipments, cancellations or returns, each by itself, and says
what was left out."""

from collections import Counter
from collections.abc import Callable, Sequence

from app.models import Connection
from app.sync import journal, returns_coming, seller, shipping
from app.wms.cancellations import cancellations_in
from app.wms.feeds import FeedPage, shipments_in
from app.wms.returns import returns_in

SHIPMENTS, CANCELLATIONS, RETURNS = "shipments", "cancellations", "returns"
_MOST_NAMED = 10
_MORE = "…"


def take(connection: Connection, feed: str, page: FeedPage) -> Counter[str]:
    """Take a page of a feed in; returns how many of its items were what. The caller commits."""
    return _TAKERS[feed](connection, page)


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
