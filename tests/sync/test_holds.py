"""A hold placed in Shopify after an order was sent holds it at the warehouse, until it ends."""

import pytest

from tests.world import World


def at_warehouse(world: World, gid: str) -> str:
    """The state of the order at the warehouse."""
    (outbound,) = world.row(gid)["outbound"]
    held = world.wms.ask("GET", "/sandbox/orders")
    return str(next(o["state"] for o in held if o["external_id"] == outbound["external_id"]))


@pytest.fixture
def sent(automatic: World) -> str:
    """An order that the warehouse has."""
    gid = automatic.order()
    automatic.settle()
    assert at_warehouse(automatic, gid) == "picking"
    return gid


def test_a_hold_and_its_release_reach_the_warehouse(automatic: World, sent: str) -> None:
    automatic.change(sent, "hold", reason="INVENTORY_OUT_OF_STOCK")
    automatic.settle()
    assert at_warehouse(automatic, sent) == "on_hold"
    assert automatic.log("held") == ["The warehouse holds it: it is on hold in Shopify."]
    assert automatic.state_tags(sent) == ["wms-synced"]
    automatic.change(sent, "release")
    automatic.settle()
    assert at_warehouse(automatic, sent) == "picking"
    assert automatic.log("held")[-1] == "The warehouse goes on with it."
    assert len(automatic.applied()) == 1, "nothing is sent again"


def test_a_hold_while_the_order_is_on_its_way_waits_for_it(automatic: World) -> None:
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = automatic.order()
    automatic.until(
        lambda: automatic.drain() or automatic.state_tags(gid) == ["wms-syncing"], "syncing"
    )
    automatic.change(gid, "hold", reason="OTHER")
    automatic.drain()
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    automatic.until(
        lambda: automatic.settle() or at_warehouse(automatic, gid) == "on_hold", "the hold"
    )
    assert automatic.row(gid)["outbound"][0]["held"]


def test_a_held_order_stays_held_when_the_edit_is_sent(automatic: World, sent: str) -> None:
    automatic.change(sent, "hold", reason="OTHER")
    automatic.settle()
    automatic.change(sent, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 2}])
    automatic.settle()
    assert at_warehouse(automatic, sent) == "on_hold"
