"""When stock is set and when not: permissions, accounts, locations, a person's hand."""

from typing import Any

import pytest

from app.db import session
from app.errors import Rejected
from app.models import Shop
from app.sync import stock
from tests.sync.warehouse_stock import (
    compare,
    confirm,
    count,
    level,
    product,
    run_job,
    scopes,
    seen,
    sets,
    switch_on,
    with_stock,
)
from tests.world import SHOP, World


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop with ten cups in Shopify and twelve at the warehouse."""
    return with_cups(make_world(mode="sync"))


def with_cups(world: World, **wishes: Any) -> World:
    """Ten cups in Shopify, twelve at the warehouse."""
    found = with_stock(world, **wishes)
    product(found, "CUP", available=10)
    count(found, {"sku": "CUP", "on_hand": 12})
    return found


def settings(world: World) -> dict[str, Any]:
    """The settings of stock."""
    found = world.api("GET", "/api/settings")
    return {key: found[key] for key in ("update_inventory", "stock_confirmed")}


def grant(world: World, granted: list[str]) -> None:
    """The merchant installs the app anew, with other permissions."""
    world.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    world.settle()
    world.install(scopes=granted)
    world.settle()


def test_nothing_is_read_while_it_is_off(shop: World) -> None:
    shop.settle()
    assert run_job(shop)["message"].startswith("Stock is not updated.")
    paths = [each["path"] for each in shop.wms.ask("GET", "/sandbox/ledger?kind=request")]
    assert not [path for path in paths if path.endswith("/inventory")]


def test_the_settings_alone_do_not_set_anything(shop: World) -> None:
    shop.choose(update_inventory=True, stock_confirmed=True)
    shop.settle()
    assert level(shop, "CUP") == 10
    assert [line for line in shop.log("stock") if line.startswith("Stock is not set: what it")]
    switch_on(shop)
    assert level(shop, "CUP") == 12


def test_confirming_needs_a_comparison(shop: World) -> None:
    with pytest.raises(Rejected, match="Compare the stock first"):
        confirm(shop)
    assert settings(shop) == {"update_inventory": False, "stock_confirmed": False}


def test_a_stale_confirmation_changes_nothing(shop: World) -> None:
    compare(shop)
    with shop.app.app_context():
        found = session().query(Shop).filter_by(domain=SHOP).one()
        assert stock.confirm(found, "7", found.settings_version - 1).stale
        session().rollback()


def test_without_the_permission_it_says_so_once(make_world: Any) -> None:
    world = with_cups(make_world(mode="sync"), granted=False)
    preview = compare(world)
    assert (preview.problem, preview.compared_at) == ("scope-missing", None)
    assert preview.failed.startswith("Stock can't be set: Tagdock may not write inventory.")
    compare(world)
    assert len(world.log("stock")) == 1
    grant(world, scopes())
    switch_on(world)
    assert (level(world, "CUP"), seen(world).problem) == (12, "")


def test_a_permission_taken_back_stops_it(shop: World) -> None:
    switch_on(shop)
    without = [scope for scope in scopes() if scope != "write_inventory"]
    grant(shop, without)
    mark = shop.mark()
    count(shop, {"sku": "CUP", "on_hand": 15})
    shop.settle()
    assert level(shop, "CUP") == 12
    assert seen(shop).problem == "scope-missing"
    assert len(sets(shop, mark)) <= 1
    grant(shop, scopes())
    run_job(shop)
    assert (level(shop, "CUP"), seen(shop).problem) == (15, "")


def test_switched_off_it_stops_and_goes_on_where_it_was(shop: World) -> None:
    switch_on(shop)
    shop.choose(update_inventory=False)
    count(shop, {"sku": "CUP", "on_hand": 20})
    shop.settle()
    assert level(shop, "CUP") == 12
    shop.choose(update_inventory=True)
    shop.settle()
    assert level(shop, "CUP") == 20


def test_another_warehouse_account_takes_the_yes_back(shop: World) -> None:
    switch_on(shop)
    shop.connect(automatic=True)
    assert settings(shop)["stock_confirmed"]
    other = shop.wms.ask("POST", "/sandbox/connectors", label="Other", account="OTHER")
    body = {"label": "W", "app_url": other["app_url"], "token": other["token"]}
    shop.api("PUT", "/api/connection", automatic=True, **body)
    assert not shop.api("POST", "/api/connection/test")["ok"]
    shop.settle()
    assert shop.api("POST", "/api/connection/confirm")["ok"]
    assert settings(shop) == {"update_inventory": True, "stock_confirmed": False}
    assert any("the warehouse account changed" in line for line in shop.log("stock"))
    shop.wms.call("PUT", "/sandbox/stock?account=OTHER", json=[{"sku": "CUP", "on_hand": 3}])
    shop.settle()
    run_job(shop)
    assert level(shop, "CUP") == 12
    switch_on(shop)
    assert level(shop, "CUP") == 3


def test_other_locations_take_the_yes_back(shop: World) -> None:
    switch_on(shop)
    milano, roma = shop.locations()["Milano"], shop.locations()["Roma"]
    shop.choose(stock_locations={"WH": milano})
    assert settings(shop)["stock_confirmed"], "it counts for the same location as before"
    shop.choose(stock_locations={"WH": roma})
    assert not settings(shop)["stock_confirmed"]
    count(shop, {"sku": "CUP", "on_hand": 14})
    shop.settle()
    assert (level(shop, "CUP", "Milano"), level(shop, "CUP", "Roma")) == (12, 10)
    assert any("count for other locations now" in line for line in shop.log("stock"))
    switch_on(shop)
    assert (level(shop, "CUP", "Milano"), level(shop, "CUP", "Roma")) == (12, 14)


def test_a_warehouse_that_tells_no_stock(make_world: Any) -> None:
    world = make_world(mode="sync")
    world.wms.ask("PUT", "/sandbox/settings", lacks=["inventory"])
    world = with_stock(world)
    product(world, "CUP", available=10)
    assert compare(world).changes == 0
    assert level(world, "CUP") == 10


def test_comparing_twice_at_once_is_one_run(shop: World) -> None:
    with shop.app.app_context():
        found = session().query(Shop).filter_by(domain=SHOP).one()
        first = stock.begin_preview(found, "7").id
        assert stock.begin_preview(found, "7").id == first
        session().commit()
    shop.settle()
    assert not seen(shop).running
