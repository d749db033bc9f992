"""What became of stock by Shopify's own inventory and ledger, and what the log says of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_MANY = " more quantities "


@dataclass(frozen=True, slots=True)
class Edits:
    """SKUs that a person changed in Shopify meanwhile: ``early`` before they were set, and ``late``
    after."""

    early: frozenset[str]
    late: frozenset[str]


def right(levels: Iterable[Mapping[str, Any]], wanted: Mapping[str, int]) -> int:
    """How many of the wanted quantities are available in Shopify; ``levels`` are its inventory at
    one location."""
    has = {level["sku"]: level["available"] for level in levels}
    return sum(has.get(sku) == units for sku, units in wanted.items())


def edits(entries: Iterable[Mapping[str, Any]], before: int) -> Edits:
    """Sort a person's edits by whether the quantity was still ``before``, by the ledger."""
    found = {
        entry["sku"]: entry["before"]["available"]
        for entry in entries
        if entry["source"] == "admin" and "available" in entry["before"]
    }
    early = frozenset(sku for sku, units in found.items() if units == before)
    return Edits(early, frozenset(found) - early)


def last_set(entries: Iterable[Mapping[str, Any]]) -> float:
    """When the app set its last quantity, in seconds since 1970; 0 when it set none."""
    return max((entry["at"] for entry in entries if entry["source"] == "app"), default=0.0)


def told_of(messages: Iterable[str]) -> int:
    """Of how many changed quantities the log tells: by name, and above five by their number."""
    return sum(int(said.partition(" ")[0]) if _MANY in said else 1 for said in messages)
