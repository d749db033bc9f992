"""Resolvers of everything that reads."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from sandbox.shopify.call import Call, call_of, checked_kind
from sandbox.shopify.fulfillment_orders import OPEN, supported_actions
from sandbox.shopify.item_search import find_variants
from sandbox.shopify.metafields import read_one, read_page
from sandbox.shopify.paging import connection
from sandbox.shopify.queries_inventory import INVENTORY_QUERIES
from sandbox.shopify.queries_returns import RETURN_QUERIES
from sandbox.shopify.queries_shop import SHOP_QUERIES
from sandbox.shopify.search import compile_search, sort_value
from sandbox.shopify.values import Node, number_of

Info = GraphQLResolveInfo[Call]


def _node(_: Any, info: Info, **arguments: str) -> Node | None:
    return call_of(info).find(arguments["id"])


def _nodes(_: Any, info: Info, ids: list[str]) -> list[Any]:
    call = call_of(info)
    return [_found_or_error(call, one) for one in ids]


def _found_or_error(call: Call, global_id: str) -> Node | GraphQLError | None:
    try:
        return call.find(global_id)
    except GraphQLError as error:
        return error


def _of_kind(kind: str) -> Callable[..., Node | None]:
    def find(_: Any, info: Info, **arguments: str | None) -> Node | None:
        global_id = arguments.get("id")
        if global_id is None:
            return next(iter(call_of(info).shop.locations.values()), None)
        return call_of(info).find(global_id) if checked_kind(global_id) == kind else None

    return find


def _orders(_: Any, info: Info, **arguments: Any) -> Node:
    sort_key = arguments.get("sortKey") or "PROCESSED_AT"
    rows = _matching(call_of(info), arguments.get("query"))
    rows.sort(key=lambda order: sort_value(order, sort_key))
    return connection(rows, arguments, lambda order: sort_value(order, sort_key))


def _matching(call: Call, query: str | None) -> list[Node]:
    """Search the index, which lags; what it finds is read as it is now."""
    test = compile_search(query)
    found = (one for one in call.shop.index.read(call.world.settings.search_lag) if test(one))
    orders = (call.shop.orders.get(number_of(one["id"])) for one in found)
    return [order for order in orders if order is not None and call.sees_order(order)]


def _orders_count(_: Any, info: Info, query: str | None = None, **__: Any) -> Node:
    return {"count": len(_matching(call_of(info), query)), "precision": "EXACT"}


def _fulfillment_orders(_: Any, info: Info, **arguments: Any) -> Node:
    call = call_of(info)
    rows = [one for one in call.shop.fulfillment_orders() if call.sees_fulfillment_order(one)]
    if not arguments.get("includeClosed"):
        rows = [one for one in rows if one["status"] in OPEN]
    return connection(rows, arguments)


def _of_order(order: Node, info: Info, **arguments: Any) -> Node:
    call = call_of(info)
    rows = order["_fulfillment_orders"]
    return connection([one for one in rows if call.sees_fulfillment_order(one)], arguments)


def _locations(_: Any, info: Info, **arguments: Any) -> Node:
    rows = [
        one
        for one in call_of(info).shop.locations.values()
        if (one["isActive"] or arguments.get("includeInactive"))
        and (not one["isFulfillmentService"] or arguments.get("includeLegacy"))
    ]
    return connection(sorted(rows, key=lambda one: one["name"]), arguments)


def _products(_: Any, info: Info, **arguments: Any) -> Node:
    return connection(list(call_of(info).shop.products.values()), arguments)


def _variants(_: Any, info: Info, **arguments: Any) -> Node:
    return connection(find_variants(call_of(info).shop, arguments.get("query")), arguments)


def _rows(key: str) -> Callable[..., Node]:
    return lambda source, _info, **arguments: connection(source.get(key) or [], arguments)


def _shipping_lines(order: Node, _: Info, **arguments: Any) -> Node:
    return connection([order["shippingLine"]] if order["shippingLine"] else [], arguments)


def _first(key: str) -> Callable[..., list[Node]]:
    return lambda source, _info, first=None, **_arguments: source[key][:first]


def _formatted(address: Node, _: Info, **__: Any) -> list[str]:
    place = " ".join(part for part in (address["zip"], address["city"]) if part)
    parts = (address["name"], address["company"], address["address1"], place, address["country"])
    return [part for part in parts if part]


def _actions(one: Node, _: Info) -> list[Node]:
    return supported_actions(one)


def _places_to_move(one: Node, info: Info, **arguments: Any) -> Node:
    here = one["assignedLocation"]["location"]
    rows = [
        {"id": place["id"], "location": place, "movable": place is not here, "message": None}
        for place in call_of(info).shop.active_locations()
    ]
    return connection(rows, arguments)


def _place(source: Node, info: Info) -> Node | None:
    """Return a node's location; one that was deleted since is null."""
    return call_of(info).shop.locations.get(source["location"]["id"])


OWN: dict[tuple[str, str], Callable[..., Any]] = {
    ("QueryRoot", "node"): _node,
    ("QueryRoot", "nodes"): _nodes,
    ("QueryRoot", "order"): _of_kind("Order"),
    ("QueryRoot", "orders"): _orders,
    ("QueryRoot", "ordersCount"): _orders_count,
    ("QueryRoot", "fulfillment"): _of_kind("Fulfillment"),
    ("QueryRoot", "fulfillmentOrder"): _of_kind("FulfillmentOrder"),
    ("QueryRoot", "fulfillmentOrders"): _fulfillment_orders,
    ("QueryRoot", "inventoryItem"): _of_kind("InventoryItem"),
    ("QueryRoot", "location"): _of_kind("Location"),
    ("QueryRoot", "locations"): _locations,
    ("QueryRoot", "product"): _of_kind("Product"),
    ("QueryRoot", "products"): _products,
    ("QueryRoot", "productVariant"): _of_kind("ProductVariant"),
    ("QueryRoot", "productVariants"): _variants,
    ("Order", "lineItems"): _rows("_lines"),
    ("Order", "fulfillmentOrders"): _of_order,
    ("Order", "metafield"): read_one,
    ("Order", "metafields"): read_page,
    ("Order", "fulfillments"): _first("_fulfillments"),
    ("Order", "shippingLines"): _shipping_lines,
    ("FulfillmentOrder", "lineItems"): _rows("_lines"),
    ("FulfillmentOrder", "fulfillments"): _rows("_fulfillments"),
    ("FulfillmentOrder", "supportedActions"): _actions,
    ("FulfillmentOrder", "locationsForMove"): _places_to_move,
    ("Fulfillment", "fulfillmentLineItems"): _rows("_lines"),
    ("Fulfillment", "fulfillmentOrders"): _rows("_fulfillment_orders"),
    ("Fulfillment", "events"): _rows("_events"),
    ("Fulfillment", "location"): _place,
    ("FulfillmentOrderAssignedLocation", "location"): _place,
    ("Fulfillment", "trackingInfo"): _first("trackingInfo"),
    ("Product", "variants"): _rows("_variants"),
    ("MailingAddress", "formatted"): _formatted,
}
QUERIES = OWN | SHOP_QUERIES | INVENTORY_QUERIES | RETURN_QUERIES
