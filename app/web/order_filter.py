"""What the address of the list of orders asks for."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import request

from app.web.times import zone
from app.web.words import STATES

_MOST = 120
_YEARS = range(1970, 2200)


@dataclass(frozen=True, slots=True)
class Filter:
    """What the page's address asks for; empty parts ask for nothing. ``since`` and ``until`` are
    days in the shop's zone, both included."""

    state: str = ""
    reason: str = ""
    warehouse: str = ""
    since: date | None = None
    until: date | None = None
    search: str = ""

    @classmethod
    def of_request(cls) -> "Filter":
        """Read the address; what makes no sense is left out."""
        state = request.args.get("state", "")
        return cls(
            state=state if state in STATES else "",
            reason=clean(request.args.get("reason", "")),
            warehouse=clean(request.args.get("warehouse", "")),
            since=_day(request.args.get("from", "")),
            until=_day(request.args.get("to", "")),
            search=clean(request.args.get("q", "")),
        )

    @property
    def any(self) -> bool:
        """Whether anything is filtered at all."""
        return self != Filter()

    @property
    def asks_for_all_that_wait(self) -> bool:
        """Whether it shows what *Send all* sends: every order that waits, and nothing else."""
        return self == Filter(state="no_sync")

    @property
    def begins(self) -> datetime | None:
        """The first moment of the days asked for."""
        return _midnight(self.since) if self.since else None

    @property
    def ends(self) -> datetime | None:
        """The first moment after the days asked for."""
        return _midnight(self.until + timedelta(days=1)) if self.until else None

    def as_args(self) -> dict[str, Any]:
        """The parts of an address that mean this filter."""
        return {
            "state": self.state,
            "reason": self.reason,
            "warehouse": self.warehouse,
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
            "q": self.search,
        }


def clean(text: str) -> str:
    """Search text as a database takes it: one line, no control characters, 120 characters."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_MOST]


def _day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.year in _YEARS else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), zone()).astimezone(UTC)
