"""The warehouse tells of its stock before it tells what became of the goods: both end up equal."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from app.db import session
from app.models import Connection, OutboundOrder, Shop
from app.sync import feeds, stock_marks, stock_state
from app.sync.stock_judge import due_levels, judge, note, write
from tests.sync.test_fulfil import parcel
from tests.sync.test_returns import ends, open_return
from tests.sync.warehouse_hand import at_warehouse
from tests.sync.warehouse_stock import (
    count,
    level,
    product,
    run_job,
    scopes,
    stocked,
    switch_on,
    there,
)
from tests.world import World

QUIET = {"where": "callback", "do": "no_callback", "times": None}


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop with ten cups on both sides, which sets its stock and may see returns."""
    world: World = make_world(mode="sync")
    world.install(scopes=[*scopes(), "write_returns"])
    world.connect(automatic=True)
    places = world.locations()
    world.choose(locations={places["Milano"]: "WH", places["Roma"]: "WH-2"})
    world.settle()
    product(world, "CUP", available=10)
    count(world, {"sku": "CUP", "on_hand": 10})
    switch_on(world)
    return world


def sold(world: World) -> tuple[str, str]:
    """Three cups, which the warehouse has to ship."""
    gid = world.order(lines=[{"sku": "CUP", "quantity": 3}], location="Milano")
    world.settle()
    assert (level(world, "CUP"), there(world, "CUP")) == (7, 7)
    return gid, world.row(gid)["outbound"][0]["external_id"]


@contextmanager
def unheard(world: World, feed: str) -> Iterator[None]:
    """The warehouse calls nobody, and one of its feeds is not read."""
    world.warehouse_fails(QUIET)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(feeds, "FEEDS", tuple(each for each in feeds.FEEDS if each != feed))
        yield


def look(world: World) -> None:
    """Look at everything the warehouse tells."""
    with world.app.app_context():
        known = session().query(OutboundOrder).one()
        feeds.owe_look(known.shop_id, known.connection_id)
        session().commit()
    world.settle()


def test_what_is_restocked_after_it_was_counted_is_not_counted_twice(shop: World) -> None:
    gid, external_id = sold(shop)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    back = open_return(shop, gid, ("CUP", 3))
    shop.settle()
    lines = [{"sku": "CUP", "quantity": 3, "disposition": "restock"}]
    with unheard(shop, feeds.RETURNS):
        shop.wms.ask("POST", "/sandbox/returns/receive", external_id=back, lines=lines)
        run_job(shop)
        assert (level(shop, "CUP"), there(shop, "CUP"), ends(shop, gid)) == (10, 10, {})
    look(shop)
    assert ends(shop, gid) == {("CUP", "RESTOCKED"): 3}
    assert (level(shop, "CUP"), there(shop, "CUP")) == (10, 10)
    assert not shop.log("stock_changed")


@pytest.mark.parametrize("units", [3, 2])
def test_what_the_seller_cancels_after_it_was_counted_is_kept(shop: World, units: int) -> None:
    gid, external_id = sold(shop)
    (line,) = shop.row(gid)["outbound"][0]["confirmed_lines"]
    with unheard(shop, feeds.CANCELLATIONS):
        at_warehouse(shop, "cancel", external_id, lines=[{"line_id": line, "quantity": units}])
        run_job(shop)
        assert (level(shop, "CUP"), there(shop, "CUP")) == (7 + units, 7 + units)
    look(shop)
    assert (level(shop, "CUP"), there(shop, "CUP")) == (7, 7 + units)
    assert not shop.log("stock_changed")


def test_what_is_restocked_while_stock_is_set_is_read_again(shop: World) -> None:
    """The answer to the setting is recorded last, and says less than Shopify has by now."""
    with shop.app.app_context():
        connection = session().query(Connection).one()
        owner = session().get_one(Shop, connection.shop_id)
        stock_marks.levels(owner.id)
        rows = [row for row in due_levels(owner, 0, 10) if row.wanted == 10]
        setting = judge(owner, connection, rows, {})
        session().commit()
        assert len(setting) == 1
        stocked(shop, "CUP", 13)
        stock_marks.levels(owner.id, seen=None)
        write([note(each, seen=each.wanted) for each in setting])
        stock_state.owe_stock(owner)
        session().commit()
    shop.settle()
    assert level(shop, "CUP") == 10
