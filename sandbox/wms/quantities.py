"""Of an order's units: which are packed, which have left, and where that puts the order. Pure."""

from collections import Counter
from typing import Any

from sandbox.wms.orders import OPEN_STATES, Order, open_state
from sandbox.wms.problems import Problem

Wish = dict[str, Any]


def packed(order: Order) -> Counter[str]:
    """Units in shipments by line, whether they have left or not."""
    return _units(order, gone_only=False)


def gone(order: Order) -> Counter[str]:
    """Units that have left the warehouse by line."""
    return _units(order, gone_only=True)


def to_come(order: Order) -> dict[str, int]:
    """Units by line that are wanted and have not left, packed or not."""
    away = gone(order)
    return {
        line.line_id: order.quantity(line.line_id) - away[line.line_id]
        for line in order.document.lines
    }


def left(order: Order) -> dict[str, int]:
    """Units by line that are neither cancelled nor packed; lines with none are left out."""
    taken = packed(order)
    rest = {
        line.line_id: order.quantity(line.line_id) - taken[line.line_id]
        for line in order.document.lines
    }
    return {line_id: units for line_id, units in rest.items() if units > 0}


def state(order: Order) -> str:
    """The state that an order's quantities and shipments put it into."""
    wanted = sum(order.quantity(line.line_id) for line in order.document.lines)
    if not wanted or (order.state == "cancelled" and not packed(order)):
        return "cancelled"
    away = gone(order).total()
    if away == wanted:
        return _end(order)
    if away:
        return "partially_shipped"
    if packed(order).total() == wanted:
        return "packed"
    return order.state if order.state in OPEN_STATES else open_state(order)


def chosen(order: Order, wishes: list[Wish] | None) -> dict[str, int]:
    """Units by line to do something with, of those neither cancelled nor packed.

    Without wishes all of them. A wish names a line by ``line_id``, or by ``sku``, which takes from
    every line of that SKU in turn. Raises Problem 409 when there are none, 422 for too many.
    """
    rest = left(order)
    if wishes is None:
        if not rest:
            raise Problem(409, "invalid", "Every unit of the order is packed or cancelled.")
        return rest
    taken: Counter[str] = Counter()
    for wish in wishes:
        _take(order, rest, taken, wish)
    return dict(taken)


def _take(order: Order, rest: dict[str, int], taken: Counter[str], wish: Wish) -> None:
    missing = wish["quantity"]
    for line_id in _named(order, wish):
        units = min(missing, rest.get(line_id, 0) - taken[line_id])
        if units > 0:
            taken[line_id] += units
            missing -= units
    if missing:
        name = wish.get("line_id") or wish.get("sku")
        there = wish["quantity"] - missing
        raise Problem(
            422,
            "invalid",
            f"lines: {wish['quantity']} of {name} are too many, {there} are neither packed nor "
            "cancelled.",
        )


def _named(order: Order, wish: Wish) -> list[str]:
    line_id, sku = wish.get("line_id"), wish.get("sku")
    found = [
        line.line_id
        for line in order.document.lines
        if line_id in (None, line.line_id) and sku in (None, line.sku)
    ]
    if not found or (line_id is None and sku is None):
        raise Problem(422, "invalid", f"lines: the order has no line {line_id or sku}.")
    return found


def _units(order: Order, *, gone_only: bool) -> Counter[str]:
    units: Counter[str] = Counter()
    for shipment in order.shipments:
        if shipment.gone if gone_only else shipment.live:
            for line in shipment.lines:
                units[line["line_id"]] += line["quantity"]
    return units


def _end(order: Order) -> str:
    live = [shipment for shipment in order.shipments if shipment.live]
    return "delivered" if all(item.state == "delivered" for item in live) else "shipped"
