"""The control API for stock: what is where, and a merchant's hand on it."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, jsonify, request

from sandbox.shopify import stock
from sandbox.shopify.control import asked, the_shop, the_world
from sandbox.shopify.item_search import having_words
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock_log import changing
from sandbox.shopify.values import Node, gid, number_of
from sandbox.shopify.world import World

PUTTABLE = ("available", "on_hand", "incoming", *stock.ASIDE)
KNOWN = frozenset({"sku", "item", "location", "active", "tracked", *PUTTABLE})


def list_inventory(name: str) -> Any:
    """List levels, not active ones too; ``?sku=``, ``location=``, ``query=`` and ``limit=``."""
    world, shop = the_world(), the_shop(name)
    sku, place = request.args.get("sku"), request.args.get("location")
    limit = request.args.get("limit", type=int)
    with world.lock:
        where = _location(shop, place)["id"] if place else None
        items = _items(shop, {"sku": sku}) if sku else _matching(shop)
        rows = [row for item in items for row in _rows(item, where)]
    return jsonify(rows[:limit])


def _matching(shop: Shop) -> list[Node]:
    """Return the items whose SKU or product has the words of ``?query=``, all without it."""
    variants = having_words(shop, request.args.get("query", ""))
    return [variant["inventoryItem"] for variant in variants]


def _rows(item: Node, where: str | None) -> Iterator[dict[str, Any]]:
    for level in stock.levels_of(item, inactive=True):
        if where in (None, level["location"]["id"]):
            yield _row(level)


def _row(level: Node) -> dict[str, Any]:
    item, place = level["item"], level["location"]
    return {
        "sku": item["sku"],
        "item": item["id"],
        "variant": item["_variant"]["id"],
        "title": item["_variant"]["product"]["title"],
        "location": place["name"],
        "location_id": place["id"],
        "tracked": item["tracked"],
        "active": level["isActive"],
    } | stock.quantities(level)


def put_inventory(name: str) -> Any:
    """Set ``{"levels": [{"sku" or "item", "location", "available" …}], "silent"}``: all or none."""
    world, shop, body = the_world(), the_shop(name), asked()
    with world.lock:
        wanted = [(one, *_found(shop, one)) for one in body["levels"]]
        for one, items, place in wanted:
            for item in items:
                item["tracked"] = bool(one.get("tracked", item["tracked"]))
                if place is not None:
                    level = stock.level_or_new(item, place)
                    _put(world, shop, level, one, silent=bool(body.get("silent")))
    return jsonify(levels=sum(len(items) for _, items, _ in wanted))


def _found(shop: Shop, one: dict[str, Any]) -> tuple[list[Node], Node | None]:
    """Return the items and the location of a line; raises ValueError when one isn't there."""
    if unknown := set(one) - KNOWN:
        raise ValueError(f"A level has no {', '.join(sorted(unknown))}.")
    place = _location(shop, one["location"]) if "location" in one else None
    if place is None and set(one) - {"sku", "item", "tracked"}:
        raise ValueError("Name the level's location.")
    return _items(shop, one), place


def _items(shop: Shop, one: dict[str, Any]) -> list[Node]:
    if "item" in one:
        found = shop.items.get(gid("InventoryItem", number_of(str(one["item"]))))
        items = [found] if found else []
    else:
        items = [variant["inventoryItem"] for variant in shop.variants_by_sku(one["sku"])]
    if not items:
        raise ValueError(f"There is no inventory item {one.get('item', one.get('sku'))}.")
    return items


def _location(shop: Shop, name: str | int) -> Node:
    """Return a location by name, number or id; raises ValueError when there is none."""
    by_id = shop.locations.get(gid("Location", number_of(str(name))))
    found = by_id or next((one for one in shop.locations.values() if one["name"] == name), None)
    if found is None:
        raise ValueError(f"There is no location {name}.")
    return found


def _put(world: World, shop: Shop, level: Node, one: dict[str, Any], *, silent: bool) -> None:
    level["isActive"] = bool(one.get("active", True))
    with changing(world, shop, level, "admin", silent=silent):
        for name in PUTTABLE:
            if name in one:
                stock.put(level, name, int(one[name]))


def attach(blueprint: Blueprint) -> None:
    """Add the routes of stock to the control API."""
    rule = "/sandbox/<name>/inventory"
    blueprint.add_url_rule(rule, view_func=list_inventory, methods=["GET"])
    blueprint.add_url_rule(rule, view_func=put_inventory, methods=["PUT"])
