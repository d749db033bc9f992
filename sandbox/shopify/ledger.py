"""What happened, in order: appended to, never changed."""

import threading
import time
from typing import Any

Entry = dict[str, Any]


class Ledger:
    """An append-only list of entries, each with a ``seq``, a ``kind`` and the time ``at``."""

    def __init__(self) -> None:
        self._entries: list[Entry] = []
        self._lock = threading.Lock()

    def add(self, kind: str, **values: Any) -> Entry:
        """Append an entry and return it."""
        with self._lock:
            entry = {"seq": len(self._entries) + 1, "kind": kind, "at": time.time()} | values
            self._entries.append(entry)
        return entry

    def read(self, kind: str = "", shop: str = "", after: int = 0) -> list[Entry]:
        """Return the entries later than ``after``, of one kind and one shop when given."""
        with self._lock:
            entries = self._entries[max(after, 0) :]
        return [
            entry
            for entry in entries
            if kind in ("", entry["kind"]) and shop in ("", entry.get("shop"))
        ]

    def mark(self) -> int:
        """Return the latest ``seq``; reading ``after`` it yields only what comes later."""
        with self._lock:
            return len(self._entries)

    def points(self, shop: str, after: int = 0) -> dict[str, int]:
        """Return a shop's net points, requests and throttled requests since ``after``."""
        requests = self.read("graphql", shop, after)
        return {
            "net": sum(entry["actual"] or 0 for entry in requests),
            "requests": len(requests),
            "throttled": sum(1 for entry in requests if entry["throttled"]),
        }
