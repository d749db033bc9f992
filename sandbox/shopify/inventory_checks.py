"""What Shopify refuses of changes to stock, with its codes and the way to the line at fault."""

from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from graphql import GraphQLError

from sandbox.shopify.call import Call
from sandbox.shopify.mutating import Asked, UserError, Wrong
from sandbox.shopify.stock import ASIDE, quantity
from sandbox.shopify.values import Node

REASONS = (
    "correction",
    "cycle_count_available",
    "damaged",
    "movement_canceled",
    "movement_created",
    "movement_received",
    "movement_updated",
    "other",
    "promotion",
    "quality_control",
    "received",
    "reservation_created",
    "reservation_deleted",
    "reservation_updated",
    "restock",
    "safety_stock",
    "shrinkage",
)
SETTABLE = ("available", "on_hand")
ADJUSTABLE = ("available", "incoming", *ASIDE)
BILLION = 1_000_000_000
STALE = "The changeFromQuantity argument no longer matches the persisted quantity."


def demand_compare(kind: str, lines: list[Asked]) -> None:
    """Raise Shopify's error when a line leaves out ``changeFromQuantity``; null is an answer."""
    if any("changeFromQuantity" not in line for line in lines):
        raise GraphQLError(
            f"{kind} must include the following argument: changeFromQuantity.",
            extensions={"code": "INVALID_FIELD_ARGUMENTS"},
        )


def check_head(asked: Asked, names: tuple[str, ...], name_error: UserError) -> None:
    """Check name, reason and reference document; raises Wrong."""
    errors = [] if asked["name"] in names else [name_error]
    if asked["reason"] not in REASONS:
        words = f"The specified reason is invalid. Valid values are: {', '.join(REASONS)}."
        errors.append(UserError(words, ["input", "reason"], "INVALID_REASON"))
    document = asked.get("referenceDocumentUri")
    if document is not None and not _is_document(document):
        way = ["input", "referenceDocumentUri"]
        words = "The specified reference document is invalid."
        errors.append(UserError(words, way, "INVALID_REFERENCE_DOCUMENT"))
    if errors:
        raise Wrong(errors)


def _is_document(uri: str) -> bool:
    parts = urlsplit(uri)
    return bool(parts.scheme and (parts.netloc or parts.path))


def check_lines(call: Call, asked: Asked, key: str) -> list[tuple[Node, Node]]:
    """Return the item and location of every line; raises Wrong with what is wrong with any.

    ``key`` is the list's name: ``quantities`` or ``changes``.
    """
    found = [_places(call, line) for line in asked[key]]
    errors = [
        UserError(words, ["input", key, str(index), field], code)
        for index, line in enumerate(asked[key])
        for field, words, code in _faults(line, found[index], asked["name"])
    ]
    errors += _doubled(asked[key]) if key == "quantities" else []
    if errors:
        raise Wrong(errors)
    return found


def _places(call: Call, line: Asked) -> tuple[Node, Node]:
    item = call.shop.items.get(line["inventoryItemId"]) or {}
    place = call.shop.locations.get(line["locationId"]) or {}
    return item, place if place.get("isActive") else {}


Fault = tuple[str, str, str]


def _faults(line: Asked, found: tuple[Node, Node], name: str) -> Iterator[Fault]:
    item, place = found
    if not item:
        words = "The specified inventory item could not be found."
        yield "inventoryItemId", words, "INVALID_INVENTORY_ITEM"
    elif not (item["_mutable"] and item["tracked"]):
        words = "The specified inventory item is not allowed to be adjusted via API."
        yield "inventoryItemId", words, "NON_MUTABLE_INVENTORY_ITEM"
    if not place:
        yield "locationId", "The specified location could not be found.", "INVALID_LOCATION"
    yield from _bounds(line, name)
    if item and place and _is_stale(line, found, name):
        yield "changeFromQuantity", STALE, "CHANGE_FROM_QUANTITY_STALE"


def _is_stale(line: Asked, found: tuple[Node, Node], name: str) -> bool:
    item, place = found
    level = item["_levels"].get(place["id"])
    expected = line["changeFromQuantity"]
    return expected is not None and expected != (quantity(level, name) if level else 0)


def _bounds(line: Asked, name: str) -> Iterator[Fault]:
    if "delta" in line:
        yield from _limits("delta", line["delta"], 2 * BILLION)
    elif name == "on_hand" and line["quantity"] < 0:
        yield "quantity", "The quantity can't be negative.", "INVALID_QUANTITY_NEGATIVE"
    else:
        yield from _limits("quantity", line["quantity"], BILLION)


def _limits(field: str, value: int, most: int) -> Iterator[Fault]:
    if value > most:
        yield field, f"The quantity can't be higher than {most:,}.", "INVALID_QUANTITY_TOO_HIGH"
    if value < -most:
        yield field, f"The quantity can't be lower than {-most:,}.", "INVALID_QUANTITY_TOO_LOW"


def _doubled(lines: list[Asked]) -> Iterator[UserError]:
    pairs = [(line["inventoryItemId"], line["locationId"]) for line in lines]
    counts = Counter(pairs)
    words = "The combination of inventoryItemId and locationId must be unique."
    for index, pair in enumerate(pairs):
        if counts[pair] > 1:
            way = ["input", "quantities", str(index), "locationId"]
            yield UserError(words, way, "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR")


def check_documents(name: str, lines: list[Asked]) -> None:
    """Check ledger documents: one for all, none for available; raises Wrong."""
    errors = [error for index, line in enumerate(lines) for error in _document(name, index, line)]
    if len({line.get("ledgerDocumentUri") for line in lines}) > 1:
        words = "All changes must have the same ledger document URI or, in the case of adjusting"
        words += " available, no ledger document URI."
        errors.append(UserError(words, ["input", "changes"], "MAX_ONE_LEDGER_DOCUMENT"))
    if errors:
        raise Wrong(errors)


def _document(name: str, index: int, line: Asked) -> Iterator[UserError]:
    uri: Any = line.get("ledgerDocumentUri")
    way = ["input", "changes", str(index), "ledgerDocumentUri"]
    if name == "available":
        if uri is not None:
            words = "A ledger document URI is not allowed when adjusting available."
            yield UserError(words, way, "INVALID_AVAILABLE_DOCUMENT")
    elif uri is None:
        words = "A ledger document URI is required except when adjusting available."
        yield UserError(words, way, "INVALID_QUANTITY_DOCUMENT")
    elif uri.startswith("gid://shopify/"):
        words = "Internal (gid://shopify/) ledger documents are not allowed to be adjusted via API."
        yield UserError(words, way, "INTERNAL_LEDGER_DOCUMENT")
    elif not _is_document(uri):
        yield UserError("The specified ledger document is invalid.", way, "INVALID_LEDGER_DOCUMENT")
