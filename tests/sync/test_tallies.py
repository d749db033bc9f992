"""The days' numbers follow from outcomes, each counted once."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.db import session
from app.models import Shop
from app.sync import tallies
from tests.sync.test_automatic import refusals_are_due, run
from tests.sync.warehouse_hand import at_warehouse, to_shipment
from tests.world import World


def numbers(world: World) -> dict[str, int]:
    """The numbers by kind, of yesterday too: midnight may have struck since the world began."""
    with world.app.app_context():
        shop, found = session().query(Shop).one(), Counter[str]()
        yesterday = tallies.day_of(shop, datetime.now(UTC) - timedelta(days=1))
        for (_day, kind), number in tallies.by_day(shop, yesterday).items():
            found[kind] += number
        return dict(found)


def test_an_order_counts_when_it_first_reaches_the_warehouse(world: World) -> None:
    gid = world.order()
    world.settle()
    assert numbers(world) == {}
    world.send(gid)
    world.settle()
    assert numbers(world) == {"sent": 1}
    world.send(gid)
    world.settle()
    assert numbers(world) == {"sent": 1}


def test_a_refusal_counts_once_however_often_it_is_tried_by_itself(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    world.install()
    world.connect(automatic=True)
    gid = world.order(lines=[{"sku": "UNKNOWN-1", "quantity": 1}])
    world.settle()
    assert numbers(world) == {"error": 1}
    refusals_are_due(world)
    run(world, "import_orders", by_schedule=True)
    (outbound,) = world.row(gid)["outbound"]
    assert outbound["tries"] == 2
    assert numbers(world) == {"error": 1}


def test_an_order_counts_as_shipped_when_a_first_part_of_it_is(
    make_world: Callable[..., World],
) -> None:
    world = make_world(mode="sync")
    world.install()
    world.connect(automatic=True)
    gid = world.order(lines=[{"sku": "MUG-WHITE", "quantity": 3}])
    world.settle()
    (outbound,) = world.row(gid)["outbound"]
    assert numbers(world) == {"sent": 1}
    one = [{"sku": "MUG-WHITE", "quantity": 1}]
    number = at_warehouse(world, "ship", outbound["external_id"], lines=one)["shipments"][0]["id"]
    world.settle()
    assert numbers(world) == {"sent": 1, "shipped": 1}
    at_warehouse(world, "ship", outbound["external_id"], lines=one)
    world.settle()
    to_shipment(world, number, "cancel")
    world.settle()
    at_warehouse(world, "ship", outbound["external_id"])
    world.settle()
    assert len(world.log("fulfilled")) >= 3
    assert numbers(world) == {"sent": 1, "shipped": 1}
    other = world.order(lines=one)
    world.settle()
    at_warehouse(world, "ship", world.row(other)["outbound"][0]["external_id"])
    world.settle()
    assert numbers(world) == {"sent": 2, "shipped": 2}


def test_days_are_the_shops_own(world: World) -> None:
    with world.app.app_context():
        shop = session().query(Shop).one()
        shop.timezone = "Pacific/Auckland"
        assert tallies.day_of(shop, datetime(2026, 6, 1, 13, 0, tzinfo=UTC)).day == 2
        shop.timezone = "America/Los_Angeles"
        assert tallies.day_of(shop, datetime(2026, 6, 1, 3, 0, tzinfo=UTC)).day == 31
        shop.timezone = "Nowhere/At-All"
        assert tallies.day_of(shop, datetime(2026, 6, 1, 3, 0, tzinfo=UTC)).day == 1
