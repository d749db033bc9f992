"""Orders of more lines than one page of Shopify's or one request holds: nothing of them is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.drift_hand import cancel_fulfillment, compared, merchant_tracks, repaired
from tests.sync.test_fulfil import UNANSWERED, fulfilled, mails, parcel, sent, shipments
from tests.sync.test_returns import at_gate, ends, expected, open_return, with_returns
from tests.sync.warehouse_hand import at_warehouse, to_shipment
from tests.world import World

LAST = {"sku": "TSHIRT-BLUE-M", "quantity": 2}


def mugs(count: int) -> list[dict[str, Any]]:
    """So many lines of one mug each."""
    return [{"sku": "MUG-WHITE", "quantity": 1}] * count


def lines_of(world: World, gid: str) -> list[int]:
    """How many lines each fulfillment of an order has, those that stand."""
    return [len(each["lines"]) for each in fulfilled(world, gid) if each["status"] == "SUCCESS"]


@pytest.fixture
def shop_with_returns(make_world: Callable[..., World]) -> World:
    """A shop that lets the app see returns, and a warehouse that answers at once."""
    return with_returns(make_world(mode="sync"))


def test_a_lost_answer_to_a_long_fulfillment_is_found(shop: World) -> None:
    gid, external_id = sent(shop, lines=[*mugs(110), LAST])
    shop.shopify_fails(*UNANSWERED)
    part = [{"sku": "MUG-WHITE", "quantity": 110}]
    at_warehouse(shop, "ship", external_id, lines=part, packages=[parcel("DP-1")])
    shop.until(lambda: shop.drain() or any(row.attempt for row in shipments(shop)), "an attempt")
    shop.shopify_fails()
    shop.settle()
    (made,) = fulfilled(shop, gid)
    (row,) = shipments(shop)
    assert (row.fulfillment, row.settled, row.reason) == (made["id"], True, "")
    assert lines_of(shop, gid) == [110]
    assert shop.state_tags(gid) == ["wms-synced"]
    assert len(shop.applied()) == 1, "nothing is sent again"


def test_the_last_line_of_a_long_order_is_refunded_when_the_warehouse_cancels_it(
    shop: World,
) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop, lines=[*mugs(110), LAST])
    at_warehouse(shop, "cancel", external_id, lines=[LAST])
    shop.settle()
    (refund,) = shop.shopify_order(gid)["refunds"]
    assert [line["quantity"] for line in refund["lines"]] == [2]
    said = shop.log("wms_cancelled")
    assert any("Taken off the order in Shopify, and refunded: 2 units" in line for line in said)
    assert not any("Nothing was refunded" in line for line in said)


def test_all_lines_of_a_long_return_are_expected_and_restocked(shop_with_returns: World) -> None:
    shop = shop_with_returns
    gid, external_id = sent(shop, lines=mugs(60))
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    back = open_return(shop, gid)
    shop.settle()
    (known,) = expected(shop)
    assert len(known["lines"]) == 60
    at_gate(shop, "receive", back)
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 60}
    assert any("has come. Refund it in Shopify." in line for line in shop.log("return"))


def test_a_return_of_the_last_line_of_a_long_fulfillment_is_announced(
    shop_with_returns: World,
) -> None:
    shop = shop_with_returns
    gid, external_id = sent(shop, lines=[*mugs(110), LAST])
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    open_return(shop, gid, (LAST["sku"], 1))
    shop.settle()
    (known,) = expected(shop)
    ids = {line["sku"]: line["id"] for line in shop.shopify_order(gid)["lines"]}
    assert [(line["line_id"], line["quantity"]) for line in known["lines"]] == [
        (ids[LAST["sku"]], 1)
    ]


def test_a_shipment_of_more_lines_than_a_request_holds_is_one_fulfillment(shop: World) -> None:
    gid, external_id = sent(shop, lines=mugs(260))
    shop.shopify_fails(*UNANSWERED)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.until(lambda: shop.drain() or any(row.attempt for row in shipments(shop)), "an attempt")
    shop.shopify_fails()
    shop.settle()
    assert lines_of(shop, gid) == [260]
    (row,) = shipments(shop)
    assert (row.settled, row.reason, len(row.lines)) == (True, "", 260)
    assert len(mails(shop)) == 1
    assert shop.state_tags(gid) == ["wms-synced"]


def test_a_part_of_an_order_of_that_many_lines_is_divided(shop: World) -> None:
    gid, external_id = sent(shop, lines=[*mugs(260), LAST])
    shop.shopify_fails(
        {"where": "graphql", "match": "CreateFulfillment", "do": "drop_after", "times": 1}
    )
    part = [{"sku": "MUG-WHITE", "quantity": 260}]
    number = at_warehouse(shop, "ship", external_id, lines=part, packages=[parcel("DP-1")])[
        "shipments"
    ][0]["id"]
    shop.settle()
    assert lines_of(shop, gid) == [250, 10]
    assert [row.number for row in shipments(shop)] == [number, f"{number} · 2"]
    to_shipment(shop, number, "track", packages=[parcel("DP-2")])
    shop.settle()
    tracked = [each["trackingInfo"][0]["number"] for each in fulfilled(shop, gid)]
    assert tracked == ["DP-2", "DP-2"]
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-3")])
    shop.settle()
    assert lines_of(shop, gid) == [250, 10, 1]
    assert all(row.settled and not row.reason for row in shipments(shop))
    assert len(shop.applied()) == 1, "nothing is sent again"
    to_shipment(shop, number, "cancel")
    shop.settle()
    assert lines_of(shop, gid) == [1]


def test_a_refund_of_more_lines_than_a_request_holds_is_made_in_two(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop, lines=[*mugs(260), LAST])
    shop.shopify_fails(
        {"where": "graphql", "match": "CreateRefund", "do": "drop_after", "times": 1}
    )
    part = [{"sku": "MUG-WHITE", "quantity": 260}]
    at_warehouse(shop, "cancel", external_id, lines=part)
    shop.settle()
    order = shop.shopify_order(gid)
    assert sorted(len(each["lines"]) for each in order["refunds"]) == [10, 250]
    assert len({line["line_id"] for each in order["refunds"] for line in each["lines"]}) == 260
    assert sum(line["currentQuantity"] for line in order["lines"]) == 2
    assert not any("Not taken off" in line for line in shop.log("wms_cancelled"))
    assert len(shop.applied()) == 1, "nothing goes back to the warehouse as an edit"


def test_returned_goods_of_more_lines_than_a_request_holds_are_all_restocked(
    shop_with_returns: World,
) -> None:
    shop = shop_with_returns
    gid, external_id = sent(shop, lines=mugs(260))
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    back = open_return(shop, gid)
    shop.settle()
    at_gate(shop, "receive", back)
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 260}


def test_what_differs_of_a_fulfillment_of_that_many_lines_is_found_and_put_right(
    shop: World,
) -> None:
    gid, external_id = sent(shop, lines=mugs(260))
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    (made,) = fulfilled(shop, gid)
    merchant_tracks(shop, made["id"], number="OTHER-1")
    shop.settle()
    (row,) = compared(shop)
    assert (row["kind"], repaired(shop, row)) == ("tracking", [])
    cancel_fulfillment(shop, gid, made["id"])
    shop.settle()
    (row,) = compared(shop)
    assert (row["repair"], repaired(shop, row)) == ("refulfil", [])
    assert lines_of(shop, gid) == [260]
