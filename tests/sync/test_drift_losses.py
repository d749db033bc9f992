"""Orders that the warehouse lost after it had shipped a part of them: the rest is shipped, once."""

from collections import Counter

import pytest

from tests.sync.drift_hand import compared, repaired
from tests.sync.test_drift import by_ref, told
from tests.sync.test_fulfil import TWO_LINES, fulfilled, parcel, sent
from tests.sync.warehouse_hand import at_warehouse, to_shipment
from tests.world import World

ONE_MUG = [{"sku": "MUG-WHITE", "quantity": 1}]


def lost(world: World, external_id: str) -> None:
    """The warehouse loses an order without a word."""
    world.wms.ask("POST", "/sandbox/orders/forget", external_id=external_id)


def shipped_in_part(world: World) -> tuple[str, str]:
    """An order of which a mug has left, and is fulfilled."""
    gid, external_id = sent(world, lines=TWO_LINES)
    at_warehouse(world, "ship", external_id, lines=ONE_MUG, packages=[parcel("DP-1")])
    world.settle()
    return gid, external_id


def at_the_warehouse(world: World, external_id: str) -> dict[str, int]:
    """The units that the warehouse has of an order, by SKU."""
    orders = world.wms.ask("GET", "/sandbox/orders")
    (order,) = [each for each in orders if each["external_id"] == external_id]
    return {line["sku"]: line["quantity"] for line in order["lines"]}


def left(world: World) -> Counter[str]:
    """Everything that has left the warehouse, by SKU."""
    found: Counter[str] = Counter()
    for shipment in world.wms.ask("GET", "/sandbox/shipments"):
        if shipment["state"] != "cancelled":
            for line in shipment["lines"]:
                found[line["sku"]] += line["quantity"]
    return found


def all_of_it() -> dict[str, int]:
    return {line["sku"]: line["quantity"] for line in TWO_LINES}


def test_the_rest_is_sent_again_as_the_next_revision_and_ships_once(shop: World) -> None:
    gid, external_id = shipped_in_part(shop)
    lost(shop, external_id)
    (row,) = compared(shop)
    assert told([row]) == [("missing", "send_rest")]
    assert row["warehouse"] == "The warehouse doesn't know it any more. It shipped 1 unit of it."
    assert repaired(shop, row) == []
    assert by_ref(shop, external_id).json()["revision"] == 2
    rest = all_of_it() | {"MUG-WHITE": all_of_it()["MUG-WHITE"] - 1}
    assert at_the_warehouse(shop, external_id) == rest
    assert shop.state_tags(gid) == ["wms-synced"]
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-2")])
    shop.settle()
    assert left(shop) == all_of_it()
    assert sum(sum(made["units"]) for made in fulfilled(shop, gid)) == sum(all_of_it().values())
    assert shop.applied() == [(external_id, 1), (external_id, 2)]
    assert compared(shop) == []
    assert shop.state_tags(gid) == ["wms-synced"]


def test_nobody_sends_the_rest_without_a_look_at_it(shop: World) -> None:
    _, external_id = shipped_in_part(shop)
    lost(shop, external_id)
    compared(shop)
    answer = shop.api_answer("POST", "/api/drift/repair", kind="missing")
    assert answer.status_code == 404
    assert len(shop.applied()) == 1


def test_what_left_without_a_word_is_read_first(shop: World) -> None:
    gid, external_id = shipped_in_part(shop)
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-2")])
    lost(shop, external_id)
    (row,) = compared(shop)
    assert told([row]) == [("missing", "send_rest")]
    assert repaired(shop, row) == []
    assert len(shop.applied()) == 1, "it has shipped all of it"
    assert left(shop) == all_of_it()
    assert sum(sum(made["units"]) for made in fulfilled(shop, gid)) == sum(all_of_it().values())


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_answer_sends_the_rest_once(shop: World, fault: str) -> None:
    _, external_id = shipped_in_part(shop)
    lost(shop, external_id)
    (row,) = compared(shop)
    shop.warehouse_fails({"where": "batch", "do": fault, "times": 1})
    assert repaired(shop, row) == []
    assert shop.applied() == [(external_id, 1), (external_id, 2)]


def test_lost_twice_each_rest_is_what_is_still_open(shop: World) -> None:
    _, external_id = shipped_in_part(shop)
    for number in (2, 3):
        lost(shop, external_id)
        (row,) = compared(shop)
        assert repaired(shop, row) == []
        units = [{"sku": "TSHIRT-BLUE-M", "quantity": 1}]
        at_warehouse(shop, "ship", external_id, lines=units, packages=[parcel(f"DP-{number}")])
        shop.settle()
    rest = all_of_it()
    assert left(shop) == {"MUG-WHITE": 1, "TSHIRT-BLUE-M": 2}
    lost(shop, external_id)
    (row,) = compared(shop)
    assert repaired(shop, row) == []
    open_now = {sku: n - left(shop)[sku] for sku, n in rest.items() if n > left(shop)[sku]}
    assert at_the_warehouse(shop, external_id) == open_now


def test_a_later_edit_asks_for_the_rest_alone(shop: World) -> None:
    gid, external_id = shipped_in_part(shop)
    lost(shop, external_id)
    (row,) = compared(shop)
    assert repaired(shop, row) == []
    shop.change(gid, "edit", note="Ring twice")
    shop.settle()
    assert by_ref(shop, external_id).json()["revision"] == 3
    assert at_the_warehouse(shop, external_id)["MUG-WHITE"] == all_of_it()["MUG-WHITE"] - 1
    shop.change(gid, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 4}])
    shop.settle()
    assert at_the_warehouse(shop, external_id)["MUG-WHITE"] == 3


def test_what_left_before_and_is_delivered_later_stays_out(shop: World) -> None:
    gid, external_id = shipped_in_part(shop)
    (first,) = shop.wms.ask("GET", "/sandbox/shipments")
    lost(shop, external_id)
    (row,) = compared(shop)
    assert repaired(shop, row) == []
    to_shipment(shop, first["id"], "deliver")
    shop.settle()
    shop.change(gid, "tags", add=["wms-no-sync"])
    shop.settle()
    assert compared(shop) == []
    assert len(shop.applied()) == 2


def test_the_warehouse_cancels_the_rest_of_what_it_had_lost(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = shipped_in_part(shop)
    lost(shop, external_id)
    (row,) = compared(shop)
    assert repaired(shop, row) == []
    shop.wms.ask("POST", "/sandbox/orders/cancel", external_id=external_id)
    shop.until(lambda: shop.settle() or shop.shopify_order(gid)["refunds"], "the refund")
    order = shop.shopify_order(gid)
    assert order["cancelledAt"] is None
    assert {line["sku"]: line["currentQuantity"] for line in order["lines"]}["MUG-WHITE"] == 1
    assert len(shop.applied()) == 2


def test_while_shopify_has_not_what_left_nothing_is_sent(shop: World) -> None:
    shop.choose(fulfil=False)
    gid, external_id = shipped_in_part(shop)
    lost(shop, external_id)
    (row,) = compared(shop)
    assert told([row]) == [("missing", "")]
    assert shop.api_answer("POST", "/api/drift/repair", ids=[row["id"]]).status_code == 404
    shop.change(gid, "tags", add=["wms-no-sync"])
    shop.settle()
    assert len(shop.applied()) == 1, "a tag sends it no more than a repair"
    assert any("It is not sent again" in line for line in shop.log("looked_up"))
    shop.choose(fulfil=True)
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    shop.settle()
    (row,) = compared(shop)
    assert told([row]) == [("missing", "send_rest")]
    assert repaired(shop, row) == []
    assert at_the_warehouse(shop, external_id)["MUG-WHITE"] == all_of_it()["MUG-WHITE"] - 1


def test_a_tag_on_what_is_shipped_and_forgotten_sends_nothing(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    lost(shop, external_id)
    shop.change(gid, "tags", add=["wms-no-sync"])
    shop.settle()
    assert len(shop.applied()) == 1
    assert shop.state_tags(gid) == ["wms-synced"]
    assert any("shipped all of it" in line for line in shop.log("looked_up"))
