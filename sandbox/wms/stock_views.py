"""What the Cloud App's pages show of warehouses, stock and returns, read from the world."""

from collections import Counter
from typing import Any

from sandbox.wms.orders import OPEN_STATES
from sandbox.wms.world import World


def stock(world: World, text: str = "") -> list[dict[str, Any]]:
    """Every SKU the warehouse has heard of, with the units that open orders want of it.

    ``levels`` are the rows that were counted, each with its account, as the feed shows them.
    """
    settings, wanted = world.settings, Counter[str]()
    for account in list(world.accounts.values()):
        for order in list(account.book.orders.values()):
            if order.state in OPEN_STATES:
                for line in order.document.lines:
                    wanted[line.sku] += order.quantity(line.line_id)
    levels = _levels(world)
    heard = {*wanted, *settings.unknown_skus, *settings.out_of_stock_skus, *levels}
    return [
        {
            "sku": sku,
            "wanted": wanted[sku],
            "known": settings.accept_all_skus or sku not in settings.unknown_skus,
            "in_stock": sku not in settings.out_of_stock_skus,
            "levels": levels.get(sku, []),
        }
        for sku in sorted(heard)
        if text.lower() in sku.lower()
    ]


def _levels(world: World) -> dict[str, list[dict[str, Any]]]:
    levels: dict[str, list[dict[str, Any]]] = {}
    for account in list(world.accounts.values()):
        with account.lock:
            for place in account.stock.levels:
                row = account.stock.item(place) | {"account": account.name}
                levels.setdefault(place.sku, []).append(row)
    return levels


def returns(world: World) -> list[dict[str, Any]]:
    """Every return as the feed shows it, with its account, its order and what is missing."""
    return [
        item.item()
        | {
            "account": account.name,
            "order_external_id": item.order_external_id,
            "number": order.document.number if order else None,
            "wms_id": order.wms_id if order else None,
            "expected": item.expected,
            "missing": dict(item.missing()),
        }
        for account in list(world.accounts.values())
        for item in list(account.returns.values())
        for order in [account.book.orders.get(item.order_external_id)]
    ]


def warehouses(world: World) -> list[dict[str, Any]]:
    """The warehouses with the number of open orders at each."""
    open_at = Counter(
        order.document.warehouse
        for account in list(world.accounts.values())
        for order in list(account.book.orders.values())
        if order.state in OPEN_STATES
    )
    return [item | {"open": open_at[item["code"]]} for item in world.settings.warehouses]
