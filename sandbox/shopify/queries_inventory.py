"""Resolvers that read stock: inventory items, their levels and quantities."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo

from sandbox.shopify import stock
from sandbox.shopify.call import Call, call_of
from sandbox.shopify.item_search import find_items
from sandbox.shopify.mutations_inventory import changes_of
from sandbox.shopify.paging import connection
from sandbox.shopify.values import Node, gid, number_of

Info = GraphQLResolveInfo[Call]
DISPLAYED = {
    "available": "Available",
    "on_hand": "On hand",
    "committed": "Committed",
    "incoming": "Incoming",
    "reserved": "Reserved",
    "damaged": "Damaged",
    "safety_stock": "Safety stock",
    "quality_control": "Quality control",
}


def _items(_: Any, info: Info, **arguments: Any) -> Node:
    return connection(find_items(call_of(info).shop, arguments.get("query")), arguments)


def _level_by_id(_: Any, info: Info, **arguments: str) -> Node | None:
    return call_of(info).find(arguments["id"])


def _level_of(item: Node, _: Info, **arguments: Any) -> Node | None:
    return stock.level_at(item, arguments["locationId"], bool(arguments.get("includeInactive")))


def _levels_of(item: Node, _: Info, **arguments: Any) -> Node:
    return connection(stock.levels_of(item, bool(arguments.get("includeInactive"))), arguments)


def _level_here(place: Node, info: Info, **arguments: Any) -> Node | None:
    item = call_of(info).shop.items.get(arguments["inventoryItemId"])
    inactive = bool(arguments.get("includeInactive"))
    return stock.level_at(item, place["id"], inactive) if item else None


def _levels_here(place: Node, info: Info, **arguments: Any) -> Node:
    inactive = bool(arguments.get("includeInactive"))
    rows = stock.levels_at(call_of(info).shop, place["id"], inactive)
    return connection(list(rows), arguments)


def _quantities(level: Node, _: Info, names: list[str]) -> list[Node]:
    if unknown := [name for name in names if name not in stock.NAMES]:
        raise GraphQLError(f"The specified quantity name is invalid: {', '.join(unknown)}.")
    return [_quantity(level, name) for name in names]


def _quantity(level: Node, name: str) -> Node:
    place, item = number_of(level["location"]["id"]), number_of(level["item"]["id"])
    return {
        "id": f"{gid('InventoryQuantity', place)}?inventory_item_id={item}&name={name}",
        "name": name,
        "quantity": stock.quantity(level, name),
        "updatedAt": level["updatedAt"],
    }


def _properties(*_: Any) -> Node:
    return {"quantityNames": [_name(name) for name in stock.NAMES]}


def _name(name: str) -> Node:
    return {
        "name": name,
        "displayName": DISPLAYED[name],
        "isInUse": True,
        "belongsTo": ["on_hand"] if name in stock.ON_HAND else [],
        "comprises": list(stock.ON_HAND) if name == "on_hand" else [],
    }


def _variants(item: Node, _: Info, **arguments: Any) -> Node:
    return connection([item["_variant"]], arguments)


def _twins(item: Node, info: Info) -> int:
    """Return how many other items carry the SKU."""
    same = call_of(info).shop.variants_by_sku(item["sku"]) if item["sku"] else []
    return max(0, len(same) - 1)


INVENTORY_QUERIES: dict[tuple[str, str], Callable[..., Any]] = {
    ("QueryRoot", "inventoryItems"): _items,
    ("QueryRoot", "inventoryLevel"): _level_by_id,
    ("QueryRoot", "inventoryProperties"): _properties,
    ("InventoryItem", "inventoryLevel"): _level_of,
    ("InventoryItem", "inventoryLevels"): _levels_of,
    ("InventoryItem", "variants"): _variants,
    ("InventoryItem", "variant"): lambda item, _info: item["_variant"],
    ("InventoryItem", "duplicateSkuCount"): _twins,
    ("InventoryItem", "locationsCount"): lambda item, _info: {
        "count": len(stock.levels_of(item)),
        "precision": "EXACT",
    },
    ("InventoryLevel", "quantities"): _quantities,
    ("InventoryAdjustmentGroup", "changes"): changes_of,
    ("Location", "inventoryLevel"): _level_here,
    ("Location", "inventoryLevels"): _levels_here,
    ("ProductVariant", "inventoryQuantity"): lambda variant, _info: stock.sellable(
        variant["inventoryItem"]
    ),
    ("ProductVariant", "requiresComponents"): lambda variant, _info: (
        not variant["inventoryItem"]["_mutable"]
    ),
}
