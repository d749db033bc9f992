"""A feed of the warehouse that is broken for long stops nothing else, and is told of."""

from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.models import Connection, LogLine, Owed, Run, Shop
from app.sync import breaker, runs
from app.sync.owing import BULK, owe
from tests.sync.test_fulfil import fulfilled, sent
from tests.sync.warehouse_hand import at_warehouse
from tests.sync.warehouse_stock import count, level, product, switch_on, with_stock
from tests.world import World

_FEEDS = ("shipments", "inventory", "cancellations", "returns")
_UNREAD = "The warehouse's shipments can't be read; everything else goes on."


def broken(world: World, feed: str, do: str = "status", value: int | None = 500) -> None:
    """From now on the warehouse answers one of its feeds with a status, or not at all."""
    world.warehouse_fails({"where": feed, "do": do, "value": value, "times": None})


def looks(world: World) -> list[dict[str, Any]]:
    """What is noted of the owed looks at the feeds."""
    with world.app.app_context():
        rows = session().query(Owed).filter_by(effect="feed").order_by(Owed.id).all()
        found = [
            {
                "feed": row.subject_type,
                "tries": row.attempts,
                "error": row.last_error,
                "dead": bool(row.dead_at),
            }
            for row in rows
        ]
        session().rollback()
        return found


def hurry(world: World) -> None:
    """Let the waits between two looks be over, and do what is due."""
    with world.app.app_context():
        late = {"due_at": database_now(), "held_until": None}
        session().query(Owed).filter_by(effect="feed").update(late)
        session().commit()
    world.drain()


def connection(world: World) -> tuple[str, bool]:
    """What the connection is said to be, and whether its breaker is open."""
    with world.app.app_context():
        row = session().query(Connection).one()
        found = row.status, row.open_until is not None
        session().rollback()
        return found


def asked(world: World, mark: int = 0) -> list[str]:
    """The feeds the warehouse was asked for since a mark, one by one."""
    entries = world.wms.ask("GET", f"/sandbox/ledger?kind=request&after={mark}")
    found = entries["entries"] if isinstance(entries, dict) else entries
    names = [entry["path"].rsplit("/", 1)[-1] for entry in found if entry["method"] == "GET"]
    return [name for name in names if name in _FEEDS]


def mark(world: World) -> int:
    """A point in the warehouse's ledger."""
    return int(world.wms.ask("POST", "/sandbox/ledger/mark")["seq"])


def by_schedule(world: World, job: str) -> tuple[str, str]:
    """Let the schedule run a job once; how it ended."""
    with world.app.app_context():
        shop_id = session().query(Shop.id).order_by(Shop.id).limit(1).scalar()
        run = runs.begin(shop_id, job, runs.SCHEDULE)
        owe(shop_id, ("run", run.id), "run", lane=BULK)  # type: ignore[arg-type]
        run_id = run.id
        session().commit()
    return ended(world, run_id)


def by_person(world: World, job: str) -> tuple[str, str]:
    """Press Run now; how it ended."""
    return ended(world, world.api("POST", f"/api/jobs/{job}/run")["run"])


def ended(world: World, run_id: str) -> tuple[str, str]:
    """How a run ended, and what it said."""

    def over() -> tuple[str, str] | None:
        world.drain()
        with world.app.app_context():
            run = session().get_one(Run, run_id)
            found = (run.outcome, run.message) if run.finished_at else None
            session().rollback()
            return found

    return tuple(world.until(over, f"the end of {run_id}"))  # type: ignore[return-value]


@pytest.mark.parametrize(("do", "value"), [("status", 500), ("drop_before", None)])
def test_shipments_broken_for_long_stop_nothing_else(
    make_world: Any, do: str, value: int | None
) -> None:
    world = with_stock(make_world(mode="sync"))
    product(world, "CUP", available=7)
    count(world, {"sku": "CUP", "on_hand": 7})
    switch_on(world)
    shipped, one = sent(world)
    cancelled, other = sent(world)
    world.settle()
    broken(world, "shipments", do, value)
    at_warehouse(world, "ship", one)
    at_warehouse(world, "cancel", other)
    for tries in range(1, 8):
        hurry(world)
        world.until(lambda: looks(world) or world.drain(), "the broken feed noted")
        assert connection(world) == ("established", False), tries
    (look,) = looks(world)
    assert (look["feed"], look["dead"]) == ("shipments", False)
    assert look["tries"] >= 6
    # Everything else goes on: orders are sent, stock arrives, the other feeds are read.
    late = world.order()
    count(world, {"sku": "CUP", "on_hand": 77})
    world.until(lambda: world.drain() or level(world, "CUP") == 77, "the stock")
    world.until(lambda: world.drain() or world.state_tags(late) == ["wms-synced"], "the order sent")
    assert world.row(late)["outbound"][0]["state"] == "accepted"
    assert world.row(cancelled)["outbound"][0]["state"] == "cancelled"
    assert fulfilled(world, shipped) == []
    assert connection(world) == ("established", False)
    told = [line for line in world.log("feed") if line.startswith(_UNREAD)]
    assert len(told) == 1, "it is told once"
    # Mended, what was shipped meanwhile arrives by itself.
    world.warehouse_fails()
    hurry(world)
    world.settle()
    assert len(fulfilled(world, shipped)) == 1
    assert world.log("feed")[-1] == "The warehouse's shipments can be read again."
    assert looks(world) == []


def test_jobs_say_what_is_broken_and_do_the_rest(shop: World) -> None:
    _, one = sent(shop)
    shop.settle()
    broken(shop, "shipments")
    before = mark(shop)
    outcome, message = by_schedule(shop, "export_shipped_orders")
    assert (outcome, message.startswith(_UNREAD)) == ("failed", True)
    assert by_schedule(shop, "export_delivered_orders")[0] == "failed"
    assert asked(shop, before).count("shipments") <= 2, "it has its own waits"
    assert by_schedule(shop, "cancellations")[0] == "done"
    at_warehouse(shop, "ship", one)
    assert by_person(shop, "export_shipped_orders")[0] == "failed"
    home = shop.http.call(
        "GET", "/", params={"shop": "tagdock-demo.myshopify.com", "id_token": shop.id_token()}
    )
    assert "shipments can&#39;t be read; everything else goes on." in home.text
    shop.warehouse_fails()
    assert by_person(shop, "export_shipped_orders")[0] == "done"
    shop.settle()
    assert shop.log("feed")[-1] == "The warehouse's shipments can be read again."
    assert by_schedule(shop, "export_shipped_orders") == ("done", "")


def test_callbacks_make_the_broken_feed_be_asked_no_oftener(shop: World) -> None:
    shop.choose(update_inventory=True)
    orders = [sent(shop)[1] for _ in range(4)]
    shop.settle()
    broken(shop, "shipments")
    at_warehouse(shop, "ship", orders[0])
    shop.until(lambda: shop.drain() or looks(shop), "the broken feed noted")
    with shop.app.app_context():
        session().query(Owed).filter_by(effect="feed").update(
            {"due_at": database_now().replace(year=2099)}
        )
        session().commit()
    before = mark(shop)
    for name in orders[1:]:
        at_warehouse(shop, "ship", name)
        shop.settle()
    found = asked(shop, before)
    assert found.count("shipments") == 0
    assert found.count("cancellations") >= 1


def test_a_warehouse_that_answers_nothing_is_rested_as_a_whole(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(breaker, "_FIRST_REST", timedelta(minutes=5))
    _, one = sent(shop)
    shop.settle()
    shop.wms.ask("POST", "/sandbox/orders/ship", external_id=one)
    broken(shop, "any")
    shop.until(lambda: shop.drain() or connection(shop)[1], "the breaker open")
    assert connection(shop) == ("unreachable", True)
    assert shop.log("feed") == []
    before = mark(shop)
    shop.drain()
    assert asked(shop, before) == []


@pytest.mark.parametrize("feed", ["inventory", "shipments"])
def test_a_refused_feed_is_given_up_and_holds_up_no_other(shop: World, feed: str) -> None:
    shop.choose(update_inventory=True)
    shipped, one = sent(shop)
    cancelled, other = sent(shop)
    shop.settle()
    broken(shop, feed, value=400)
    at_warehouse(shop, "ship", one)
    at_warehouse(shop, "cancel", other)

    def arrived() -> bool:
        shop.drain()
        (outbound,) = shop.row(cancelled)["outbound"]
        there = feed == "shipments" or bool(fulfilled(shop, shipped))
        return there and outbound["state"] == "cancelled"

    shop.until(arrived, "what the other feeds tell")
    shop.settle()
    (look,) = looks(shop)
    assert (bool(look["error"]), look["dead"]) == (True, True)


def test_a_refused_token_asks_no_other_feed(shop: World) -> None:
    _, one = sent(shop)
    broken(shop, "shipments", value=401)
    before = mark(shop)
    at_warehouse(shop, "ship", one)

    def refused() -> bool:
        shop.drain()
        return any(look["error"].startswith("Token") for look in looks(shop))

    shop.until(refused, "the refusal")
    assert asked(shop, before) == ["shipments"]


def test_a_broken_feed_is_logged_as_a_warning(shop: World) -> None:
    broken(shop, "returns")
    assert by_schedule(shop, "cancellations")[0] == "failed"
    with shop.app.app_context():
        (line,) = session().query(LogLine).filter_by(event="feed").all()
        assert (line.level, line.code) == ("warning", "feed-broken")
        session().rollback()
