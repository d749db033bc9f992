"""What the WMS says of an order, and how often it is asked."""

from datetime import timedelta

ON_HOLD, AWAITING_STOCK, PICKING, PACKED = "on_hold", "awaiting_stock", "picking", "packed"
CANCELLED = "cancelled"
# The warehouse is at work on it.
AT_WORK = frozenset({PICKING, PACKED})
# Nothing more will come of it.
OVER = frozenset({"shipped", "delivered", CANCELLED})
# Shipments tell the others.
TOLD = {ON_HOLD: "", AWAITING_STOCK: "it waits for stock", PICKING: "it is being picked"}

_YOUNG, _OLD = timedelta(days=14), timedelta(days=90)
_OFTEN, _SELDOM = timedelta(hours=1), timedelta(days=1)


def next_look(state: str, age: timedelta) -> timedelta | None:
    """When to ask again about an order that was accepted ``age`` ago, None for never: hourly for
    two weeks, then daily; after three months nobody waits for it."""
    if state in OVER or age > _OLD:
        return None
    return _OFTEN if age <= _YOUNG else _SELDOM
