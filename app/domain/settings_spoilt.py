"""What takes the place of stored choices that can't be read any more.

Without a choice of where orders go, all of them go to the default warehouse. Where choices were
made and can't be read, that may be wrong: nothing is decided then, and nothing goes.
"""

from collections.abc import Collection, Sequence
from typing import Any

# Stands among the choices until a person takes it away. It is no shop's location and leads to no
# warehouse's, but as long as it is there a location without a choice has none.
UNREADABLE = "gid://shopify/Location/0"
_NOWHERE = "?"


def readable_locations(
    stored: Any, spoilt: Collection[Sequence[int | str]]
) -> dict[str, str | None]:
    """Return the choices that are fit, and the mark that there were others. ``spoilt``: where the
    stored settings are not valid."""
    within = [place for place in spoilt if place[0] == "locations"]
    entries = {str(place[1]) for place in within if len(place) > 1}
    whole = any(len(place) == 1 for place in within)
    kept = {} if whole else {key: value for key, value in stored.items() if key not in entries}
    return {**kept, UNREADABLE: _NOWHERE}
