"""Fulfillments: made, tracked, followed, taken back, and read to see what became of an attempt."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.shipments import Portion, Tracking
from app.errors import Rejected
from app.shopify.answers import NOT_POSSIBLE
from app.shopify.client import LONGEST_ARRAY, Shopify
from app.shopify.pages import FULFILLMENT_LINES, FULFILLMENT_ORDER_LINES, all_of
from app.shopify.reading import moment

NOT_WHOLE = "not-whole"
_CANCELLED = "CANCELLED"
_EVENTS = {
    "in_transit": "IN_TRANSIT",
    "out_for_delivery": "OUT_FOR_DELIVERY",
    "ready_for_pickup": "READY_FOR_PICKUP",
    "delivered": "DELIVERED",
}


@dataclass(frozen=True, slots=True)
class Made:
    """A fulfillment that there is. ``units`` maps order lines to quantities."""

    id: str
    cancelled: bool
    created_at: datetime
    numbers: frozenset[str]
    units: Mapping[str, int]


def create(
    client: Shopify, portions: Sequence[Portion], tracking: Tracking, *, notify: bool
) -> str:
    """Fulfil units of fulfillment orders; return the new fulfillment's id.

    Raises Rejected as ``not-possible`` with Shopify's words when the units are not there to be
    fulfilled, as ``not-whole`` when they are of more than LONGEST_ARRAY lines, yet not all that a
    fulfillment order asks for, Uncertain when the answer got lost: then read before trying again.
    """
    fulfillment: dict[str, Any] = {
        "lineItemsByFulfillmentOrder": [_portion(client, portion) for portion in portions],
        "notifyCustomer": notify,
    }
    if tracking != Tracking():
        fulfillment["trackingInfo"] = _tracking(tracking)
    data = client.execute("create_fulfillment", {"fulfillment": fulfillment})
    return str(_payload(data, "fulfillmentCreate")["fulfillment"]["id"])


def track(client: Shopify, fulfillment: str, tracking: Tracking, *, notify: bool) -> None:
    """Replace a fulfillment's tracking. Repeating is safe."""
    variables = {"id": fulfillment, "tracking": _tracking(tracking), "notify": notify}
    _payload(client.execute("track_fulfillment", variables), "fulfillmentTrackingInfoUpdate")


def tell(client: Shopify, fulfillment: str, state: str) -> None:
    """Add an event: in_transit, out_for_delivery, ready_for_pickup or delivered. Repeating adds
    another one: after an unknown outcome see ``is_told`` first."""
    event = {"fulfillmentId": fulfillment, "status": _EVENTS[state]}
    _payload(client.execute("tell_fulfillment", {"event": event}), "fulfillmentEventCreate")


def is_told(client: Shopify, fulfillment: str, state: str) -> bool:
    """Whether one of a fulfillment's last events says this state already."""
    events = _read(client, fulfillment).get("events", {}).get("nodes", ())
    return any(event["status"] == _EVENTS[state] for event in events)


def withdraw(client: Shopify, fulfillment: str) -> None:
    """Cancel a fulfillment: its units wait to be fulfilled anew. Repeating is safe.

    Raises Rejected as ``not-possible`` with Shopify's words when it stands all the same.
    """
    try:
        _payload(client.execute("withdraw_fulfillment", {"id": fulfillment}), "fulfillmentCancel")
    except Rejected as problem:
        refused = problem.code == NOT_POSSIBLE
        if not (refused and _read(client, fulfillment).get("status") == _CANCELLED):
            raise


def prepare(client: Shopify, fulfillment_order: str) -> None:
    """Tell the buyer that what a pick-up order asks for is ready. Repeating is safe."""
    ready = {"lineItemsByFulfillmentOrder": [{"fulfillmentOrderId": fulfillment_order}]}
    data = client.execute("prepare_pickup", {"ready": ready})
    _payload(data, "fulfillmentOrderLineItemsPreparedForPickup")


def close_order(client: Shopify, order: str) -> None:
    """Archive an order. Repeating is safe."""
    _payload(client.execute("close_order", {"id": order}), "orderClose")


def _read(client: Shopify, fulfillment: str) -> Mapping[str, Any]:
    return client.execute("read_fulfillment", {"id": fulfillment})["fulfillment"] or {}


def read_fulfillments(client: Shopify, order: str) -> list[Made] | None:
    """An order's fulfillments as Shopify has them, also those that others made; None when Shopify
    does not show the order."""
    found = client.execute("read_fulfillments", {"id": order})["order"]
    return [_made(client, node) for node in found["fulfillments"]] if found else None


def _made(client: Shopify, node: Mapping[str, Any]) -> Made:
    units: dict[str, int] = {}
    for line in all_of(client, node, FULFILLMENT_LINES):
        name = line["lineItem"]["id"]
        units[name] = units.get(name, 0) + int(line["quantity"] or 0)
    return Made(
        id=node["id"],
        cancelled=node["status"] == _CANCELLED,
        created_at=moment(node["createdAt"]),
        numbers=frozenset(info["number"] for info in node["trackingInfo"] if info["number"]),
        units=units,
    )


def _portion(client: Shopify, portion: Portion) -> dict[str, Any]:
    given: dict[str, Any] = {"fulfillmentOrderId": portion.fulfillment_order}
    if len(portion.lines) > LONGEST_ARRAY:
        _check_whole(client, portion)
        return given
    lines = [{"id": line, "quantity": number} for line, number in portion.lines.items()]
    return given | {"fulfillmentOrderLineItems": lines}


def _check_whole(client: Shopify, portion: Portion) -> None:
    """Where no lines are named all is fulfilled: these must be all the units asked for."""
    found = client.execute("read_remaining", {"id": portion.fulfillment_order})["fulfillmentOrder"]
    rows = all_of(client, found, FULFILLMENT_ORDER_LINES) if found else []
    asked = {row["id"]: row["remainingQuantity"] for row in rows if row["remainingQuantity"]}
    if asked != dict(portion.lines):
        raise Rejected(NOT_WHOLE, "More than these units is asked for, or less.")


def _tracking(tracking: Tracking) -> dict[str, Any]:
    given = {
        "company": tracking.company,
        "numbers": list(tracking.numbers),
        "urls": list(tracking.urls),
    }
    return {name: value for name, value in given.items() if value}


def _payload(data: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    payload: Mapping[str, Any] = data.get(field) or {}
    errors = [error["message"] for error in payload.get("userErrors") or ()]
    if errors or not payload:
        raise Rejected(NOT_POSSIBLE, " ".join(errors) or "Shopify refused it without a word.")
    return payload
