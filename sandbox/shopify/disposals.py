"""What becomes of returned goods: back on a shelf, not, missing, or still to be looked at.

Callers hold the world's lock. A call disposes of all it names, or of nothing.
"""

from dataclasses import dataclass

from sandbox.shopify import payloads, stock
from sandbox.shopify.merchant import changed
from sandbox.shopify.mutating import Asked, UserError, Wrong
from sandbox.shopify.returning import status_of
from sandbox.shopify.returns import undisposed
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock_log import changing
from sandbox.shopify.values import Node, iso, now
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World

LATER = "PROCESSING_REQUIRED"


@dataclass(frozen=True, slots=True)
class Disposal:
    """Units of a line, their end and, for what is restocked, the shelf."""

    reverse: Node
    line: Node
    quantity: int
    kind: str
    place: Node | None


def checked(shop: Shop, inputs: list[Asked], way: list[str]) -> list[Disposal]:
    """Return what is asked for; raises Wrong, naming every fault below ``way``."""
    lines = {
        line["id"]: (reverse, line)
        for reverse in shop.reverse_orders.values()
        for line in reverse["_lines"]
    }
    errors: list[UserError] = []
    found: list[Disposal] = []
    for index, asked in enumerate(inputs):
        reverse, line = lines.get(asked["reverseFulfillmentOrderLineItemId"], ({}, {}))
        place = shop.locations.get(asked.get("locationId") or "")
        one = Disposal(reverse, line, asked["quantity"], asked["dispositionType"], place)
        here = [*way, str(index)]
        errors += _faults(one, asked, here)
        found.append(one)
    errors += _as_a_whole(found, way) if not errors else []
    if errors:
        raise Wrong(errors)
    return found


def _faults(one: Disposal, asked: Asked, way: list[str]) -> list[UserError]:
    if not one.line:
        field = [*way, "reverseFulfillmentOrderLineItemId"]
        return [UserError("Reverse fulfillment order line item not found.", field, "NOT_FOUND")]
    errors = []
    if one.reverse["status"] != "OPEN" or one.reverse["_return"]["status"] != "OPEN":
        words = "Reverse fulfillment order is not open."
        errors.append(UserError(words, way, "INVALID_STATE"))
    if not 0 < one.quantity <= _left(one):
        errors.append(UserError("Quantity is invalid.", [*way, "quantity"], "INVALID"))
    return errors + _shelf_faults(one, asked, way)


def _left(one: Disposal) -> int:
    """Return the units that may still be given this end."""
    waiting = [row["quantity"] for row in one.line["dispositions"] if row["type"] == LATER]
    return undisposed(one.line) - (sum(waiting) if one.kind == LATER else 0)


def _shelf_faults(one: Disposal, asked: Asked, way: list[str]) -> list[UserError]:
    field = [*way, "locationId"]
    if asked.get("locationId") and one.place is None:
        return [UserError("Location not found.", field, "NOT_FOUND")]
    if one.kind != "RESTOCKED":
        return []
    if one.place is None:
        return [UserError("Location can't be blank.", field, "BLANK")]
    if one.line["fulfillmentLineItem"]["lineItem"]["variant"] is None:
        words = "Custom items can't be restocked."
        return [UserError(words, [*way, "dispositionType"], "INVALID")]
    return []


def _as_a_whole(found: list[Disposal], way: list[str]) -> list[UserError]:
    ids = [one.line["id"] for one in found]
    if not ids:
        return [UserError("Dispositions can't be blank.", way, "BLANK")]
    if len({one.reverse["id"] for one in found}) > 1:
        words = "All line items must belong to the same reverse fulfillment order."
        return [UserError(words, way, "INVALID")]
    if len(set(ids)) < len(ids):
        return [UserError("Line items must be unique.", way, "INVALID")]
    return []


def dispose(world: World, shop: Shop, several: list[Disposal]) -> None:
    """Give goods their end; what is restocked is available again where it lies."""
    made = [(one.line, _note(shop, one)) for one in several]
    for one in several:
        if one.kind == "RESTOCKED":
            _restock(world, shop, one)
    for reverse in {one.reverse["id"]: one.reverse for one in several}.values():
        reverse["status"] = "OPEN" if any(map(undisposed, reverse["_lines"])) else "CLOSED"
        order = reverse["order"]
        order["returnStatus"] = status_of(order)
        rows = [(line, row) for line, row in made if line in reverse["_lines"]]
        body = payloads.disposal(reverse, rows)
        publish(world, shop, "reverse_fulfillment_orders/dispose", body, order)
        changed(world, shop, order)


def _note(shop: Shop, one: Disposal) -> Node:
    _take_from_waiting(one)
    row: Node = {
        "__typename": "ReverseFulfillmentOrderDisposition",
        "id": shop.new_id("ReverseFulfillmentOrderDisposition"),
        "type": one.kind,
        "quantity": one.quantity,
        "location": one.place,
        "createdAt": iso(now()),
    }
    one.line["dispositions"].append(row)
    return row


def _take_from_waiting(one: Disposal) -> None:
    """Give units that were to be looked at their end, once no others are left."""
    rows = one.line["dispositions"]
    waiting = [row for row in rows if row["type"] == LATER]
    fresh = undisposed(one.line) - sum(row["quantity"] for row in waiting)
    short = max(0, one.quantity - fresh)
    for row in waiting:
        taken = min(short, row["quantity"])
        row["quantity"] -= taken
        short -= taken
    one.line["dispositions"] = [row for row in rows if row["quantity"]]


def _restock(world: World, shop: Shop, one: Disposal) -> None:
    item = one.line["fulfillmentLineItem"]["lineItem"]["variant"]["inventoryItem"]
    if item["tracked"] and one.place:
        level = stock.level_or_new(item, one.place)
        with changing(world, shop, level, one.reverse["order"]["id"]) as kept:
            kept["available"] += one.quantity
