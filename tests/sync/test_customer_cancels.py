"""A customer's cancellation in Shopify, before the warehouse has packed and after: what became of
it is on the order, in the log and in the tag, whether the warehouse works in jobs or at once."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.warehouse_hand import at_warehouse
from tests.world import SHOP, World, number

TWO_LINES = [{"sku": "MUG-WHITE", "quantity": 1}, {"sku": "TSHIRT-BLUE-M", "quantity": 2}]
CANCELLED = "The warehouse has cancelled it."
DECIDE = "Decide with the warehouse what to do."


def too_late(why: str) -> str:
    """What is told where the warehouse says why it is too late."""
    return f"It was too late to cancel it at the warehouse. It says: “{why}” {DECIDE}"


PACKED = too_late("The order is already packed. Call the warehouse.")
PACKED_IN_PART = too_late("1 of MUG-WHITE are already packed. Call the warehouse.")


@pytest.fixture(params=["sync", "async"])
def anyhow(make_world: Callable[..., World], request: pytest.FixtureRequest) -> World:
    """A shop with automatic processes on, and a warehouse that answers in either way."""
    world = make_world(mode=request.param)
    world.install()
    world.connect(automatic=True)
    return world


@pytest.fixture
def sent(anyhow: World) -> str:
    """An order of two lines that the warehouse has."""
    gid = anyhow.order(lines=TWO_LINES)
    anyhow.until(
        lambda: anyhow.settle() or anyhow.state_tags(gid) == ["wms-synced"], "the order there"
    )
    return gid


def reference(world: World, gid: str) -> str:
    """The warehouse's name for an order."""
    return str(world.row(gid)["outbound"][0]["external_id"])


def at_wms(world: World, gid: str) -> dict[str, Any]:
    """The order as the warehouse has it."""
    held = world.wms.ask("GET", "/sandbox/orders")
    return dict(next(o for o in held if o["external_id"] == reference(world, gid)))


def page(world: World, gid: str) -> str:
    """The order's page in the app."""
    params = {"shop": SHOP, "id_token": world.id_token()}
    answer = world.http.call("GET", f"/orders/{number(gid)}", params=params)
    assert answer.status_code == 200
    return answer.text


def again_and_again(world: World) -> None:
    """Whatever runs by itself, runs."""
    for job in ("import_orders", "sync_status", "reconcile", "cancellations"):
        world.api("POST", f"/api/jobs/{job}/run")
        world.settle()


def test_before_packing_it_is_cancelled(anyhow: World, sent: str) -> None:
    anyhow.change(sent, "cancel")
    anyhow.settle()
    assert at_wms(anyhow, sent)["state"] == "cancelled"
    assert anyhow.log("cancelled") == [CANCELLED]
    assert CANCELLED in page(anyhow, sent)
    assert anyhow.state_tags(sent) == ["wms-synced"]
    again_and_again(anyhow)
    assert anyhow.log("cancelled") == [CANCELLED]
    assert anyhow.state_tags(sent) == ["wms-synced"]
    assert len(anyhow.applied()) == 1


def test_after_packing_it_is_too_late(anyhow: World, sent: str) -> None:
    at_warehouse(anyhow, "pack", reference(anyhow, sent))
    anyhow.settle()
    anyhow.change(sent, "cancel")
    anyhow.settle()
    assert at_wms(anyhow, sent)["state"] == "packed"
    assert anyhow.log("cancelled") == [PACKED]
    assert PACKED in page(anyhow, sent)
    assert anyhow.state_tags(sent) == ["wms-error"]
    again_and_again(anyhow)
    assert anyhow.log("cancelled") == [PACKED], "asked once, a person decides"
    assert anyhow.state_tags(sent) == ["wms-error"]
    assert len(anyhow.applied()) == 1, "never imported again"


def test_packed_in_part_it_is_too_late_too(anyhow: World, sent: str) -> None:
    lines = [{"sku": "MUG-WHITE", "quantity": 1}]
    at_warehouse(anyhow, "pack", reference(anyhow, sent), lines=lines)
    anyhow.settle()
    anyhow.change(sent, "cancel")
    anyhow.settle()
    assert anyhow.log("cancelled") == [PACKED_IN_PART]
    assert anyhow.state_tags(sent) == ["wms-error"]


def test_another_refusal_is_told_in_the_warehouses_words(anyhow: World, sent: str) -> None:
    refusal = {"status": 422, "code": "invalid", "detail": "Wave 7 is closed."}
    anyhow.warehouse_fails({"where": "cancel", "do": "status", "value": refusal, "times": 1})
    anyhow.change(sent, "cancel")
    anyhow.settle()
    told = f"The warehouse did not cancel it. It says: “Wave 7 is closed.” {DECIDE}"
    assert anyhow.log("cancelled") == [told]
    assert told in page(anyhow, sent)
    assert anyhow.state_tags(sent) == ["wms-error"]


def _without_shirts(world: World, gid: str) -> None:
    shirt = world.shopify_order(gid)["lines"][1]["id"]
    world.change(gid, "edit", lines=[{"line_id": shirt, "quantity": 0}])
    world.settle()


def test_a_line_removed_before_packing_is_gone_at_the_warehouse(anyhow: World, sent: str) -> None:
    _without_shirts(anyhow, sent)
    anyhow.until(
        lambda: anyhow.settle() or anyhow.state_tags(sent) == ["wms-synced"], "the edit there"
    )
    assert [line["sku"] for line in at_wms(anyhow, sent)["lines"]] == ["MUG-WHITE"]
    assert [revision for _, revision in anyhow.applied()] == [1, 2]


def test_a_line_removed_after_packing_is_too_late(anyhow: World, sent: str) -> None:
    at_warehouse(anyhow, "pack", reference(anyhow, sent))
    anyhow.settle()
    _without_shirts(anyhow, sent)
    anyhow.until(lambda: anyhow.settle() or anyhow.state_tags(sent) == ["wms-error"], "the refusal")
    assert anyhow.row(sent)["reason"] == "too-late"
    (line,) = anyhow.log("rejected")
    assert line.startswith("Refused. It is too late to change this at the warehouse.")
    assert "It is too late to change this at the warehouse." in page(anyhow, sent)
    assert len(at_wms(anyhow, sent)["lines"]) == 2, "the warehouse ships what it has packed"
    assert [revision for _, revision in anyhow.applied()] == [1]


def test_a_lost_answer_is_asked_for_again_and_ends_the_same(anyhow: World, sent: str) -> None:
    anyhow.warehouse_fails({"where": "cancel", "do": "drop_after", "times": 1})
    anyhow.change(sent, "cancel")
    anyhow.settle()
    assert at_wms(anyhow, sent)["state"] == "cancelled"
    assert anyhow.log("cancelled") == [CANCELLED]
    assert anyhow.state_tags(sent) == ["wms-synced"]
