"""How the warehouse says that orders stand is known: at once by callback, else within the hour."""

from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.domain.warehouse_states import next_look
from app.models import Connection, OutboundOrder, Owed, Shop
from app.sync import runs
from app.sync.owing import BULK, owe
from tests.sync.test_holds_both_ways import calls, reference
from tests.sync.warehouse_hand import at_warehouse, by_hand
from tests.world import World


@pytest.fixture
def sent(shop: World) -> str:
    """An order that the warehouse has."""
    gid = shop.order()
    shop.settle()
    return gid


def outbound_of(world: World, gid: str) -> dict[str, Any]:
    """What is kept of the order's only warehouse order."""
    (one,) = world.row(gid)["outbound"]
    return dict(one)


def later(world: World, wait: timedelta) -> None:
    """Let time pass for what is to be asked."""
    with world.app.app_context():
        for outbound in session().query(OutboundOrder).filter(OutboundOrder.look_at.is_not(None)):
            outbound.look_at -= wait
        session().commit()


def run(world: World) -> None:
    """Let the schedule run Sync status once."""
    with world.app.app_context():
        shop_id = session().query(Shop.id).order_by(Shop.id).limit(1).scalar()
        started = runs.begin(shop_id, "sync_status", runs.SCHEDULE)
        owe(shop_id, ("run", started.id), Effect.RUN, lane=BULK)
        session().commit()
    world.settle()


def asks(world: World) -> int:
    """How often the warehouse was asked how an order stands."""
    return calls(world, "/orders/by-ref")


def test_a_callback_makes_us_ask_and_is_not_believed(shop: World, sent: str) -> None:
    assert outbound_of(shop, sent)["wms_state"] == ""
    at_warehouse(shop, "pack", reference(shop, sent))
    shop.settle()
    assert outbound_of(shop, sent)["wms_state"] == "packed"
    by_hand(shop, "ship", reference(shop, sent))
    shop.settle()
    found = outbound_of(shop, sent)
    assert (found["wms_state"], found["look_at"]) == ("shipped", None)


def test_told_twice_it_is_asked_once(shop: World, sent: str) -> None:
    before = asks(shop)
    shop.warehouse_fails({"where": "by-ref", "do": "duplicate_callback", "value": 5, "times": 1})
    by_hand(shop, "hold", reference(shop, sent))
    shop.settle()
    assert asks(shop) - before <= 2
    assert shop.log("held") == [
        "The warehouse holds it.",
        "Held in Shopify too, because the warehouse holds it.",
    ]


def test_without_callbacks_sync_status_finds_it_within_the_hour(shop: World, sent: str) -> None:
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    before = asks(shop)
    name = reference(shop, sent)
    shop.wms.ask("POST", "/sandbox/orders/hold", external_id=name, reason="Count")
    run(shop)
    assert asks(shop) == before, "it was accepted just now"
    later(shop, timedelta(minutes=61))
    run(shop)
    assert asks(shop) == before + 1
    found = outbound_of(shop, sent)
    assert (found["wms_state"], found["hold_reason"], found["wms_held"]) == (
        "on_hold",
        "Count",
        True,
    )
    run(shop)
    assert asks(shop) == before + 1, "not again before its time"
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    assert asks(shop) == before + 2, "a person need not wait"


def test_what_has_left_is_asked_after_no_more(shop: World, sent: str) -> None:
    at_warehouse(shop, "ship", reference(shop, sent))
    shop.settle()
    before = asks(shop)
    later(shop, timedelta(days=1))
    run(shop)
    assert asks(shop) == before


def test_an_answer_that_came_too_late_is_asked_for_anew(shop: World, sent: str) -> None:
    """While we ask, the order is held for Shopify: the answer says nothing of the WMS's own."""
    shop.warehouse_fails({"where": "by-ref", "do": "delay", "value": 0.3, "times": 1})
    shop.change(sent, "hold", reason="OTHER")
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    found = outbound_of(shop, sent)
    assert (found["held"], found["wms_held"], found["shopify_hold"]) == (True, False, "")


def test_a_callback_about_a_strange_order_asks_nothing(shop: World, sent: str) -> None:
    before = asks(shop)
    shop.wms.ask("POST", "/sandbox/orders/hold", external_id=reference(shop, sent))
    with shop.app.app_context():
        session().query(OutboundOrder).update({"archived": True, "external_id": "elsewhere"})
        session().commit()
    shop.settle()
    assert asks(shop) == before


def test_the_oldest_look_comes_first_and_no_run_asks_for_all_at_once(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.sync.warehouse_state.MOST_LOOKS", 2)
    gids = [shop.order() for _ in range(3)]
    shop.settle()
    later(shop, timedelta(hours=2))
    before = asks(shop)
    run(shop)
    assert asks(shop) == before + 2
    run(shop)
    assert asks(shop) == before + 3
    assert {outbound_of(shop, gid)["wms_state"] for gid in gids} == {"picking"}


@pytest.mark.parametrize(
    ("state", "age", "wait"),
    [
        ("picking", timedelta(0), timedelta(hours=1)),
        ("picking", timedelta(days=14), timedelta(hours=1)),
        ("on_hold", timedelta(days=15), timedelta(days=1)),
        ("picking", timedelta(days=91), None),
        ("shipped", timedelta(0), None),
        ("delivered", timedelta(0), None),
        ("cancelled", timedelta(0), None),
        ("dreaming", timedelta(0), timedelta(hours=1)),
    ],
)
def test_how_often_it_is_asked(state: str, age: timedelta, wait: timedelta | None) -> None:
    assert next_look(state, age) == wait


def test_a_hold_of_what_is_on_its_way_is_found_once_it_is_there(automatic: World) -> None:
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = automatic.order()
    automatic.until(
        lambda: automatic.drain() or automatic.state_tags(gid) == ["wms-syncing"], "syncing"
    )
    by_hand(automatic, "hold", reference(automatic, gid), reason="Count first")
    automatic.drain()
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    automatic.until(
        lambda: automatic.settle() or outbound_of(automatic, gid)["wms_held"], "the hold found"
    )
    (part,) = automatic.shopify_order(gid)["fulfillment_orders"]
    assert part["status"] == "ON_HOLD"


def hurry(world: World) -> None:
    """Let the wait before the next try be over."""
    with world.app.app_context():
        late = {"due_at": database_now(), "held_until": None}
        session().query(Owed).filter_by(effect=Effect.ASK_STATE).update(late)
        session().commit()


def test_where_this_alone_fails_nothing_else_waits(shop: World, sent: str) -> None:
    shop.warehouse_fails({"where": "by-ref", "do": "status", "value": 500, "times": None})
    by_hand(shop, "hold", reference(shop, sent), reason="Count first")
    for _ in range(6):
        shop.drain()
        hurry(shop)
    with shop.app.app_context():
        connection = session().query(Connection).one()
        assert (connection.status, connection.open_until) == ("established", None)
        assert session().query(Owed).filter_by(effect=Effect.ASK_STATE).one().attempts >= 4
        session().rollback()
    other = shop.order()
    shop.until(lambda: shop.drain() or shop.state_tags(other) == ["wms-synced"], "the other sent")
    shop.warehouse_fails()
    hurry(shop)
    shop.settle()
    assert outbound_of(shop, sent)["wms_held"]


def test_the_first_look_is_an_hour_after_it_was_accepted(shop: World, sent: str) -> None:
    with shop.app.app_context():
        now = database_now()
        session().rollback()
    at = outbound_of(shop, sent)["look_at"]
    assert timedelta(minutes=55) < at - now <= timedelta(hours=1)
