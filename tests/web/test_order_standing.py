"""How the warehouse says that an order stands: on its page, in both languages, and in the card."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.db import db
from app.models import OutboundOrder
from app.web.order_standing import leaves_by
from tests.web.conftest import World

BY = datetime(2090, 12, 1, 10, tzinfo=UTC)


def standing(world: World, **values: Any) -> None:
    """An order, of which the warehouse says this."""
    order = world.order(1001)
    with world.app.app_context():
        connection = str(
            db.session.execute(db.text("SELECT min(id) FROM connections")).scalar_one()
        )
    world.outbound(order, connection, **{"state": "accepted", "confirmed_revision": 1, **values})


def page(world: World, language: str = "en") -> str:
    """The order's page."""
    return str(world.get(f"/orders/1001?part=order&locale={language}").text)


def card(world: World) -> dict[str, Any]:
    """The order's only warehouse order, as the card on Shopify's page reads it."""
    answer = world.get("/api/orders/status?id=gid://shopify/Order/1001")
    (one,) = answer.json["warehouse_orders"]
    return dict(one)


@pytest.mark.parametrize(
    ("state", "english", "italian"),
    [
        ("picking", "Picking", "In preparazione"),
        ("awaiting_stock", "Waiting for stock", "In attesa di merce"),
        ("packed", "Packed", "Imballato"),
        ("partially_shipped", "Shipped in part", "Spedito in parte"),
        ("in_quality_control", "In quality control", "In quality control"),
    ],
)
def test_each_state_in_a_word(shop_a: World, state: str, english: str, italian: str) -> None:
    standing(shop_a, wms_state=state)
    assert english in page(shop_a)
    assert italian in page(shop_a, "it")
    assert card(shop_a)["standing"] == english


def test_a_hold_of_the_warehouses_own_says_why(shop_a: World) -> None:
    reason = "<b>Count</b> first"
    standing(shop_a, wms_state="on_hold", wms_held=True, hold_reason=reason)
    shown = page(shop_a)
    assert "Held at the warehouse" in shown
    assert "“<bdi>&lt;b&gt;Count&lt;/b&gt; first</bdi>”" in shown
    assert "Trattenuto in magazzino" in page(shop_a, "it")
    assert (card(shop_a)["held"], card(shop_a)["standing"]) == (True, "")


def test_by_when_it_leaves_as_long_as_it_has_not(shop_a: World) -> None:
    standing(shop_a, wms_state="picking", ship_by=BY)
    assert "Ship by" in page(shop_a)
    assert 'datetime="2090-12-01T10:00:00Z"' in page(shop_a)
    assert "Da spedire entro" in page(shop_a, "it")


@pytest.mark.parametrize(
    "values",
    [
        {"wms_state": "shipped"},
        {"state": "cancelled"},
        {"archived": True},
        {"confirmed_revision": 0},
    ],
)
def test_what_is_over_or_never_was_there_has_no_time(values: dict[str, Any]) -> None:
    given = {"state": "accepted", "confirmed_revision": 1, "ship_by": BY, **values}
    assert leaves_by(OutboundOrder(**given)) is None


def test_what_the_warehouse_said_last_counts() -> None:
    other = datetime(2090, 12, 2, 10, tzinfo=UTC)
    given = {"state": "accepted", "confirmed_revision": 1, "ship_by": BY, "wms_ship_by": other}
    assert leaves_by(OutboundOrder(**given)) == other


def test_a_state_of_what_is_over_is_not_shown(shop_a: World) -> None:
    standing(shop_a, wms_state="picking", state="cancelled")
    assert "Picking" not in page(shop_a)
