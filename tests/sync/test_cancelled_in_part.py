"""A customer cancels all of an order and the warehouse can give only a part of it back: what became
of it is on the order, in the log and in the tag, and nothing is taken for cancelled that was not.

The reference warehouse refuses a cancellation of all once anything is packed. Another one, which
the contract allows as well, cancels what it can; here the reference one is changed in that alone.
"""

from typing import Any

import pytest

from sandbox.wms import changes, quantities
from sandbox.wms.orders import Order
from tests.sync.drift_hand import compared
from tests.sync.test_customer_cancels import (
    TWO_LINES,
    again_and_again,
    at_wms,
    page,
    reference,
)
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

ONLY_A_PART = "The warehouse could cancel only a part of it. Decide with the warehouse what to do."


@pytest.fixture
def lenient(shop: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """A shop whose warehouse cancels what it has not packed, when asked to cancel all, as often
    as it is asked."""
    strict, strictly_open = changes._quantities, changes._check_cancellable

    def unpacked(order: Order, lines: list[dict[str, Any]] | None) -> dict[str, int]:
        if lines is not None:
            return strict(order, lines)
        taken = quantities.packed(order)
        return {each.line_id: each.quantity - taken[each.line_id] for each in order.document.lines}

    def open_or_asked_before(order: Order, revision: int) -> None:
        if not order.cancelled:
            strictly_open(order, revision)

    monkeypatch.setattr(changes, "_quantities", unpacked)
    monkeypatch.setattr(changes, "_check_cancellable", open_or_asked_before)
    return shop


@pytest.fixture
def packed(lenient: World) -> str:
    """An order of one mug and two shirts, of which the warehouse has packed the mug."""
    gid = lenient.order(lines=TWO_LINES)
    lenient.settle()
    assert lenient.state_tags(gid) == ["wms-synced"]
    mug = [{"sku": "MUG-WHITE", "quantity": 1}]
    at_warehouse(lenient, "pack", reference(lenient, gid), lines=mug)
    lenient.settle()
    return gid


def cancellations(world: World) -> list[dict[str, Any]]:
    """What the warehouse was asked to cancel and has cancelled, in part or as a whole."""
    return list(world.wms.ask("GET", "/sandbox/ledger?kind=cancelled"))


def status(world: World, gid: str) -> dict[str, Any]:
    """What the app's API says of an order."""
    return dict(world.api("GET", f"/api/orders/status?id={gid}"))


def check_told(world: World, gid: str) -> None:
    """The log, the order's page, the API and the tag say the same, which is what happened."""
    assert world.log("cancelled") == [ONLY_A_PART]
    assert ONLY_A_PART in page(world, gid)
    said = status(world, gid)
    accepted = next(gate for gate in said["gates"] if gate["gate"] == "accepted")
    assert (accepted["ok"], accepted["message"]) == (False, ONLY_A_PART)
    assert said["state"] == "error"
    assert world.state_tags(gid) == ["wms-error"]


def still_there(world: World, gid: str) -> dict[str, int]:
    """Units by SKU that the warehouse still goes on with."""
    lines = at_wms(world, gid)["lines"]
    return {line["sku"]: line["quantity"] - line["cancelled_quantity"] for line in lines}


def test_only_a_part_of_it_is_an_error_that_says_so(lenient: World, packed: str) -> None:
    lenient.change(packed, "cancel")
    lenient.settle()
    assert still_there(lenient, packed) == {"MUG-WHITE": 1, "TSHIRT-BLUE-M": 0}
    check_told(lenient, packed)
    said = status(lenient, packed)
    assert (said["reason"], said["message"]) == ("cancel-too-late", ONLY_A_PART)


def test_it_is_asked_once_and_a_person_decides(lenient: World, packed: str) -> None:
    lenient.change(packed, "cancel")
    lenient.settle()
    again_and_again(lenient)
    assert len(cancellations(lenient)) == 1
    check_told(lenient, packed)
    assert len(lenient.applied()) == 1, "never imported again"


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_answer_ends_the_same(lenient: World, packed: str, fault: str) -> None:
    lenient.warehouse_fails({"where": "cancel", "do": fault, "times": 1})
    lenient.change(packed, "cancel")
    lenient.settle()
    assert still_there(lenient, packed) == {"MUG-WHITE": 1, "TSHIRT-BLUE-M": 0}
    check_told(lenient, packed)


def test_the_part_that_leaves_all_the_same_is_explained(lenient: World, packed: str) -> None:
    lenient.change(packed, "cancel")
    lenient.settle()
    at_warehouse(lenient, "ship", reference(lenient, packed))
    lenient.settle()
    order = lenient.shopify_order(packed)
    assert order["cancelledAt"] is not None
    assert order["fulfillments"] == [], "Shopify asks for nothing of it any more"
    assert len(lenient.log("not_fulfilled")) == 1
    assert lenient.state_tags(packed) == ["wms-error"]
    assert lenient.row(packed)["outbound"][0]["message"] == ONLY_A_PART


def test_nothing_packed_all_of_it_is_cancelled(lenient: World) -> None:
    gid = lenient.order(lines=TWO_LINES)
    lenient.settle()
    lenient.change(gid, "cancel")
    lenient.settle()
    assert still_there(lenient, gid) == {"MUG-WHITE": 0, "TSHIRT-BLUE-M": 0}
    assert lenient.log("cancelled") == ["The warehouse has cancelled it."]
    assert lenient.state_tags(gid) == ["wms-synced"]
    assert compared(lenient) == []
