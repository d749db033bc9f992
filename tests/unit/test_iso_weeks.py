"""ISO weeks: their names, their days, and the years they belong to."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from app.domain.weeks import Week

NOW = Week(date(2026, 11, 16))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        ("2026-11-16", "2026-W47"),
        ("2026-11-22", "2026-W47"),
        ("2026-12-31", "2026-W53"),
        ("2027-01-03", "2026-W53"),
        ("2027-01-04", "2027-W01"),
        ("2024-12-30", "2025-W01"),
    ],
)
def test_a_day_belongs_to_its_iso_week(day: str, name: str) -> None:
    week = Week.of(datetime.fromisoformat(f"{day}T12:00:00+00:00"))
    assert week.name == name
    assert week.monday <= date.fromisoformat(day) <= week.sunday


def test_a_week_begins_at_midnight_in_utc() -> None:
    berlin = timezone(timedelta(hours=1))
    assert Week.of(datetime(2026, 11, 16, 0, 30, tzinfo=berlin)) == NOW.before(1)
    assert Week.of(datetime(2026, 11, 16, 0, 0, tzinfo=UTC)) == NOW


def test_a_name_is_read_back() -> None:
    for ago in range(300):
        week = NOW.before(ago)
        assert Week.read(week.name, latest=NOW) == week


@pytest.mark.parametrize(
    "text",
    ["", "x", "2026-47", "2026-W00", "2026-W54", "2026W47", "2026-W48", "2019-W52", "9" * 99],
)
def test_what_is_no_past_week_is_none(text: str) -> None:
    assert Week.read(text, latest=NOW) is None
