"""What happened, in order, never changed: tests compare it with what the app believes."""

import threading
from datetime import UTC, datetime
from typing import Any


def now() -> str:
    """The time as RFC 3339 in UTC, milliseconds included."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class Ledger:
    """An append-only list of entries ``{seq, at, kind, …}``; ``seq`` rises by one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._entries: list[dict[str, Any]] = []

    def append(self, kind: str, **fields: Any) -> None:
        """Write one entry down; the README lists the kinds."""
        with self._lock:
            seq = len(self._entries) + 1
            self._entries.append({"seq": seq, "at": now(), "kind": kind, **fields})

    def entries(self, kind: str = "", after: int = 0) -> list[dict[str, Any]]:
        """The entries behind ``after``, of one kind if given, oldest first."""
        with self._lock:
            later = self._entries[max(after, 0) :]
        return [entry for entry in later if not kind or entry["kind"] == kind]

    @property
    def seq(self) -> int:
        """The number of the newest entry; 0 when there is none."""
        with self._lock:
            return len(self._entries)
