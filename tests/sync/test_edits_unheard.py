"""Changes that nobody tells us of, with our own tags written after them: reconciliation finds them,
and reads no order twice for the same tag."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.models import Order, ScheduleSlot
from tests.world import World

ELSEWHERE = {
    "name": "Ada Rossi",
    "address1": "Via Roma 1",
    "city": "Verona",
    "zip": "37121",
    "country_code": "IT",
}
LATER = "2026-12-02T10:00:00Z"


@pytest.fixture
def syncing(automatic: World) -> str:
    """An order in a job of the warehouse, read in a second that is over: Shopify's times are whole
    seconds."""
    automatic.shopify.ask("PUT", "/sandbox/settings", search_lag=0)
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = automatic.order()
    automatic.until(lambda: tagged(automatic, gid) == ["wms-syncing"], "syncing")
    next_second(automatic)
    return gid


@pytest.mark.parametrize(
    ("what", "change"),
    [
        ("edit", {"shipping_address": ELSEWHERE}),
        ("edit", {"note": "Ring twice"}),
        ("deadline", {"fulfill_by": LATER}),
    ],
    ids=["address", "note", "deadline"],
)
def test_what_no_webhook_told_before_our_own_tag_is_found(
    automatic: World, syncing: str, what: str, change: dict[str, Any]
) -> None:
    automatic.shopify.ask("PUT", "/sandbox/settings", webhooks=False)
    automatic.change(syncing, what, **change)
    release(automatic)
    assert automatic.state_tags(syncing) == ["wms-synced"]
    before = at_wms(automatic, syncing)
    reconcile(automatic)
    after = at_wms(automatic, syncing)
    assert before != after
    assert automatic.state_tags(syncing) == ["wms-synced"]


def test_nor_is_one_lost_that_looked_like_our_own_writing(automatic: World, syncing: str) -> None:
    automatic.change(syncing, "deadline", fulfill_by=LATER)
    release(automatic)
    assert at_wms(automatic, syncing)["ship_by"] is None
    reconcile(automatic)
    assert at_wms(automatic, syncing)["ship_by"] == LATER


def test_our_own_tag_has_an_order_read_once(automatic: World, syncing: str) -> None:
    release(automatic)
    assert read_by(automatic) == ["ListOrders", "ReadOrder"]
    next_second(automatic)
    assert read_by(automatic) == ["ListOrders"]


def test_an_order_of_before_is_read_once(automatic: World, syncing: str) -> None:
    release(automatic)
    reconcile(automatic)
    with automatic.app.app_context():
        session().query(Order).one().read_updated_at = None
        session().commit()
    assert read_by(automatic) == ["ListOrders", "ReadOrder"]
    assert read_by(automatic) == ["ListOrders"]


def tagged(world: World, gid: str) -> list[str]:
    """Work; the order's state tags once no webhook is under way."""
    world.drain()
    quiet = world.shopify.ask("GET", "/sandbox/quiet")["quiet"]
    return world.state_tags(gid) if quiet and not world.row(gid)["tag_pending"] else []


def next_second(world: World) -> None:
    """Wait until what happens now has another time at Shopify."""
    now = datetime.now(UTC).replace(microsecond=0)
    world.until(lambda: datetime.now(UTC) >= now + timedelta(seconds=1), "the next second")


def release(world: World) -> None:
    """Let the warehouse finish its jobs, and do what follows."""
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    world.wms.ask("POST", "/sandbox/jobs/release")
    world.settle()


def reconcile(world: World) -> None:
    """Let its hour strike, and do what follows."""
    with world.app.app_context():
        slot = session().query(ScheduleSlot).filter_by(job="reconcile").one()
        slot.next_at = database_now() - timedelta(seconds=1)
        session().commit()
    world.tick()
    world.settle()


def read_by(world: World) -> list[str]:
    """What reconciliation asks Shopify, and what comes of it."""
    mark = world.mark()
    reconcile(world)
    return [entry["operation"] for entry in world.graphql(mark)]


def at_wms(world: World, gid: str) -> dict[str, Any]:
    """The order as the warehouse has it."""
    (outbound,) = world.row(gid)["outbound"]
    (found,) = [
        order
        for order in world.wms.ask("GET", "/sandbox/orders")
        if order["external_id"] == outbound["external_id"]
    ]
    return dict(found)
