"""What an app reads page by page: shipments, stock, returns, cancellations."""

from typing import Any

Item = dict[str, Any]


class Feed:
    """The rows of one feed, each at the place of its last change.

    A change puts its row behind all others, so that a reader meets it again with its new version.
    Places are given under the account's lock, in the order in which changes can be seen: nobody
    has read past a place that is filled later. (In a database, take the place from a counter row
    that stays locked until the commit. A sequence hands numbers out earlier, and a row committed
    late would be skipped.)
    """

    def __init__(self) -> None:
        self._places: list[str] = []
        self._rows: dict[str, tuple[int, Item]] = {}

    def put(self, key: str, item: Item) -> None:
        """Add a row, or say how it stands now."""
        self._rows[key] = (len(self._places), item)
        self._places.append(key)

    def page(self, position: int, size: int) -> tuple[list[Item], int, bool]:
        """A page's rows, the position behind it, whether more rows follow."""
        items: list[Item] = []
        for place in range(position, len(self._places)):
            stands_at, item = self._rows[self._places[place]]
            if stands_at != place:
                continue
            if len(items) == size:
                return items, place, True
            items.append(item)
        return items, len(self._places), False

    def items(self) -> list[Item]:
        """Every row, the one that changed longest ago first."""
        return [item for _, item in sorted(self._rows.values(), key=lambda row: row[0])]
