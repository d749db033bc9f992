"""A warehouse that asks to be left alone for a while is: nothing goes there before it is over."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.errors import TryLater
from app.models import Connection, Owed, Shop
from app.sync import breaker
from app.sync.situations import connection_of
from tests.world import World

MINUTE = {"status": 429, "retry_after": 60}


def idle(world: World) -> None:
    """Do all that may be done now, until nothing comes from Shopify any more."""

    def quiet() -> bool:
        world.drain()
        return bool(world.shopify.ask("GET", "/sandbox/quiet")["quiet"])

    world.until(quiet, "Shopify quiet")
    for _ in range(4):
        world.drain()


def time_passes(world: World, **long: int) -> None:
    """Let time pass for what waits."""
    passed = timedelta(**long)
    with world.app.app_context():
        for connection in session().query(Connection):
            connection.paced_until = _earlier(connection.paced_until, passed)
        for owed in session().query(Owed):
            owed.due_at -= passed
            owed.held_until = _earlier(owed.held_until, passed)
        session().commit()


def _earlier(moment: Any, passed: timedelta) -> Any:
    return moment - passed if moment else None


def requests(world: World, path: str) -> list[int]:
    """The statuses of the requests for a path."""
    entries = world.wms.ask("GET", "/sandbox/ledger?kind=request")
    found = entries["entries"] if isinstance(entries, dict) else entries
    return [each["status"] for each in found if each["path"].endswith(path)]


def pace(world: World) -> float:
    """For how many more seconds the warehouse is left alone."""
    with world.app.app_context():
        until = session().query(Connection).one().paced_until
        left = (until - database_now()).total_seconds() if until else 0.0
        session().rollback()
        return float(left)


def test_no_other_batch_goes_before_the_wait_is_over(shop: World) -> None:
    shop.warehouse_fails({"where": "batch", "do": "status", "value": MINUTE, "times": None})
    gids = [shop.order() for _ in range(25)]
    idle(shop)
    assert requests(shop, "/orders/batch") == [429]
    assert 0 < pace(shop) <= 60
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.send(*gids)
    idle(shop)
    assert requests(shop, "/orders/batch") == [429], "nor for a person"
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    read = len(requests(shop, "/v1/shipments"))
    idle(shop)
    assert len(requests(shop, "/v1/shipments")) == read, "nor is a feed read"
    time_passes(shop, minutes=1)
    idle(shop)
    assert requests(shop, "/orders/batch") == [429, 429], "one more is tried then"
    shop.warehouse_fails()
    time_passes(shop, minutes=6)
    shop.settle()
    assert [shop.state_tags(gid) for gid in gids] == [["wms-synced"]] * 25
    assert len(shop.applied()) == len(set(shop.applied())) == 25


def test_the_other_batches_of_one_send_wait_as_well(make_world: Callable[..., World]) -> None:
    world = make_world(mode="sync", max_batch=1)
    world.install()
    world.connect(automatic=True)
    here, there, *_ = world.locations().values()
    codes = [each["code"] for each in world.wms.ask("GET", "/sandbox/warehouses")]
    world.choose(locations={here: codes[0], there: codes[1]})
    world.warehouse_fails({"where": "batch", "do": "status", "value": MINUTE, "times": 1})
    gid = world.order(
        lines=[{"sku": "MUG-WHITE", "quantity": 1, "location": each} for each in (here, there)]
    )
    idle(world)
    assert requests(world, "/orders/batch") == [429]
    assert len(world.row(gid)["outbound"]) == 2
    time_passes(world, minutes=6)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    assert requests(world, "/orders/batch") == [429, 200, 200]
    assert len(world.applied()) == 2


def test_another_answer_does_not_end_the_wait_and_another_connection_does(shop: World) -> None:
    shop.warehouse_fails({"where": "batch", "do": "status", "value": MINUTE, "times": 1})
    gid = shop.order()
    idle(shop)
    assert shop.api("POST", "/api/connection/test")["ok"]
    idle(shop)
    assert (requests(shop, "/orders/batch"), pace(shop) > 0) == ([429], True)
    shop.connect(automatic=True)
    assert pace(shop) == 0
    time_passes(shop, minutes=6)
    shop.settle()
    assert (requests(shop, "/orders/batch"), shop.state_tags(gid)) == ([429, 200], ["wms-synced"])


def test_a_shorter_wait_does_not_cut_a_longer_one(shop: World) -> None:
    with shop.app.app_context():
        found = session().query(Shop).one()
        for wait in (60.0, 5.0):
            breaker.failed(found, TryLater("Slow down.", wait, counts=False))
        connection = connection_of(found)
        assert connection is not None
        assert connection.failures == 0
        assert breaker.is_resting(connection, database_now() + timedelta(seconds=30))
        session().rollback()


@pytest.mark.parametrize("status", [500, 502])
def test_a_batch_without_an_answer_goes_again_after_the_wait(shop: World, status: int) -> None:
    fault = {"where": "batch", "do": "status", "value": {"status": status, "retry_after": 90}}
    shop.warehouse_fails(fault | {"times": 1})
    gid = shop.order()
    idle(shop)
    shop.api("POST", "/api/jobs/sync_status/run")
    time_passes(shop, seconds=60)
    idle(shop)
    asked = [requests(shop, path) for path in ("/orders/batch", "/orders/by-ref")]
    assert asked == [[status], []], "it is neither posted nor looked up"
    time_passes(shop, minutes=6)
    shop.settle()
    assert requests(shop, "/orders/batch") == [status, 200]
    assert requests(shop, "/orders/by-ref")[0] == 404, "it is looked up before it goes again"
    assert shop.state_tags(gid) == ["wms-synced"]
    assert len(shop.applied()) == 1


def test_a_cancellation_without_an_answer_goes_again_after_the_wait(shop: World) -> None:
    gid = shop.order()
    shop.settle()
    fault = {"where": "cancel", "do": "status", "value": {"status": 502, "retry_after": 90}}
    shop.warehouse_fails(fault | {"times": 1})
    shop.change(gid, "cancel")
    idle(shop)
    shop.api("POST", "/api/jobs/sync_status/run")
    time_passes(shop, seconds=60)
    idle(shop)
    assert requests(shop, "/orders/cancel") == [502]
    time_passes(shop, minutes=6)
    shop.settle()
    assert requests(shop, "/orders/cancel") == [502, 200]
    (outbound,) = shop.row(gid)["outbound"]
    assert outbound["state"] == "cancelled"


def test_other_orders_go_while_one_batch_waits_after_a_fault(shop: World) -> None:
    fault = {"where": "batch", "do": "status", "value": {"status": 502, "retry_after": 90}}
    shop.warehouse_fails(fault | {"times": 1})
    first = shop.order()
    idle(shop)
    second = shop.order()
    idle(shop)
    assert requests(shop, "/orders/batch") == [502, 200]
    assert (shop.state_tags(first), shop.state_tags(second)) == (["wms-syncing"], ["wms-synced"])
