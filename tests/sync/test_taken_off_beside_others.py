"""Units that the warehouse cancels of one of two orders at a location: what the other one is to
ship is not taken off in Shopify."""

import pytest

from tests.sync.test_seller_cancels import refunds
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

ONE = [{"sku": "MUG-WHITE", "quantity": 1}]


def _split(world: World, gid: str, *, held: bool = False) -> str:
    """A person splits two of five off, and may hold these; the warehouse's reference to the
    others."""
    (part,) = world.shopify_order(gid)["fulfillment_orders"]
    two = [{"id": part["lines"][0]["id"], "quantity": 2}]
    world.change(gid, "split", fulfillment_order=part["id"], lines=two)
    if held:
        _, other = world.shopify_order(gid)["fulfillment_orders"]
        world.change(gid, "hold", fulfillment_order=other["id"])
    world.settle()
    there = [each["confirmed_revision"] for each in world.row(gid)["outbound"]]
    assert there == [2, 0] if held else [2, 1]
    return str(part["id"])


@pytest.fixture
def gid(shop: World) -> str:
    """An order of five that the merchant wants cancelled where the warehouse does."""
    shop.choose(seller_cancellation="cancel")
    gid = shop.order(lines=[{"sku": "MUG-WHITE", "quantity": 5}])
    shop.settle()
    return gid


def _asked(world: World, gid: str) -> list[int]:
    """How many units each fulfillment order asks for."""
    parts = world.shopify_order(gid)["fulfillment_orders"]
    return [sum(line["remainingQuantity"] for line in part["lines"]) for part in parts]


def _taken_off_by_hand(world: World, gid: str) -> None:
    """The merchant takes one off the first of them; only then the warehouse is heard."""
    (mug,) = world.shopify_order(gid)["lines"]
    world.change(gid, "edit", lines=[{"line_id": mug["id"], "quantity": 4}])
    world.api("POST", "/api/jobs/cancellations/run")
    world.settle()


@pytest.mark.parametrize("by_hand", [True, False], ids=["taken off by hand", "not yet"])
def test_what_the_other_one_ships_is_left(shop: World, gid: str, *, by_hand: bool) -> None:
    first = _split(shop, gid)
    if by_hand:
        shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    at_warehouse(shop, "cancel", first, lines=ONE)
    if by_hand:
        _taken_off_by_hand(shop, gid)
    shop.settle()
    assert _asked(shop, gid) == [2, 2]
    assert [each["units"] for each in refunds(shop, gid)] == [{"MUG-WHITE": 1}] * (not by_hand)
    assert [sum(each["confirmed_lines"].values()) for each in shop.row(gid)["outbound"]] == [2, 2]


def test_what_the_other_one_has_yet_to_get_is_left(shop: World, gid: str) -> None:
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    first = _split(shop, gid, held=True)
    at_warehouse(shop, "cancel", first, lines=ONE)
    _taken_off_by_hand(shop, gid)
    assert _asked(shop, gid) == [2, 2]
    assert refunds(shop, gid) == []
