"""Cancels orders in Shopify, and takes units off them that will not be shipped."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.errors import Rejected
from app.shopify.answers import NOT_POSSIBLE
from app.shopify.client import Shopify
from app.shopify.pages import FULFILLMENT_ORDER_LINES, FULFILLMENT_ORDERS, all_of

_NOTE = "Cancelled by the warehouse ({key})"


@dataclass(frozen=True, slots=True)
class OpenUnits:
    """What an order still asks to be fulfilled, by location, fulfillment order and order line, and
    the notes of the refunds there are."""

    cancelled: bool
    by_location: Mapping[str, Mapping[str, Mapping[str, int]]]
    notes: frozenset[str]

    def has_refund(self, key: str) -> bool:
        """Whether ``take_off`` was carried out under this key."""
        return _NOTE.format(key=key) in self.notes


def cancel_order(client: Shopify, order: str, *, notify: bool) -> None:
    """Cancel an order for want of stock: what was paid goes back the way it came, the units go back
    into Shopify's stock. One that is cancelled already, or is just being so, is refused.

    Raises Rejected as ``not-possible`` with Shopify's words, Uncertain when the answer got lost:
    repeating is safe, for Shopify refuses to cancel twice.
    """
    data = client.execute("cancel_order", {"id": order, "notify": notify})
    payload = data.get("orderCancel") or {}
    errors = [error["message"] for error in payload.get("orderCancelUserErrors") or ()]
    if errors:
        raise Rejected(NOT_POSSIBLE, " ".join(errors))


def is_cancelled(client: Shopify, order: str) -> bool:
    """Whether Shopify has cancelled an order."""
    found = read_open_units(client, order)
    return found is not None and found.cancelled


def read_open_units(client: Shopify, order: str) -> OpenUnits | None:
    """What an order still asks for, None when Shopify does not show it."""
    found = client.execute("read_open_units", {"id": order})["order"]
    if not found:
        return None
    places: dict[str, dict[str, dict[str, int]]] = {}
    for part in all_of(client, found, FULFILLMENT_ORDERS):
        place = (part["assignedLocation"]["location"] or {}).get("id", "")
        units = places.setdefault(place, {}).setdefault(part["id"], {})
        for row in all_of(client, part, FULFILLMENT_ORDER_LINES):
            line = row["lineItem"]["id"]
            units[line] = units.get(line, 0) + row["remainingQuantity"]
    notes = frozenset(refund["note"] or "" for refund in found["refunds"])
    return OpenUnits(found["cancelledAt"] is not None, places, notes)


def refund_for(
    client: Shopify, order: str, lines: Mapping[str, int], location: str
) -> dict[str, Any]:
    """What takes units off an order that are still to be shipped, of LONGEST_ARRAY lines at most:
    their money goes back the way it came, they themselves back onto the shelf of ``location``. To
    be written down, then carried out by ``take_off``."""
    rows = [
        {"lineItemId": line, "quantity": units, "restockType": "CANCEL", "locationId": location}
        for line, units in lines.items()
    ]
    data = client.execute("suggest_refund", {"id": order, "lines": rows})
    suggested = ((data["order"] or {}).get("suggestedRefund") or {}).get("suggestedTransactions")
    payments = [_payment(order, each) for each in suggested or () if each["parentTransaction"]]
    refund: dict[str, Any] = {"orderId": order, "refundLineItems": rows, "transactions": payments}
    currencies = {each["amountSet"]["presentmentMoney"]["currencyCode"] for each in suggested or ()}
    return refund | ({"currency": currencies.pop()} if len(currencies) == 1 else {})


def _payment(order: str, suggested: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "orderId": order,
        "kind": "REFUND",
        "gateway": suggested["gateway"] or "",
        "parentId": suggested["parentTransaction"]["id"],
        "amount": suggested["amountSet"]["presentmentMoney"]["amount"],
    }


def take_off(client: Shopify, refund: Mapping[str, Any], key: str) -> None:
    """Carry out what ``refund_for`` gave. Repeating with the same key is safe for a day.

    Raises Rejected as ``not-possible`` with Shopify's words, Uncertain when the answer got lost.
    """
    wanted = {**refund, "note": _NOTE.format(key=key)}
    data = client.execute("create_refund", {"input": wanted, "key": key})
    payload = data.get("refundCreate") or {}
    errors = [error["message"] for error in payload.get("userErrors") or ()]
    if errors or not payload.get("refund"):
        raise Rejected(NOT_POSSIBLE, " ".join(errors) or "Shopify refused it without a word.")
