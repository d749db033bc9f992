"""Resolvers of everything that writes: tags and orders here, the rest in modules of its own."""

from collections.abc import Callable

from sandbox.shopify import editing, merchant
from sandbox.shopify.access import TAGGABLE
from sandbox.shopify.call import Call, access_denied, checked_kind
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.mutating import Asked, Payload, Resolver, answered, order_of
from sandbox.shopify.mutations_fulfillment import FULFILLMENT_MUTATIONS
from sandbox.shopify.mutations_inventory import INVENTORY_MUTATIONS
from sandbox.shopify.mutations_refund import REFUND_MUTATIONS
from sandbox.shopify.mutations_returns import RETURN_MUTATIONS
from sandbox.shopify.tags import added, removed, too_long

MOST_TAGS = 250


def _tagging(change: Callable[[list[str], list[str]], list[str]], field: str) -> Resolver:
    def resolve(call: Call, asked: Asked) -> Payload:
        scope = TAGGABLE.get(checked_kind(asked["id"]), "write_orders")
        if scope not in call.scopes:
            raise access_denied(field, f"`{scope}` access scope.")
        order = order_of(call, asked["id"])
        fresh = _checked(asked["tags"], change(order["tags"], asked["tags"]))
        if not call.ignore_tags:
            merchant.write_tags(call.world, call.shop, order, fresh, "app")
        return {"node": order}

    return answered(resolve)


def _checked(asked: list[str], fresh: list[str]) -> list[str]:
    if too_long(asked):
        raise NotPossible("Each tag must be 40 characters or fewer.", ["tags"])
    if len(fresh) > MOST_TAGS:
        raise NotPossible(f"Exceeded the maximum of {MOST_TAGS} tags.", ["tags"])
    return fresh


def _update(call: Call, asked: Asked) -> Payload:
    values = asked["input"]
    order = order_of(call, values["id"])
    if "tags" in values:
        fresh = _checked(values["tags"], added([], values["tags"]))
        merchant.write_tags(call.world, call.shop, order, fresh, "app")
    if "note" in values:
        editing.edit(call.world, call.shop, order, {"note": values["note"]})
    return {"order": order}


def _close(call: Call, asked: Asked) -> Payload:
    order = order_of(call, asked["input"]["id"])
    merchant.close(call.world, call.shop, order)
    return {"order": order}


OWN: dict[tuple[str, str], Resolver] = {
    ("Mutation", "tagsAdd"): _tagging(added, "tagsAdd"),
    ("Mutation", "tagsRemove"): _tagging(removed, "tagsRemove"),
    ("Mutation", "orderUpdate"): answered(_update),
    ("Mutation", "orderClose"): answered(_close),
}
MUTATIONS = OWN | FULFILLMENT_MUTATIONS | INVENTORY_MUTATIONS | RETURN_MUTATIONS | REFUND_MUTATIONS
