"""What the warehouse has as one order, Shopify has split in two since: what leaves in one parcel is
fulfilled in both, once, by exactly its units."""

from collections import Counter
from typing import Any

import pytest

from tests.sync.drift_hand import without_webhooks
from tests.sync.test_fulfil import TWO_LINES, fulfilled, mails, parcel, sent, shipments
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

ORDERED = {"MUG-WHITE": 3, "TSHIRT-BLUE-M": 2}


def split(world: World, gid: str) -> None:
    """A person splits one of each off, at the same location."""
    (part,) = world.shopify_order(gid)["fulfillment_orders"]
    one_of_each = [{"id": line["id"], "quantity": 1} for line in part["lines"]]
    world.change(gid, "split", fulfillment_order=part["id"], lines=one_of_each)
    world.settle()
    assert len(world.shopify_order(gid)["fulfillment_orders"]) == 2


@pytest.fixture
def unheard(shop: World) -> tuple[str, str]:
    """An order that was split after it was sent, and nobody has heard of it: its gid and the
    warehouse's reference."""
    gid, external_id = sent(shop, lines=TWO_LINES)
    without_webhooks(shop)
    split(shop, gid)
    return gid, external_id


@pytest.fixture
def too_late(shop: World) -> tuple[str, str]:
    """An order that was split after it was packed, so that the warehouse keeps it whole."""
    gid, external_id = sent(shop, lines=TWO_LINES)
    at_warehouse(shop, "pack", external_id)
    shop.settle()
    split(shop, gid)
    assert shop.state_tags(gid) == ["wms-error"]
    return gid, external_id


def units(made: dict[str, Any]) -> Counter[str]:
    """A fulfillment's units by SKU."""
    found: Counter[str] = Counter()
    for line in made["lines"]:
        found[line["sku"]] += line["quantity"]
    return found


def told_again(world: World) -> None:
    """The warehouse tells everything anew, and whatever runs by itself runs."""
    world.wms.ask("POST", "/sandbox/cursors/expire")
    for job in ("export_shipped_orders", "export_delivered_orders", "reconcile", "import_orders"):
        world.api("POST", f"/api/jobs/{job}/run")
        world.settle()


def check_units(world: World, gid: str) -> None:
    """Nothing is left to fulfil, and each fulfillment had its e-mail."""
    made, order = fulfilled(world, gid), world.shopify_order(gid)
    assert sum((units(each) for each in made), Counter()) == ORDERED
    assert all(each["status"] == "SUCCESS" for each in made)
    assert mails(world) == [each["id"] for each in made]
    assert [row.fulfillment for row in shipments(world)] == [each["id"] for each in made]
    assert all(row.settled for row in shipments(world))
    left = [line["remainingQuantity"] for p in order["fulfillment_orders"] for line in p["lines"]]
    assert left == [0, 0, 0, 0]
    assert [part["status"] for part in order["fulfillment_orders"]] == ["CLOSED", "CLOSED"]


def check_all_fulfilled(world: World, gid: str) -> None:
    """Nothing is left to fulfil, and nothing of it went to the warehouse again."""
    check_units(world, gid)
    assert len(world.applied()) == 1
    assert world.wms.ask("GET", "/sandbox/ledger?kind=cancelled") == []


def test_a_parcel_of_both_is_one_fulfillment(shop: World, unheard: tuple[str, str]) -> None:
    gid, external_id = unheard
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    for _ in range(2):
        (made,) = fulfilled(shop, gid)
        assert [info["number"] for info in made["trackingInfo"]] == ["DP-1"]
        check_all_fulfilled(shop, gid)
        assert shop.state_tags(gid) == ["wms-synced"]
        told_again(shop)


def test_each_of_two_parcels_is_a_fulfillment(shop: World, unheard: tuple[str, str]) -> None:
    gid, external_id = unheard
    mugs = [{"sku": "MUG-WHITE", "quantity": 3}]
    at_warehouse(shop, "ship", external_id, lines=mugs, packages=[parcel("DP-1")])
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-2")])
    shop.settle()
    for _ in range(2):
        first, second = fulfilled(shop, gid)
        assert units(first) == {"MUG-WHITE": 3}
        assert units(second) == {"TSHIRT-BLUE-M": 2}
        check_all_fulfilled(shop, gid)
        assert shop.state_tags(gid) == ["wms-synced"]
        told_again(shop)


def test_what_becomes_known_between_two_parcels_is_divided_at_the_warehouse(
    shop: World, unheard: tuple[str, str]
) -> None:
    gid, external_id = unheard
    mugs = [{"sku": "MUG-WHITE", "quantity": 3}]
    at_warehouse(shop, "ship", external_id, lines=mugs, packages=[parcel("DP-1")])
    shop.settle()
    here, there = shop.wms.ask("GET", "/sandbox/orders")
    for each in (here, there):
        at_warehouse(shop, "ship", each["external_id"])
        shop.settle()
    for _ in range(2):
        shirts = {"TSHIRT-BLUE-M": 1}
        assert [units(m) for m in fulfilled(shop, gid)] == [{"MUG-WHITE": 3}, shirts, shirts]
        check_units(shop, gid)
        assert shop.state_tags(gid) == ["wms-synced"]
        told_again(shop)


@pytest.mark.parametrize("fault", ["", "drop_before", "drop_after"])
def test_the_warehouse_that_kept_it_whole_is_followed(
    shop: World, too_late: tuple[str, str], fault: str
) -> None:
    gid, external_id = too_late
    rule = {"where": "graphql", "match": "CreateFulfillment", "do": fault, "times": 1}
    shop.shopify_fails(*([rule] if fault else []))
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1
    check_all_fulfilled(shop, gid)
    told_again(shop)
    check_all_fulfilled(shop, gid)
    assert shop.state_tags(gid) == ["wms-synced"], "nobody waits for anything any more"
