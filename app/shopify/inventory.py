"""Available quantities in Shopify: set by compare-and-set, read, and begun where there are none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.errors import Rejected, TryLater
from app.shopify.client import LONGEST_ARRAY, Shopify

MOST = LONGEST_ARRAY
MOST_READ = 100
SCOPE = "write_inventory"
STALE = "CHANGE_FROM_QUANTITY_STALE"
_BUSY = "IDEMPOTENCY_CONCURRENT_REQUEST"
_BUSY_WAIT = 2.0


@dataclass(frozen=True, slots=True)
class Change:
    """A quantity to set, if it is still as it was."""

    item: str
    location: str
    before: int
    after: int


@dataclass(frozen=True, slots=True)
class Fault:
    """Why nothing was set: the change at fault by its place, None where Shopify does not say."""

    place: int | None
    stale: bool
    words: str


def set_available(
    client: Shopify, key: str, document: str, changes: Sequence[Change]
) -> list[Fault]:
    """Set all of these quantities, or none and return the faults. ``document`` is a URI by which
    Shopify's history names us.

    A key whose call had faults is used up. Raises TryLater for one that is being worked on,
    Rejected when the call as a whole is wrong, Uncertain when the answer got lost: what is set then
    no longer is as it was, so repeating is safe.
    """
    wanted = {
        "name": "available",
        "reason": "correction",
        "referenceDocumentUri": document,
        "quantities": [_quantity(change) for change in changes],
    }
    data = client.execute("set_quantities", {"input": wanted, "key": key})
    payload = data.get("inventorySetQuantities") or {}
    return [_fault(error) for error in payload.get("userErrors") or ()]


def stock_item(client: Shopify, key: str, item: str, location: str, available: int) -> str:
    """Begin to stock an item at a location; returns Shopify's words when it can't be."""
    variables = {"item": item, "location": location, "available": available, "key": key}
    payload = client.execute("stock_item", variables).get("inventoryActivate") or {}
    return " ".join(error["message"] for error in payload.get("userErrors") or ())


def read_available(client: Shopify, location: str, items: Sequence[str]) -> dict[str, int]:
    """What is available of some items at a location; those not stocked there, or gone, are left
    out."""
    found: dict[str, int] = {}
    for start in range(0, len(items), MOST_READ):
        variables = {"ids": list(items[start : start + MOST_READ]), "location": location}
        for node in client.execute("read_levels", variables)["nodes"]:
            level = (node or {}).get("inventoryLevel")
            if level:
                found[node["id"]] = int(level["quantities"][0]["quantity"])
    return found


def _quantity(change: Change) -> dict[str, Any]:
    return {
        "inventoryItemId": change.item,
        "locationId": change.location,
        "quantity": change.after,
        "changeFromQuantity": change.before,
    }


def _fault(error: Mapping[str, Any]) -> Fault:
    code, field, words = error.get("code") or "", error.get("field") or (), error["message"]
    if code == _BUSY:
        raise TryLater(words, _BUSY_WAIT, counts=False)
    place = _place(field)
    if field and place is None:
        raise Rejected("stock-refused", f"Shopify refused to set stock: {words}")
    return Fault(place, code == STALE, words)


def _place(field: Sequence[str]) -> int | None:
    """The place in ``["input", "quantities", "3", "quantity"]``."""
    number = field[2] if len(field) > 2 and field[1] == "quantities" else ""
    return int(number) if number.isdigit() else None
