"""How many units of an inventory item are at a location, by Shopify's names.

On hand is never kept: it is what is available, committed to orders or set aside. A level that was
never activated, or was deactivated, keeps quantities too, but nothing is sold from it.
"""

from collections.abc import Iterator

from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, gid, iso, now, number_of

ASIDE = ("reserved", "damaged", "safety_stock", "quality_control")
KEPT = ("available", "committed", "incoming", *ASIDE)
ON_HAND = ("available", "committed", *ASIDE)
NAMES = ("available", "on_hand", "committed", "incoming", *ASIDE)


def new_item(shop: Shop, sku: str | None, tracked: bool, requires_shipping: bool) -> Node:
    """Add an inventory item, stocked nowhere yet, and return it."""
    number = shop.next_number("InventoryItem")
    item: Node = {
        "__typename": "InventoryItem",
        "id": gid("InventoryItem", number),
        "legacyResourceId": str(number),
        "sku": sku,
        "tracked": tracked,
        "trackedEditable": {"locked": False, "reason": None},
        "requiresShipping": requires_shipping,
        "createdAt": iso(now()),
        "updatedAt": iso(now()),
        "_levels": {},
        "_mutable": True,
    }
    shop.items[item["id"]] = item
    return item


def level_at(item: Node, location_id: str, inactive: bool = False) -> Node | None:
    """Return an item's level at a location; one that is not active only when asked for."""
    level: Node | None = item["_levels"].get(location_id)
    return level if level and (inactive or level["isActive"]) else None


def levels_of(item: Node, inactive: bool = False) -> list[Node]:
    """Return an item's levels; those that are not active only when asked for."""
    return [one for one in item["_levels"].values() if inactive or one["isActive"]]


def levels_at(shop: Shop, location_id: str, inactive: bool = False) -> Iterator[Node]:
    """Yield the levels of every item at a location."""
    for item in shop.items.values():
        if level := level_at(item, location_id, inactive):
            yield level


def level_or_new(item: Node, location: Node) -> Node:
    """Return an item's level at a location; where there is none, a new one that is not active."""
    known: Node | None = item["_levels"].get(location["id"])
    if known is None:
        known = item["_levels"][location["id"]] = _level(item, location)
    return known


def _level(item: Node, location: Node) -> Node:
    number, item_number = number_of(location["id"]), number_of(item["id"])
    return {
        "__typename": "InventoryLevel",
        "id": f"{gid('InventoryLevel', number)}?inventory_item_id={item_number}",
        "isActive": False,
        "canDeactivate": True,
        "deactivationAlert": None,
        "item": item,
        "location": location,
        "createdAt": iso(now()),
        "updatedAt": iso(now()),
        "_quantities": dict.fromkeys(KEPT, 0),
    }


def quantity(level: Node, name: str) -> int:
    """Return how many units a level has under one of Shopify's names."""
    kept: dict[str, int] = level["_quantities"]
    return sum(kept[one] for one in ON_HAND) if name == "on_hand" else kept[name]


def quantities(level: Node) -> dict[str, int]:
    """Return a level's units by every name."""
    return {name: quantity(level, name) for name in NAMES}


def add(level: Node, name: str, units: int) -> None:
    """Change a kept quantity by some units."""
    level["_quantities"][name] += units
    level["updatedAt"] = iso(now())


def put(level: Node, name: str, units: int) -> None:
    """Set a quantity; on hand is set by what is available."""
    kept = "available" if name == "on_hand" else name
    add(level, kept, units - quantity(level, name))


def stock(item: Node, location: Node, available: int = 0) -> Node:
    """Activate an item at a location with some units available, without any webhook."""
    level = level_or_new(item, location)
    level["isActive"] = True
    put(level, "available", available)
    return level


def sellable(item: Node) -> int:
    """Return what is available of an item over all places where it is active."""
    return sum(quantity(level, "available") for level in levels_of(item))
