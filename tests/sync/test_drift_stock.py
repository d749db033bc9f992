"""The drift report's look at stock."""

from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Shop, StockLevel
from app.sync import runs
from app.sync.drift_rows import DRIFT
from app.sync.owing import BULK, owe
from tests.sync.drift_hand import compared, differences, last_run, repaired, without_webhooks
from tests.sync.warehouse_stock import level, stocked, with_cups_and_jars
from tests.world import World


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop that gave every permission, and whose stock is set."""
    return with_cups_and_jars(make_world(mode="sync"))


def nightly(world: World) -> list[dict[str, Any]]:
    """Compare as the schedule does; what differs then."""
    world.settle()
    with world.app.app_context():
        shop_id = session().query(Shop.id).scalar()
        run = runs.begin(shop_id, DRIFT, runs.SCHEDULE)
        owe(shop_id, ("run", run.id), Effect.RUN, lane=BULK)
        session().commit()
    world.settle()
    return differences(world)


def test_a_quantity_that_somebody_changed_is_found_and_set(shop: World) -> None:
    assert compared(shop) == []
    without_webhooks(shop)
    stocked(shop, "CUP", 4)
    (row,) = compared(shop)
    assert (row["kind"], row["repair"], row["name"]) == ("stock", "set_stock", "CUP")
    assert row["shopify"] == "Available at Milano: 4."
    assert row["warehouse"] == "It should be 9 by what the warehouse has."
    assert repaired(shop, row) == []
    assert level(shop, "CUP") == 9
    assert level(shop, "JAR") == 7
    (line,) = shop.log("stock_changed")
    assert line == "CUP was changed in Shopify from 9 to 4 meanwhile. It was set to 9."


def test_while_stock_is_not_set_it_is_not_compared(shop: World) -> None:
    shop.choose(update_inventory=False)
    stocked(shop, "CUP", 4)
    assert compared(shop) == []
    assert "levels" not in last_run(shop)["counts"]


def test_what_the_warehouse_changes_meanwhile_is_under_way(shop: World) -> None:
    without_webhooks(shop)
    stocked(shop, "CUP", 4)
    with shop.app.app_context():
        session().query(StockLevel).update({"due": True})
        session().commit()
    assert nightly(shop) == []
    assert level(shop, "CUP") == 4, "nothing was owed"


def test_a_night_reads_what_was_not_read_for_days(shop: World) -> None:
    without_webhooks(shop)
    stocked(shop, "CUP", 4)
    assert nightly(shop) == []
    with shop.app.app_context():
        old = database_now() - timedelta(days=4)
        session().query(StockLevel).update({"seen_at": old})
        session().commit()
    assert [row["name"] for row in nightly(shop)] == ["CUP"]
    assert last_run(shop)["counts"]["levels"] >= 2
    assert [row["name"] for row in nightly(shop)] == ["CUP"]
    assert last_run(shop)["counts"]["levels"] == 1, "what differed is read again, and nothing else"
