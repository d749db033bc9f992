"""Lays what one person changed over what others changed meanwhile.

A page sends all that it shows, and what it showed at first. What differs between the two is the
person's change; the rest stays as it is stored by now.
"""

from collections.abc import Mapping
from typing import Any

# A longer list is one value: no form has so many entries.
_ENTRIES = 200


def merged(
    read: Mapping[str, Any], typed: Mapping[str, Any], present: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the changes in ``typed``, laid over ``present``: of each key that was ``read``
    before, only what differs from that. A key that was not read is taken as it was typed."""
    return {
        key: _laid(read[key], value, present[key]) if key in read and key in present else value
        for key, value in typed.items()
    }


def _laid(read: Any, typed: Any, present: Any) -> Any:
    if typed == read:
        return present
    values = (read, typed, present)
    if all(isinstance(value, dict) for value in values):
        return _entries(read, typed, present)
    if all(isinstance(value, list) and len(value) <= _ENTRIES for value in values):
        return _items(read, typed, present)
    return typed


def _entries(
    read: Mapping[str, Any], typed: Mapping[str, Any], present: Mapping[str, Any]
) -> dict[str, Any]:
    kept = {key: value for key, value in present.items() if key in typed or key not in read}
    return kept | {
        key: _laid(read.get(key), value, present.get(key))
        for key, value in typed.items()
        if key not in read or value != read[key]
    }


def _items(read: list[Any], typed: list[Any], present: list[Any]) -> list[Any]:
    """Order is no change of its own: a form shows the items in an order of its own."""
    kept = [item for item in present if item in typed or item not in read]
    return kept + [item for item in typed if item not in read and item not in kept]
