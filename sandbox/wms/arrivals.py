"""Orders inside jobs: received, not looked at yet."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.wms.orders import Order

Action = Callable[[], Any]


@dataclass
class Arrival:
    """A revision of an order that stands in a job."""

    external_id: str
    revision: int
    job_id: str

    def reference(self, known: Order | None) -> dict[str, Any]:
        """What *by-ref* answers meanwhile."""
        return {
            "external_id": self.external_id,
            "revision": self.revision,
            "wms_id": known.wms_id if known else None,
            "state": "received",
            "job_id": self.job_id,
            "issues": [],
        }


class Arrivals:
    """The arrivals of one account, and what was asked of their orders meanwhile."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Arrival]] = {}
        self._later: dict[str, list[Action]] = {}

    def add(self, external_id: str, revision: int, job_id: str) -> None:
        """An order came in."""
        arrival = Arrival(external_id, revision, job_id)
        self._waiting.setdefault(external_id, []).append(arrival)

    def newest(self, external_id: str) -> Arrival | None:
        """The newest arrival of an order that still waits."""
        waiting = self._waiting.get(external_id)
        return waiting[-1] if waiting else None

    def ask_later(self, external_id: str, action: Action) -> None:
        """Keep something to be done once the order has left its jobs."""
        self._later.setdefault(external_id, []).append(action)

    def leave(self, external_id: str, job_id: str) -> list[Action]:
        """A job has dealt with an order; returns what is to be done now."""
        waiting = self._waiting.get(external_id, [])
        mine = [arrival for arrival in waiting if arrival.job_id == job_id]
        if mine:
            waiting.remove(mine[0])
        if waiting:
            return []
        self._waiting.pop(external_id, None)
        return self._later.pop(external_id, [])
