"""Stock comes from the warehouse and is set in Shopify, once a person has seen the difference."""

from typing import Any

import pytest

from tests.sync.warehouse_stock import (
    compare,
    confirm,
    count,
    level,
    levels,
    product,
    run_job,
    seen,
    sets,
    switch_on,
    with_stock,
)
from tests.world import World


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop that gave every permission, and a warehouse that answers at once."""
    return with_stock(make_world(mode="sync"))


def test_nothing_is_set_before_a_person_has_seen_it(shop: World) -> None:
    product(shop, "CUP", available=7)
    product(shop, "JAR", available=3)
    count(shop, {"sku": "CUP", "on_hand": 12}, {"sku": "JAR", "on_hand": 3})
    shop.settle()
    preview = compare(shop)
    assert (preview.equal, preview.changes, preview.left_out) == (1, 1, {})
    assert preview.compared_at is not None
    assert level(shop, "CUP") == 7
    mark = shop.mark()
    confirm(shop)
    shop.settle()
    assert level(shop, "CUP") == 12
    assert len(sets(shop, mark)) == 1
    assert shop.log("stock_set") == ["Stock set in Shopify: CUP 7 → 12."]


def test_a_callback_makes_it_real_time(shop: World) -> None:
    product(shop, "CUP", available=7)
    count(shop, {"sku": "CUP", "on_hand": 7})
    switch_on(shop)
    mark = shop.mark()
    count(shop, {"sku": "CUP", "on_hand": 9})
    shop.settle()
    assert level(shop, "CUP") == 9
    count(shop, {"sku": "CUP", "on_hand": 9, "incoming": 4})
    shop.settle()
    assert len(sets(shop, mark)) == 1, "nothing to set, nothing sent"


def test_without_callbacks_the_job_finds_it(shop: World) -> None:
    product(shop, "CUP", available=7)
    count(shop, {"sku": "CUP", "on_hand": 7})
    switch_on(shop)
    shop.warehouse_fails({"where": "callback", "do": "no_callback", "times": None})
    count(shop, {"sku": "CUP", "on_hand": 2})
    shop.settle()
    assert level(shop, "CUP") == 7
    assert run_job(shop) == {"changed": 1, "set": 1, "message": ""}
    assert level(shop, "CUP") == 2


def test_an_item_id_comes_before_the_sku(shop: World) -> None:
    product(shop, "CUP", available=1)
    product(shop, "JAR", available=1)
    cup = levels(shop, "CUP")["Milano"]["item"]
    count(shop, {"sku": "JAR", "on_hand": 5, "inventory_item_id": cup})
    switch_on(shop)
    assert (level(shop, "CUP"), level(shop, "JAR")) == (5, 1)


def test_an_id_learnt_later_is_the_same_line(shop: World) -> None:
    product(shop, "CUP", available=1)
    count(shop, {"sku": "CUP", "on_hand": 5})
    switch_on(shop)
    cup = levels(shop, "CUP")["Milano"]["item"].rsplit("/", 1)[1]
    count(shop, {"sku": "CUP", "on_hand": 6, "inventory_item_id": cup})
    shop.settle()
    assert level(shop, "CUP") == 6


def test_warehouses_of_one_location_add_up(shop: World) -> None:
    product(shop, "CUP", available=1)
    milano, roma = shop.locations()["Milano"], shop.locations()["Roma"]
    shop.choose(stock_locations={"WH": milano, "WH-2": milano})
    count(
        shop,
        {"sku": "CUP", "on_hand": 5, "warehouse": "WH"},
        {"sku": "CUP", "on_hand": 3, "warehouse": "WH-2"},
    )
    switch_on(shop)
    assert (level(shop, "CUP", "Milano"), level(shop, "CUP", "Roma")) == (8, 1)
    assert roma


def test_a_warehouse_of_two_locations_counts_for_none(shop: World) -> None:
    product(shop, "CUP", available=1)
    milano, roma = shop.locations()["Milano"], shop.locations()["Roma"]
    shop.choose(locations={milano: "WH", roma: "WH"})
    count(shop, {"sku": "CUP", "on_hand": 5})
    switch_on(shop)
    assert (level(shop, "CUP", "Milano"), level(shop, "CUP", "Roma")) == (1, 1)
    assert seen(shop).left_out == {"no-location": 1}
    shop.choose(stock_locations={"WH": roma})
    switch_on(shop)
    assert (level(shop, "CUP", "Milano"), level(shop, "CUP", "Roma")) == (1, 5)
    assert seen(shop).left_out == {}


def test_what_cannot_be_set_is_named_and_the_rest_is_set(shop: World) -> None:
    product(shop, "CUP", available=1)
    product(shop, "FREE", available=1, tracked=False)
    product(shop, "KIT", available=1, bundle=True)
    product(shop, "TWIN", available=1)
    product(shop, "TWIN", available=1)
    names = ("CUP", "FREE", "KIT", "TWIN", "ALIEN")
    count(shop, *({"sku": name, "on_hand": 9} for name in names))
    switch_on(shop)
    assert level(shop, "CUP") == 9
    assert seen(shop).left_out == {
        "untracked": 1,
        "bundle": 1,
        "duplicate-sku": 1,
        "sku-unknown": 1,
    }
    named = shop.log("left_out")
    assert [line.split()[0] for line in named] == ["FREE", "KIT", "TWIN", "ALIEN"]
    run_job(shop)
    assert shop.log("left_out") == named, "each is named once"


def test_nothing_is_missing_in_shopify_before_it_was_read(shop: World) -> None:
    product(shop, "CUP", available=7)
    shop.choose(update_inventory=True)
    count(shop, {"sku": "CUP", "on_hand": 12}, {"sku": "ALIEN", "on_hand": 1})
    shop.settle()
    assert not shop.log("left_out")
    switch_on(shop)
    assert (level(shop, "CUP"), len(shop.log("left_out"))) == (12, 1)


def test_a_sku_given_later_is_found(shop: World) -> None:
    count(shop, {"sku": "CUP", "on_hand": 9})
    switch_on(shop)
    assert seen(shop).left_out == {"sku-unknown": 1}
    product(shop, "CUP", available=1)
    switch_on(shop)
    assert (level(shop, "CUP"), seen(shop).left_out) == (9, {})


def test_an_item_is_stocked_where_it_never_was(shop: World) -> None:
    product(shop, "CUP", available={"Roma": 4})
    count(shop, {"sku": "CUP", "on_hand": 9})
    assert level(shop, "CUP", "Milano") is None
    switch_on(shop)
    assert (level(shop, "CUP", "Milano"), level(shop, "CUP", "Roma")) == (9, 4)


def test_nothing_is_stocked_for_nothing(shop: World) -> None:
    product(shop, "CUP", available={"Roma": 4})
    count(shop, {"sku": "CUP", "on_hand": 0})
    switch_on(shop)
    assert level(shop, "CUP", "Milano") is None


def test_rows_told_twice_and_backwards_are_the_same(shop: World) -> None:
    product(shop, "CUP", available=1)
    count(shop, {"sku": "CUP", "on_hand": 5})
    switch_on(shop)
    shop.warehouse_fails(
        {"where": "inventory", "do": "duplicate_rows", "times": None},
        {"where": "inventory", "do": "reorder_rows", "times": None},
        {"where": "inventory", "do": "duplicate_callback", "value": 3, "times": None},
    )
    for units in (6, 8, 7):
        count(shop, {"sku": "CUP", "on_hand": units})
    shop.settle()
    assert level(shop, "CUP") == 7


def test_an_expired_cursor_begins_anew(shop: World) -> None:
    product(shop, "CUP", available=1)
    count(shop, {"sku": "CUP", "on_hand": 5})
    switch_on(shop)
    shop.wms.ask("POST", "/sandbox/cursors/expire")
    count(shop, {"sku": "CUP", "on_hand": 6})
    shop.settle()
    assert level(shop, "CUP") == 6
    assert seen(shop).left_out == {}


def test_what_a_whole_reading_does_not_tell_of_is_left_alone(shop: World) -> None:
    product(shop, "CUP", available=1)
    product(shop, "JAR", available=1)
    count(shop, {"sku": "CUP", "on_hand": 5}, {"sku": "JAR", "on_hand": 4})
    switch_on(shop)
    shop.wms.ask("POST", "/sandbox/reset")
    shop.connect(automatic=True)
    for units in (5, 6):
        count(shop, {"sku": "CUP", "on_hand": units})
    run_job(shop)
    assert (level(shop, "CUP"), level(shop, "JAR")) == (6, 4)
    assert seen(shop).left_out == {"not-told": 1}
    assert any(line.startswith("JAR is not told") for line in shop.log("left_out"))
