"""What a merchant does to orders by hand, each deed with the webhooks Shopify fires for it.

Callers hold the world's lock.
"""

from typing import Any

from sandbox.shopify import commitments, payloads
from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify.lines import recount
from sandbox.shopify.orders import new_order, pay
from sandbox.shopify.risk import level_of, summary
from sandbox.shopify.shop import Shop
from sandbox.shopify.tags import added, removed
from sandbox.shopify.values import Node, iso, now, number_of
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World


def place_order(world: World, shop: Shop, spec: dict[str, Any]) -> Node:
    """Create an order; its fulfillment orders follow shortly after, as at Shopify."""
    order = new_order(shop, spec)
    commitments.settle(world, shop, order)
    order_event(world, shop, "orders/create", order)
    if order["_wants_routing"]:
        world.timers.after(world.settings.routing_seconds, lambda: _route(world, shop, order))
    return order


def _route(world: World, shop: Shop, order: Node) -> None:
    with world.lock:
        if number_of(order["id"]) in shop.orders and not order["_routed"]:
            route_order(world, shop, order)


def route_order(world: World, shop: Shop, order: Node) -> None:
    """Make the fulfillment orders now and announce each."""
    for one in fulfilment.route(shop, order):
        topic = "fulfillment_orders/order_routing_complete"
        publish(world, shop, topic, {"fulfillment_order": payloads.fulfillment_order(one)}, order)
    commitments.settle(world, shop, order)


def order_event(world: World, shop: Shop, topic: str, order: Node) -> None:
    """Announce an order as it is now; an edit names its order and brings no more of it."""
    body = payloads.order_edit(order) if topic == "orders/edited" else payloads.order(shop, order)
    publish(world, shop, topic, body, order)


def changed(world: World, shop: Shop, order: Node, *topics: str) -> None:
    """Bring sums, status, stock and index up to date and announce it, ``orders/updated`` last."""
    recount(order)
    fulfilment.refresh(order)
    commitments.settle(world, shop, order)
    shop.touch(order)
    for topic in (*topics, "orders/updated"):
        order_event(world, shop, topic, order)


def write_tags(world: World, shop: Shop, order: Node, tags: list[str], source: str) -> bool:
    """Replace an order's tags; False, and no webhook, when they are the same already."""
    before = list(order["tags"])
    if tags == before:
        return False
    order["tags"] = tags
    shop.touch(order)
    world.ledger.add(
        "tags", shop=shop.domain, order=order["id"], before=before, after=tags, source=source
    )
    order_event(world, shop, "orders/updated", order)
    return True


def tag(world: World, shop: Shop, order: Node, asked: dict[str, Any]) -> None:
    """Add and remove tags by hand, in one save."""
    tags = removed(order["tags"], asked.get("remove") or [])
    write_tags(world, shop, order, added(tags, asked.get("add") or []), "admin")


def pay_order(world: World, shop: Shop, order: Node) -> None:
    """Mark an order as paid."""
    if order["cancelledAt"] or order["fullyPaid"]:
        raise fulfilment.NotPossible("Order cannot be marked as paid.")
    pay(shop, order)
    changed(world, shop, order, "orders/paid")


def assess_risk(world: World, shop: Shop, order: Node, recommendation: str) -> None:
    """Set what Shopify's fraud analysis recommends. Raises ValueError for an unknown word."""
    order["risk"] = summary(recommendation)
    shop.touch(order)
    body = {
        "order_id": number_of(order["id"]),
        "admin_graphql_api_order_id": order["id"],
        "risk_level": level_of(order),
    }
    publish(world, shop, "orders/risk_assessment_changed", body, order)


def close(world: World, shop: Shop, order: Node) -> None:
    """Archive an order."""
    order["closedAt"], order["closed"] = iso(now()), True
    changed(world, shop, order)


def reopen(world: World, shop: Shop, order: Node) -> None:
    """Take an order out of the archive."""
    if order["cancelledAt"]:
        raise fulfilment.NotPossible("A cancelled order stays archived.")
    order["closedAt"], order["closed"] = None, False
    changed(world, shop, order)


def delete(world: World, shop: Shop, order: Node) -> None:
    """Delete an order for good."""
    number = number_of(order["id"])
    commitments.give_back(world, shop, order)
    del shop.orders[number]
    shop.index.drop(number)
    publish(world, shop, "orders/delete", {"id": number}, order)


def products_changed(
    world: World, shop: Shop, variant: Node, topic: str = "products/update"
) -> None:
    """Announce a product after one of its variants changed."""
    publish(world, shop, topic, payloads.product(variant["product"]))
