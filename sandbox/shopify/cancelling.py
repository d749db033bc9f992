"""Orders cancelled: what may be, and what becomes of units and money.

Callers hold the world's lock.
"""

from dataclasses import dataclass
from typing import NoReturn

from sandbox.shopify import commitments, payloads, refunds
from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify.merchant import changed
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, now
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World


@dataclass(frozen=True, slots=True)
class Wish:
    """How an order is to be cancelled; what is not restocked leaves the shelf, as lost."""

    reason: str = "CUSTOMER"
    restock: bool = True
    refund: bool = True
    notify: bool = False
    note: str | None = None


def check(order: Node, wish: Wish) -> None:
    """Raise NotPossible where Shopify does not cancel."""
    if order["cancelledAt"] or order.get("_cancelling"):
        _refuse("Order has already been cancelled")
    if any(one["status"] in ("OPEN", "REQUESTED") for one in order["_returns"]):
        _refuse("Orders with active returns can't be cancelled")
    if any(made["status"] == "SUCCESS" for made in order["_fulfillments"]):
        _refuse("Orders with fulfillments can't be cancelled")
    if wish.restock and order["_received"] and _is_closed_down(order):
        _refuse("Inventory can't be restocked at a deactivated location")


def _refuse(words: str) -> NoReturn:
    raise fulfilment.NotPossible(words, ["orderId"], "INVALID")


def _is_closed_down(order: Node) -> bool:
    places = (one["assignedLocation"]["location"] for one in fulfilment.still_open(order))
    return any(not place["isActive"] for place in places)


def cancel(world: World, shop: Shop, order: Node, wish: Wish | None = None) -> None:
    """Cancel an order; raises NotPossible where Shopify doesn't."""
    wish = wish or Wish()
    check(order, wish)
    order["cancelledAt"] = order["closedAt"] = iso(now())
    order["cancelReason"], order["closed"] = wish.reason, True
    order["cancellation"] = {"staffNote": wish.note}
    if not wish.restock:
        commitments.lose(world, shop, order)
    was_open = _cancel_units(order)
    _settle_money(world, shop, order, wish)
    if wish.notify:
        world.ledger.add("email", shop=shop.domain, order=order["id"], what="cancelled")
    changed(world, shop, order, "orders/cancelled")
    for one in was_open:
        body = {"fulfillment_order": payloads.fulfillment_order(one)}
        publish(world, shop, "fulfillment_orders/cancelled", body, order)


def _cancel_units(order: Node) -> list[Node]:
    """Take all units off; return the fulfillment orders that were open."""
    was_open = fulfilment.still_open(order)
    for one in was_open:
        _cancel_rest(one)
    for line in order["_lines"] if not order["_routed"] else ():
        line["currentQuantity"] = 0
    return was_open


def _settle_money(world: World, shop: Shop, order: Node, wish: Wish) -> None:
    """Give back what was received where that is wished; an unpaid order's payment is void."""
    left = refunds.refundable(order)
    if wish.refund and left:
        parent = next(one for one in order["_transactions"] if one["kind"] == "SALE")
        refunds.make(world, shop, order, refunds.Wish((), [refunds.Payment(left, parent)]))
    elif not order["_received"]:
        order["displayFinancialStatus"] = "VOIDED"


def _cancel_rest(fulfillment_order: Node) -> None:
    for line in fulfillment_order["_lines"]:
        line["lineItem"]["currentQuantity"] -= line["remainingQuantity"]
        line["remainingQuantity"] = 0
    fulfillment_order["status"] = "CLOSED"
    fulfillment_order["updatedAt"] = iso(now())
