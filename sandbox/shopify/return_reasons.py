"""Why goods come back: Shopify's reasons, as definitions with ids and as the older words."""

from typing import Any

from sandbox.shopify.values import Node, gid, number_of

REASONS = {
    "UNKNOWN": "Unknown",
    "SIZE_TOO_SMALL": "Size was too small",
    "SIZE_TOO_LARGE": "Size was too large",
    "UNWANTED": "Customer changed their mind",
    "NOT_AS_DESCRIBED": "Item not as described",
    "WRONG_ITEM": "Received the wrong item",
    "DEFECTIVE": "Damaged or defective",
    "STYLE": "Style",
    "COLOR": "Color",
    "OTHER": "Other",
}


def definitions() -> list[Node]:
    """Return every reason as a definition."""
    return [_definition(place, word) for place, word in enumerate(REASONS, start=1)]


def _definition(number: int, word: str) -> Node:
    return {
        "__typename": "ReturnReasonDefinition",
        "id": gid("ReturnReasonDefinition", number),
        "handle": word.lower().replace("_", "-"),
        "name": REASONS[word],
        "deleted": False,
    }


def definition_of(word: str) -> Node:
    """Return the definition of a word."""
    return _definition(list(REASONS).index(word) + 1, word)


def reason_of(asked: dict[str, Any]) -> str | None:
    """Return the word a line names, by definition or by word; None when it names none."""
    place = number_of(asked.get("returnReasonDefinitionId") or "")
    words = list(REASONS)
    if asked.get("returnReasonDefinitionId"):
        return words[place - 1] if 0 < place <= len(words) else None
    word = asked.get("returnReason")
    return word if word in REASONS else None
