"""Goods that the warehouse has shipped and that people fulfilled in Shopify themselves: nothing of
them is asked back, and nothing of the rest is lost."""

import pytest

from tests.sync.test_asked_back import asked_back
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

LINES = [{"sku": "MUG-WHITE", "quantity": 5}]
SYNCED = ["wms-synced"]


@pytest.fixture
def sent(shop: World) -> str:
    """An order for five mugs that is in the warehouse; people fulfil in Shopify themselves."""
    shop.choose(fulfil=False)
    gid = shop.order(lines=LINES)
    shop.settle()
    assert shop.state_tags(gid) == SYNCED
    return gid


def ship(world: World, gid: str, units: int) -> None:
    """The warehouse ships some mugs, and Tagdock knows."""
    reference = world.row(gid)["outbound"][0]["external_id"]
    at_warehouse(world, "ship", reference, lines=[{"sku": "MUG-WHITE", "quantity": units}])
    world.settle()


def fulfil(world: World, gid: str, units: int) -> None:
    """People fulfil some mugs in Shopify."""
    parts = world.shopify_order(gid)["fulfillment_orders"]
    part = next(each for each in parts if each["status"] in ("OPEN", "IN_PROGRESS"))
    lines = [{"id": part["lines"][0]["id"], "quantity": units}]
    world.change(gid, "fulfil", fulfillment_order=part["id"], lines=lines)
    world.settle()


def to_ship(world: World) -> int:
    """How many mugs the warehouse is to ship in all, and those that it has shipped."""
    return sum(
        line["quantity"] - line["cancelled_quantity"]
        for order in world.wms.ask("GET", "/sandbox/orders")
        for line in order["lines"]
    )


def test_all_that_was_shipped_stays_as_it_is(shop: World, sent: str) -> None:
    ship(shop, sent, 5)
    fulfil(shop, sent, 5)
    assert (asked_back(shop), shop.state_tags(sent)) == ([], SYNCED)
    shop.change(sent, "edit", note="thank you")
    shop.settle()
    assert (shop.state_tags(sent), shop.row(sent)["reason"]) == (SYNCED, "")
    assert [revision for _, revision in shop.applied()] == [1], "nothing is left to be changed"


def test_people_are_quicker_than_tagdock(shop: World) -> None:
    gid = shop.order(lines=LINES)
    shop.settle()
    at_warehouse(shop, "ship", shop.row(gid)["outbound"][0]["external_id"])
    shop.change(gid, "fulfil")
    shop.settle()
    for job in ("export_shipped_orders", "sync_status", "import_orders"):
        shop.api("POST", f"/api/jobs/{job}/run")
        shop.settle()
    assert (asked_back(shop), shop.state_tags(gid)) == ([], SYNCED)


def test_the_rest_is_still_shipped(shop: World, sent: str) -> None:
    ship(shop, sent, 2)
    fulfil(shop, sent, 2)
    assert (asked_back(shop), shop.state_tags(sent), to_ship(shop)) == ([], SYNCED, 5)
    ship(shop, sent, 3)
    fulfil(shop, sent, 3)
    assert (asked_back(shop), shop.state_tags(sent), to_ship(shop)) == ([], SYNCED, 5)


def test_only_what_was_not_shipped_is_asked_back(shop: World, sent: str) -> None:
    ship(shop, sent, 2)
    fulfil(shop, sent, 4)
    assert (shop.state_tags(sent), to_ship(shop)) == (SYNCED, 3)
    fulfil(shop, sent, 1)
    assert (shop.state_tags(sent), to_ship(shop)) == (SYNCED, 2)


def test_the_rest_that_is_shipped_later_is_not_shipped_twice(shop: World, sent: str) -> None:
    ship(shop, sent, 2)
    fulfil(shop, sent, 4)
    ship(shop, sent, 1)
    shop.change(sent, "edit", note="thank you")
    shop.settle()
    assert to_ship(shop) == 3
    fulfil(shop, sent, 1)
    assert to_ship(shop) == 3


def test_units_taken_off_the_order_are_asked_back_all_the_same(shop: World, sent: str) -> None:
    ship(shop, sent, 2)
    fulfil(shop, sent, 2)
    line = shop.shopify_order(sent)["lines"][0]["id"]
    shop.change(sent, "edit", lines=[{"line_id": line, "quantity": 4}])
    shop.settle()
    assert (shop.state_tags(sent), to_ship(shop)) == (SYNCED, 4)


def test_a_fulfillment_that_is_cancelled_asks_nothing_back(shop: World, sent: str) -> None:
    ship(shop, sent, 5)
    fulfil(shop, sent, 5)
    (fulfillment,) = shop.shopify_order(sent)["fulfillments"]
    shop.change(sent, "cancel-fulfillment", fulfillment=fulfillment["id"])
    shop.settle()
    assert (asked_back(shop), to_ship(shop)) == ([], 5), "they wait to be shipped again"
    shop.send(sent)
    shop.settle()
    assert (asked_back(shop), shop.state_tags(sent), to_ship(shop)) == ([], SYNCED, 10)


def test_what_was_shipped_and_then_moved_stays_for_a_person(shop: World, sent: str) -> None:
    here, other, *_ = shop.locations().values()
    codes = [each["code"] for each in shop.wms.ask("GET", "/sandbox/warehouses")]
    shop.choose(locations={here: codes[0], other: codes[1]})
    ship(shop, sent, 5)
    shop.change(sent, "move", location=other)
    shop.settle()
    assert (shop.state_tags(sent), to_ship(shop)) == (["wms-error"], 5), "shipped once, not twice"
