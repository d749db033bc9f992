"""Whether settings fit the shop and the warehouse that they are for.

Only what was changed is judged: what has gone since it was chosen, such as a location or a
warehouse, never keeps a person from changing something else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.domain.settings import Settings


@dataclass(frozen=True, slots=True)
class Known:
    """The names of the shop's locations by their ids, and the codes of the warehouses; empty while
    they are not known."""

    locations: Mapping[str, str]
    warehouses: frozenset[str]


def misfits(before: Settings, after: Settings, known: Known) -> dict[str, str]:
    """A sentence for each setting in which something was chosen that is not there."""
    faults = {
        "locations": _of_locations(before, after, known),
        "stock_locations": _of_stock(before, after, known),
    }
    first = {key: next(sentences, "") for key, sentences in faults.items()}
    return {key: sentence for key, sentence in first.items() if sentence}


def _of_locations(before: Settings, after: Settings, known: Known) -> Iterator[str]:
    for location, code in after.locations.items():
        if before.locations.get(location, "") == code:
            continue
        if not _has_location(known, location):
            yield _no_location(location)
        elif code is not None and not _has_warehouse(known, code):
            name = known.locations.get(location) or _number(location)
            yield f"The warehouse has no code {code}. Choose another one for {name}."


def _of_stock(before: Settings, after: Settings, known: Known) -> Iterator[str]:
    for code, location in after.stock_locations.items():
        if before.stock_locations.get(code, "") == location:
            continue
        if not _has_warehouse(known, code):
            yield f"The warehouse has no code {code}. Leave it out."
        elif location is not None and not _has_location(known, location):
            yield _no_location(location)


def _has_location(known: Known, location: str) -> bool:
    return not known.locations or location in known.locations


def _has_warehouse(known: Known, code: str) -> bool:
    return not known.warehouses or code in known.warehouses


def _no_location(location: str) -> str:
    return f"Your shop has no location {_number(location)}. Reload the page and choose another one."


def _number(location: str) -> str:
    return location.rpartition("/")[2]
