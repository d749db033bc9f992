"""What Shopify is told of an order at work in the warehouse: our own hold, progress, a deadline."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from app.errors import Rejected
from app.shopify.answers import NOT_POSSIBLE
from app.shopify.client import Shopify
from app.shopify.reading import HOLD_HANDLE, own_hold

__all__ = ["NOT_FOR_THIS_APP", "find", "hold", "lift", "report_progress", "set_deadline"]

NOT_FOR_THIS_APP = "not-for-this-app"
_INELIGIBLE = "MARKETPLACE_APP_NOT_ELIGIBLE"
# Shopify shows it beside the hold.
_LONGEST_NOTES = 200


def find(client: Shopify, fulfillment_order: str) -> str:
    """Return the id of our own hold on a fulfillment order, empty when there is none."""
    found = client.execute("read_holds", {"id": fulfillment_order})["fulfillmentOrder"]
    return own_hold(found["fulfillmentHolds"]) if found else ""


def hold(client: Shopify, fulfillment_order: str, notes: str) -> str:
    """Put our hold on a fulfillment order, unless it is there; return its id. Repeating is safe.

    Raises Rejected as ``not-possible`` with Shopify's words.
    """
    there = find(client, fulfillment_order)
    if there:
        return there
    wish = {"reason": "OTHER", "reasonNotes": notes[:_LONGEST_NOTES], "handle": HOLD_HANDLE}
    data = client.execute("place_hold", {"id": fulfillment_order, "hold": wish})
    return str(_payload(data, "fulfillmentOrderHold")["fulfillmentHold"]["id"])


def lift(client: Shopify, fulfillment_order: str) -> None:
    """Take our hold off a fulfillment order, and nobody else's. Repeating is safe."""
    there = find(client, fulfillment_order)
    if there:
        data = client.execute("release_hold", {"id": fulfillment_order, "holds": [there]})
        _payload(data, "fulfillmentOrderReleaseHold")


def report_progress(client: Shopify, fulfillment_order: str) -> None:
    """Say that the warehouse is at work. Repeating is safe.

    Raises Rejected as ``not-for-this-app`` when Shopify lets no app of this kind do that, as
    ``not-possible`` when it can't be said of this fulfillment order.
    """
    data = client.execute("report_progress", {"id": fulfillment_order, "progress": {}})
    _payload(data, "fulfillmentOrderReportProgress")


def set_deadline(client: Shopify, fulfillment_order: str, moment: datetime) -> None:
    """Say by when a fulfillment order must be fulfilled. Repeating is safe."""
    deadline = moment.astimezone(UTC).isoformat(timespec="seconds")
    data = client.execute("set_deadline", {"ids": [fulfillment_order], "deadline": deadline})
    _payload(data, "fulfillmentOrdersSetFulfillmentDeadline")


def _payload(data: Mapping[str, Any], field: str) -> Mapping[str, Any]:
    payload: Mapping[str, Any] = data.get(field) or {}
    errors = payload.get("userErrors") or []
    if errors or not payload:
        ineligible = any(error["code"] == _INELIGIBLE for error in errors)
        words = " ".join(error["message"] for error in errors)
        raise Rejected(
            NOT_FOR_THIS_APP if ineligible else NOT_POSSIBLE,
            words or "Shopify refused it without a word.",
        )
    return payload
