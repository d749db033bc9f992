"""What the warehouse cancels by itself: told to a person, or cancelled in Shopify where wished."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from app.sync.stock_orders import unsent_units
from tests.sync.drift_hand import compared
from tests.sync.warehouse_hand import at_warehouse
from tests.world import SHOP, World

LINES = [{"sku": "MUG-WHITE", "quantity": 3}, {"sku": "TSHIRT-BLUE-M", "quantity": 2}]


def sent(world: World) -> tuple[str, str]:
    """An order that the warehouse has."""
    gid = world.order(lines=LINES)
    world.settle()
    (outbound,) = world.row(gid)["outbound"]
    return gid, outbound["external_id"]


def test_a_cancellation_is_told_and_shopify_left_alone(shop: World) -> None:
    gid, external_id = sent(shop)
    at_warehouse(shop, "cancel", external_id, reason="Broken in the rack")
    shop.settle()
    row = shop.row(gid)
    assert row["outbound"][0]["state"] == "cancelled"
    assert "Broken in the rack" in row["message"]
    assert shop.state_tags(gid) == ["wms-synced"]
    assert shop.shopify_order(gid)["cancelledAt"] is None
    assert len(shop.applied()) == 1, "nothing is sent again by itself"


def test_it_is_cancelled_in_shopify_when_the_merchant_wants_that(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop)
    at_warehouse(shop, "cancel", external_id, reason="Broken")
    shop.settle()
    assert shop.shopify_order(gid)["cancelledAt"] is not None
    assert shop.row(gid)["tag_state"] in ("synced", "untracked")
    assert any("Cancelled in Shopify" in line for line in shop.log("wms_cancelled"))


def test_what_it_had_before_a_refused_change_is_told(shop: World) -> None:
    gid, external_id = sent(shop)
    shop.wms.ask("PUT", "/sandbox/settings", unknown_skus=["TSHIRT-BLUE-M"])
    shop.change(gid, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 5}])
    shop.settle()
    assert shop.state_tags(gid) == ["wms-error"]
    at_warehouse(shop, "cancel", external_id, reason="Broken in the rack")
    shop.settle()
    row = shop.row(gid)
    assert row["outbound"][0]["state"] == "cancelled"
    assert "Broken in the rack" in row["message"]
    assert shop.log("wms_cancelled") == [row["message"]]


def test_it_is_found_by_reference_when_nobody_told_it(shop: World) -> None:
    gid, external_id = sent(shop)
    shop.warehouse_fails({"where": "any", "do": "no_callback"})
    at_warehouse(shop, "cancel", external_id)
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    assert shop.row(gid)["outbound"][0]["state"] == "cancelled"
    shop.api("POST", "/api/jobs/cancellations/run")
    shop.settle()
    assert len(shop.log("wms_cancelled")) == 1


def test_units_of_it_are_told_once_however_often_they_come(shop: World) -> None:
    gid, external_id = sent(shop)
    at_warehouse(shop, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    shop.wms.ask("POST", "/sandbox/cursors/expire")
    shop.api("POST", "/api/jobs/cancellations/run")
    shop.settle()
    assert len(shop.log("wms_cancelled")) == 1
    assert "1 of its units" in shop.row(gid)["message"]
    assert list(shop.row(gid)["outbound"][0]["cancelled_lines"].values()) == [1]
    assert shop.shopify_order(gid)["refunds"] == []


def refunds(world: World, gid: str) -> list[dict[str, Any]]:
    """The order's refunds at Shopify, with what they took off by SKU."""
    order = world.shopify_order(gid)
    skus = {line["id"]: line["sku"] for line in order["lines"]}
    return [
        {
            "units": {skus[line["line_id"]]: line["quantity"] for line in each["lines"]},
            "restock": {line["restock"] for line in each["lines"]},
            "amount": float(each["amount"]["amount"]),
        }
        for each in order["refunds"]
    ]


def price(world: World, gid: str, sku: str) -> float:
    """What one of a SKU costs in an order."""
    line = next(line for line in world.shopify_order(gid)["lines"] if line["sku"] == sku)
    return float(line["originalUnitPriceSet"]["shopMoney"]["amount"])


def mails(world: World, what: str) -> int:
    """How many e-mails of a kind Shopify sent to buyers."""
    entries = world.shopify.ask("GET", f"/sandbox/ledger?kind=email&shop={SHOP}&after=0")
    return sum(entry.get("what") == what for entry in entries)


def available(world: World, sku: str) -> int:
    """How many of a SKU Shopify has to sell, at all locations."""
    rows = world.shopify.ask("GET", f"/sandbox/{SHOP}/inventory?sku={sku}")
    return sum(row["available"] for row in rows if row["sku"] == sku)


def test_units_are_taken_off_in_shopify_when_the_merchant_wants_that(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop)
    before = available(shop, "MUG-WHITE")
    at_warehouse(shop, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    cost = price(shop, gid, "MUG-WHITE")
    assert refunds(shop, gid) == [
        {"units": {"MUG-WHITE": 1}, "restock": {"CANCEL"}, "amount": cost}
    ]
    assert available(shop, "MUG-WHITE") == before + 1
    assert mails(shop, "refund") == 1
    assert shop.shopify_order(gid)["cancelledAt"] is None
    assert shop.state_tags(gid) == ["wms-synced"]
    assert len(shop.applied()) == 1, "nothing is sent to the warehouse because of it"
    assert not asked_to_cancel(shop)


def test_units_it_cancelled_are_counted_once(shop: World) -> None:
    """Neither does the drift report miss what it still has, nor does stock keep that for it."""
    shop.choose(seller_cancellation="cancel")
    gid = shop.order(lines=[{"sku": "MUG-WHITE", "quantity": 5}])
    shop.settle()
    lines = [{"sku": "MUG-WHITE", "quantity": 2}]
    at_warehouse(shop, "cancel", shop.row(gid)["outbound"][0]["external_id"], lines=lines)
    shop.settle()
    assert compared(shop) == []
    with shop.app.app_context():
        assert unsent_units(1, datetime.now(UTC)) == {}


def asked_to_cancel(world: World) -> bool:
    """Whether the warehouse was asked to cancel anything."""
    return bool(world.wms.ask("GET", "/sandbox/ledger?kind=cancelled"))


def test_money_goes_back_in_the_currency_it_was_paid_in(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid = shop.order(lines=LINES, presentment_currency="USD", rate="1.08")
    shop.settle()
    (outbound,) = shop.row(gid)["outbound"]
    wanted = [{"sku": "TSHIRT-BLUE-M", "quantity": 1}]
    at_warehouse(shop, "cancel", outbound["external_id"], lines=wanted)
    shop.settle()
    (refund,) = refunds(shop, gid)
    assert refund["amount"] == pytest.approx(price(shop, gid, "TSHIRT-BLUE-M"), abs=0.01)


def test_one_of_two_warehouse_orders_cancelled_whole_is_taken_off(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    here, there, *_ = shop.locations().values()
    codes = [each["code"] for each in shop.wms.ask("GET", "/sandbox/warehouses")]
    shop.choose(locations={here: codes[0], there: codes[1]})
    lines = [
        {"sku": "MUG-WHITE", "quantity": 2, "location": here},
        {"sku": "TSHIRT-BLUE-M", "quantity": 1, "location": there},
    ]
    gid = shop.order(lines=lines)
    shop.settle()
    first, second = shop.row(gid)["outbound"]
    at_warehouse(shop, "cancel", first["external_id"])
    shop.settle()
    assert shop.shopify_order(gid)["cancelledAt"] is None
    assert [each["units"] for each in refunds(shop, gid)] == [{"MUG-WHITE": 2}]
    assert len(shop.applied()) == 2, "nothing is sent again"
    at_warehouse(shop, "cancel", second["external_id"])
    shop.settle()
    assert shop.shopify_order(gid)["cancelledAt"] is not None


def test_more_units_later_are_taken_off_too_and_nothing_twice(shop: World) -> None:
    shop.choose(seller_cancellation="cancel", notify_customer=False)
    gid, external_id = sent(shop)
    for _ in range(2):
        at_warehouse(shop, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 1}])
        shop.settle()
    shop.wms.ask("POST", "/sandbox/cursors/expire")
    shop.api("POST", "/api/jobs/cancellations/run")
    shop.api("POST", "/api/jobs/reconcile/run")
    shop.settle()
    assert [each["units"] for each in refunds(shop, gid)] == [{"MUG-WHITE": 1}, {"MUG-WHITE": 1}]
    assert mails(shop, "refund") == 0
    assert len(shop.applied()) == 1


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_refund_whose_answer_is_lost_is_made_once(shop: World, fault: str) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop)
    shop.shopify_fails({"where": "graphql", "match": "CreateRefund", "do": fault, "times": 1})
    at_warehouse(shop, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 2}])
    shop.settle()
    assert [each["units"] for each in refunds(shop, gid)] == [{"MUG-WHITE": 2}]
    row = shop.row(gid)
    assert row["outbound"][0]["taking"] is None
    assert not row["fulfilling"]
    assert len(shop.applied()) == 1


def test_units_that_the_merchant_took_off_already_are_not_refunded_again(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop)
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": 50})
    at_warehouse(shop, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    mug = next(
        line["id"] for line in shop.shopify_order(gid)["lines"] if line["sku"] == "MUG-WHITE"
    )
    shop.change(gid, "edit", lines=[{"line_id": mug, "quantity": 2}])
    shop.api("POST", "/api/jobs/cancellations/run")
    shop.settle()
    assert refunds(shop, gid) == []
    assert any("no longer asks for the units" in line for line in shop.log("wms_cancelled"))


def test_what_is_edited_later_is_sent_without_the_cancelled_units(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop)
    at_warehouse(shop, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    shop.change(gid, "edit", note="Ring twice")
    shop.settle()
    assert len(shop.applied()) == 2
    (order,) = shop.wms.ask("GET", "/sandbox/orders")
    assert sorted(line["quantity"] for line in order["lines"]) == [2, 2]
    at_warehouse(shop, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    assert [each["units"] for each in refunds(shop, gid)] == [{"MUG-WHITE": 1}] * 2


def test_a_refund_that_was_given_up_keeps_no_read_away_and_is_taken_up_again(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop)
    shop.shopify_fails(
        {"where": "graphql", "match": "CreateRefund", "do": "status", "value": 400, "times": 1}
    )
    at_warehouse(shop, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    assert refunds(shop, gid) == []
    assert not shop.row(gid)["fulfilling"]
    assert any("Take cancelled units off in Shopify" in line for line in shop.log("gave_up"))
    shop.api("POST", "/api/given-up/try-again", all=True)
    shop.settle()
    assert [each["units"] for each in refunds(shop, gid)] == [{"MUG-WHITE": 1}]


def test_of_what_was_shipped_in_part_the_rest_is_taken_off(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop)
    at_warehouse(shop, "ship", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 3}])
    shop.settle()
    at_warehouse(shop, "cancel", external_id)
    shop.settle()
    assert shop.shopify_order(gid)["cancelledAt"] is None
    assert len(shop.shopify_order(gid)["fulfillments"]) == 1
    assert [each["units"] for each in refunds(shop, gid)] == [{"TSHIRT-BLUE-M": 2}]
    assert len(shop.applied()) == 1
    assert not asked_to_cancel(shop)
    assert shop.state_tags(gid) == ["wms-synced"]


def test_units_first_and_then_all_of_it(shop: World) -> None:
    gid, external_id = sent(shop)
    at_warehouse(shop, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    at_warehouse(shop, "cancel", external_id, reason="The rest too")
    shop.settle()
    row = shop.row(gid)
    assert row["outbound"][0]["state"] == "cancelled"
    assert "The rest too" in row["message"]


def test_an_old_cancellation_does_not_cancel_what_was_sent_again(shop: World) -> None:
    gid, external_id = sent(shop)
    at_warehouse(shop, "cancel", external_id)
    shop.settle()
    shop.send(gid)
    shop.settle()
    assert shop.row(gid)["outbound"][0]["state"] == "accepted"
    shop.wms.ask("POST", "/sandbox/cursors/expire")
    shop.api("POST", "/api/jobs/cancellations/run")
    shop.settle()
    assert shop.row(gid)["outbound"][0]["state"] == "accepted"


def test_what_it_cancelled_before_an_edit_arrived_is_open_again(automatic: World) -> None:
    """The higher revision opens the order again, and so it must stay alive in Shopify."""
    automatic.choose(seller_cancellation="cancel")
    gid, external_id = sent(automatic)
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    automatic.change(gid, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 5}])
    _until(automatic, gid, lambda row: row["state"] == "awaiting")
    at_warehouse(automatic, "cancel", external_id)
    _until(automatic, gid, lambda row: row["cancellations"])
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    automatic.wms.ask("POST", "/sandbox/jobs/release")
    _until(automatic, gid, lambda row: row["confirmed_revision"] == 2)
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    (there,) = automatic.wms.ask("GET", "/sandbox/orders")
    assert (there["state"] == "cancelled", there["revision"]) == (False, 2)
    assert automatic.row(gid)["outbound"][0]["state"] == "accepted"
    assert automatic.shopify_order(gid)["cancelledAt"] is None


def _until(world: World, gid: str, reached: Callable[[dict[str, Any]], Any]) -> None:
    """Work until the order's outbound order is so."""

    def found() -> Any:
        world.drain()
        return reached(world.row(gid)["outbound"][0])

    world.until(found, "the outbound order so")
