"""What a merchant does to orders by hand, each deed with the webhooks Shopify fires for it.

Callers hold the world's lock.
"""

from typing import Any

from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify import payloads
from sandbox.shopify.lines import add_line, attributes_of, recount
from sandbox.shopify.metafields import set_all
from sandbox.shopify.orders import address_of, new_order, pay
from sandbox.shopify.risk import level_of, summary
from sandbox.shopify.shop import Shop
from sandbox.shopify.tags import added, removed
from sandbox.shopify.values import Node, iso, now, number_of
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World

TEXTS = frozenset({"note", "email", "phone"})
EDITABLE = TEXTS | {"lines", "shipping_address", "billing_address", "attributes", "metafields"}


def place_order(world: World, shop: Shop, spec: dict[str, Any]) -> Node:
    """Create an order; its fulfillment orders follow shortly after, as at Shopify."""
    order = new_order(shop, spec)
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


def order_event(world: World, shop: Shop, topic: str, order: Node) -> None:
    """Announce an order as it is now; an edit names its order and brings no more of it."""
    body = payloads.order_edit(order) if topic == "orders/edited" else payloads.order(shop, order)
    publish(world, shop, topic, body, order)


def changed(world: World, shop: Shop, order: Node, *topics: str) -> None:
    """Bring sums, status and index up to date and announce the change, ``orders/updated`` last."""
    recount(order)
    fulfilment.refresh(order)
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


def edit(world: World, shop: Shop, order: Node, asked: dict[str, Any]) -> None:
    """Change quantities by line id or SKU, add lines, change addresses, texts and metafields.

    Nothing is changed when something is wrong: raises ValueError or NotPossible.
    """
    if unknown := set(asked) - EDITABLE:
        raise ValueError(f"No such key: {', '.join(sorted(unknown))}.")
    for line in asked.get("lines") or ():
        _check_line(order, line)
    set_all(shop, order, asked.get("metafields") or ())
    for line in asked.get("lines") or ():
        _edit_line(shop, order, line)
    _edit_addresses(shop, order, asked)
    for key in TEXTS & set(asked):
        order[key] = asked[key]
    if "attributes" in asked:
        order["customAttributes"] = attributes_of(asked["attributes"])
    topics = ["orders/edited"] if asked.get("lines") else []
    order["edited"] = order["edited"] or bool(topics)
    changed(world, shop, order, *topics)


def _edit_addresses(shop: Shop, order: Node, asked: dict[str, Any]) -> None:
    if "shipping_address" in asked:
        order["shippingAddress"] = address_of(shop, asked["shipping_address"])
        fulfilment.readdress(shop, order)
    if "billing_address" in asked:
        order["billingAddress"] = address_of(shop, asked["billing_address"])


def _check_line(order: Node, asked: dict[str, Any]) -> None:
    line, quantity = _line_of(order, asked), int(asked["quantity"])
    if line is None and quantity < 1:
        raise fulfilment.NotPossible("Add one unit or more.")
    if line and quantity < line["currentQuantity"] - line["unfulfilledQuantity"]:
        raise fulfilment.NotPossible("Only items that are not fulfilled can be removed.")


def _edit_line(shop: Shop, order: Node, asked: dict[str, Any]) -> None:
    line = _line_of(order, asked)
    quantity = int(asked["quantity"])
    if line is None:
        line = add_line(shop, order, asked)
        _more(shop, order, line, quantity)
        return
    difference = quantity - line["currentQuantity"]
    line["currentQuantity"] = quantity
    if difference > 0:
        line["quantity"] += difference
        _more(shop, order, line, difference)
    elif difference:
        _fewer(order, line, -difference)


def _line_of(order: Node, asked: dict[str, Any]) -> Node | None:
    wanted, lines = str(asked.get("line_id", "")), list[Node](order["_lines"])
    for line in lines:
        by_id = wanted and number_of(line["id"]) == number_of(wanted)
        by_sku = not wanted and "variant" not in asked and line["sku"] == asked.get("sku")
        if by_id or by_sku:
            return line
    if wanted:
        raise fulfilment.NotPossible("The order has no such line.")
    return None


def _more(shop: Shop, order: Node, line: Node, quantity: int) -> None:
    """Add units to the open fulfillment order that has the line, else to a new one."""
    if not order["_routed"]:
        return
    for one in fulfilment.still_open(order):
        for row in one["_lines"]:
            if row["lineItem"] is line:
                row["totalQuantity"] += quantity
                row["remainingQuantity"] += quantity
                return
    method = order["_delivery"] if line["requiresShipping"] else "NONE"
    location = shop.place_for(line["_location"] or order["_location"])
    fulfilment.new(shop, order, location, method, [(line, quantity)])


def _fewer(order: Node, line: Node, quantity: int) -> None:
    for one in fulfilment.still_open(order):
        for row in one["_lines"]:
            if row["lineItem"] is line:
                taken = min(quantity, row["remainingQuantity"])
                fulfilment.reduce_line(row, taken)
                quantity -= taken
        fulfilment.drop_empty_lines(one)


def pay_order(world: World, shop: Shop, order: Node) -> None:
    """Mark an order as paid."""
    if order["cancelledAt"] or order["fullyPaid"]:
        raise fulfilment.NotPossible("Order cannot be marked as paid.")
    pay(order)
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


def cancel(world: World, shop: Shop, order: Node, reason: str = "CUSTOMER") -> None:
    """Cancel an order with what has not been shipped; paid orders are refunded."""
    if order["cancelledAt"]:
        raise fulfilment.NotPossible("Order has already been cancelled.")
    order["cancelledAt"] = order["closedAt"] = iso(now())
    order["cancelReason"], order["closed"] = reason, True
    was_open = fulfilment.still_open(order)
    for one in was_open:
        _cancel_rest(one)
    paid = order["displayFinancialStatus"] == "PAID"
    order["displayFinancialStatus"] = "REFUNDED" if paid else "VOIDED"
    changed(world, shop, order, "orders/cancelled")
    for one in was_open:
        body = {"fulfillment_order": payloads.fulfillment_order(one)}
        publish(world, shop, "fulfillment_orders/cancelled", body, order)


def _cancel_rest(fulfillment_order: Node) -> None:
    for line in fulfillment_order["_lines"]:
        line["lineItem"]["currentQuantity"] -= line["remainingQuantity"]
        line["remainingQuantity"] = 0
    fulfillment_order["status"] = "CLOSED"
    fulfillment_order["updatedAt"] = iso(now())


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
    del shop.orders[number]
    shop.index.drop(number)
    publish(world, shop, "orders/delete", {"id": number}, order)


def products_changed(
    world: World, shop: Shop, variant: Node, topic: str = "products/update"
) -> None:
    """Announce a product after one of its variants changed."""
    publish(world, shop, topic, payloads.product(variant["product"]))
