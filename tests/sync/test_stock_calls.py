"""Shopify takes 250 quantities in a call: of one more than that there are two calls."""

from typing import Any

import pytest

from app.shopify import inventory
from tests.sync.warehouse_stock import compare, confirm, count, run_job, sets, with_stock
from tests.world import SHOP, World

MOST = 250
SKUS = [f"CUP-{number:03d}" for number in range(1, MOST + 2)]


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop that sells five of each of 251 cups, of which the warehouse has others."""
    world = with_stock(make_world(mode="sync"))
    cups = {"title": "Cup {n}", "sku": "CUP-{n:03d}", "count": len(SKUS), "available": 5}
    world.shopify.ask("POST", f"/sandbox/{SHOP}/products", **cups)
    count(world, *({"sku": sku, "on_hand": wanted(sku)} for sku in SKUS))
    assert compare(world).changes == len(SKUS)
    return world


def wanted(sku: str, more: int = 0) -> int:
    """How many of a SKU there are at the warehouse: of each another number."""
    return 10 + SKUS.index(sku) + more


def available(world: World, location: str = "Milano") -> dict[str, int]:
    """What Shopify has of each SKU at a location."""
    rows = world.shopify.ask("GET", f"/sandbox/{SHOP}/inventory?query=CUP-&limit=1000")
    return {row["sku"]: row["available"] for row in rows if row["location"] == location}


def told(world: World, mark: int) -> list[int]:
    """How many quantities each call has set in Shopify since a mark, by Shopify's ledger."""
    found, so_far = [], 0
    for entry in world.shopify.ask("GET", f"/sandbox/ledger?after={mark}"):
        so_far += entry["kind"] == "inventory"
        if entry["kind"] == "graphql" and entry["operation"] == "SetQuantities":
            found.append(so_far)
            so_far = 0
    return found


def test_the_most_is_what_shopify_takes() -> None:
    assert inventory.MOST == MOST


def test_one_more_than_a_call_takes_is_told_in_two(shop: World) -> None:
    mark = shop.mark()
    confirm(shop)
    shop.settle()
    assert told(shop, mark) == [MOST, 1]
    assert available(shop) == {sku: wanted(sku) for sku in SKUS}
    assert set(available(shop, "Roma").values()) == {5}, "another warehouse's"
    assert run_job(shop)["message"] == ""
    assert len(sets(shop, mark)) == 2, "nothing is left to set"


def test_all_of_them_changed_at_the_warehouse_are_set(shop: World) -> None:
    confirm(shop)
    shop.settle()
    mark = shop.mark()
    count(shop, *({"sku": sku, "on_hand": wanted(sku, 7)} for sku in SKUS))
    shop.settle()
    run_job(shop)
    assert sum(told(shop, mark)) == len(SKUS), "each once"
    assert max(told(shop, mark)) <= MOST
    assert available(shop) == {sku: wanted(sku, 7) for sku in SKUS}


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_answer_of_the_first_call_is_read_and_nothing_is_set_twice(
    shop: World, fault: str
) -> None:
    rule = {"where": "graphql", "match": "SetQuantities", "do": fault, "times": 1}
    shop.shopify_fails(rule)
    mark = shop.mark()
    confirm(shop)
    shop.settle()
    assert available(shop) == {sku: wanted(sku) for sku in SKUS}
    assert sum(told(shop, mark)) == len(SKUS), "each once"
    assert max(told(shop, mark)) <= MOST
    assert shop.log("stock_changed") == []
