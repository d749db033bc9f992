"""What a merchant does to locations by hand, each deed with the webhooks Shopify fires for it.

Callers hold the world's lock. NotPossible is raised where Shopify refuses.
"""

from typing import Any

from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify import payloads, warehouse
from sandbox.shopify.catalogue import add_location
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, now, number_of
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World


def open_location(world: World, shop: Shop, asked: dict[str, Any]) -> Node:
    """Open a location from ``{"name", "address", "service"}``."""
    name = _name(shop, asked)
    place = add_location(shop, name, asked.get("address") or {}, asked.get("service") or "")
    publish(world, shop, "locations/create", payloads.location(place))
    return place


def rename(world: World, shop: Shop, place: Node, asked: dict[str, Any]) -> None:
    """Give a location another name; open fulfillment orders show it."""
    place["name"] = _name(shop, asked, place)
    for one in open_at(shop, place):
        one["assignedLocation"]["name"] = place["name"]
    _changed(world, shop, place, "locations/update")


def deactivate(world: World, shop: Shop, place: Node, asked: dict[str, Any]) -> None:
    """Close a location for new orders; ``{"destination"}`` takes over its open ones."""
    if not place["isActive"]:
        raise NotPossible("The location is deactivated already.")
    if len(shop.active_locations()) == 1:
        raise NotPossible("At least one location must fulfill online orders.")
    waiting = open_at(shop, place)
    if waiting and not asked.get("destination"):
        raise NotPossible(f"{len(waiting)} open fulfillment orders are here. Name a destination.")
    for one in waiting:
        destination = f"gid://shopify/Location/{number_of(str(asked['destination']))}"
        warehouse.move(world, shop, one, destination)
    place["isActive"] = place["fulfillsOnlineOrders"] = place["shipsInventory"] = False
    _changed(world, shop, place, "locations/deactivate", "locations/update")


def activate(world: World, shop: Shop, place: Node, _: dict[str, Any]) -> None:
    """Open a deactivated location again."""
    if place["isActive"]:
        raise NotPossible("The location is active already.")
    place["isActive"] = place["fulfillsOnlineOrders"] = place["shipsInventory"] = True
    _changed(world, shop, place, "locations/activate", "locations/update")


def delete(world: World, shop: Shop, place: Node, _: dict[str, Any]) -> None:
    """Delete a location for good; it has to be deactivated first."""
    if place["isActive"]:
        raise NotPossible("The location is active. Deactivate it first.")
    if open_at(shop, place):
        raise NotPossible("The location has open fulfillment orders.")
    del shop.locations[place["id"]]
    publish(world, shop, "locations/delete", {"id": number_of(place["id"])})


def open_at(shop: Shop, place: Node) -> list[Node]:
    """Return the fulfillment orders at a location that are not finished."""
    return [
        one
        for one in shop.fulfillment_orders()
        if one["status"] in fulfilment.OPEN and one["assignedLocation"]["location"] is place
    ]


def _name(shop: Shop, asked: dict[str, Any], place: Node | None = None) -> str:
    name = str(asked.get("name") or "").strip()
    if not name:
        raise NotPossible("Add a location name.")
    others = [one["name"].casefold() for one in shop.locations.values() if one is not place]
    if name.casefold() in others:
        raise NotPossible("You already have a location with this name.")
    return name


def _changed(world: World, shop: Shop, place: Node, *topics: str) -> None:
    place["updatedAt"] = iso(now())
    for topic in topics:
        publish(world, shop, topic, payloads.location(place))
