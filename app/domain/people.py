"""Takes people out of order documents and answers: names, addresses, contacts and free text."""

from collections.abc import Mapping
from typing import Any

MARKER = "[removed]"
# The parts of an order document that tell of people, or that a merchant fills as they like.
PERSONAL = frozenset({"customer", "ship_to", "bill_to", "note", "metadata", "defaults"})
NOT_PERSONAL = frozenset({"country_code"})
# What a WMS says in its own words may quote anything of the order.
_WORDS = frozenset({"title", "detail"})


def without_people(document: Mapping[str, Any]) -> dict[str, Any]:
    """An order document whose people, addresses, contacts and free fields give way to a marker;
    what is empty stays so. What sending needs stays: ids, lines, quantities, the revision."""
    return {key: emptied(value) if key in PERSONAL else value for key, value in document.items()}


def emptied(value: Any) -> Any:
    """The same shape with a marker in place of every text that isn't empty."""
    if isinstance(value, Mapping):
        return {
            key: inner if key in NOT_PERSONAL else emptied(inner) for key, inner in value.items()
        }
    if isinstance(value, list):
        return [emptied(inner) for inner in value]
    return MARKER if value else value


def without_words(answer: Any) -> Any:
    """What a WMS answered, without its own words: states, ids and codes are left."""
    if isinstance(answer, Mapping):
        return {k: without_words(inner) for k, inner in answer.items() if k not in _WORDS}
    if isinstance(answer, list):
        return [without_words(inner) for inner in answer]
    return answer
