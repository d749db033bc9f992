"""Splits, moves, holds and cancellations: what the warehouse holds follows Shopify."""

import pytest

from app.db import session
from app.models import Shop
from tests.world import SHOP, World

LINES = [{"sku": "MUG-WHITE", "quantity": 5}]


@pytest.fixture
def sent(automatic: World) -> str:
    """An order for five mugs that is in the warehouse."""
    gid = automatic.order(lines=LINES)
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    return gid


def test_a_split_reduces_before_it_adds(automatic: World, sent: str) -> None:
    (part,) = automatic.shopify_order(sent)["fulfillment_orders"]
    lines = [{"id": part["lines"][0]["id"], "quantity": 2}]
    automatic.change(sent, "split", fulfillment_order=part["id"], lines=lines)
    automatic.settle()
    assert automatic.state_tags(sent) == ["wms-synced"]
    assert sorted(quantities(automatic)) == [2, 3]
    assert most_at_once(automatic) == 5


def test_a_hold_by_the_merchant_keeps_an_order_until_it_is_released(automatic: World) -> None:
    gid = automatic.order(lines=LINES, routed=False)
    automatic.change(gid, "route")
    automatic.change(gid, "hold", reason="OTHER", notes="wait for a call")
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-no-sync"]
    assert automatic.row(gid)["reason"] == "hold"
    assert automatic.batches() == []
    automatic.change(gid, "release")
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert quantities(automatic) == [5]


def test_cancelled_before_sending_loses_its_tag(world: World) -> None:
    gid = world.order(tags=["vip"])
    world.settle()
    assert world.state_tags(gid) == ["wms-no-sync"]
    world.change(gid, "cancel")
    world.settle()
    assert world.tags(gid) == ["vip"]
    assert world.batches() == []


def test_cancelled_after_sending_is_asked_back(automatic: World, sent: str) -> None:
    automatic.change(sent, "cancel")
    automatic.settle()
    assert automatic.state_tags(sent) == ["wms-synced"]
    row = automatic.row(sent)
    assert (row["outbound"][0]["state"], row["reason"]) == ("cancelled", "cancelled")
    (order,) = automatic.wms.ask("GET", "/sandbox/orders")
    assert order["state"] == "cancelled"


def test_cancelled_too_late_is_an_error_and_never_sent_again(automatic: World, sent: str) -> None:
    (order,) = automatic.wms.ask("GET", "/sandbox/orders")
    body = {"external_id": order["external_id"], "state": "packed"}
    automatic.wms.ask("PUT", "/sandbox/orders/state", **body)
    automatic.change(sent, "cancel")
    automatic.settle()
    assert automatic.state_tags(sent) == ["wms-error"]
    assert automatic.row(sent)["reason"] == "cancel-too-late"
    automatic.change(sent, "edit", note="still cancelled")
    automatic.settle()
    assert automatic.state_tags(sent) == ["wms-error"]
    assert len(automatic.batches()) == 1


def test_an_order_at_two_locations_goes_as_two_documents_under_one_tag(automatic: World) -> None:
    places = automatic.shopify.ask("GET", "/sandbox/shops")
    assert places
    gid = automatic.order(lines=[*LINES, {"sku": "TS-BLUE-M", "quantity": 1}])
    automatic.settle()
    order = automatic.shopify_order(gid)
    part = order["fulfillment_orders"][0]
    lines = [{"id": part["lines"][1]["id"], "quantity": 1}]
    automatic.change(gid, "split", fulfillment_order=part["id"], lines=lines)
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert len({external_id for external_id, _ in automatic.applied()}) == 2


def test_cash_on_delivery_stands_on_exactly_one_document(automatic: World) -> None:
    gid = automatic.order(
        lines=[*LINES, {"sku": "TS-BLUE-M", "quantity": 1}],
        paid=False,
        gateway="Cash on Delivery (COD)",
    )
    automatic.settle()
    part = automatic.shopify_order(gid)["fulfillment_orders"][0]
    lines = [{"id": part["lines"][1]["id"], "quantity": 1}]
    automatic.change(gid, "split", fulfillment_order=part["id"], lines=lines)
    automatic.settle()
    payments = [order["payment"] for order in automatic.wms.ask("GET", "/sandbox/orders")]
    carrying = [payment for payment in payments if payment["cod_amount"]]
    assert len(payments) == 2
    assert len(carrying) == 1
    assert {payment["kind"] for payment in payments} == {"cod"}


def test_an_order_cancelled_at_the_warehouse_is_opened_again_by_a_higher_revision(
    automatic: World, sent: str
) -> None:
    part = automatic.shopify_order(sent)["fulfillment_orders"][0]
    place = automatic.shopify.ask("POST", f"/sandbox/{SHOP}/locations", name="Elsewhere")["id"]
    settings = {"locations": {place: None}}
    with automatic.app.app_context():
        session().query(Shop).one().settings = settings
        session().commit()
    automatic.change(sent, "move", location=place, fulfillment_order=part["id"])
    automatic.settle()
    assert automatic.row(sent)["outbound"][0]["state"] == "superseded"
    back = part["location"]["id"]
    automatic.change(sent, "move", location=back, fulfillment_order=part["id"])
    automatic.send(sent)
    automatic.settle()
    assert automatic.state_tags(sent) == ["wms-synced"]
    assert quantities(automatic) == [5]


def test_one_held_part_does_not_keep_the_others(automatic: World) -> None:
    gid = automatic.order(lines=[*LINES, {"sku": "TS-BLUE-M", "quantity": 1}], routed=False)
    automatic.change(gid, "route")
    part = automatic.shopify_order(gid)["fulfillment_orders"][0]
    lines = [{"id": part["lines"][1]["id"], "quantity": 1}]
    automatic.change(gid, "split", fulfillment_order=part["id"], lines=lines)
    free, held = automatic.shopify_order(gid)["fulfillment_orders"]
    automatic.change(gid, "hold", fulfillment_order=held["id"], reason="OTHER")
    automatic.settle()
    assert states(automatic, gid) == {free["id"]: "accepted", held["id"]: "planned"}
    assert automatic.applied() == [(free["id"], 1)]
    assert quantities(automatic) == [5]
    assert automatic.state_tags(gid) == ["wms-no-sync"]
    automatic.change(gid, "release", fulfillment_order=held["id"])
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert automatic.applied() == [(free["id"], 1), (held["id"], 1)]
    assert sorted(quantities(automatic)) == [1, 5]


def states(world: World, gid: str) -> dict[str, str]:
    """How each fulfillment order stands."""
    return {each["fulfillment_order"]: each["state"] for each in world.row(gid)["outbound"]}


def quantities(world: World) -> list[int]:
    """How many units each warehouse order asks for, those not cancelled."""
    orders = world.wms.ask("GET", "/sandbox/orders")
    return [
        sum(line["quantity"] for line in order["lines"])
        for order in orders
        if order["state"] != "cancelled"
    ]


def most_at_once(world: World) -> int:
    """The highest sum of units the warehouse ever had, replayed from its ledger."""
    now: dict[str, int] = {}
    peak = 0
    for entry in world.wms.ask("GET", "/sandbox/ledger?kind=applied"):
        now[entry["external_id"]] = entry["units"]
        peak = max(peak, sum(now.values()))
    return peak
