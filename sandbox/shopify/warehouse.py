"""What happens to fulfillment orders: moves, splits, merges, holds, shipments, with their webhooks.

Callers hold the world's lock. NotPossible is raised where Shopify answers a user error.
"""

from typing import Any

from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify import payloads
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.merchant import changed
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, now, number_of
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World

Lines = list[dict[str, Any]]


def announce(world: World, shop: Shop, topic: str, one: Node, **more: Any) -> None:
    """Fire a ``fulfillment_orders/…`` webhook about a fulfillment order, then ``orders/updated``."""
    body = {"fulfillment_order": payloads.fulfillment_order(one)} | more
    publish(world, shop, topic, body, one["order"])
    changed(world, shop, one["order"])


def _open_one(one: Node) -> Node:
    if one["status"] not in fulfilment.OPEN:
        raise NotPossible("Fulfillment order is closed.", ["id"], "INVALID")
    return one


def move(
    world: World, shop: Shop, one: Node, location_id: str, lines: Lines | None = None
) -> tuple[Node, Node]:
    """Move to a location, wholly (the id stays) or some lines (they get a new one).

    Returns the moved fulfillment order and the original.
    """
    _open_one(one)
    location = shop.locations.get(location_id)
    if location is None or location is one["assignedLocation"]["location"]:
        raise NotPossible("The new location is not available.", ["newLocationId"])
    if one["status"] == "IN_PROGRESS":
        raise NotPossible("Fulfillment orders in progress cannot be moved.", ["id"])
    source = one["assignedLocation"]["location"]
    moved = fulfilment.carve(shop, one, lines, location) if lines else one
    fulfilment.assign(moved, location)
    moved["updatedAt"] = iso(now())
    more = {
        "original_fulfillment_order": payloads.fulfillment_order(one),
        "moved_fulfillment_order": payloads.fulfillment_order(moved),
        "source_location": {"id": number_of(source["id"]), "name": source["name"]},
        "destination_location_id": number_of(location_id),
    }
    announce(world, shop, "fulfillment_orders/moved", moved, **more)
    return moved, one


def split(world: World, shop: Shop, one: Node, lines: Lines) -> Node:
    """Put some units into a new fulfillment order at the same place and return it."""
    location = _open_one(one)["assignedLocation"]["location"]
    rest = fulfilment.carve(shop, one, lines, location)
    more = {"remaining_fulfillment_order": payloads.fulfillment_order(rest)}
    announce(world, shop, "fulfillment_orders/split", one, **more)
    return rest


def merge(world: World, shop: Shop, several: list[Node]) -> Node:
    """Make one new fulfillment order of several at the same place; the old ones close."""
    places = {one["assignedLocation"]["location"]["id"] for one in several}
    if len(several) < 2 or len(places) != 1:
        raise NotPossible("Fulfillment orders must be at one location.")
    units: dict[str, list[Any]] = {}
    for one in several:
        for line in _open_one(one)["_lines"]:
            entry = units.setdefault(line["lineItem"]["id"], [line["lineItem"], 0])
            entry[1] += line["remainingQuantity"]
            fulfilment.reduce_line(line, line["remainingQuantity"])
        fulfilment.drop_empty_lines(one)
    first = several[0]
    method = first["deliveryMethod"]["methodType"]
    location = first["assignedLocation"]["location"]
    portions = [(line, quantity) for line, quantity in units.values()]
    made = fulfilment.new(shop, first["order"], location, method, portions)
    announce(world, shop, "fulfillment_orders/merged", made)
    return made


def hold(
    world: World, shop: Shop, one: Node, reason: str, notes: str = "", lines: Lines | None = None
) -> tuple[Node, Node | None]:
    """Put on hold, wholly or for some lines; return the hold and the new one with the remainder."""
    rest = None
    if lines:
        keep = {line["id"] for line in lines}
        others = [row for row in fulfilment.everything(_open_one(one)) if row["id"] not in keep]
        place = one["assignedLocation"]["location"]
        rest = fulfilment.carve(shop, one, others, place) if others else None
    placed = {
        "id": shop.new_id("FulfillmentHold"),
        "reason": reason,
        "reasonNotes": notes or None,
        "displayReason": reason.replace("_", " ").capitalize(),
        "heldByRequestingApp": False,
        "handle": None,
    }
    _open_one(one)["fulfillmentHolds"].append(placed)
    one["status"] = "ON_HOLD"
    announce(world, shop, "fulfillment_orders/placed_on_hold", one)
    body = {"fulfillment_hold": {"id": placed["id"], "reason": reason}}
    publish(world, shop, "fulfillment_holds/added", body, one["order"])
    return placed, rest


def release(world: World, shop: Shop, one: Node) -> None:
    """Lift all holds."""
    if not one["fulfillmentHolds"]:
        raise NotPossible("Fulfillment order is not on hold.", ["id"])
    one["fulfillmentHolds"] = []
    one["status"], one["updatedAt"] = "OPEN", iso(now())
    announce(world, shop, "fulfillment_orders/hold_released", one)
    publish(world, shop, "fulfillment_holds/released", {}, one["order"])


def open_scheduled(world: World, shop: Shop, one: Node) -> None:
    """Make a scheduled fulfillment order ready."""
    one["status"], one["updatedAt"] = "OPEN", iso(now())
    announce(world, shop, "fulfillment_orders/scheduled_fulfillment_order_ready", one)


def fulfil(
    world: World,
    shop: Shop,
    parts: list[tuple[Node, Lines]],
    tracking: dict[str, Any] | None = None,
) -> Node:
    """Ship units of fulfillment orders of one order (no lines: all that remains)."""
    order = parts[0][0]["order"]
    made = _fulfillment(shop, order, parts[0][0], tracking or {})
    for one, lines in parts:
        _ship(shop, one, lines or fulfilment.everything(one), made)
    made["totalQuantity"] = sum(line["quantity"] for line in made["_lines"])
    order["_fulfillments"].append(made)
    publish(world, shop, "fulfillments/create", payloads.fulfillment(made), order)
    fulfilment.refresh(order)
    whole = order["displayFulfillmentStatus"] == "FULFILLED"
    changed(world, shop, order, "orders/fulfilled" if whole else "orders/partially_fulfilled")
    return made


def _ship(shop: Shop, one: Node, lines: Lines, made: Node) -> None:
    if _open_one(one)["status"] in ("ON_HOLD", "SCHEDULED"):
        raise NotPossible("Fulfillment order is not ready to be fulfilled.", ["fulfillment"])
    rows = [(fulfilment.find_line(one, asked["id"]), int(asked["quantity"])) for asked in lines]
    if not rows or any(not 0 < count <= row["remainingQuantity"] for row, count in rows):
        raise NotPossible("Quantity is not available to fulfill.", ["fulfillment"])
    for row, count in rows:
        row["remainingQuantity"] -= count
        made["_lines"].append(
            {
                "id": shop.new_id("FulfillmentLineItem"),
                "quantity": count,
                "lineItem": row["lineItem"],
                "_row": row,
            }
        )
    made["_fulfillment_orders"].append(one)
    one["_fulfillments"].append(made)
    one["status"] = "IN_PROGRESS"
    one["updatedAt"] = iso(now())
    fulfilment.close_if_done(one)


def _fulfillment(shop: Shop, order: Node, one: Node, tracking: dict[str, Any]) -> Node:
    number = len(order["_fulfillments"]) + 1
    return {
        "__typename": "Fulfillment",
        "id": shop.new_id("Fulfillment"),
        "name": f"{order['name']}-F{number}",
        "status": "SUCCESS",
        "displayStatus": "FULFILLED",
        "createdAt": iso(now()),
        "updatedAt": iso(now()),
        "order": order,
        "location": one["assignedLocation"]["location"],
        "trackingInfo": tracking_rows(tracking),
        "_lines": [],
        "_fulfillment_orders": [],
        "_events": [],
    }


def tracking_rows(tracking: dict[str, Any]) -> list[Node]:
    """Return ``trackingInfo`` from a FulfillmentTrackingInput."""
    numbers = tracking.get("numbers") or [tracking.get("number")]
    urls = tracking.get("urls") or [tracking.get("url")]
    urls += [None] * (len(numbers) - len(urls))
    return [
        {"company": tracking.get("company"), "number": number, "url": url}
        for number, url in zip(numbers, urls, strict=False)
        if number or url
    ]


def cancel_fulfillment(world: World, shop: Shop, made: Node) -> list[Node]:
    """Take a shipment back; its units wait in new fulfillment orders, which are returned."""
    if made["status"] == "CANCELLED":
        raise NotPossible("Fulfillment is cancelled already.", ["id"])
    made["status"], made["displayStatus"] = "CANCELLED", "CANCELED"
    fresh = []
    for one in made["_fulfillment_orders"]:
        rows = [row for row in made["_lines"] if row["_row"] in one["_lines"]]
        for row in rows:
            row["_row"]["totalQuantity"] -= row["quantity"]
        portions = [(row["lineItem"], row["quantity"]) for row in rows]
        place = one["assignedLocation"]["location"]
        method = one["deliveryMethod"]["methodType"]
        fresh.append(fulfilment.new(shop, one["order"], place, method, portions))
        fulfilment.drop_empty_lines(one)
    note_update(world, shop, made)
    return fresh


def add_event(world: World, shop: Shop, made: Node, status: str) -> Node:
    """Note where a parcel is."""
    event = {"id": shop.new_id("FulfillmentEvent"), "status": status, "happenedAt": iso(now())}
    made["_events"].append(event)
    made["displayStatus"] = status
    note_update(world, shop, made)
    return event


def note_update(world: World, shop: Shop, made: Node) -> None:
    """Announce a shipment that changed."""
    made["updatedAt"] = iso(now())
    publish(world, shop, "fulfillments/update", payloads.fulfillment(made), made["order"])
    changed(world, shop, made["order"])
