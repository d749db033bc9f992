"""ISO weeks, Monday to Sunday in UTC: what volumes are counted and billed by."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Self

# Tagdock is younger than this: an address that names an earlier week is a mistake.
_EARLIEST = date(2020, 1, 6)


@dataclass(frozen=True, slots=True, order=True)
class Week:
    """A week, by its Monday."""

    monday: date

    @classmethod
    def of(cls, moment: datetime) -> Self:
        """The week that a moment falls into."""
        day = moment.astimezone(UTC).date()
        return cls(day - timedelta(days=day.weekday()))

    @classmethod
    def read(cls, text: str, *, latest: "Week") -> Self | None:
        """The week called ``2026-W47``; None for anything else, and for one after ``latest``."""
        try:
            monday = date.fromisoformat(f"{text}-1")
        except ValueError:
            return None
        known = monday.weekday() == 0 and _EARLIEST <= monday <= latest.monday
        return cls(monday) if known and cls(monday).name == text else None

    @property
    def name(self) -> str:
        """The week as ISO 8601 writes it: ``2026-W47``."""
        return f"{self.year}-W{self.number:02}"

    @property
    def year(self) -> int:
        """The year that the week is counted in, which is not always the Monday's."""
        return self.monday.isocalendar().year

    @property
    def number(self) -> int:
        """Its number within that year."""
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        """Its last day."""
        return self.monday + timedelta(days=6)

    def before(self, weeks: int) -> "Week":
        """The week so many weeks earlier."""
        return Week(self.monday - timedelta(weeks=weeks))
