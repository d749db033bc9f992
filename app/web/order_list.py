"""Which orders a filter finds."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from flask import request
from sqlalchemy import ColumnElement, Select, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, load_only, selectinload

from app.db import session
from app.models import Order, OutboundOrder, Shop
from app.web.order_filter import Filter, clean
from app.web.order_search import found_by
from app.web.paging import ROWS, Cursor, Page, page_of

__all__ = ["Filter", "clean", "count_orders", "find_order", "list_orders"]

# Counting stops here; the page says "10,000+".
COUNT_CAP = 10_000
_MOST_VALUES = 200
# What a row shows; the facts of fifty long orders would be megabytes.
_SHOWN = (
    Order.gid,
    Order.name,
    Order.placed_at,
    Order.tag_state,
    Order.reason,
    Order.message,
)
_SHOWN_OUTBOUND = (
    OutboundOrder.order_id,
    OutboundOrder.warehouse,
    OutboundOrder.job_id,
    OutboundOrder.archived,
)


def list_orders(shop: Shop, wanted: Filter, cursor: Cursor | None) -> Page[Order]:
    """A page of a shop's orders, newest first, with their warehouse orders.

    When the page's script names the rows it shows, those are among them whatever the filter: one
    that it does not find any more shall not keep an old state. Behind a full page's last row
    nothing is told then: rows of the next page that move up are not new.
    """
    found = page_of(_rows(_matching(select(Order), shop, wanted)), _KEYS, cursor)
    shown = _shown()
    if not shown:
        return found
    known = {order.gid for order in found.rows}
    others = _known(shop, [gid for gid in shown if gid not in known])
    rows = [*found.rows, *others]
    if len(shown) == ROWS:
        last = min((_place(order) for order in rows if order.gid in shown), default=_FIRST)
        rows = [order for order in rows if _place(order) >= last]
    return Page(rows, found.next, found.previous)


_KEYS = (Order.placed_at, Order.id)
_FIRST = (datetime.min.replace(tzinfo=UTC), 0)


def _place(order: Order) -> tuple[datetime, int]:
    """What the list lies in the falling order of."""
    return order.placed_at or _FIRST[0], order.id


def _known(shop: Shop, gids: list[str]) -> list[Order]:
    query = select(Order).where(Order.shop_id == shop.id, Order.gid.in_(gids))
    return list(session().scalars(_rows(query))) if gids else []


def _rows(query: Select[Any]) -> Select[Any]:
    outbounds = selectinload(Order.outbound_orders).load_only(*_SHOWN_OUTBOUND)
    return query.options(load_only(*_SHOWN), outbounds)


def _shown() -> list[str]:
    """The orders of the rows that the page's script says it shows."""
    numbers = request.args.get("shown", "").split(",")[:ROWS]
    return [f"gid://shopify/Order/{each}" for each in numbers if is_number(each)]


def count_orders(shop: Shop, wanted: Filter) -> int:
    """How many orders match, counted to COUNT_CAP + 1."""
    rows = _matching(select(Order.id), shop, wanted).limit(COUNT_CAP + 1).subquery()
    return session().scalar(select(func.count()).select_from(rows)) or 0


def find_order(shop: Shop, number: str) -> Order | None:
    """The order with this number in Shopify, if this shop has one that we know."""
    gid = f"gid://shopify/Order/{number}"
    query = select(Order).where(Order.shop_id == shop.id, Order.gid == gid)
    return session().scalar(query.options(selectinload(Order.outbound_orders)))


def is_number(text: str) -> bool:
    """Whether a text can be an order's number in Shopify."""
    return text.isascii() and text.isdigit() and len(text) <= 19


def known_reasons(shop: Shop) -> list[str]:
    """The reasons that occur among a shop's orders."""
    return _values(Order.reason, Order.shop_id, shop)


def known_warehouses(shop: Shop) -> list[str]:
    """The warehouses that a shop's orders went to."""
    return _values(OutboundOrder.warehouse, OutboundOrder.shop_id, shop)


def _values(
    column: InstrumentedAttribute[str], owner: InstrumentedAttribute[int], shop: Shop
) -> list[str]:
    """A column's values, each once, by leaping through its index from one to the next."""
    first = select(func.min(column).label("value")).where(owner == shop.id, column > "")
    leap = first.cte("leap", recursive=True)
    after = select(func.min(column)).where(owner == shop.id, column > leap.c.value)
    leap = leap.union_all(select(after.scalar_subquery()).where(leap.c.value.is_not(None)))
    found = select(leap.c.value).where(leap.c.value.is_not(None)).limit(_MOST_VALUES)
    return list(session().scalars(found))


def _went_to(shop: Shop, warehouse: str) -> ColumnElement[bool]:
    return exists().where(
        OutboundOrder.shop_id == shop.id,
        OutboundOrder.warehouse == warehouse,
        OutboundOrder.order_id == Order.id,
        OutboundOrder.archived.is_(False),
    )


_CONDITIONS: dict[str, Callable[[Shop, Any], ColumnElement[bool]]] = {
    "state": lambda _shop, state: Order.tag_state == state,
    "reason": lambda _shop, reason: Order.reason == reason,
    "begins": lambda _shop, moment: Order.placed_at >= moment,
    "ends": lambda _shop, moment: Order.placed_at < moment,
    "warehouse": _went_to,
    "search": found_by,
}


def _matching(query: Select[Any], shop: Shop, wanted: Filter) -> Select[Any]:
    query = query.where(Order.shop_id == shop.id, Order.deleted.is_(False))
    for name, condition in _CONDITIONS.items():
        value = getattr(wanted, name)
        query = query.where(condition(shop, value)) if value else query
    return query
