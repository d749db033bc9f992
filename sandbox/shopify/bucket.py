"""The leaky bucket of points that one app has at one shop."""

import threading
import time
from collections.abc import Callable


class Bucket:
    """Holds points that trickle back with time; safe to use from several threads."""

    def __init__(
        self,
        capacity: float,
        restore_rate: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.capacity, self.restore_rate, self._clock = capacity, restore_rate, clock
        self._level, self._seen, self._lock = float(capacity), clock(), threading.Lock()

    def take(self, points: float) -> bool:
        """Reserve points; False, and nothing taken, when there are too few."""
        with self._lock:
            self._refill()
            if points > self._level:
                return False
            self._level -= points
            return True

    def refund(self, points: float) -> None:
        """Give back what a request reserved and did not use."""
        with self._lock:
            self._refill()
            self._level = min(self.capacity, self._level + points)

    def status(self) -> dict[str, float]:
        """Return Shopify's ``throttleStatus``."""
        with self._lock:
            self._refill()
            return {
                "maximumAvailable": float(self.capacity),
                "currentlyAvailable": int(self._level),
                "restoreRate": float(self.restore_rate),
            }

    def _refill(self) -> None:
        now = self._clock()
        self._level = min(self.capacity, self._level + (now - self._seen) * self.restore_rate)
        self._seen = now
