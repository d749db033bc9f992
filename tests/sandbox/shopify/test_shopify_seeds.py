"""The seeded shops hold the variety that demos and tests count on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.shopify import create_app
from sandbox.shopify.control_orders import dump
from sandbox.shopify.world import World


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    app = create_app("http://127.0.0.1:9", tmp_path_factory.mktemp("app"))
    world: World = app.config["WORLD"]
    yield world
    world.stop()


@pytest.fixture(scope="module")
def orders(world: World) -> list[dict[str, Any]]:
    return [dump(order) for order in world.shops["tagdock-demo.myshopify.com"].orders.values()]


def plain(order: dict[str, Any]) -> bool:
    places = [one["location"]["name"] for one in order["fulfillment_orders"]]
    methods = [one["deliveryMethod"]["methodType"] for one in order["fulfillment_orders"]]
    return (
        order["displayFinancialStatus"] == "PAID"
        and not order["test"]
        and not order["cancelledAt"]
        and places == ["Milano"]
        and methods == ["SHIPPING"]
        and all(line["sku"] and not line["sku"].startswith("UNKNOWN") for line in order["lines"])
    )


def test_forty_orders_numbered_by_age(orders: list[dict[str, Any]]) -> None:
    assert [order["name"] for order in orders] == [f"#{number}" for number in range(1001, 1041)]
    created = [order["createdAt"] for order in orders]
    assert created == sorted(created)
    assert all(order["updatedAt"] == order["createdAt"] for order in orders)


def test_at_least_25_plain_ones_wait_to_be_sent(orders: list[dict[str, Any]]) -> None:
    ready = [order for order in orders if plain(order) and "wms-no-sync" in order["tags"]]
    assert len(ready) >= 25
    assert any({"vip", "gift"} <= set(order["tags"]) for order in ready)


def test_real_life_variety(orders: list[dict[str, Any]]) -> None:
    names = "".join(order["customer"]["displayName"] for order in orders)
    assert all(part in names for part in ("محمد", "🌸", "Łukasz", "山田", "D'Angelo"))
    assert max(len(order["lines"]) for order in orders) == 30
    skus = [line["sku"] for order in orders for line in order["lines"]]
    assert None in skus
    assert "UNKNOWN-1" in skus
    methods = {
        one["deliveryMethod"]["methodType"]
        for order in orders
        for one in order["fulfillment_orders"]
    }
    assert methods == {"SHIPPING", "PICK_UP", "LOCAL", "NONE"}
    assert {"EUR", "USD"} == {order["presentmentCurrencyCode"] for order in orders}
    gateways = {order["displayFinancialStatus"]: order["paymentGatewayNames"] for order in orders}
    assert set(gateways) == {"PAID", "PENDING", "REFUNDED"}
    assert any(
        order["paymentGatewayNames"] == ["Cash on Delivery (COD)"]
        and order["totalOutstandingSet"]["shopMoney"]["amount"] != "0.00"
        for order in orders
    )
    assert any(order["test"] for order in orders)
    assert any(line["isGiftCard"] for order in orders for line in order["lines"])
    split = [{one["location"]["name"] for one in order["fulfillment_orders"]} for order in orders]
    assert {"Milano", "Roma"} in split


def test_the_second_shop_has_five(world: World) -> None:
    assert len(world.shops["second-shop.myshopify.com"].orders) == 5


def test_no_two_shops_share_an_id(world: World) -> None:
    first, second = world.shops.values()
    assert not set(first.orders) & set(second.orders)
    assert not set(first.variants) & set(second.variants)


def test_a_seed_is_the_same_every_time(world: World, tmp_path: Path) -> None:
    again = create_app("http://127.0.0.1:9", tmp_path).config["WORLD"]
    demo = "tagdock-demo.myshopify.com"
    assert list(again.shops[demo].orders) == list(world.shops[demo].orders)
    first, second = (
        [[line["id"] for line in order["_lines"]] for order in one.shops[demo].orders.values()]
        for one in (world, again)
    )
    assert first == second
