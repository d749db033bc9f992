"""The control API for a shop's locations and products: a merchant's hand on them, by HTTP."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request
from werkzeug.exceptions import NotFound

from sandbox.shopify import places
from sandbox.shopify.catalogue import add_product, rename_sku
from sandbox.shopify.control import asked, the_shop, the_world
from sandbox.shopify.item_search import having_words
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
    """List the variants of a shop's products; ``?query=`` and ``limit=`` choose some."""
    world, shop = the_world(), the_shop(name)
    query, limit = request.args.get("query", ""), request.args.get("limit", type=int)
    with world.lock:
        return jsonify([_variant(variant) for variant in having_words(shop, query)[:limit]])


def create_product(name: str) -> Any:
    """Add a product of one variant: ``{"title", "sku", "price", "tracked", "bundle"}``.

    ``available`` are its units, everywhere or by name of location. ``count`` adds as many, without
    webhooks; ``{n}`` in title and SKU is each one's number.
    """
    world, shop, body = the_world(), the_shop(name), asked()
    count = int(body.get("count", 0))
    with world.lock:
        made = [_add(shop, body, number) for number in range(1, (count or 1) + 1)]
        if not count:
            products_changed(world, shop, made[0], "products/create")
            return jsonify(_variant(made[0])), 201
    return jsonify(count=count, first=_variant(made[0]), last=_variant(made[-1])), 201


def _add(shop: Shop, body: dict[str, Any], number: int) -> Node:
    title, sku = (str(body.get(key) or "").format(n=number) for key in ("title", "sku"))
    about = {"tracked": bool(body.get("tracked", True)), "available": _units(shop, body)}
    price = str(body.get("price") or "10.00")
    variant = add_product(shop, title or sku, sku or None, price, **about)
    variant["inventoryItem"]["_mutable"] = not body.get("bundle")
    return variant


def _units(shop: Shop, body: dict[str, Any]) -> int | dict[str, int]:
    """Return ``available`` with locations named by id instead of by name."""
    available = body.get("available", 0)
    if not isinstance(available, dict):
        return int(available)
    ids = {one["name"]: one["id"] for one in shop.locations.values()}
    return {ids[place]: int(count) for place, count in available.items()}


def change_product(name: str, sku: str) -> Any:
    """Give the variant with a SKU, or the title or number of one, another: ``{"sku"}``."""
    world, shop = the_world(), the_shop(name)
    with world.lock:
        variant = shop.variant_by_sku(sku) or _by_title(shop, sku)
        rename_sku(shop, variant, asked()["sku"] or None)
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
        "item": variant["inventoryItem"]["id"],
        "tracked": variant["inventoryItem"]["tracked"],
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
