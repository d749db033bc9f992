"""What mutations share: user errors instead of exceptions, and finding what they act on."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.shopify.call import Call, call_of, checked_kind
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.values import Node

Asked = dict[str, Any]
Payload = dict[str, Any]
Resolver = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class UserError:
    """What is wrong with an input: a sentence, the way to the field, a code of the mutation."""

    message: str
    field: list[str] | None
    code: str | None = None

    def row(self) -> Payload:
        """Return it as a payload lists it."""
        return {"field": self.field, "message": self.message, "code": self.code}


class Wrong(Exception):
    """Several user errors at once; nothing is changed."""

    def __init__(self, errors: list[UserError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors


def answered(deed: Callable[[Call, Asked], Payload], errors: str = "userErrors") -> Resolver:
    """Return a resolver that gives a deed its arguments and turns a refusal into user errors."""

    def resolve(_: Any, info: Any, **arguments: Any) -> Payload:
        try:
            return {errors: []} | deed(call_of(info), arguments)
        except NotPossible as refused:
            return {errors: [UserError(str(refused), refused.field, refused.code).row()]}
        except Wrong as wrong:
            return {errors: [error.row() for error in wrong.errors]}

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


def return_of(call: Call, global_id: str, field: list[str]) -> Node:
    """Return a return; raise NotPossible when there is none."""
    found = call.shop.returns.get(global_id)
    if found is None or not call.sees_order(found["order"]):
        raise NotPossible("Return not found.", field, "NOT_FOUND")
    return found


def fulfillment_of(call: Call, global_id: str) -> Node:
    """Return a shipment; raise NotPossible when there is none."""
    found = call.shop.find("Fulfillment", global_id)
    if found is None:
        raise NotPossible("Fulfillment does not exist.", ["id"], "NOT_FOUND")
    return found
