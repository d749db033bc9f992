"""Orders that a warehouse confirmed are counted by week, each once, and outlive the shop."""

from datetime import UTC, datetime, timedelta
from typing import Any

from app.db import session
from app.domain.weeks import Week
from app.models import LogLine, OutboundOrder, Shop, StoreWeek
from tests.world import SHOP, World

LINES = [{"sku": "MUG-WHITE", "quantity": 5}, {"sku": "TS-BLUE-M", "quantity": 1}]


def counted(world: World) -> list[tuple[Any, int]]:
    """Weeks ago and orders, oldest first."""
    now = Week.of(datetime.now(UTC))
    with world.app.app_context():
        rows = session().query(StoreWeek).order_by(StoreWeek.week).all()
        found = [((now.monday - row.week).days // 7, row.orders) for row in rows]
        session().rollback()
        return found


def send(world: World, *gids: str) -> None:
    """Send orders and let the warehouse confirm them."""
    world.settle()
    world.send(*gids)
    world.settle()


def a_week_passes(world: World) -> None:
    """Everything that was counted and confirmed so far was a week ago."""
    with world.app.app_context():
        for row in session().query(StoreWeek):
            row.week -= timedelta(weeks=1)
        for outbound in session().query(OutboundOrder).filter_by(state="accepted"):
            outbound.confirmed_at -= timedelta(weeks=1)
        session().commit()


def test_an_order_counts_once_a_week_however_often_it_is_sent(world: World) -> None:
    first, second = world.order(), world.order()
    send(world, first, second)
    assert counted(world) == [(0, 2)]
    world.change(first, "edit", note="Ring twice")
    send(world, first)
    assert len(world.applied()) == 3
    assert counted(world) == [(0, 2)]
    a_week_passes(world)
    world.change(first, "edit", note="Ring once")
    send(world, first)
    assert counted(world) == [(1, 2), (0, 1)]


def test_a_split_order_is_one_order(world: World) -> None:
    gid = world.order(lines=LINES, routed=False)
    world.change(gid, "route")
    part = world.shopify_order(gid)["fulfillment_orders"][0]
    moved = [{"id": part["lines"][1]["id"], "quantity": 1}]
    world.change(gid, "split", fulfillment_order=part["id"], lines=moved)
    send(world, gid)
    assert len(world.applied()) == 2
    assert counted(world) == [(0, 1)]


def test_a_refused_order_and_a_look_count_nothing(world: World) -> None:
    refused = world.order(lines=[{"sku": "UNKNOWN-1", "quantity": 1}])
    good = world.order()
    send(world, refused, good)
    assert counted(world) == [(0, 1)]
    a_week_passes(world)
    world.change(good, "tags", add=["wms-no-sync"])
    world.settle()
    assert world.state_tags(good) == ["wms-synced"]
    assert counted(world) == [(1, 1)]


def test_the_count_outlives_the_log_and_the_shop(world: World) -> None:
    send(world, world.order())
    with world.app.app_context():
        session().query(LogLine).delete()
        session().commit()
    world.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    world.until(lambda: world.drain() or not shops(world, installed=True), "the uninstall")
    world.shopify.ask("POST", f"/sandbox/{SHOP}/redact")
    world.until(lambda: world.drain() or not shops(world), "the removal")
    assert counted(world) == [(0, 1)]


def shops(world: World, **conditions: bool) -> int:
    """How many shops meet some conditions."""
    with world.app.app_context():
        found = session().query(Shop).filter_by(**conditions).count()
        session().rollback()
        return int(found)
