"""Resolvers of everything that writes."""

import uuid
from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shopify import merchant, warehouse
from sandbox.shopify.access import TAGGABLE
from sandbox.shopify.call import Call, access_denied, call_of, checked_kind
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.tags import added, removed, too_long
from sandbox.shopify.values import Node, gid, iso, now

Info = GraphQLResolveInfo
Payload = dict[str, Any]
MOST_TAGS = 250


def _user_errors(refused: NotPossible) -> list[Payload]:
    return [{"field": refused.field, "message": str(refused), "code": refused.code}]


def _answered(
    resolver: Callable[..., Payload], errors: str = "userErrors"
) -> Callable[..., Payload]:
    """Turn a refusal into user errors."""

    def resolve(_: Any, info: Info, **arguments: Any) -> Payload:
        try:
            return resolver(call_of(info), **arguments) | {errors: []}
        except NotPossible as refused:
            return {errors: _user_errors(refused)}

    return resolve


def _order(call: Call, global_id: str, field: str = "id") -> Node:
    order = call.shop.order(global_id) if checked_kind(global_id) == "Order" else None
    if order is None or not call.sees_order(order):
        raise NotPossible("Order does not exist", [field], "NOT_FOUND")
    return order


def _fulfillment_order(call: Call, global_id: str, field: str = "id") -> Node:
    checked_kind(global_id)
    found = call.shop.find("FulfillmentOrder", global_id)
    if found is None or not call.sees_fulfillment_order(found):
        raise NotPossible("Fulfillment order does not exist.", [field], "NOT_FOUND")
    return found


def _fulfillment(call: Call, global_id: str) -> Node:
    found = call.shop.find("Fulfillment", global_id)
    if found is None:
        raise NotPossible("Fulfillment does not exist.", ["id"], "NOT_FOUND")
    return found


def _tagging(change: Callable[[list[str], list[str]], list[str]], field: str) -> Callable[..., Any]:
    def resolve(call: Call, id: str, tags: list[str]) -> Payload:
        scope = TAGGABLE.get(checked_kind(id), "write_orders")
        if scope not in call.scopes:
            raise access_denied(field, f"`{scope}` access scope.")
        order = _order(call, id)
        if too_long(tags):
            raise NotPossible("Each tag must be 40 characters or fewer.", ["tags"])
        fresh = change(order["tags"], tags)
        if len(fresh) > MOST_TAGS:
            raise NotPossible(f"Exceeded the maximum of {MOST_TAGS} tags.", ["tags"])
        if not call.ignore_tags:
            merchant.write_tags(call.world, call.shop, order, fresh, "app")
        return {"node": order}

    return _answered(resolve)


def _order_update(call: Call, input: Payload) -> Payload:
    order = _order(call, input["id"])
    if "tags" in input:
        merchant.write_tags(call.world, call.shop, order, added([], input["tags"]), "app")
    merchant.edit(call.world, call.shop, order, {k: input[k] for k in ("note",) if k in input})
    return {"order": order}


def _order_close(call: Call, input: Payload) -> Payload:
    order = _order(call, input["id"])
    merchant.close(call.world, call.shop, order)
    return {"order": order}


def _order_cancel(call: Call, orderId: str, reason: str, **_: Any) -> Payload:  # noqa: N803
    order = _order(call, orderId, "orderId")
    if order["cancelledAt"]:
        raise NotPossible("Order has already been cancelled", ["orderId"], "INVALID")
    job = {"__typename": "Job", "id": gid("Job", str(uuid.uuid4())), "done": True}
    call.shop.jobs[job["id"]] = job
    merchant.cancel(call.world, call.shop, order, reason)
    return {"job": job, "userErrors": []}


def _move(call: Call, id: str, newLocationId: str, **more: Any) -> Payload:  # noqa: N803
    one = _fulfillment_order(call, id)
    lines = more.get("fulfillmentOrderLineItems")
    moved, original = warehouse.move(call.world, call.shop, one, newLocationId, lines)
    rest = original if lines else None
    return {
        "movedFulfillmentOrder": moved,
        "originalFulfillmentOrder": original,
        "remainingFulfillmentOrder": rest,
    }


def _hold(call: Call, id: str, fulfillmentHold: Payload) -> Payload:  # noqa: N803
    one = _fulfillment_order(call, id)
    placed, rest = warehouse.hold(
        call.world,
        call.shop,
        one,
        fulfillmentHold["reason"],
        fulfillmentHold.get("reasonNotes") or "",
        fulfillmentHold.get("fulfillmentOrderLineItems"),
    )
    return {"fulfillmentHold": placed, "fulfillmentOrder": one, "remainingFulfillmentOrder": rest}


def _release(call: Call, id: str, **_: Any) -> Payload:
    one = _fulfillment_order(call, id)
    warehouse.release(call.world, call.shop, one)
    return {"fulfillmentOrder": one}


def _split(call: Call, fulfillmentOrderSplits: list[Payload]) -> Payload:  # noqa: N803
    results = []
    for asked in fulfillmentOrderSplits:
        one = _fulfillment_order(call, asked["fulfillmentOrderId"], "fulfillmentOrderSplits")
        rest = warehouse.split(call.world, call.shop, one, asked["fulfillmentOrderLineItems"])
        results.append({"fulfillmentOrder": one, "remainingFulfillmentOrder": rest})
    return {"fulfillmentOrderSplits": results}


def _merge(call: Call, fulfillmentOrderMergeInputs: list[Payload]) -> Payload:  # noqa: N803
    merged = []
    for asked in fulfillmentOrderMergeInputs:
        ids = [one["fulfillmentOrderId"] for one in asked["mergeIntents"]]
        several = [_fulfillment_order(call, one) for one in ids]
        merged.append({"fulfillmentOrder": warehouse.merge(call.world, call.shop, several)})
    return {"fulfillmentOrderMerges": merged}


def _progress(call: Call, id: str, **_: Any) -> Payload:
    one = _fulfillment_order(call, id)
    if one["status"] not in ("OPEN", "IN_PROGRESS"):
        raise NotPossible("Fulfillment order is not open.", ["id"])
    one["status"], one["updatedAt"] = "IN_PROGRESS", iso(now())
    merchant.changed(call.world, call.shop, one["order"])
    return {"fulfillmentOrder": one}


def _prepared(call: Call, input: Payload) -> Payload:
    for asked in input["lineItemsByFulfillmentOrder"]:
        _fulfillment_order(call, asked["fulfillmentOrderId"], "input")
    return {}


def _create(call: Call, fulfillment: Payload, **_: Any) -> Payload:
    parts = [
        (
            _fulfillment_order(call, asked["fulfillmentOrderId"], "fulfillment"),
            asked.get("fulfillmentOrderLineItems") or [],
        )
        for asked in fulfillment["lineItemsByFulfillmentOrder"]
    ]
    if len({one["orderId"] for one, _ in parts}) != 1:
        raise NotPossible("Fulfillment orders must belong to one order.", ["fulfillment"])
    made = warehouse.fulfil(call.world, call.shop, parts, fulfillment.get("trackingInfo"))
    return {"fulfillment": made}


def _cancel_fulfillment(call: Call, id: str) -> Payload:
    made = _fulfillment(call, id)
    warehouse.cancel_fulfillment(call.world, call.shop, made)
    return {"fulfillment": made}


def _tracking(
    call: Call,
    fulfillmentId: str,
    trackingInfoInput: Payload,
    **_: Any,  # noqa: N803
) -> Payload:
    made = _fulfillment(call, fulfillmentId)
    made["trackingInfo"] = warehouse.tracking_rows(trackingInfoInput)
    warehouse.note_update(call.world, call.shop, made)
    return {"fulfillment": made}


def _event(call: Call, fulfillmentEvent: Payload) -> Payload:  # noqa: N803
    made = _fulfillment(call, fulfillmentEvent["fulfillmentId"])
    status = fulfillmentEvent["status"]
    return {"fulfillmentEvent": warehouse.add_event(call.world, call.shop, made, status)}


MUTATIONS: dict[tuple[str, str], Callable[..., Any]] = {
    ("Mutation", "tagsAdd"): _tagging(added, "tagsAdd"),
    ("Mutation", "tagsRemove"): _tagging(removed, "tagsRemove"),
    ("Mutation", "orderUpdate"): _answered(_order_update),
    ("Mutation", "orderClose"): _answered(_order_close),
    ("Mutation", "orderCancel"): _answered(_order_cancel, "orderCancelUserErrors"),
    ("Mutation", "fulfillmentOrderMove"): _answered(_move),
    ("Mutation", "fulfillmentOrderHold"): _answered(_hold),
    ("Mutation", "fulfillmentOrderReleaseHold"): _answered(_release),
    ("Mutation", "fulfillmentOrderSplit"): _answered(_split),
    ("Mutation", "fulfillmentOrderMerge"): _answered(_merge),
    ("Mutation", "fulfillmentOrderReportProgress"): _answered(_progress),
    ("Mutation", "fulfillmentOrderLineItemsPreparedForPickup"): _answered(_prepared),
    ("Mutation", "fulfillmentCreate"): _answered(_create),
    ("Mutation", "fulfillmentCancel"): _answered(_cancel_fulfillment),
    ("Mutation", "fulfillmentTrackingInfoUpdate"): _answered(_tracking),
    ("Mutation", "fulfillmentEventCreate"): _answered(_event),
}
