"""The order search index, which learns of changes later than they happen."""

import time
from collections import deque
from collections.abc import Callable, Iterator

from sandbox.shopify.values import Node, number_of

INDEXED = (
    "id",
    "name",
    "tags",
    "createdAt",
    "updatedAt",
    "processedAt",
    "cancelledAt",
    "closedAt",
    "displayFinancialStatus",
    "displayFulfillmentStatus",
    "test",
    "email",
    "sourceName",
    "returnStatus",
)


class OrderIndex:
    """Snapshots of orders; ``note`` queues a change, reading applies what is old enough."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[int, Node] = {}
        self._waiting: deque[tuple[float, int, Node | None]] = deque()

    def note(self, order: Node) -> None:
        """Queue an order's present values."""
        values = {key: order.get(key) for key in INDEXED} | {"tags": list(order["tags"])}
        values["skus"] = [line["sku"] for line in order["_lines"]]
        values["id_number"] = number_of(order["id"])
        self._waiting.append((self._clock(), values["id_number"], values))

    def drop(self, number: int) -> None:
        """Queue a deletion."""
        self._waiting.append((self._clock(), number, None))

    def settle(self) -> None:
        """Learn everything at once, as if it had happened long ago."""
        self._apply(self._clock())

    def read(self, lag: float) -> Iterator[Node]:
        """Yield the orders as they were ``lag`` seconds ago."""
        self._apply(self._clock() - lag)
        yield from list(self._known.values())

    def _apply(self, until: float) -> None:
        while self._waiting and self._waiting[0][0] <= until:
            _, number, values = self._waiting.popleft()
            if values is None:
                self._known.pop(number, None)
            else:
                self._known[number] = values
