"""The nightly comparison begins by itself: at three by the shop's clocks, once a day, whoever looks
at the schedule and how often; and its run makes a report."""

import html
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Run, ScheduleSlot, Shop
from app.sync import runs, schedule
from app.sync.drift_rows import DRIFT
from app.sync.owing import owe
from tests.sync.drift_hand import differences
from tests.sync.test_fulfil import sent
from tests.world import PATIENCE, SHOP, World

TICKERS = 4


def slot_of(world: World) -> datetime:
    """When the comparison begins next."""
    with world.app.app_context():
        found: datetime = session().query(ScheduleSlot.next_at).filter_by(job=DRIFT).scalar()
        session().rollback()
        return found


def strike_two(world: World) -> datetime:
    """It is two in the night; returns when it is three."""
    with world.app.app_context():
        three = database_now() + timedelta(hours=1)
        session().query(ScheduleSlot).filter_by(job=DRIFT).one().next_at = three
        session().commit()
        return three


def strike_three(world: World, zone: str = "") -> datetime:
    """It is three in the night, in the shop's time zone or in another one; returns the moment."""
    with world.app.app_context():
        now = database_now()
        session().query(ScheduleSlot).filter_by(job=DRIFT).one().next_at = now
        shop = session().query(Shop).one()
        shop.timezone = zone or shop.timezone
        session().commit()
        return now


def nights(world: World) -> list[dict[str, Any]]:
    """The comparisons there were, the oldest first."""
    with world.app.app_context():
        rows = session().query(Run).filter_by(kind=DRIFT).order_by(Run.started_at)
        names = ("started_by", "counts", "message", "finished_at")
        found = [{name: getattr(run, name) for name in names} for run in rows]
        session().rollback()
        return found


def tick(world: World) -> int:
    """Look at the schedule as a ticker does; how many runs that started."""
    with world.app.app_context():
        return schedule.start_due()


def test_a_new_shop_is_compared_at_the_next_three_by_its_clocks(world: World) -> None:
    local = slot_of(world).astimezone(ZoneInfo("Europe/Rome"))
    with world.app.app_context():
        now, shop = database_now(), session().query(Shop).one()
        assert shop.timezone == "Europe/Rome"
        assert (local.hour, local.minute) == (3, shop.id % 60)
        assert shop.installed_at < local <= now + timedelta(hours=25)
        session().rollback()


def test_a_shop_that_changes_its_clocks_is_compared_by_the_new_ones(world: World) -> None:
    strike_three(world, "Asia/Tokyo")
    with world.app.app_context():
        shop_id = session().query(Shop.id).scalar()
        owe(shop_id, ("shop", str(shop_id)), Effect.READ_SHOP)
        session().commit()
    world.settle()
    local = slot_of(world).astimezone(ZoneInfo("Europe/Rome"))
    assert (local.hour, local.minute) == (3, shop_id % 60)


def test_before_three_nothing_is_compared(world: World) -> None:
    before = strike_two(world)
    world.tick()
    world.settle()
    assert nights(world) == []
    assert slot_of(world) == before


def test_a_night_makes_a_report_once(shop: World) -> None:
    shop.shopify.call("PUT", "/sandbox/settings", json={"search_lag": 0})
    _, external_id = sent(shop)
    shop.wms.ask("POST", "/sandbox/orders/forget", external_id=external_id)
    strike_three(shop)
    for _ in range(3):
        shop.tick()
        shop.settle()
    (night,) = nights(shop)
    assert night["started_by"] == runs.SCHEDULE
    assert night["finished_at"] is not None
    assert night["message"] == ""
    assert night["counts"]["looked"] == 1
    (row,) = differences(shop)
    assert (row["kind"], row["repair"]) == ("missing", "send")
    params = {"shop": SHOP, "id_token": shop.id_token()}
    report = shop.http.call("GET", "/drift", params=params)
    assert report.status_code == 200
    assert row["name"] in report.text
    assert row["warehouse"] in html.unescape(report.text)
    assert shop.applied() == [(external_id, 1)], "found, and not repaired by itself"


def test_the_night_after_it_is_compared_again(shop: World) -> None:
    sent(shop)
    for night in (1, 2):
        strike_three(shop)
        shop.tick()
        shop.settle()
        assert len(nights(shop)) == night
    assert all(each["finished_at"] for each in nights(shop))


@pytest.mark.parametrize(
    "zone", ["Europe/Rome", "America/Los_Angeles", "Asia/Kolkata", "Pacific/Kiritimati", "UTC"]
)
def test_the_next_one_is_at_three_of_the_shops_own_next_day(world: World, zone: str) -> None:
    now = strike_three(world, zone)
    assert tick(world) == 1
    again = slot_of(world)
    local = again.astimezone(ZoneInfo(zone))
    assert local.hour == 3
    assert timedelta(0) < again - now <= timedelta(hours=25)
    assert tick(world) == 0, "not before then"
    assert slot_of(world) == again


def test_of_many_tickers_at_once_one_begins_it(world: World) -> None:
    strike_three(world)
    together = Barrier(TICKERS)

    def ticker(_number: int) -> int:
        together.wait(PATIENCE)
        try:
            return tick(world)
        finally:
            with world.app.app_context():
                session().remove()

    with ThreadPoolExecutor(TICKERS) as pool:
        started = list(pool.map(ticker, range(TICKERS)))
    assert sorted(started) == [0, 0, 0, 1]
    world.settle()
    assert len(nights(world)) == 1


def test_a_shop_without_the_app_is_not_compared(world: World) -> None:
    strike_three(world)
    with world.app.app_context():
        session().query(Shop).one().installed = False
        session().commit()
    assert tick(world) == 0
    assert nights(world) == []
