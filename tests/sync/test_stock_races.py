"""Whatever happens in Shopify and at the warehouse at the same time, stock ends up equal."""

from typing import Any

import pytest

from tests.sync.warehouse_hand import at_warehouse
from tests.sync.warehouse_stock import (
    count,
    level,
    product,
    run_job,
    seen,
    sets,
    stocked,
    switch_on,
    there,
    with_stock,
)
from tests.world import SHOP, World

SET = {"where": "graphql", "match": "SetQuantities"}


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop with ten cups on both sides, which sets its stock."""
    world = with_stock(make_world(mode="sync"))
    product(world, "CUP", available=10)
    product(world, "JAR", available=10)
    count(world, {"sku": "CUP", "on_hand": 10}, {"sku": "JAR", "on_hand": 10})
    switch_on(world)
    return world


def order(world: World, sku: str = "CUP", units: int = 1, **wishes: Any) -> str:
    """Sell some cups from Milano."""
    lines = [{"sku": sku, "quantity": units}]
    return world.order(lines=lines, location="Milano", **wishes)


def test_a_merchants_edit_is_read_and_never_overwritten_blindly(shop: World) -> None:
    stocked(shop, "CUP", 7)
    mark = shop.mark()
    count(shop, {"sku": "CUP", "on_hand": 12}, {"sku": "JAR", "on_hand": 11})
    shop.settle()
    assert (level(shop, "CUP"), level(shop, "JAR")) == (12, 11)
    assert shop.log("stock_changed") == [
        "CUP was changed in Shopify from 10 to 7 meanwhile. It was set to 12."
    ]
    assert len(sets(shop, mark)) == 3, "one refused, one for the rest, one for the cup"


def test_an_edit_to_what_it_should_be_is_left_as_it_is(shop: World) -> None:
    stocked(shop, "CUP", 12)
    mark = shop.mark()
    count(shop, {"sku": "CUP", "on_hand": 12})
    shop.settle()
    assert (level(shop, "CUP"), len(sets(shop, mark))) == (12, 1)
    assert not shop.log("stock_changed")


def test_an_order_that_the_warehouse_does_not_know_is_subtracted(shop: World) -> None:
    shop.choose(cool_off_minutes=60)
    gid = order(shop, units=3)
    shop.settle()
    assert (level(shop, "CUP"), there(shop, "CUP")) == (7, 10)
    count(shop, {"sku": "CUP", "on_hand": 20})
    shop.settle()
    assert (level(shop, "CUP"), there(shop, "CUP")) == (17, 20)
    shop.send(gid)
    shop.settle()
    assert (level(shop, "CUP"), there(shop, "CUP")) == (17, 17)
    at_warehouse(shop, "ship", shop.row(gid)["outbound"][0]["external_id"])
    count(shop, {"sku": "CUP", "adjust": 5})
    shop.settle()
    assert (level(shop, "CUP"), there(shop, "CUP")) == (22, 22)


def test_an_order_out_of_automation_is_subtracted_too(shop: World) -> None:
    order(shop, units=2, test=True)
    shop.settle()
    count(shop, {"sku": "CUP", "on_hand": 20})
    shop.settle()
    assert level(shop, "CUP") == 18


def test_a_refused_order_stays_subtracted(shop: World) -> None:
    shop.wms.ask("PUT", "/sandbox/settings", unknown_skus=["CUP"])
    order(shop, units=2)
    shop.settle()
    count(shop, {"sku": "CUP", "on_hand": 20})
    shop.settle()
    assert level(shop, "CUP") == 18


def test_an_order_placed_while_it_is_set(shop: World) -> None:
    """Its unit is sold between our reading and our writing, and we hear of it last."""
    shop.shopify_fails({"where": "webhook", "do": "late", "value": 1.0, "times": 20})
    shop.choose(cool_off_minutes=60)
    order(shop, units=2)
    count(shop, {"sku": "CUP", "on_hand": 20})
    shop.settle()
    assert level(shop, "CUP") == 18


def test_a_cancelled_order_gives_its_units_back(shop: World) -> None:
    shop.choose(cool_off_minutes=60)
    kept, lost = order(shop, units=2), order(shop, units=3)
    shop.settle()
    shop.change(kept, "cancel", restock=True)
    shop.change(lost, "cancel", restock=False)
    shop.settle()
    assert level(shop, "CUP") == 10


def test_what_the_seller_cancels_is_kept_for_the_order(shop: World) -> None:
    gid = order(shop, units=3)
    shop.settle()
    assert (level(shop, "CUP"), there(shop, "CUP")) == (7, 7)
    at_warehouse(shop, "cancel", shop.row(gid)["outbound"][0]["external_id"])
    shop.settle()
    assert (level(shop, "CUP"), there(shop, "CUP")) == (7, 10)


@pytest.mark.parametrize("do", ["drop_before", "drop_after"])
def test_a_lost_answer(shop: World, do: str) -> None:
    shop.shopify_fails({**SET, "do": do, "times": 1})
    mark = shop.mark()
    count(shop, {"sku": "CUP", "on_hand": 12}, {"sku": "JAR", "on_hand": 9})
    shop.settle()
    assert (level(shop, "CUP"), level(shop, "JAR")) == (12, 9)
    made = [each for each in ledger(shop, mark) if each["source"] == "app"]
    assert len(made) == 2, "each was set once"
    assert not shop.log("stock_changed")


def ledger(world: World, after: int) -> list[dict[str, Any]]:
    """Every change of a quantity in Shopify since a mark."""
    answer = world.shopify.ask("GET", f"/sandbox/ledger?kind=inventory&after={after}")
    return list(answer["entries"] if isinstance(answer, dict) else answer)


def test_a_stale_line_that_shopify_does_not_name(shop: World) -> None:
    shop.shopify.ask("PUT", "/sandbox/settings", stale_without_field=True)
    stocked(shop, "CUP", 7)
    for number in range(5):
        product(shop, f"TEA-{number}", available=1)
    skus = ["CUP", "JAR", *(f"TEA-{number}" for number in range(5))]
    count(shop, *({"sku": sku, "on_hand": 30} for sku in skus))
    switch_on(shop)
    stocked(shop, "JAR", 3)
    count(shop, *({"sku": sku, "on_hand": 31} for sku in skus))
    shop.settle()
    assert {level(shop, sku) for sku in skus} == {31}


def test_what_shopify_refuses_keeps_its_words_and_the_rest_is_set(shop: World) -> None:
    shop.shopify.ask(
        "PUT",
        "/sandbox/tagdock-demo.myshopify.com/inventory",
        levels=[{"sku": "CUP", "tracked": False}],
    )
    mark = shop.mark()
    count(shop, {"sku": "CUP", "on_hand": 12}, {"sku": "JAR", "on_hand": 9})
    shop.settle()
    assert (level(shop, "CUP"), level(shop, "JAR")) == (10, 9)
    assert seen(shop).left_out == {"refused": 1}
    (line,) = shop.log("left_out")
    assert line.startswith("CUP can't be set in Shopify. The specified inventory item is not")
    assert len(sets(shop, mark)) == 2
    run_job(shop)
    assert len(sets(shop, mark)) == 3, "a person's run tries it again"
    assert shop.log("left_out") == [line]
    shop.shopify.ask(
        "PUT",
        "/sandbox/tagdock-demo.myshopify.com/inventory",
        levels=[{"sku": "CUP", "tracked": True}],
    )
    run_job(shop)
    assert (level(shop, "CUP"), seen(shop).left_out) == (12, {})


def test_a_shop_that_has_sold_too_much_shows_it_on_both_sides(shop: World) -> None:
    order(shop, units=12)
    shop.settle()
    assert (level(shop, "CUP"), there(shop, "CUP")) == (-2, -2)
    count(shop, {"sku": "CUP", "on_hand": 11})
    shop.settle()
    assert (level(shop, "CUP"), there(shop, "CUP")) == (-1, -1)


def test_throttled_calls_come_later(shop: World) -> None:
    shop.shopify_fails({**SET, "do": "throttle", "times": 2})
    mark = shop.mark()
    count(shop, {"sku": "CUP", "on_hand": 12})
    shop.settle()
    assert level(shop, "CUP") == 12
    assert not [each for each in shop.graphql(mark) if each["operation"] == "ReadLevels"]


@pytest.mark.timeout(400)
def test_a_budget_for_one_reading_at_a_time_is_enough(make_world: Any) -> None:
    world = with_stock(make_world(mode="sync"))
    skus = [f"A-{number:03d}" for number in range(1, 221)]
    product(world, "A-{n:03d}", title="Article {n}", available=10, count=len(skus))
    count(world, *({"sku": sku, "on_hand": 10} for sku in skus))
    switch_on(world)
    place = next(iter(world.locations()))
    edited = [{"sku": sku, "location": place, "available": 7} for sku in skus]
    world.shopify.ask("PUT", f"/sandbox/{SHOP}/inventory", levels=edited)
    count(world, *({"sku": sku, "on_hand": 12} for sku in skus))
    # A hundred levels cost 300 to read, and a quarter is left to more pressing work.
    world.shopify.ask("PUT", "/sandbox/settings", throttle=True, capacity=700, restore_rate=200)
    run_job(world, patience=300.0)
    rows = world.shopify.ask("GET", f"/sandbox/{SHOP}/inventory?query=A-&limit=1000")
    here = [row for row in rows if row["sku"] in skus and row["location"] == "Milano"]
    has = {row["sku"]: row["available"] for row in here}
    assert has == dict.fromkeys(skus, 12)
