"""A SKU that Shopify keeps with spaces around it is the warehouse's all the same, as it is in
orders."""

from typing import Any

import pytest

from app.db import session
from app.models import CatalogueItem, WarehouseStock
from app.sync import stock_marks
from tests.sync.warehouse_stock import count, level, product, switch_on, with_stock
from tests.world import World


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop that sets its stock: seven mugs under a SKU with spaces; the warehouse has nine."""
    world = with_stock(make_world(mode="sync"))
    product(world, " MUG-1 ", available=7)
    count(world, {"sku": "MUG-1", "on_hand": 9})
    switch_on(world)
    return world


def _matched(world: World) -> list[tuple[str, bool, str]]:
    """What the warehouse tells: the SKU, whether it counts for something, and why not."""
    with world.app.app_context():
        rows = session().query(WarehouseStock).order_by(WarehouseStock.sku)
        found = [(row.sku, bool(row.target), row.reason) for row in rows]
        session().rollback()
        return found


def test_its_stock_is_set(shop: World) -> None:
    assert _matched(shop) == [("MUG-1", True, "")]
    assert level(shop, " MUG-1 ") == 9
    assert shop.log("left_out") == []
    count(shop, {"sku": "MUG-1", "on_hand": 4})
    shop.settle()
    assert level(shop, " MUG-1 ") == 4


def test_another_case_is_another_sku(shop: World) -> None:
    count(shop, {"sku": "mug-1", "on_hand": 5})
    shop.settle()
    assert _matched(shop) == [("MUG-1", True, ""), ("mug-1", False, "sku-unknown")]
    assert level(shop, " MUG-1 ") == 9


def test_one_that_is_gone_leaves_it_to_the_other(shop: World) -> None:
    with shop.app.app_context():
        (item,) = session().query(CatalogueItem).filter_by(sku=" MUG-1 ")
        stock_marks.vanished(item.shop_id, CatalogueItem.id == item.id)
        session().flush()
        (line,) = session().query(WarehouseStock)
        assert (line.due, line.target) == (True, "")
        session().rollback()
