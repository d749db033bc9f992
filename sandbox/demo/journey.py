"""One order's way through the world, as the Shopify stand-in's ledger tells it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

STATES = ("no-sync", "syncing", "synced", "error")
_BOTH = " + "


@dataclass(slots=True)
class Journey:
    """An order that was sent: its state tags over time and what the app says about it.

    ``tags`` starts with what was there before the click; ``seconds`` is from click to the last
    change; ``job`` and ``message`` are the app's.
    """

    order: str
    name: str
    tags: list[str]
    sent_at: float
    seconds: float = 0.0
    job: str = ""
    message: str = ""
    _seen: set[int] = field(default_factory=set)

    def follow(self, entries: Iterable[Mapping[str, Any]]) -> None:
        """Take in the ledger's tag writes of this order that are new."""
        for entry in entries:
            if entry["order"] != self.order or entry["seq"] in self._seen:
                continue
            self._seen.add(entry["seq"])
            self._moved(state_tags(entry["after"]), entry["at"] - self.sent_at)

    def _moved(self, now: str, seconds: float) -> None:
        if now == self.tags[-1]:
            return
        if _BOTH in self.tags[-1]:  # adding and removing are two steps; only their end is a state
            self.tags.pop()
        self.tags.append(now)
        self.seconds = seconds

    @property
    def synced(self) -> bool:
        """Whether it has arrived."""
        return self._at("synced")

    @property
    def over(self) -> bool:
        """Whether nothing more will come by itself."""
        return self.synced or self._at("error")

    def _at(self, state: str) -> bool:
        return _BOTH not in self.tags[-1] and self.tags[-1].endswith(f"-{state}")


def state_tags(tags: Iterable[str]) -> str:
    """The state tags among an order's tags, in words: two at once during a change."""
    ours = sorted(tag for tag in tags if tag.endswith(tuple(f"-{state}" for state in STATES)))
    return _BOTH.join(ours) or "(none)"
