"""Moves, splits and merges of fulfillment orders, with the webhooks Shopify fires.

Callers hold the world's lock. NotPossible is raised where Shopify answers a user error.
"""

from typing import Any

from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify import payloads
from sandbox.shopify.fulfillment_orders import Lines, NotPossible, open_one
from sandbox.shopify.merchant import changed
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, now, number_of
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World


def announce(world: World, shop: Shop, topic: str, one: Node, **more: Any) -> None:
    """Fire a ``fulfillment_orders/…`` webhook about one, then ``orders/updated``."""
    body = {"fulfillment_order": payloads.fulfillment_order(one)} | more
    publish(world, shop, topic, body, one["order"])
    changed(world, shop, one["order"])


def move(
    world: World, shop: Shop, one: Node, location_id: str, lines: Lines | None = None
) -> tuple[Node, Node]:
    """Move to a location, wholly (the id stays) or some lines (they get a new one).

    Returns the moved fulfillment order and the original.
    """
    location = _destination(shop, open_one(one), location_id)
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


def _destination(shop: Shop, one: Node, location_id: str) -> Node:
    location = shop.locations.get(location_id)
    here = one["assignedLocation"]["location"]
    if location is None or location is here or not location["isActive"]:
        raise NotPossible("The new location is not available.", ["newLocationId"])
    if one["status"] == "IN_PROGRESS":
        raise NotPossible("Fulfillment orders in progress cannot be moved.", ["id"])
    return location


def _free(one: Node) -> Node:
    """What is on hold is neither split nor merged, so holds never have to go along."""
    if open_one(one)["status"] == "ON_HOLD":
        raise NotPossible("Fulfillment order is on hold. Release it first.", ["id"])
    return one


def split(world: World, shop: Shop, one: Node, lines: Lines) -> Node:
    """Put some units into a new fulfillment order at the same place and return it."""
    location = _free(one)["assignedLocation"]["location"]
    rest = fulfilment.carve(shop, one, lines, location)
    more = {"remaining_fulfillment_order": payloads.fulfillment_order(rest)}
    announce(world, shop, "fulfillment_orders/split", one, **more)
    return rest


def merge(world: World, shop: Shop, several: list[Node]) -> Node:
    """Make one new fulfillment order of several at the same place; the old ones close."""
    places = {_free(one)["assignedLocation"]["location"]["id"] for one in several}
    if len(several) < 2 or len(places) != 1:
        raise NotPossible("Fulfillment orders must be at one location.")
    first, portions = several[0], _gather(several)
    method = first["deliveryMethod"]["methodType"]
    location = first["assignedLocation"]["location"]
    made = fulfilment.new(shop, first["order"], location, method, portions)
    announce(world, shop, "fulfillment_orders/merged", made)
    return made


def _gather(several: list[Node]) -> list[tuple[Node, int]]:
    """Take all that remains out of fulfillment orders, which close, by order line."""
    units: dict[str, tuple[Node, int]] = {}
    for one in several:
        for row in one["_lines"]:
            line, left = row["lineItem"], row["remainingQuantity"]
            units[line["id"]] = (line, units.get(line["id"], (line, 0))[1] + left)
            fulfilment.reduce_line(row, left)
        fulfilment.drop_empty_lines(one)
    return list(units.values())


def open_scheduled(world: World, shop: Shop, one: Node) -> None:
    """Make a scheduled fulfillment order ready."""
    one["status"], one["updatedAt"] = "OPEN", iso(now())
    announce(world, shop, "fulfillment_orders/scheduled_fulfillment_order_ready", one)
