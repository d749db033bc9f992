"""What mutations share: user errors instead of exceptions, and finding what they act on."""

from collections.abc import Callable
from typing import Any

from sandbox.shopify.call import Call, call_of, checked_kind
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.values import Node

Asked = dict[str, Any]
Payload = dict[str, Any]
Resolver = Callable[..., Any]


def answered(deed: Callable[[Call, Asked], Payload], errors: str = "userErrors") -> Resolver:
    """Return a resolver that gives a deed its arguments and turns a refusal into user errors."""

    def resolve(_: Any, info: Any, **arguments: Any) -> Payload:
        try:
            return {errors: []} | deed(call_of(info), arguments)
        except NotPossible as refused:
            line = {"field": refused.field, "message": str(refused), "code": refused.code}
            return {errors: [line]}

    return resolve


def order_of(call: Call, global_id: str, field: str = "id") -> Node:
    """Return an order the token may see; raise NotPossible for any other."""
    order = call.shop.order(global_id) if checked_kind(global_id) == "Order" else None
    if order is None or not call.sees_order(order):
        raise NotPossible("Order does not exist", [field], "NOT_FOUND")
    return order


def fulfillment_order_of(call: Call, global_id: str, field: str = "id") -> Node:
    """Return a fulfillment order the token may see; raise NotPossible for any other."""
    checked_kind(global_id)
    found = call.shop.find("FulfillmentOrder", global_id)
    if found is None or not call.sees_fulfillment_order(found):
        raise NotPossible("Fulfillment order does not exist.", [field], "NOT_FOUND")
    return found


def fulfillment_of(call: Call, global_id: str) -> Node:
    """Return a shipment; raise NotPossible when there is none."""
    found = call.shop.find("Fulfillment", global_id)
    if found is None:
        raise NotPossible("Fulfillment does not exist.", ["id"], "NOT_FOUND")
    return found
