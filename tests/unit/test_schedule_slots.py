"""When a scheduled job runs next: by its interval, or at an hour of the shop's own day."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from app.models import Shop
from app.sync.schedule import JOBS, NIGHTLY, SLOTS, Job

ZONES = [
    *("UTC", "Europe/Rome", "Europe/Helsinki", "America/New_York", "America/Santiago"),
    *("Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Kiritimati", "nowhere/at-all"),
]
YEAR = 366


def nights(zone: str, number: int) -> list[datetime]:
    """A year of nightly comparisons of a shop, each found just as the one before began."""
    (nightly,) = NIGHTLY
    shop, now = Shop(id=number, timezone=zone), datetime(2026, 1, 1, 12, tzinfo=UTC)
    found = []
    for _ in range(YEAR):
        now = nightly.next_at(shop, now)
        found.append(now)
    return found


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize("number", [0, 7, 119])
def test_every_day_of_a_year_has_one_night(zone: str, number: int) -> None:
    local = ZoneInfo("UTC" if zone == "nowhere/at-all" else zone)
    found = [moment.astimezone(local) for moment in nights(zone, number)]
    days = [moment.date() for moment in found]
    assert days == [days[0] + timedelta(days=n) for n in range(YEAR)]
    # Where the clocks go forward at three there is no such time: it is an hour later then.
    odd = [moment for moment in found if (moment.hour, moment.minute) != (3, number % 60)]
    assert len(odd) == (1 if zone == "Europe/Helsinki" else 0)


def test_a_late_ticker_does_not_skip_or_double_a_night() -> None:
    (nightly,) = NIGHTLY
    shop = Shop(id=7, timezone="Europe/Rome")
    due = nightly.next_at(shop, datetime(2026, 11, 22, 12, tzinfo=UTC))
    for late in (timedelta(0), timedelta(minutes=1), timedelta(hours=9), timedelta(hours=23)):
        assert nightly.next_at(shop, due + late) == due + timedelta(days=1)


def test_other_jobs_run_at_their_interval_whatever_the_zone() -> None:
    now = datetime(2026, 3, 29, 0, 59, tzinfo=UTC)
    for job in JOBS:
        for zone in ZONES:
            assert job.next_at(Shop(id=1, timezone=zone), now) == now + job.every


def test_names_of_slots_are_unique() -> None:
    names = [job.name for job in SLOTS]
    assert len(set(names)) == len(names)
    assert [job.name for job in SLOTS if job.hour is not None] == ["drift"]
    assert Job("drift", timedelta(days=1), hour=3) in SLOTS
