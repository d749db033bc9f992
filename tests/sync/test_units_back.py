"""What an order loses after a part of it has left: the warehouse is asked for just these units, and
the tag stays truthful."""

from typing import Any

import pytest

from app.domain.states import Effect, State
from app.models import OutboundOrder
from tests.sync.test_customer_cancels import again_and_again, at_wms, page, reference
from tests.sync.test_given_up import change, kill, try_again
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

LINES = [{"sku": "MUG-WHITE", "quantity": 1}, {"sku": "TSHIRT-BLUE-M", "quantity": 3}]
MUG, SHIRT = LINES[0]["sku"], LINES[1]["sku"]
SYNCED = ["wms-synced"]


@pytest.fixture
def begun(shop: World) -> str:
    """An order of which the mug was shipped, and one of the three shirts."""
    gid = shop.order(lines=LINES)
    shop.settle()
    gone = [{"sku": MUG, "quantity": 1}, {"sku": SHIRT, "quantity": 1}]
    at_warehouse(shop, "ship", reference(shop, gid), lines=gone)
    shop.settle()
    assert len(shop.shopify_order(gid)["fulfillments"]) == 1
    return gid


def keep_shirts(world: World, gid: str, quantity: int) -> None:
    """The merchant edits the order."""
    shirts = next(line for line in world.shopify_order(gid)["lines"] if line["sku"] == SHIRT)
    world.change(gid, "edit", lines=[{"line_id": shirts["id"], "quantity": quantity}])
    world.settle()


def shirts_left(world: World, gid: str) -> int:
    """How many shirts the warehouse is to ship in all."""
    (line,) = (line for line in at_wms(world, gid)["lines"] if line["sku"] == SHIRT)
    return int(line["quantity"]) - int(line["cancelled_quantity"])


def part_of(world: World, gid: str) -> dict[str, Any]:
    """The fulfillment order that still has something to ship."""
    parts = world.shopify_order(gid)["fulfillment_orders"]
    return next(dict(part) for part in parts if part["status"] in ("OPEN", "IN_PROGRESS"))


@pytest.mark.parametrize("left", [1, 2])
def test_units_edited_out_are_cancelled_there(shop: World, begun: str, left: int) -> None:
    keep_shirts(shop, begun, left)
    assert shirts_left(shop, begun) == left
    assert (shop.state_tags(begun), shop.row(begun)["reason"]) == (SYNCED, "")
    told = f"The warehouse has cancelled {3 - left} of its units: Shopify no longer asks for them."
    assert shop.log("cancelled") == [told]
    assert told in page(shop, begun)
    again_and_again(shop)
    assert shop.log("cancelled") == [told]
    assert [revision for _, revision in shop.applied()] == [1]


def test_what_is_fulfilled_by_hand_is_cancelled_there(shop: World, begun: str) -> None:
    shop.change(begun, "fulfil", fulfillment_order=part_of(shop, begun)["id"])
    shop.settle()
    assert shirts_left(shop, begun) == 1
    assert at_wms(shop, begun)["state"] == "shipped"
    assert shop.state_tags(begun) == SYNCED


def test_what_is_already_gone_is_not_asked_back(shop: World, begun: str) -> None:
    """Staff click *Fulfill items* in Shopify while the warehouse ships the rest."""
    shop.choose(fulfil=False)
    at_warehouse(shop, "ship", reference(shop, begun))
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    shop.settle()
    shop.change(begun, "fulfil", fulfillment_order=part_of(shop, begun)["id"])
    shop.settle()
    again_and_again(shop)
    assert shop.log("asked_back") == []
    assert shop.state_tags(begun) == SYNCED


def test_too_late_is_an_error_until_a_person_decides(shop: World, begun: str) -> None:
    at_warehouse(shop, "pack", reference(shop, begun))
    shop.settle()
    keep_shirts(shop, begun, 1)
    words = (
        "It was too late to cancel 2 of its units at the warehouse."
        " It says: “3 of TSHIRT-BLUE-M are already packed. Call the warehouse.”"
        " Decide with the warehouse what to do."
    )
    assert (shop.state_tags(begun), shop.row(begun)["message"]) == (["wms-error"], words)
    for job in ("sync_status", "reconcile"):
        shop.api("POST", f"/api/jobs/{job}/run")
        shop.settle()
    assert shop.log("cancelled") == [words]
    shop.send(begun)
    shop.settle()
    assert shop.log("cancelled") == [words, words]


def test_units_put_back_end_the_error(shop: World, begun: str) -> None:
    at_warehouse(shop, "pack", reference(shop, begun))
    shop.settle()
    keep_shirts(shop, begun, 2)
    assert shop.state_tags(begun) == ["wms-error"]
    keep_shirts(shop, begun, 3)
    assert (shop.state_tags(begun), shop.row(begun)["message"]) == (SYNCED, "")


def test_a_cancellation_of_all_overtakes_it(shop: World) -> None:
    shop.wms.ask("PUT", "/sandbox/settings", lacks=["order_update"])
    shop.connect(automatic=True)
    gid = shop.order(lines=LINES)
    shop.settle()
    shop.warehouse_fails({"where": "cancel", "do": "status", "value": 503, "times": 1})
    keep_shirts(shop, gid, 2)
    shop.change(gid, "cancel")
    shop.warehouse_fails()
    shop.settle()
    assert at_wms(shop, gid)["state"] == "cancelled"
    assert (shop.state_tags(gid), shop.row(gid)["reason"]) == (SYNCED, "cancelled")


def test_what_was_given_up_asks_for_just_these_units_again(shop: World, begun: str) -> None:
    shop.warehouse_fails({"where": "cancel", "do": "status", "value": 409})
    keep_shirts(shop, begun, 2)
    outbound = change(shop, OutboundOrder, state=State.CANCELLING)
    kill(shop, Effect.CANCEL, ("outbound", outbound))
    assert shop.state_tags(begun) == ["wms-error"]
    shop.warehouse_fails()
    try_again(shop)
    assert shirts_left(shop, begun) == 2
    assert shop.state_tags(begun) == SYNCED


def test_more_can_be_wanted_again(shop: World, begun: str) -> None:
    keep_shirts(shop, begun, 2)
    keep_shirts(shop, begun, 1)
    assert shirts_left(shop, begun) == 1
    assert shop.state_tags(begun) == SYNCED


def test_units_are_counted_from_what_the_warehouse_has(shop: World) -> None:
    """It refused a revision: of that it has nothing, though it gave units back under its number."""
    gid = shop.order(lines=LINES)
    shop.settle()
    shop.warehouse_fails({"where": "any", "do": "no_callback"})
    at_warehouse(shop, "ship", reference(shop, gid), lines=[{"sku": MUG, "quantity": 1}])
    keep_shirts(shop, gid, 2)
    assert shop.row(gid)["reason"] == "too-late"
    shop.warehouse_fails()
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    shop.settle()
    shop.send(gid)
    shop.settle()
    assert (shirts_left(shop, gid), shop.state_tags(gid)) == (2, SYNCED)
    keep_shirts(shop, gid, 1)
    assert (shirts_left(shop, gid), shop.state_tags(gid)) == (1, SYNCED)
    again_and_again(shop)
    assert shop.state_tags(gid) == SYNCED


def test_a_warehouse_that_takes_no_edits_gives_units_back(shop: World) -> None:
    shop.wms.ask("PUT", "/sandbox/settings", lacks=["order_update"])
    shop.connect(automatic=True)
    gid = shop.order(lines=LINES)
    shop.settle()
    keep_shirts(shop, gid, 2)
    assert shirts_left(shop, gid) == 2
    assert shop.state_tags(gid) == SYNCED


def test_one_that_cancels_no_units_says_so(shop: World, begun: str) -> None:
    shop.wms.ask("PUT", "/sandbox/settings", lacks=["cancel_lines"])
    shop.connect(automatic=True)
    keep_shirts(shop, begun, 1)
    words = "The warehouse's system can't cancel 2 of its units. Tell the warehouse yourself."
    assert (shop.state_tags(begun), shop.row(begun)["message"]) == (["wms-error"], words)


def test_what_was_split_off_goes_once_the_units_are_back(shop: World, begun: str) -> None:
    part = part_of(shop, begun)
    lines = [
        {"id": line["id"], "quantity": 1}
        for line in part["lines"]
        if line["remainingQuantity"] == 2
    ]
    shop.change(begun, "split", fulfillment_order=part["id"], lines=lines)
    shop.settle()
    assert shop.state_tags(begun) == SYNCED
    held = shop.wms.ask("GET", "/sandbox/orders")
    asked = [
        line["quantity"] - line["cancelled_quantity"]
        for order in held
        for line in order["lines"]
        if line["sku"] == SHIRT
    ]
    assert sorted(asked) == [1, 2]


def test_what_the_warehouse_cancels_besides_is_counted_apart(shop: World) -> None:
    """It tells how many units are cancelled in all, those that it was asked to cancel included."""
    shop.choose(seller_cancellation="cancel")
    gid = shop.order(lines=[{"sku": MUG, "quantity": 1}, {"sku": SHIRT, "quantity": 6}])
    shop.settle()
    gone = [{"sku": MUG, "quantity": 1}, {"sku": SHIRT, "quantity": 1}]
    at_warehouse(shop, "ship", reference(shop, gid), lines=gone)
    shop.settle()
    keep_shirts(shop, gid, 4)
    assert shirts_left(shop, gid) == 4
    at_warehouse(shop, "cancel", reference(shop, gid), lines=[{"sku": SHIRT, "quantity": 1}])
    shop.settle()
    shirts = next(line for line in shop.shopify_order(gid)["lines"] if line["sku"] == SHIRT)
    assert shirts["currentQuantity"] == shirts_left(shop, gid) == 3
    at_warehouse(shop, "ship", reference(shop, gid))
    shop.settle()
    assert shop.shopify_order(gid)["displayFulfillmentStatus"] == "FULFILLED"
    assert (shop.log("not_fulfilled"), shop.state_tags(gid)) == ([], SYNCED)
