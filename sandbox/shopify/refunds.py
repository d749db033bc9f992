"""Refunds: units taken off an order, on or off the shelf, and money given back.

Callers hold the world's lock and have checked what they ask for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sandbox.shopify import commitments, payloads, stock
from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify.merchant import changed
from sandbox.shopify.orders import transaction
from sandbox.shopify.returning import returnable
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock_log import changing
from sandbox.shopify.values import Node, iso, now, number_of
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Units:
    """Units of a line to take off: CANCEL and RETURN put them on a shelf, NO_RESTOCK doesn't."""

    line: Node
    quantity: int
    restock: str
    place: Node | None = None


@dataclass(frozen=True, slots=True)
class Payment:
    """Money to give back of what a transaction took."""

    amount: Decimal
    parent: Node | None


@dataclass(frozen=True, slots=True)
class Wish:
    """What a refund is to be: its units, its money, a note, whether the buyer is told."""

    units: Sequence[Units] = ()
    payments: Sequence[Payment] = field(default=())
    note: str | None = None
    notify: bool = False


def make(world: World, shop: Shop, order: Node, wish: Wish) -> Node:
    """Take units off and give money back; fires ``refunds/create`` and ``orders/updated``."""
    for units in wish.units:
        _take_off(world, shop, order, units)
    one = _record(shop, order, wish)
    if wish.notify:
        world.ledger.add("email", shop=shop.domain, order=order["id"], what="refund")
    publish(world, shop, "refunds/create", payloads.refund(one), order)
    changed(world, shop, order)
    return one


def _record(shop: Shop, order: Node, wish: Wish) -> Node:
    given = [transaction(shop, order, "REFUND", one.amount, one.parent) for one in wish.payments]
    total = sum((one.amount for one in wish.payments), ZERO)
    number = shop.next_number("Refund")
    one: Node = {
        "__typename": "Refund",
        "id": f"gid://shopify/Refund/{number}",
        "legacyResourceId": str(number),
        "createdAt": iso(now()),
        "updatedAt": iso(now()),
        "processedAt": iso(now()),
        "note": wish.note,
        "order": order,
        "totalRefundedSet": order["_purse"].bag(total),
        "return": None,
        "_lines": [_line(shop, order, units) for units in wish.units],
        "_transactions": given,
    }
    order["_refunds"].append(one)
    order["_transactions"] += given
    give_back(order, total)
    return one


def give_back(order: Node, amount: Decimal) -> None:
    """Note money that went back to the buyer."""
    if not amount:
        return
    order["_refunded"] += amount
    whole = order["_refunded"] >= order["_received"]
    order["displayFinancialStatus"] = "REFUNDED" if whole else "PARTIALLY_REFUNDED"


def refundable(order: Node) -> Decimal:
    """Return the money that may still go back, in the shop's currency."""
    left: Decimal = order["_received"] - order["_refunded"]
    return left


def _line(shop: Shop, order: Node, units: Units) -> Node:
    purse, whole = order["_purse"], units.line["_price"] * units.quantity
    return {
        "__typename": "RefundLineItem",
        "id": shop.new_id("RefundLineItem"),
        "lineItem": units.line,
        "quantity": units.quantity,
        "restockType": units.restock,
        "restocked": units.restock != "NO_RESTOCK",
        "location": units.place,
        "priceSet": purse.bag(units.line["_price"]),
        "subtotalSet": purse.bag(whole),
        "totalTaxSet": purse.bag(whole * Decimal("0.22") / Decimal("1.22")),
    }


def _take_off(world: World, shop: Shop, order: Node, units: Units) -> None:
    """Take units off the order: open ones first, unless they are returned ones."""
    left = units.quantity
    if units.restock != "RETURN":
        left -= _take_open(world, shop, order, units)
    units.line["currentQuantity"] -= units.quantity
    for unit, count in _shipped(order, units.line, left):
        unit["_refunded"] += count
    if units.restock == "RETURN":
        _shelve(world, shop, order, units, left)


def _take_open(world: World, shop: Shop, order: Node, units: Units) -> int:
    """Take units out of what is still to be shipped; return how many were found there."""
    taken = 0
    for one in fulfilment.still_open(order):
        place = one["assignedLocation"]["location"]
        for row in [row for row in one["_lines"] if row["lineItem"] is units.line]:
            count = min(units.quantity - taken, row["remainingQuantity"])
            fulfilment.reduce_line(row, count)
            taken += count
            if units.place is not place and count:
                commitments.ship(world, shop, order, place, [(units.line, count)])
                _shelve(world, shop, order, units, count)
        fulfilment.drop_empty_lines(one)
    return taken


def _shelve(world: World, shop: Shop, order: Node, units: Units, count: int) -> None:
    """Make units available at the place that was named; none is named for what is lost."""
    variant = units.line["variant"]
    if units.place and variant and variant["inventoryItem"]["tracked"]:
        level = stock.level_or_new(variant["inventoryItem"], units.place)
        with changing(world, shop, level, order["id"]) as kept:
            kept["available"] += count


def _shipped(order: Node, line: Node, wanted: int) -> Iterator[tuple[Node, int]]:
    """Yield units of shipments' lines until enough are found."""
    for _, unit, left in list(returnable(order)):
        if unit["lineItem"] is line and wanted > 0 and left > 0:
            count = min(wanted, left)
            wanted -= count
            yield unit, count


def parent_of(order: Node, global_id: str | None) -> Node | None:
    """Return the payment a refund gives back, None when there is none of that id."""
    for one in order["_transactions"]:
        if one["kind"] == "SALE" and number_of(one["id"]) == number_of(global_id or ""):
            found: Node = one
            return found
    return None
