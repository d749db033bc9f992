"""Resolvers that change stock: set, adjust, activate. A call changes every line or nothing."""

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.shopify import inventory_checks as checks
from sandbox.shopify import stock
from sandbox.shopify.call import Call
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.idempotency import once
from sandbox.shopify.mutating import Asked, Payload, Resolver, UserError, Wrong, answered
from sandbox.shopify.stock_log import announce, changing
from sandbox.shopify.values import Node, iso, now

NO_SET = UserError(
    "The quantity name must be either 'available' or 'on_hand'.", ["input", "name"], "INVALID_NAME"
)
NO_ADJUST = UserError(
    f"The specified quantity name is invalid. Valid values are: {', '.join(checks.ADJUSTABLE)}.",
    ["input", "name"],
    "INVALID_QUANTITY_NAME",
)
ACTIVE = "Not allowed to set {} quantity when the item is already active at the location."


def _set(call: Call, asked: Asked) -> Payload:
    wanted, lines = asked["input"], asked["input"]["quantities"]
    checks.demand_compare("InventoryQuantityInput", lines)
    checks.check_head(wanted, checks.SETTABLE, NO_SET)
    places = _checked(call, wanted, "quantities")
    changes: list[Node] = []
    for line, (item, place) in zip(lines, places, strict=True):
        level = stock.level_or_new(item, place)
        change = line["quantity"] - stock.quantity(level, wanted["name"])
        changes += _change(call, level, "available", change, None)
    return _group(call, wanted, changes)


def _adjust(call: Call, asked: Asked) -> Payload:
    wanted, lines = asked["input"], asked["input"]["changes"]
    checks.demand_compare("InventoryChangeInput", lines)
    checks.check_head(wanted, checks.ADJUSTABLE, NO_ADJUST)
    checks.check_documents(wanted["name"], lines)
    places = _checked(call, wanted, "changes")
    changes: list[Node] = []
    for line, (item, place) in zip(lines, places, strict=True):
        level, document = stock.level_or_new(item, place), line.get("ledgerDocumentUri")
        changes += _change(call, level, wanted["name"], line["delta"], document)
    return _group(call, wanted, changes)


def _checked(call: Call, wanted: Asked, key: str) -> list[tuple[Node, Node]]:
    """Check the lines; where the setting asks for it, a stale line isn't told from the others."""
    try:
        return checks.check_lines(call, wanted, key)
    except Wrong as wrong:
        if not call.world.settings.stale_without_field:
            raise
        raise Wrong([_blurred(error) for error in wrong.errors]) from wrong


def _blurred(error: UserError) -> UserError:
    stale = error.code == "CHANGE_FROM_QUANTITY_STALE"
    return UserError(error.message, None, error.code) if stale else error


def _change(call: Call, level: Node, name: str, delta: int, document: str | None) -> Iterable[Node]:
    """Change a level and return a row for the name, and one for on hand where it is part of it."""
    if not delta:
        return
    with changing(call.world, call.shop, level, "app") as kept:
        kept[name] += delta
    for one in (name, "on_hand") if name in stock.ON_HAND else (name,):
        yield {
            "__typename": "InventoryChange",
            "name": one,
            "delta": delta,
            "quantityAfterChange": None,
            "ledgerDocumentUri": document,
            "item": level["item"],
            "location": level["location"],
        }


def _group(call: Call, wanted: Asked, changes: list[Node]) -> Payload:
    """Return the group of changes; where everything was so already, there is none."""
    if not changes:
        return {"inventoryAdjustmentGroup": None}
    group = {
        "__typename": "InventoryAdjustmentGroup",
        "id": call.shop.new_id("InventoryAdjustmentGroup"),
        "createdAt": iso(now()),
        "reason": wanted["reason"],
        "referenceDocumentUri": wanted.get("referenceDocumentUri"),
        "_changes": changes,
    }
    return {"inventoryAdjustmentGroup": group}


def changes_of(group: Node, _: Any, **wanted: list[str] | None) -> list[Node]:
    """Return a group's changes, of some items, locations or names when asked."""
    rows: list[Node] = group["_changes"]
    keys: dict[str, Callable[[Node], str]] = {
        "inventoryItemIds": lambda row: row["item"]["id"],
        "locationIds": lambda row: row["location"]["id"],
        "quantityNames": lambda row: row["name"],
    }
    for argument, key in keys.items():
        if (names := wanted.get(argument)) is not None:
            rows = [row for row in rows if key(row) in names]
    return rows


def _activate(call: Call, asked: Asked) -> Payload:
    item = call.shop.items.get(asked["inventoryItemId"])
    place = call.shop.locations.get(asked["locationId"])
    if item is None:
        raise NotPossible("The inventory item could not be found.", ["inventoryItemId"])
    if place is None or not place["isActive"]:
        raise NotPossible("The location could not be found.", ["locationId"])
    first = {"available": asked.get("available"), "on_hand": asked.get("onHand")}
    level = stock.level_or_new(item, place)
    if level["isActive"]:
        _check_active(first)
    else:
        _open(call, level, first)
    return {"inventoryLevel": level}


def _check_active(first: dict[str, int | None]) -> None:
    for name, units in first.items():
        if units is not None:
            field = {"on_hand": "onHand"}.get(name, name)
            raise NotPossible(ACTIVE.format(name), [field])


def _open(call: Call, level: Node, first: dict[str, int | None]) -> None:
    """Stock an item at a location; what an earlier time left there stays unless asked."""
    level["isActive"] = True
    with changing(call.world, call.shop, level, "app"):
        for name, units in first.items():
            if units is not None:
                stock.put(level, name, units)
    announce(call.world, call.shop, level, "inventory_levels/connect")


INVENTORY_MUTATIONS: dict[tuple[str, str], Resolver] = {
    ("Mutation", "inventorySetQuantities"): once(answered(_set)),
    ("Mutation", "inventoryAdjustQuantities"): once(answered(_adjust)),
    ("Mutation", "inventoryActivate"): once(answered(_activate)),
}
