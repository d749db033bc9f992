"""Resolvers that act on fulfillment orders and shipments."""

from sandbox.shopify import holds, shipments, warehouse
from sandbox.shopify.call import Call
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.mutating import (
    Asked,
    Payload,
    Resolver,
    answered,
    fulfillment_of,
    fulfillment_order_of,
)
from sandbox.shopify.values import Node, iso, now

_MISSING = "FULFILLMENT_ORDER_NOT_FOUND"


def _move(call: Call, asked: Asked) -> Payload:
    one = fulfillment_order_of(call, asked["id"])
    lines = asked.get("fulfillmentOrderLineItems")
    moved, original = warehouse.move(call.world, call.shop, one, asked["newLocationId"], lines)
    return {
        "movedFulfillmentOrder": moved,
        "originalFulfillmentOrder": original,
        "remainingFulfillmentOrder": original if lines else None,
    }


def _named(call: Call, global_id: str, code: str, field: str = "id") -> Node:
    """Return a fulfillment order; refuse one that is not there with the mutation's own code."""
    try:
        return fulfillment_order_of(call, global_id, field)
    except NotPossible as refused:
        raise NotPossible(str(refused), refused.field, code) from None


def _hold(call: Call, asked: Asked) -> Payload:
    one, hold = _named(call, asked["id"], _MISSING), asked["fulfillmentHold"]
    wish = holds.Wish(
        hold["reason"], hold.get("reasonNotes"), hold.get("handle") or "", by_app=True
    )
    lines = hold.get("fulfillmentOrderLineItems")
    placed, rest = holds.hold(call.world, call.shop, one, wish, lines)
    return {"fulfillmentHold": placed, "fulfillmentOrder": one, "remainingFulfillmentOrder": rest}


def _release(call: Call, asked: Asked) -> Payload:
    one = _named(call, asked["id"], _MISSING)
    holds.release(call.world, call.shop, one, asked.get("holdIds"))
    return {"fulfillmentOrder": one}


def _set_deadline(call: Call, asked: Asked) -> Payload:
    field = "fulfillmentOrderIds"
    several = [_named(call, one, "FULFILLMENT_ORDERS_NOT_FOUND", field) for one in asked[field]]
    holds.set_deadline(call.world, call.shop, several, asked["fulfillmentDeadline"])
    return {"success": True}


def _split(call: Call, asked: Asked) -> Payload:
    results = []
    for part in asked["fulfillmentOrderSplits"]:
        one = fulfillment_order_of(call, part["fulfillmentOrderId"], "fulfillmentOrderSplits")
        rest = warehouse.split(call.world, call.shop, one, part["fulfillmentOrderLineItems"])
        results.append({"fulfillmentOrder": one, "remainingFulfillmentOrder": rest})
    return {"fulfillmentOrderSplits": results}


def _merge(call: Call, asked: Asked) -> Payload:
    merged = []
    for part in asked["fulfillmentOrderMergeInputs"]:
        ids = [intent["fulfillmentOrderId"] for intent in part["mergeIntents"]]
        several = [fulfillment_order_of(call, one) for one in ids]
        merged.append({"fulfillmentOrder": warehouse.merge(call.world, call.shop, several)})
    return {"fulfillmentOrderMerges": merged}


def _progress(call: Call, asked: Asked) -> Payload:
    one = _named(call, asked["id"], _MISSING)
    if call.world.settings.marketplace_app:
        raise NotPossible(
            "Marketplace apps are not eligible to report progress on fulfillment orders.",
            ["id"],
            "MARKETPLACE_APP_NOT_ELIGIBLE",
        )
    if one["status"] not in {"OPEN", "IN_PROGRESS"}:
        raise NotPossible(
            "Fulfillment order is not open.", ["id"], "FULFILLMENT_ORDER_STATUS_INVALID"
        )
    one["status"], one["updatedAt"] = "IN_PROGRESS", iso(now())
    warehouse.announce(call.world, call.shop, "fulfillment_orders/progress_reported", one)
    return {"fulfillmentOrder": one}


def _prepared_for_pickup(call: Call, asked: Asked) -> Payload:
    for part in asked["input"]["lineItemsByFulfillmentOrder"]:
        fulfillment_order_of(call, part["fulfillmentOrderId"], "input")
    return {}


def _create(call: Call, asked: Asked) -> Payload:
    wanted = asked["fulfillment"]
    parts = [
        (
            fulfillment_order_of(call, part["fulfillmentOrderId"], "fulfillment"),
            part.get("fulfillmentOrderLineItems") or [],
        )
        for part in wanted["lineItemsByFulfillmentOrder"]
    ]
    if len({one["orderId"] for one, _ in parts}) != 1:
        raise NotPossible("Fulfillment orders must belong to one order.", ["fulfillment"])
    tracking, notify = wanted.get("trackingInfo"), bool(wanted.get("notifyCustomer"))
    made = shipments.fulfil(call.world, call.shop, parts, tracking, notify=notify)
    return {"fulfillment": made}


def _cancel(call: Call, asked: Asked) -> Payload:
    made = fulfillment_of(call, asked["id"])
    shipments.cancel(call.world, call.shop, made)
    return {"fulfillment": made}


def _track(call: Call, asked: Asked) -> Payload:
    made = fulfillment_of(call, asked["fulfillmentId"])
    made["trackingInfo"] = shipments.tracking_rows(asked["trackingInfoInput"])
    wanted = bool(asked.get("notifyCustomer"))
    shipments.tell_buyer(call.world, call.shop, made, "tracking", wanted=wanted)
    shipments.note_update(call.world, call.shop, made)
    return {"fulfillment": made}


def _event(call: Call, asked: Asked) -> Payload:
    event = asked["fulfillmentEvent"]
    made = fulfillment_of(call, event["fulfillmentId"])
    added = shipments.add_event(call.world, call.shop, made, event["status"])
    return {"fulfillmentEvent": added}


FULFILLMENT_MUTATIONS: dict[tuple[str, str], Resolver] = {
    ("Mutation", "fulfillmentOrderMove"): answered(_move),
    ("Mutation", "fulfillmentOrderHold"): answered(_hold),
    ("Mutation", "fulfillmentOrderReleaseHold"): answered(_release),
    ("Mutation", "fulfillmentOrdersSetFulfillmentDeadline"): answered(_set_deadline),
    ("Mutation", "fulfillmentOrderSplit"): answered(_split),
    ("Mutation", "fulfillmentOrderMerge"): answered(_merge),
    ("Mutation", "fulfillmentOrderReportProgress"): answered(_progress),
    ("Mutation", "fulfillmentOrderLineItemsPreparedForPickup"): answered(_prepared_for_pickup),
    ("Mutation", "fulfillmentCreate"): answered(_create),
    ("Mutation", "fulfillmentCancel"): answered(_cancel),
    ("Mutation", "fulfillmentTrackingInfoUpdate"): answered(_track),
    ("Mutation", "fulfillmentEventCreate"): answered(_event),
}
