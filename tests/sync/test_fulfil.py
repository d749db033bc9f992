"""What the warehouse ships appears in Shopify: once, by line and quantity, with its tracking."""

from typing import Any

import pytest

from app.db import session
from app.models import Shipment
from tests.sync.warehouse_hand import at_warehouse, to_shipment
from tests.world import SHOP, World

TWO_LINES = [{"sku": "MUG-WHITE", "quantity": 3}, {"sku": "TSHIRT-BLUE-M", "quantity": 2}]
# The answer to a fulfillment gets lost, and nobody can look what became of it.
UNANSWERED = (
    {"where": "graphql", "match": "CreateFulfillment", "do": "drop_after"},
    {"where": "graphql", "match": "ReadFulfillments", "do": "drop_before"},
)


def sent(world: World, **wishes: Any) -> tuple[str, str]:
    """An order that the warehouse has; returns its gid and the warehouse's reference to it."""
    gid = world.order(**wishes)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    (outbound,) = world.row(gid)["outbound"]
    return gid, outbound["external_id"]


def parcel(number: str, carrier: str = "demopost") -> dict[str, Any]:
    """One parcel."""
    return {
        "carrier": {"code": carrier, "name": carrier.title()},
        "tracking_number": number,
        "tracking_url": f"https://track.example/{number}",
    }


def two_mugs_left(world: World) -> tuple[str, str]:
    """An order for TWO_LINES of which two mugs have left in a parcel; its gid and the warehouse's
    reference to it."""
    gid, external_id = sent(world, lines=TWO_LINES)
    mugs = [{"sku": "MUG-WHITE", "quantity": 2}]
    at_warehouse(world, "ship", external_id, lines=mugs, packages=[parcel("DP-1")])
    world.settle()
    return gid, external_id


def fulfilled(world: World, gid: str) -> list[dict[str, Any]]:
    """The order's fulfillments at Shopify, with their units by SKU."""
    found = world.shopify_order(gid)["fulfillments"]
    return [{**made, "units": sorted(line["quantity"] for line in made["lines"])} for made in found]


def shipments(world: World) -> list[Shipment]:
    """What Tagdock keeps of shipments."""
    with world.app.app_context():
        rows = session().query(Shipment).order_by(Shipment.id).all()
        session().expunge_all()
        session().rollback()
        return rows


def mails(world: World) -> list[str]:
    """The e-mails that Shopify sent to buyers."""
    entries = world.shopify.ask("GET", f"/sandbox/ledger?kind=email&shop={SHOP}&after=0")
    return [entry["fulfillment"] for entry in entries]


def test_a_whole_shipment_is_fulfilled_once(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    mark = shop.mark()
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert made["units"] == [2, 3]
    assert [info["number"] for info in made["trackingInfo"]] == ["DP-1"]
    assert mails(shop) == [made["id"]]
    assert shop.state_tags(gid) == ["wms-synced"]
    asked = [entry["operation"] for entry in shop.graphql(mark)]
    assert asked == ["CreateFulfillment"], "our own fulfillment is known when it comes back"
    assert len(shop.applied()) == 1, "nothing is sent again"
    (row,) = shipments(shop)
    assert row.settled
    assert row.fulfillment == made["id"]


def test_parts_tracking_and_delivery_follow_each_other(shop: World) -> None:
    gid, external_id = two_mugs_left(shop)
    second = at_warehouse(
        shop,
        "ship",
        external_id,
        lines=[{"sku": "MUG-WHITE", "quantity": 1}, {"sku": "TSHIRT-BLUE-M", "quantity": 1}],
        packages=[parcel("DP-2"), parcel("DP-3")],
    )["shipments"][0]["id"]
    shop.settle()
    to_shipment(shop, second, "track", packages=[parcel("DP-2"), parcel("DP-4")])
    shop.settle()
    first, other = fulfilled(shop, gid)
    assert (first["units"], other["units"]) == ([2], [1, 1])
    assert [info["number"] for info in other["trackingInfo"]] == ["DP-2", "DP-4"]
    at_warehouse(shop, "deliver", external_id)
    shop.settle()
    assert [made["displayStatus"] for made in fulfilled(shop, gid)] == ["DELIVERED", "DELIVERED"]
    assert mails(shop) == [first["id"], other["id"]]
    assert len(shop.applied()) == 1


def test_what_is_told_twice_or_late_changes_nothing(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    shop.warehouse_fails({"where": "any", "do": "duplicate_callback", "times": 50})
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    at_warehouse(shop, "deliver", external_id)
    shop.settle()
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    shop.api("POST", "/api/jobs/export_delivered_orders/run")
    shop.settle()
    shop.wms.ask("POST", "/sandbox/cursors/expire")
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert made["displayStatus"] == "DELIVERED"
    assert mails(shop) == [made["id"]]


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_answer_is_looked_up_before_it_is_tried_again(shop: World, fault: str) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    shop.shopify_fails({"where": "graphql", "match": "CreateFulfillment", "do": fault, "times": 1})
    at_warehouse(
        shop,
        "ship",
        external_id,
        lines=[{"sku": "MUG-WHITE", "quantity": 1}],
        packages=[parcel("DP-1")],
    )
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert made["units"] == [1]
    assert [row.fulfillment for row in shipments(shop)] == [made["id"]]


def test_a_refused_attempt_does_not_keep_the_order_from_being_read(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    shop.shopify_fails(
        {"where": "graphql", "match": "CreateFulfillment", "do": "status", "value": 400, "times": 1}
    )
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    shop.change(gid, "tags", add=["gift"])
    shop.change(gid, "edit", note="Ring twice")
    mark = shop.mark()
    shop.settle()
    assert not shop.row(gid)["fulfilling"]
    reads = [entry for entry in shop.graphql(mark) if entry["operation"].startswith("ReadOrder")]
    assert len(reads) <= 3


def test_switched_off_meanwhile_an_open_attempt_is_still_looked_up(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    shop.shopify_fails(*UNANSWERED)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.until(lambda: shop.drain() or any(row.attempt for row in shipments(shop)), "an attempt")
    shop.choose(fulfil=False)
    shop.shopify_fails()
    shop.settle()
    (made,) = fulfilled(shop, gid)
    (row,) = shipments(shop)
    assert (row.fulfillment, row.attempt) == (made["id"], None)
    assert not shop.row(gid)["fulfilling"]


def test_packed_is_enough_when_the_merchant_says_so(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    at_warehouse(shop, "pack", external_id)
    shop.settle()
    assert fulfilled(shop, gid) == []
    shop.choose(fulfil_on="packed")
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert made["trackingInfo"] == []
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert [info["number"] for info in made["trackingInfo"]] == ["DP-1"]


def test_switched_off_nothing_is_fulfilled_until_it_is_on_again(shop: World) -> None:
    shop.choose(fulfil=False, notify_customer=False)
    gid, external_id = sent(shop, lines=TWO_LINES)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    assert fulfilled(shop, gid) == []
    shop.choose(fulfil=True)
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1
    assert mails(shop) == []


def test_units_fulfilled_by_hand_are_explained_and_not_tried_for_ever(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": 50})
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.change(gid, "fulfil")
    shop.settle()
    mark = shop.mark()
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1, "the merchant's own"
    assert "CreateFulfillment" not in [entry["operation"] for entry in shop.graphql(mark)]
    (row,) = shipments(shop)
    assert row.reason == "nothing-left"
    assert any("no longer asks for these units" in line for line in shop.log("not_fulfilled"))


def test_an_order_is_archived_after_the_last_parcel_when_wished(shop: World) -> None:
    shop.choose(archive=True)
    gid, external_id = sent(shop, lines=TWO_LINES)
    at_warehouse(
        shop,
        "ship",
        external_id,
        lines=[{"sku": "MUG-WHITE", "quantity": 3}],
        packages=[parcel("DP-1")],
    )
    shop.settle()
    assert shop.shopify_order(gid)["closedAt"] is None
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-2")])
    shop.settle()
    assert shop.shopify_order(gid)["closedAt"] is not None


def test_a_shipment_that_is_taken_back_frees_its_units(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    number = at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])["shipments"][0][
        "id"
    ]
    shop.settle()
    to_shipment(shop, number, "cancel")
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert made["status"] == "CANCELLED"


def test_a_pick_up_is_ready_and_then_picked_up(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES, delivery="PICK_UP")
    number = at_warehouse(shop, "pack", external_id)["shipments"][0]["id"]
    to_shipment(shop, number, "ready_for_pickup")
    shop.settle()
    assert fulfilled(shop, gid) == []
    assert "Shopify knows: ready for pick-up." in shop.log("told_shopify")
    to_shipment(shop, number, "deliver")
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1


def test_carriers_have_the_names_that_shopify_knows(shop: World) -> None:
    shop.choose(carriers={"demopost": "Demo Post International"})
    gid, external_id = sent(shop, lines=TWO_LINES)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert made["trackingInfo"] == [
        {
            "company": "Demo Post International",
            "number": "DP-1",
            "url": "https://track.example/DP-1",
        }
    ]
