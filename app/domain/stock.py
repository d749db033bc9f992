"""What Shopify should have available: what the warehouse has, less what it does not know of yet.

Pure. A warehouse counts for one location at most, so nothing is counted twice; several warehouses
may count for one. A quantity may be below zero: a shop that has sold more than there is shows so on
both sides.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from app.domain.facts import Facts
from app.domain.settings import Settings

# Why a line of the warehouse's, or a level of Shopify's, is left alone.
UNKNOWN, DUPLICATE, UNTRACKED, BUNDLE = "sku-unknown", "duplicate-sku", "untracked", "bundle"
NO_LOCATION, NOT_STOCKED = "no-location", "not-stocked"
REFUSED, NOT_TOLD = "refused", "not-told"
REASONS = (
    UNKNOWN,
    DUPLICATE,
    UNTRACKED,
    BUNDLE,
    NO_LOCATION,
    NOT_STOCKED,
    REFUSED,
    NOT_TOLD,
)
_WORDS = {
    UNKNOWN: "{what} is not in Shopify. Give the variant this SKU there.",
    DUPLICATE: "{what} is the SKU of several variants in Shopify. Give each its own.",
    UNTRACKED: "{what} is not tracked in Shopify. Switch on Track inventory there.",
    BUNDLE: "{what} is a bundle in Shopify. Its stock follows from its parts.",
    NO_LOCATION: "{what} counts for no location. Choose one for the warehouse in Settings.",
    NOT_STOCKED: "{what} can't be stocked at its location in Shopify. {more}",
    REFUSED: "{what} can't be set in Shopify. {more}",
    NOT_TOLD: "{what} is not told by the warehouse any more. Its quantity stays as it is.",
}

# A location, and an inventory item; or a SKU after ``BY_SKU``, where no item is known.
Place = tuple[str, str]
BY_SKU = "sku:"


@dataclass(frozen=True, slots=True)
class Item:
    """An inventory item of the shop. ``sku`` without spaces around it."""

    id: str
    sku: str
    tracked: bool = True
    bundle: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """What a warehouse tells: of a SKU, or of an inventory item where it knows it."""

    sku: str
    item: str
    warehouse: str


@dataclass(frozen=True, slots=True)
class Match:
    """The item and location that a line counts for, or why it counts for none."""

    target: str = ""
    location: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the warehouse has of an order at a location: units of order lines, not shipped yet."""

    location: str
    lines: Mapping[str, int]


def counting(
    settings: Settings, warehouses: Collection[str], default: str, locations: Sequence[str]
) -> dict[str, str]:
    """The location that each warehouse counts for; one that counts for none is left out.

    ``locations`` are the shop's that are active. What the merchant chose comes first, then the only
    location that orders go to the warehouse from. Where no location was mapped to any, the default
    warehouse counts for the shop's only one.
    """
    found = {code: _counts_for(settings, code, default, locations) for code in warehouses}
    return {code: location for code, location in found.items() if location}


def _counts_for(settings: Settings, code: str, default: str, locations: Sequence[str]) -> str:
    if code in settings.stock_locations:
        chosen = settings.stock_locations[code] or ""
        return chosen if chosen in locations else ""
    mapped = [
        place for place, there in settings.locations.items() if there == code and place in locations
    ]
    if not any(settings.locations.values()) and code == default:
        mapped = [place for place in locations if place not in settings.locations]
    return mapped[0] if len(mapped) == 1 else ""


def match(line: Line, candidates: Sequence[Item], places: Mapping[str, str]) -> Match:
    """Find what a line counts for. ``candidates`` are the items of its id or its SKU, ``places``
    the locations by warehouse."""
    reason = _reason(candidates)
    if reason:
        return Match(reason=reason)
    location = places.get(line.warehouse, "")
    if not location:
        return Match(reason=NO_LOCATION)
    return Match(candidates[0].id, location)


def _reason(candidates: Sequence[Item]) -> str:
    if len(candidates) != 1:
        return DUPLICATE if candidates else UNKNOWN
    if candidates[0].bundle:
        return BUNDLE
    return "" if candidates[0].tracked else UNTRACKED


def unsent(facts: Facts, sent: Sequence[Sent]) -> Counter[Place]:
    """Units that an order keeps in Shopify and the warehouse does not know of, by place."""
    if facts.cancelled or facts.closed:
        return Counter()
    names = {line.id: line.item or (line.sku and f"{BY_SKU}{line.sku}") for line in facts.lines}
    known: Counter[tuple[str, str]] = Counter()
    for each in sent:
        known.update({(each.location, line): units for line, units in each.lines.items()})
    asked: Counter[tuple[str, str]] = Counter()
    for part in facts.live_parts:
        asked.update({(part.location, line): units for line, units in part.lines.items()})
    found: Counter[Place] = Counter()
    for (location, line), units in asked.items():
        more = units - known[location, line]
        if more > 0 and names.get(line):
            found[location, names[line]] += more
    return found


def kept(facts: Facts) -> dict[str, int]:
    """What an order keeps in Shopify while the warehouse knows nothing of it, as the database can
    add it up: a location, a space, and an item or a SKU."""
    return {f"{location} {name}": units for (location, name), units in unsent(facts, ()).items()}


def place_of(key: str) -> Place:
    """The place that a key of ``kept`` stands for."""
    location, _, name = key.partition(" ")
    return location, name


def in_words(reason: str, what: str, more: str = "") -> str:
    """Why something is left alone, and what mends it; ``what`` names it, ``more`` are Shopify's own
    words."""
    return _WORDS[reason].format(what=what, more=more).strip()
