"""Counts the orders that each store's warehouse confirms in a week. The log may be cut; this stays.

An order counts once in a week, however many warehouse orders it has and however often it is sent.
"""

from functools import cache

from sqlalchemy import Executable, bindparam

from app import together
from app.db import database_now, dialect, insert_into
from app.domain.weeks import Week
from app.models import Order, OutboundOrder, StoreWeek


def count(order: Order, outbound: OutboundOrder) -> None:
    """Count the order in this week, if this confirmation is its first one in it. To be called
    before the confirmation is noted on ``outbound``; the caller commits."""
    if outbound.confirmed_revision >= outbound.sent_revision:
        return
    week = Week.of(database_now())
    moments = [each.confirmed_at for each in order.outbound_orders if each.confirmed_at]
    if moments and Week.of(max(moments)) == week:
        return
    row = {"shop_id": order.shop_id, "week": week.monday}
    together.add(_counting(dialect()), row)


@cache
def _counting(kind: str) -> Executable:
    """The statement that counts one order, put together once."""
    table = StoreWeek.__table__
    statement = insert_into(table, kind).values(
        shop_id=bindparam("shop_id"), week=bindparam("week"), orders=1
    )
    return statement.on_conflict_do_update(
        index_elements=["week", "shop_id"], set_={"orders": table.c.orders + 1}
    )
