"""The control API for a shop's locations and products: a merchant's hand on them, by HTTP."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify
from werkzeug.exceptions import NotFound

from sandbox.shopify import places
from sandbox.shopify.catalogue import add_product, rename_sku
from sandbox.shopify.control import asked, the_shop, the_world
from sandbox.shopify.merchant import products_changed
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, gid, number_of
from sandbox.shopify.world import World

Deed = Callable[[World, Shop, Node, dict[str, Any]], None]

DEEDS: dict[str, Deed] = {
    "rename": places.rename,
    "deactivate": places.deactivate,
    "activate": places.activate,
    "delete": places.delete,
}


def list_locations(name: str) -> Any:
    """List a shop's locations with the number of open fulfillment orders at each."""
    world, shop = the_world(), the_shop(name)
    with world.lock:
        return jsonify([_location(shop, place) for place in shop.locations.values()])


def open_location(name: str) -> Any:
    """Open a location: ``{"name", "address", "service"}``; a service makes it a third party's."""
    world, shop = the_world(), the_shop(name)
    with world.lock:
        return jsonify(_location(shop, places.open_location(world, shop, asked()))), 201


def change_location(name: str, number: int, deed: str) -> Any:
    """Do something to a location; answer with it as it is then."""
    world, shop = the_world(), the_shop(name)
    if deed not in DEEDS:
        raise NotFound(f"There is nothing called {deed}; known: {', '.join(sorted(DEEDS))}.")
    with world.lock:
        place = shop.locations.get(gid("Location", number))
        if place is None:
            raise NotFound(f"There is no location {number} in {shop.domain}.")
        DEEDS[deed](world, shop, place, asked())
        return jsonify(_location(shop, place))


def _location(shop: Shop, place: Node) -> dict[str, Any]:
    return {
        "id": place["id"],
        "number": number_of(place["id"]),
        "name": place["name"],
        "active": place["isActive"],
        "service": place["_service"],
        "city": place["address"].get("city"),
        "open": len(places.open_at(shop, place)),
    }


def list_products(name: str) -> Any:
    """List the variants of a shop's products."""
    world, shop = the_world(), the_shop(name)
    with world.lock:
        return jsonify([_variant(variant) for variant in shop.variants.values()])


def create_product(name: str) -> Any:
    """Add a product of one variant: ``{"title", "sku", "price"}``."""
    world, shop, body = the_world(), the_shop(name), asked()
    with world.lock:
        price = str(body.get("price") or "10.00")
        variant = add_product(shop, body["title"], body.get("sku") or None, price)
        products_changed(world, shop, variant, "products/create")
    return jsonify(_variant(variant)), 201


def change_product(name: str, sku: str) -> Any:
    """Give the variant with a SKU, or the title or number of one, another: ``{"sku"}``."""
    world, shop = the_world(), the_shop(name)
    with world.lock:
        variant = shop.variant_by_sku(sku) or _by_title(shop, sku)
        rename_sku(variant, asked()["sku"] or None)
        products_changed(world, shop, variant)
        return jsonify(_variant(variant))


def _by_title(shop: Shop, title: str) -> Node:
    for variant in shop.variants.values():
        if title in (variant["product"]["title"], variant["legacyResourceId"], variant["id"]):
            return variant
    raise NotFound(f"There is no product {title}.")


def _variant(variant: Node) -> dict[str, Any]:
    return {
        "id": variant["id"],
        "number": number_of(variant["id"]),
        "product": variant["product"]["title"],
        "title": variant["title"],
        "sku": variant["sku"],
        "price": variant["price"],
    }


def attach(blueprint: Blueprint) -> None:
    """Add the routes of locations and products to the control API."""
    shop = "/sandbox/<name>"
    for rule, view, method in (
        ("/locations", list_locations, "GET"),
        ("/locations", open_location, "POST"),
        ("/locations/<int:number>/<deed>", change_location, "POST"),
        ("/products", list_products, "GET"),
        ("/products", create_product, "POST"),
        ("/products/<sku>", change_product, "POST"),
    ):
        blueprint.add_url_rule(shop + rule, view_func=view, methods=[method])
