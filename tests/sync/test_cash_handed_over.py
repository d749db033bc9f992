"""Cash on delivery stands on one document at the warehouse, whatever becomes of the part that
carries it."""

from typing import Any

import pytest

from tests.sync.warehouse_hand import at_warehouse
from tests.world import World


@pytest.fixture
def parts(shop: World) -> tuple[str, str, str]:
    """An order to be paid at the door in two parts at the warehouse: its gid, the part that carries
    the cash, and the other one."""
    gid = shop.order(
        lines=[{"sku": "MUG-WHITE", "quantity": 5}, {"sku": "TS-BLUE-M", "quantity": 1}],
        paid=False,
        gateway="Cash on Delivery (COD)",
    )
    shop.settle()
    part = shop.shopify_order(gid)["fulfillment_orders"][0]
    lines = [{"id": part["lines"][1]["id"], "quantity": 1}]
    shop.change(gid, "split", fulfillment_order=part["id"], lines=lines)
    shop.settle()
    (first,) = asking(shop)
    (other,) = {each["external_id"] for each in at_the_warehouse(shop)} - {first}
    return gid, first, other


def at_the_warehouse(world: World) -> list[dict[str, Any]]:
    return [
        each for each in world.wms.ask("GET", "/sandbox/orders") if each["state"] != "cancelled"
    ]


def asking(world: World) -> list[str]:
    """Whose documents ask for the cash."""
    return [
        each["external_id"] for each in at_the_warehouse(world) if each["payment"]["cod_amount"]
    ]


def test_the_other_part_asks_once_the_first_is_given_back(
    shop: World, parts: tuple[str, str, str]
) -> None:
    gid, first, other = parts
    shop.change(gid, "fulfil", fulfillment_order=first)
    shop.settle()
    assert asking(shop) == [other]
    assert [row["carries_cod"] for row in shop.row(gid)["outbound"]].count(True) == 1
    assert shop.state_tags(gid) == ["wms-synced"]


def test_never_two_ask_while_the_first_is_asked_back(
    shop: World, parts: tuple[str, str, str]
) -> None:
    gid, first, other = parts
    shop.warehouse_fails({"where": "cancel", "do": "status", "value": 503, "times": None})
    shop.change(gid, "fulfil", fulfillment_order=first)
    shop.until(
        lambda: shop.drain() or "cancelling" in [o["state"] for o in shop.row(gid)["outbound"]],
        "it is asked back",
    )
    shop.change(gid, "edit", note="ring twice")
    shop.until(lambda: shop.drain() or len(shop.applied()) > 3, "the edit there")
    assert asking(shop) == [first]
    shop.warehouse_fails()
    shop.settle()
    assert asking(shop) == [other]


def test_what_the_warehouse_keeps_keeps_asking(shop: World, parts: tuple[str, str, str]) -> None:
    gid, first, _ = parts
    at_warehouse(shop, "pack", first)
    shop.settle()
    shop.change(gid, "fulfil", fulfillment_order=first)
    shop.settle()
    assert (asking(shop), shop.state_tags(gid)) == ([first], ["wms-error"])
    shop.change(gid, "edit", note="ring twice")
    shop.settle()
    assert asking(shop) == [first]


def test_cash_that_was_shipped_is_asked_for_by_no_other(
    shop: World, parts: tuple[str, str, str]
) -> None:
    gid, first, other = parts
    at_warehouse(shop, "ship", first)
    shop.settle()
    shop.change(gid, "edit", note="ring twice")
    shop.settle()
    assert asking(shop) == [first]
    (revision,) = {
        each["revision"] for each in at_the_warehouse(shop) if each["external_id"] == other
    }
    assert revision == 2, "the other part takes the edit alone"
