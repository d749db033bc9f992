"""What is asked back from the warehouse, and what is sent again: a cancellation is asked once, and
no other answer stands for it."""

import pytest

from tests.sync.warehouse_hand import at_warehouse, to_shipment
from tests.world import World

LINES = [{"sku": "MUG-WHITE", "quantity": 5}]


@pytest.fixture
def sent(automatic: World) -> str:
    """An order for five mugs that is in the warehouse."""
    gid = automatic.order(lines=LINES)
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    return gid


def reference(world: World, gid: str) -> str:
    """The warehouse's name for an order."""
    return str(world.row(gid)["outbound"][0]["external_id"])


def asked_back(world: World) -> list[str]:
    """The requests to cancel that the warehouse has had."""
    requests = world.wms.ask("GET", "/sandbox/ledger?kind=request")
    entries = requests["entries"] if isinstance(requests, dict) else requests
    return [each["path"] for each in entries if each["path"].endswith("/orders/cancel")]


def test_an_edit_that_came_too_late_does_not_keep_a_cancellation(
    automatic: World, sent: str
) -> None:
    (shipment,) = at_warehouse(automatic, "pack", reference(automatic, sent))["shipments"]
    automatic.settle()
    automatic.change(sent, "edit", note="gift")
    automatic.settle()
    assert (automatic.row(sent)["reason"], automatic.state_tags(sent)) == (
        "too-late",
        ["wms-error"],
    )
    to_shipment(automatic, shipment["id"], "cancel")
    automatic.settle()
    automatic.change(sent, "cancel")
    automatic.settle()
    (order,) = automatic.wms.ask("GET", "/sandbox/orders")
    assert order["state"] == "cancelled"
    assert (automatic.row(sent)["reason"], automatic.state_tags(sent)) == (
        "cancelled",
        ["wms-synced"],
    )


def test_a_cancellation_that_came_too_late_is_asked_once(automatic: World, sent: str) -> None:
    at_warehouse(automatic, "pack", reference(automatic, sent))
    automatic.settle()
    automatic.change(sent, "cancel")
    automatic.settle()
    automatic.change(sent, "edit", note="still cancelled")
    automatic.settle()
    assert len(asked_back(automatic)) == 1
    assert (automatic.row(sent)["reason"], automatic.state_tags(sent)) == (
        "cancel-too-late",
        ["wms-error"],
    )


@pytest.fixture
def places(automatic: World) -> tuple[str, str]:
    """A location that is sent to the warehouse, and one that is not sent."""
    here, other, *_ = automatic.locations().values()
    automatic.choose(locations={here: "WH", other: None})
    return here, other


def kept(world: World) -> list[int]:
    """How many units each warehouse order asks for, those not cancelled."""
    return [
        sum(line["quantity"] for line in order["lines"])
        for order in world.wms.ask("GET", "/sandbox/orders")
        if order["state"] != "cancelled"
    ]


def test_moved_to_where_nothing_is_sent_and_back_it_is_sent_again(
    automatic: World, places: tuple[str, str], sent: str
) -> None:
    here, other = places
    automatic.change(sent, "move", location=other)
    automatic.settle()
    row = automatic.row(sent)
    assert (row["outbound"][0]["state"], row["reason"], kept(automatic)) == (
        "superseded",
        "cancelled",
        [],
    )
    automatic.change(sent, "move", location=here)
    automatic.settle()
    assert kept(automatic) == [5]
    assert (automatic.row(sent)["reason"], automatic.state_tags(sent)) == ("", ["wms-synced"])
    assert [revision for _, revision in automatic.applied()] == [1, 2], "nothing is sent twice"


def test_back_before_the_warehouse_has_given_it_up_it_is_sent_again(
    automatic: World, places: tuple[str, str], sent: str
) -> None:
    here, other = places
    automatic.warehouse_fails({"where": "cancel", "do": "status", "value": 503, "times": None})
    automatic.change(sent, "move", location=other)
    automatic.until(
        lambda: automatic.drain() or automatic.row(sent)["outbound"][0]["state"] == "cancelling",
        "it is asked back",
    )
    automatic.change(sent, "move", location=here)
    automatic.warehouse_fails()
    automatic.settle()
    assert kept(automatic) == [5]
    assert automatic.state_tags(sent) == ["wms-synced"]


def test_a_location_that_is_not_sent_for_a_while(
    automatic: World, places: tuple[str, str], sent: str
) -> None:
    here, other = places
    automatic.choose(locations={here: None, other: None})
    automatic.change(sent, "edit", note="any change")
    automatic.settle()
    assert kept(automatic) == []
    automatic.choose(locations={here: "WH", other: None})
    automatic.change(sent, "edit", note="another change")
    automatic.settle()
    assert kept(automatic) == [5]
    assert automatic.state_tags(sent) == ["wms-synced"]


def test_what_the_seller_cancelled_does_not_come_back_by_itself(
    automatic: World, sent: str
) -> None:
    automatic.wms.ask("POST", "/sandbox/orders/cancel", external_id=reference(automatic, sent))
    automatic.until(
        lambda: automatic.settle() or automatic.row(sent)["reason"] == "wms-cancelled", "told"
    )
    automatic.change(sent, "edit", note="any change")
    automatic.settle()
    assert kept(automatic) == []


def cancelled_by_the_seller(world: World, external_id: str) -> None:
    """The warehouse cancels an order by itself while it doesn't hear that it is asked to; from then
    on it hears."""
    world.wms.ask("POST", "/sandbox/orders/cancel", external_id=external_id, reason="no stock")
    world.warehouse_fails()


def test_the_seller_is_quicker_than_the_customers_cancellation(automatic: World, sent: str) -> None:
    automatic.warehouse_fails({"where": "cancel", "do": "status", "value": 503, "times": None})
    automatic.change(sent, "cancel")
    automatic.until(
        lambda: automatic.drain() or automatic.row(sent)["outbound"][0]["state"] == "cancelling",
        "it is asked back",
    )
    cancelled_by_the_seller(automatic, reference(automatic, sent))
    automatic.settle()
    row = automatic.row(sent)
    assert (row["reason"], row["message"]) == ("cancelled", "The warehouse has cancelled it.")
    assert automatic.log("cancelled") == ["The warehouse has cancelled it."]
    assert automatic.log("wms_cancelled") == []
    assert automatic.state_tags(sent) == ["wms-synced"]


def test_the_seller_is_quicker_than_a_move(automatic: World) -> None:
    here, other, *_ = automatic.locations().values()
    one, two, *_ = [each["code"] for each in automatic.wms.ask("GET", "/sandbox/warehouses")]
    automatic.choose(locations={here: one, other: two})
    gid = automatic.order(lines=LINES)
    automatic.settle()
    automatic.warehouse_fails({"where": "cancel", "do": "status", "value": 503, "times": None})
    automatic.change(gid, "move", location=other)
    automatic.until(
        lambda: automatic.drain() or automatic.row(gid)["outbound"][0]["state"] == "cancelling",
        "it is asked back",
    )
    cancelled_by_the_seller(automatic, reference(automatic, gid))
    automatic.settle()
    assert kept(automatic) == [5]
    assert [each["state"] for each in automatic.row(gid)["outbound"]] == ["superseded", "accepted"]
    assert (automatic.row(gid)["reason"], automatic.state_tags(gid)) == ("", ["wms-synced"])
