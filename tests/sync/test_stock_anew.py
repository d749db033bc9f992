"""A warehouse whose stock versions begin anew is heard; a line that is merely old never is."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import pytest

from app.db import database_now, session
from app.models import StockReading, WarehouseStock
from tests.sync.warehouse_stock import (
    compare,
    count,
    level,
    product,
    run_job,
    switch_on,
    take_page,
    with_stock,
)
from tests.world import World

ANEW = "The warehouse's stock versions began anew: its quantities are read again."
QUIET = {"where": "callback", "do": "no_callback", "times": None}


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop that sets its stock: the cups are at their fourth version, the jars at their first."""
    world = with_stock(make_world(mode="sync"))
    product(world, "CUP", available=1)
    product(world, "JAR", available=1)
    count(world, {"sku": "CUP", "on_hand": 1}, {"sku": "JAR", "on_hand": 4})
    for units in (2, 3, 10):
        count(world, {"sku": "CUP", "on_hand": units})
    switch_on(world)
    assert (level(world, "CUP"), level(world, "JAR")) == (10, 4)
    return world


def replaced(world: World, cups: int) -> None:
    """The warehouse goes on with another database, in which there are so many cups."""
    world.warehouse_fails(QUIET)
    count(world, {"sku": "CUP", "on_hand": cups})
    world.wms.ask("POST", "/sandbox/stock/replace")
    world.warehouse_fails()


def hours_later(world: World) -> None:
    """All of the stock was read for the last time some hours ago."""
    with world.app.app_context():
        session().query(StockReading).update({"begun_at": database_now() - timedelta(hours=3)})
        session().commit()


def beginnings(world: World, after: int) -> int:
    """How often the stock was read from an empty cursor since a mark."""
    asked = world.wms.ask("GET", f"/sandbox/ledger?kind=request&after={after}")
    found = [each for each in asked if each["path"].endswith("/inventory")]
    return sum(not parse_qs(each["query"]).get("cursor") for each in found)


def test_a_cursor_that_expires_has_all_of_it_read(shop: World) -> None:
    replaced(shop, 7)
    shop.wms.ask("POST", "/sandbox/cursors/expire")
    run_job(shop)
    assert (level(shop, "CUP"), level(shop, "JAR")) == (7, 4)
    assert shop.log("stock")[-1] == ANEW
    count(shop, {"sku": "CUP", "on_hand": 6})
    shop.settle()
    assert level(shop, "CUP") == 6, "and what follows is heard at once"
    assert shop.log("stock").count(ANEW) == 1


def test_a_callback_of_a_later_moment_has_all_of_it_read(shop: World) -> None:
    replaced(shop, 7)
    hours_later(shop)
    mark = int(shop.wms.ask("POST", "/sandbox/ledger/mark")["seq"])
    count(shop, {"sku": "CUP", "on_hand": 8})
    shop.settle()
    assert (level(shop, "CUP"), level(shop, "JAR")) == (8, 4)
    assert beginnings(shop, mark) == 2, "what the first has told of is believed at the second"


def test_a_line_by_the_way_has_all_of_it_read(shop: World) -> None:
    replaced(shop, 7)
    hours_later(shop)
    shop.warehouse_fails(QUIET)
    for units in range(20, 30):
        count(shop, {"sku": "JAR", "on_hand": units})
    count(shop, {"sku": "CUP", "on_hand": 8})
    run_job(shop)
    assert (level(shop, "CUP"), level(shop, "JAR")) == (8, 29)


def test_all_of_it_is_read_once_an_hour_at_most(shop: World) -> None:
    replaced(shop, 7)
    count(shop, {"sku": "CUP", "on_hand": 8})
    shop.settle()
    assert level(shop, "CUP") == 10
    compare(shop)
    shop.settle()
    assert level(shop, "CUP") == 8, "a comparison reads all of it, too"


def test_an_old_callback_changes_nothing(shop: World) -> None:
    hours_later(shop)
    mark = int(shop.wms.ask("POST", "/sandbox/ledger/mark")["seq"])
    shop.warehouse_fails({"where": "inventory", "do": "late_callback", "value": 0.3, "times": 1})
    count(shop, {"sku": "CUP", "on_hand": 11})
    count(shop, {"sku": "CUP", "on_hand": 12})
    shop.settle()
    assert level(shop, "CUP") == 12
    assert beginnings(shop, mark) == 0
    assert ANEW not in shop.log("stock")


def line(sku: str, version: int, available: int) -> dict[str, Any]:
    return {"sku": sku, "warehouse": "WH", "version": version, "available": available}


def known(world: World, sku: str = "CUP") -> tuple[int, int]:
    """The version and the quantity that are known."""
    with world.app.app_context():
        row = session().query(WarehouseStock).filter_by(sku=sku).one()
        session().rollback()
        return row.told_version, row.available


def test_an_old_line_in_a_whole_reading_that_tells_a_newer_one(shop: World) -> None:
    assert not take_page(shop, line("CUP", 2, 2), fresh=True, more=True)
    assert not take_page(shop, line("CUP", 4, 10), line("JAR", 1, 4))
    assert known(shop) == (4, 10)
    assert not take_page(shop, line("CUP", 4, 10), fresh=True, more=True)
    assert not take_page(shop, line("CUP", 3, 3), line("JAR", 1, 4))
    assert known(shop) == (4, 10)
    assert not take_page(shop, line("CUP", 3, 3), line("JAR", 1, 4), line("CUP", 5, 9), fresh=True)
    assert known(shop) == (5, 9)


def test_a_whole_reading_is_believed_at_its_second_telling(shop: World) -> None:
    assert take_page(shop, line("CUP", 2, 2), line("JAR", 1, 4), fresh=True)
    assert known(shop) == (-1, 10), "nothing is overwritten by what may be old"
    assert not take_page(shop, line("CUP", 2, 2), line("JAR", 1, 4), fresh=True)
    assert known(shop) == (2, 2)
    assert not take_page(shop, line("CUP", 2, 2), line("JAR", 1, 4), fresh=True)
    assert shop.log("stock").count(ANEW) == 1


def test_another_quantity_under_the_same_version(shop: World) -> None:
    assert take_page(shop, line("CUP", 4, 6), line("JAR", 1, 4), fresh=True)
    assert not take_page(shop, line("CUP", 4, 6), line("JAR", 1, 4), fresh=True)
    assert known(shop) == (4, 6)


def test_an_unfinished_reading_proves_nothing(shop: World) -> None:
    assert not take_page(shop, line("CUP", 2, 2), fresh=True, more=True)
    assert not take_page(shop, line("CUP", 4, 10), line("JAR", 1, 4), fresh=True)
    assert known(shop) == (4, 10)
    assert ANEW not in shop.log("stock")
