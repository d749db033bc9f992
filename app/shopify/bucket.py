"""Shopify's leaky bucket of query points, shared by all workers of a shop through Redis.

Shopify takes a request's whole requested cost, answers THROTTLED when the bucket holds less, and
gives the unused part back. So points are taken here before a request is sent and settled after it:
all workers together then never ask for more than there is. Nothing here sleeps.
"""

import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

_log = logging.getLogger(__name__)
# The part of the bucket that a priority leaves for the more urgent ones.
_LEAVE = {0: 0.0, 1: 0.05, 2: 0.25}
_SPREAD = 0.2
_TOLD = ("currentlyAvailable", "maximumAvailable", "restoreRate")


@dataclass(frozen=True, slots=True)
class Level:
    """How many points there are, and how many there can be."""

    available: int
    capacity: int


class Bucket:
    """The points one shop gives the app. Priorities: 0 staff and tags, 1 normal, 2 imports."""

    def __init__(self, connection: Redis, shop: str, api_key: str) -> None:
        # The braces keep both keys in one slot of a Redis cluster.
        self._key = f"shopify-bucket:{{{api_key}:{shop}}}"
        self._connection = connection
        self._script = connection.register_script(_source())

    def take(self, cost: float, priority: int = 1) -> float:
        """Take ``cost`` points. Return 0.0 when granted, else the seconds to wait before asking.

        Waits are spread a little so that waiters don't come back at once. Without Redis everything
        is granted: Shopify's own THROTTLED then paces us.
        """
        wait = self._run("take", cost, _LEAVE.get(priority, _LEAVE[2]))
        return wait * random.uniform(1.0, 1.0 + _SPREAD)  # noqa: S311 - spreads load, no secret

    def settle(
        self, requested: float, actual: float, throttle_status: Mapping[str, float] | None
    ) -> None:
        """Give back what a granted ``take(requested)`` did not use; believe Shopify's own count.

        ``throttle_status`` is the answer's ``throttleStatus``, or None when it had none.
        """
        status = throttle_status or {}
        self._run("settle", requested, actual, *(status.get(name, -1) for name in _TOLD))

    def look(self) -> Level | None:
        """Return what is in the bucket now; None when nothing is known of it, as after a day of
        rest. Raises RedisError: whoever asks only wants to show it."""
        with self._connection.pipeline(transaction=False) as pipe:
            pipe.hmget(self._key, ["level", "at", "rate", "capacity"])
            pipe.time()
            (level, at, rate, capacity), (seconds, microseconds) = pipe.execute()
        if None in (level, at, rate, capacity):
            return None
        rested = max(0.0, seconds + microseconds / 1_000_000 - float(at))
        most = float(capacity)
        return Level(max(0, int(min(most, float(level) + rested * float(rate)))), int(most))

    def _run(self, verb: str, *numbers: float) -> float:
        try:
            answer = self._script(keys=[self._key, f"{self._key}:flight"], args=[verb, *numbers])
        except RedisError as error:
            _log.warning("The shared rate limit is out of reach (%s).", type(error).__name__)
            return 0.0
        return float(answer)


@cache
def _source() -> str:
    return Path(__file__).with_name("scripts").joinpath("bucket.lua").read_text("utf-8")
