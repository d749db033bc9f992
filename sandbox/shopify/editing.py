"""An order edited by hand: quantities, lines, addresses, texts, metafields.

Callers hold the world's lock.
"""

from typing import Any

from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify.lines import add_line, attributes_of
from sandbox.shopify.merchant import changed
from sandbox.shopify.metafields import set_all
from sandbox.shopify.people import address_of
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, number_of
from sandbox.shopify.world import World

TEXTS = frozenset({"note", "email", "phone"})
EDITABLE = TEXTS | {"lines", "shipping_address", "billing_address", "attributes", "metafields"}


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
