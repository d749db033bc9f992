"""Returns on an order's page and in its support bundle."""

import html
from datetime import UTC, datetime
from typing import Any

import pytest

from app.db import db
from app.domain.facts import Facts, LineFacts
from app.models import Connection, OutboundOrder, Owed, Return
from tests.web.conftest import World

MUG = "gid://shopify/LineItem/1"
NAMED = "#1001-R1"


@pytest.fixture
def order(shop_a: World) -> int:
    """An order that the warehouse has."""
    with shop_a.app.app_context():
        connection = db.session.query(Connection.id).scalar()
    line = LineFacts(MUG, "White mug", "MUG", gift_card=False, requires_shipping=True)
    order = shop_a.order(1001, facts=Facts(lines=[line]).to_json(), tag_state="synced")
    shop_a.outbound(order, connection, state="accepted", warehouse="WH-1")
    return order


def _back(world: World, order: int, **values: Any) -> None:
    with world.app.app_context():
        outbound = db.session.query(OutboundOrder).filter_by(order_id=order).one()
        now = datetime.now(UTC)
        known = {
            "shop_id": outbound.shop_id,
            "order_id": order,
            "outbound_order_id": outbound.id,
            "connection_id": outbound.connection_id,
            "generation": 1,
            "gid": "gid://shopify/Return/1",
            "external_id": "gid://shopify/Return/1",
            "name": NAMED,
            "status": "open",
            "lines": {MUG: {"quantity": 2, "sku": "MUG", "reason": "", "units": ["u"]}},
            "announced_at": now,
            "state": "expected",
            "seen_at": now,
        }
        db.session.add(Return(**{**known, **values}))
        db.session.commit()


def _part(world: World, query: str = "") -> str:
    return html.unescape(world.get(f"/orders/1001?part=returns{query}").text)


CAME = [
    {"line": MUG, "disposition": "restock", "quantity": 1},
    {"line": MUG, "disposition": "quarantine", "quantity": 1},
]


def test_without_a_return_there_is_no_section(shop_a: World, order: int) -> None:
    assert _part(shop_a) == ""


def test_what_is_expected_is_shown(shop_a: World, order: int) -> None:
    _back(shop_a, order)
    part = _part(shop_a)
    assert f"<bdi>{NAMED}</bdi>" in part
    assert "WH-1" in part
    assert "Expected" in part
    assert "2 × <bdi>White mug</bdi>" in part
    assert "refund" not in part
    assert part in html.unescape(shop_a.get("/orders/1001").text)


def test_what_came_says_what_became_of_it_and_that_it_can_be_refunded(
    shop_a: World, order: int
) -> None:
    _back(shop_a, order, state="closed", told=CAME, told_version=2)
    part = _part(shop_a)
    assert "Complete" in part
    assert "1 × <bdi>White mug</bdi>" in part
    assert "restocked" in part
    assert "set aside" in part
    assert "Ready to refund in Shopify." in part
    assert "Pronto da rimborsare in Shopify." in _part(shop_a, "&locale=it")


def test_what_came_in_part_is_not_ready(shop_a: World, order: int) -> None:
    _back(shop_a, order, state="received", told=CAME[:1], told_version=2)
    part = _part(shop_a)
    assert "Received" in part
    assert "refund" not in part


def test_what_shopify_can_not_have_says_why(shop_a: World, order: int) -> None:
    why = "Shopify does not show the return #1001-R1 any more."
    _back(shop_a, order, state="received", told=CAME, settled=False, reason="gone", message=why)
    part = _part(shop_a)
    assert "Not in Shopify" in part
    assert why in part
    assert "Shopify non mostra più il reso #1001-R1." in _part(shop_a, "&locale=it")


def test_what_the_warehouse_refused_can_be_tried_again(shop_a: World, order: int) -> None:
    why = "The warehouse did not take the return #1001-R1. It is closed."
    _back(shop_a, order, announced_at=None, state="", reason="invalid", message=why)
    part = _part(shop_a)
    assert "Not announced" in part
    assert why in part
    assert 'data-post="/api/returns/try-again"' in part
    assert "Riprova" in _part(shop_a, "&locale=it")


def test_what_nobody_can_announce_any_more_is_not_tried_again(shop_a: World, order: int) -> None:
    ended = {MUG: {"quantity": 0, "sku": "MUG", "reason": "", "units": [], "ended": {"X": 2}}}
    _back(shop_a, order, announced_at=None, state="", reason="over", message="Over.", lines=ended)
    part = _part(shop_a)
    assert "2 × <bdi>White mug</bdi>" in part
    assert "Over." in part
    assert "try-again" not in part


def test_what_was_given_up_says_so_and_can_be_tried_again(shop_a: World, order: int) -> None:
    _back(shop_a, order, announced_at=None, state="")
    with shop_a.app.app_context():
        row = db.session.query(Return).one()
        now = datetime.now(UTC)
        letter = Owed(
            shop_id=row.shop_id,
            subject_type="return",
            subject_id=str(row.id),
            effect="announce",
            due_at=now,
            dead_at=now,
            last_error="The warehouse's system is out of order.",
        )
        db.session.add(letter)
        db.session.commit()
    part = _part(shop_a)
    assert "Not announced" in part
    assert "The warehouse's system is out of order. It was given up." in part
    assert 'data-post="/api/returns/try-again"' in part


def test_a_closed_return_that_is_expected_says_what_to_do(shop_a: World, order: int) -> None:
    _back(shop_a, order, status="closed")
    assert "Open it again there when it comes" in _part(shop_a)


@pytest.mark.parametrize(
    ("values", "badge"),
    [
        ({"announced_at": None, "state": ""}, "Being announced"),
        ({"announced_at": None, "state": "", "reason": "unsupported"}, "Not announced"),
        ({"status": "canceled"}, "Called off"),
        ({"state": "received", "told": CAME, "settled": False}, "Being told to Shopify"),
        ({"state": "sorted_out", "told": CAME}, "sorted out"),
    ],
)
def test_each_stage_has_its_word(
    shop_a: World, order: int, values: dict[str, Any], badge: str
) -> None:
    _back(shop_a, order, **values)
    assert badge in _part(shop_a)


def test_the_support_bundle_has_them(shop_a: World, order: int) -> None:
    _back(shop_a, order)
    (back,) = shop_a.get("/orders/1001/bundle").json["returns"]
    assert back["external_id"] == "gid://shopify/Return/1"
