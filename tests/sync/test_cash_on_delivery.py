"""Cash on delivery of an order in two parts: one of them asks for all of it, whichever comes, goes
or comes back."""

from typing import Any

import pytest

from tests.world import World

LINES = [{"sku": "MUG-WHITE", "quantity": 5}, {"sku": "TS-BLUE-M", "quantity": 1}]


@pytest.fixture
def divided(shop: World) -> str:
    """An order in two parts, both in the warehouse."""
    here, other, *_ = shop.locations().values()
    shop.choose(locations={here: "WH", other: None})
    gid = shop.order(lines=LINES, paid=False, gateway="Cash on Delivery (COD)")
    shop.settle()
    (part,) = shop.shopify_order(gid)["fulfillment_orders"]
    second = [{"id": part["lines"][1]["id"], "quantity": 1}]
    shop.change(gid, "split", fulfillment_order=part["id"], lines=second)
    shop.settle()
    return gid


def _asking(world: World) -> list[str]:
    """The SKUs of those orders at the warehouse that ask for the cash."""
    return [_sku(order) for order in _there(world) if order["payment"]["cod_amount"]]


def _there(world: World) -> list[dict[str, Any]]:
    held = world.wms.ask("GET", "/sandbox/orders")
    return [order for order in held if order["state"] != "cancelled"]


def _sku(order: dict[str, Any]) -> str:
    (line,) = order["lines"]
    return str(line["sku"])


def _moved(world: World, gid: str, sku: str, place: str) -> None:
    """Move the part with a SKU to a location."""
    location = world.locations()[place]
    (part,) = [
        each
        for each in world.shopify_order(gid)["fulfillment_orders"]
        if each["status"] == "OPEN" and [line["sku"] for line in each["lines"]] == [sku]
    ]
    world.change(gid, "move", location=location, fulfillment_order=part["id"])
    world.settle()


def test_it_stays_where_it_is_when_the_first_part_comes_back(shop: World, divided: str) -> None:
    here, other, *_ = shop.locations()
    assert sorted(_sku(order) for order in _there(shop)) == ["MUG-WHITE", "TS-BLUE-M"]
    assert _asking(shop) == ["MUG-WHITE"]
    _moved(shop, divided, "MUG-WHITE", other)
    assert [_sku(order) for order in _there(shop)] == ["TS-BLUE-M"]
    assert _asking(shop) == ["TS-BLUE-M"], "it is handed over"
    _moved(shop, divided, "MUG-WHITE", here)
    shop.send(divided)
    shop.settle()
    assert sorted(_sku(order) for order in _there(shop)) == ["MUG-WHITE", "TS-BLUE-M"]
    assert _asking(shop) == ["TS-BLUE-M"], "it stays there"
