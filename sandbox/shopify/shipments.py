"""Shipments (fulfillments): made, tracked, taken back, with the webhooks Shopify fires.

Callers hold the world's lock. NotPossible is raised where Shopify answers a user error.
"""

from typing import Any

from sandbox.shopify import commitments, payloads
from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify.fulfillment_orders import Lines, NotPossible, open_one
from sandbox.shopify.merchant import changed
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, now
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World


def fulfil(
    world: World,
    shop: Shop,
    parts: list[tuple[Node, Lines]],
    tracking: dict[str, Any] | None = None,
    *,
    notify: bool = False,
) -> Node:
    """Ship units of fulfillment orders of one order (no lines: all that remains)."""
    order = parts[0][0]["order"]
    chosen = [(one, _units(one, lines)) for one, lines in parts]
    made = _new(shop, order, parts[0][0], tracking or {})
    for one, units in chosen:
        _ship(shop, one, units, made)
        taken = [(row["lineItem"], count) for row, count in units]
        commitments.ship(world, shop, order, one["assignedLocation"]["location"], taken)
    made["totalQuantity"] = sum(line["quantity"] for line in made["_lines"])
    order["_fulfillments"].append(made)
    tell_buyer(world, shop, made, "shipped", wanted=notify)
    publish(world, shop, "fulfillments/create", payloads.fulfillment(made), order)
    fulfilment.refresh(order)
    whole = order["displayFulfillmentStatus"] == "FULFILLED"
    changed(world, shop, order, "orders/fulfilled" if whole else "orders/partially_fulfilled")
    return made


def _units(one: Node, lines: Lines) -> list[tuple[Node, int]]:
    if open_one(one)["status"] in {"ON_HOLD", "SCHEDULED"}:
        raise NotPossible("Fulfillment order is not ready to be fulfilled.", ["fulfillment"])
    wanted = lines or fulfilment.everything(one)
    rows = [(fulfilment.find_line(one, asked["id"]), int(asked["quantity"])) for asked in wanted]
    if not rows or any(not 0 < count <= row["remainingQuantity"] for row, count in rows):
        raise NotPossible("Quantity is not available to fulfill.", ["fulfillment"])
    return rows


def _ship(shop: Shop, one: Node, units: list[tuple[Node, int]], made: Node) -> None:
    for row, count in units:
        row["remainingQuantity"] -= count
        shipped = {
            "__typename": "FulfillmentLineItem",
            "id": shop.new_id("FulfillmentLineItem"),
            "quantity": count,
            "lineItem": row["lineItem"],
            "_row": row,
            "_place": one["assignedLocation"]["location"]["id"],
            "_refunded": 0,
        }
        made["_lines"].append(shipped)
    made["_fulfillment_orders"].append(one)
    one["_fulfillments"].append(made)
    one["status"], one["updatedAt"] = "IN_PROGRESS", iso(now())
    fulfilment.close_if_done(one)


def _new(shop: Shop, order: Node, one: Node, tracking: dict[str, Any]) -> Node:
    return {
        "__typename": "Fulfillment",
        "id": shop.new_id("Fulfillment"),
        "name": f"{order['name']}-F{len(order['_fulfillments']) + 1}",
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
    numbers = list(tracking.get("numbers") or [tracking.get("number")])
    urls = list(tracking.get("urls") or [tracking.get("url")])
    urls += [None] * (len(numbers) - len(urls))
    return [
        {"company": tracking.get("company"), "number": number, "url": url}
        for number, url in zip(numbers, urls, strict=False)
        if number or url
    ]


def cancel(world: World, shop: Shop, made: Node) -> list[Node]:
    """Take a shipment back; its units wait in new fulfillment orders, which are returned."""
    if made["status"] == "CANCELLED":
        raise NotPossible("Fulfillment is cancelled already.", ["id"])
    made["status"], made["displayStatus"] = "CANCELLED", "CANCELED"
    fresh = [_reopen(world, shop, one, made) for one in made["_fulfillment_orders"]]
    note_update(world, shop, made)
    return fresh


def _reopen(world: World, shop: Shop, one: Node, made: Node) -> Node:
    """Put a cancelled shipment's units of a fulfillment order into a new one."""
    units = [unit for unit in made["_lines"] if unit["_row"] in one["_lines"]]
    for unit in units:
        unit["_row"]["totalQuantity"] -= unit["quantity"]
    portions = [(unit["lineItem"], unit["quantity"]) for unit in units]
    place, method = one["assignedLocation"]["location"], one["deliveryMethod"]["methodType"]
    fresh = fulfilment.new(shop, one["order"], place, method, portions)
    fulfilment.drop_empty_lines(one)
    back = [(line, -count) for line, count in portions]
    commitments.ship(world, shop, one["order"], place, back)
    return fresh


def tell_buyer(world: World, shop: Shop, made: Node, what: str, *, wanted: bool) -> None:
    """Write down the e-mail that the buyer gets."""
    if wanted:
        order = made["order"]["id"]
        world.ledger.add("email", shop=shop.domain, order=order, fulfillment=made["id"], what=what)


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
