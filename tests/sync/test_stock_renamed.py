"""An article that the warehouse tells under another SKU than before is not counted twice."""

from typing import Any

import pytest

from app.db import session
from app.models import WarehouseStock
from tests.sync.warehouse_stock import (
    count,
    level,
    levels,
    product,
    switch_on,
    take_page,
    with_stock,
)
from tests.world import World


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop with ten cups on both sides, which sets its stock; the warehouse names the item."""
    world = with_stock(make_world(mode="sync"))
    product(world, "CUP", available=10)
    count(world, {"sku": "CUP", "on_hand": 10})
    switch_on(world)
    take(world, line(world, "CUP", 100))
    return world


def line(world: World, sku: str, version: int, available: int = 10) -> dict[str, Any]:
    """What the warehouse tells of the cup under some SKU."""
    item = next(iter(levels(world, "CUP").values()))["item"]
    told = {"sku": sku, "inventory_item_id": item, "warehouse": "WH"}
    return told | {"version": version, "available": available}


def take(world: World, *lines: dict[str, Any], fresh: bool = False, more: bool = False) -> bool:
    """Take a page in, and set what follows; True: all is to be read from the beginning."""
    anew = take_page(world, *lines, fresh=fresh, more=more)
    world.settle()
    return anew


def known(world: World) -> list[str]:
    """The SKUs that are known of the warehouse's."""
    with world.app.app_context():
        found = [row.sku for row in session().query(WarehouseStock).order_by(WarehouseStock.sku)]
        session().rollback()
        return found


def test_another_name_by_the_way_has_all_of_it_read(shop: World) -> None:
    assert take(shop, line(shop, "MUG", 101))
    assert (known(shop), level(shop, "CUP")) == (["CUP"], 10)
    assert not take(shop, line(shop, "MUG", 101), fresh=True)
    assert (known(shop), level(shop, "CUP")) == (["MUG"], 10)
    assert not take(shop, line(shop, "MUG", 102, 8))
    assert level(shop, "CUP") == 8


def test_another_name_at_the_beginning_of_a_whole_reading(shop: World) -> None:
    assert not take(shop, line(shop, "MUG", 101), fresh=True, more=True)
    assert (known(shop), level(shop, "CUP")) == (["MUG"], 10), "before it has come to its end"


@pytest.mark.parametrize("at_once", [True, False])
def test_two_skus_of_an_item_are_added_up(shop: World, at_once: bool) -> None:
    both = [line(shop, "MUG", 101, 5), line(shop, "CUP", 100)]
    assert take(shop, *both)
    if at_once:
        assert not take(shop, *both, fresh=True)
    else:
        assert not take(shop, both[0], fresh=True, more=True)
        assert not take(shop, both[1])
    assert level(shop, "CUP") == 15
    assert not take(shop, line(shop, "MUG", 102, 6)), "once only"
    assert level(shop, "CUP") == 16
