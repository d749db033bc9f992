"""A warehouse that answers slowly, or accepts connections and says nothing, holds nobody up."""

from types import SimpleNamespace

import pytest

from app.db import session
from app.models import OutboundOrder, Owed, Shop
from app.sync import breaker, drain, drift_compare, feeds, ring, warehouse_state
from app.wms.limits import CALL_SECONDS
from tests.sync.drift_hand import compared, last_run
from tests.sync.test_broken_feed import connection
from tests.sync.test_fulfil import sent
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World


def test_a_warehouse_that_hangs_is_found_to_be_away_in_time(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = feeds._SECONDS + CALL_SECONDS + breaker._SHORT_CALL
    assert longest < ring.JOB_TIMEOUT, "so that the failure is counted before the job is ended"
    monkeypatch.setattr(breaker, "_SHORT_CALL", 0.2)
    _, name = sent(shop)
    shop.settle()
    at_warehouse(shop, "ship", name)
    shop.warehouse_fails(
        {"where": "shipments", "do": "status", "value": 500, "times": None},
        {"where": "connection", "do": "delay", "value": 2, "times": None},
    )
    shop.until(lambda: shop.drain() or connection(shop)[1], "the breaker open")
    assert connection(shop) == ("unreachable", True)
    assert shop.log("feed") == []


def test_slow_answers_are_taken_in_and_the_rest_is_asked_later(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    longest = warehouse_state._ASK_SECONDS + CALL_SECONDS + breaker._SHORT_CALL
    assert longest < ring.JOB_TIMEOUT
    monkeypatch.setattr(warehouse_state, "_ASK_SECONDS", 0.0)
    names = [sent(shop)[1] for _ in range(3)]
    shop.settle()
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    for name in names:
        at_warehouse(shop, "pack", name)
    with shop.app.app_context():
        for outbound in session().query(OutboundOrder):
            warehouse_state.owe_look(outbound)
        session().commit()
    passes = [one_pass(shop, monkeypatch) for _ in names]
    assert passes == [(1, [0, 0]), (2, [0]), (3, [])]


def one_pass(world: World, monkeypatch: pytest.MonkeyPatch) -> tuple[int, list[int]]:
    """Do what is due first; then how many orders are known as packed, and how often each of those
    left to ask about was tried."""
    times = iter((0.0, 0.0, 2.0))
    monkeypatch.setattr(drain, "time", SimpleNamespace(monotonic=lambda: next(times)))
    with world.app.app_context():
        shop_id = session().query(Shop.id).order_by(Shop.id).limit(1).scalar()
        assert shop_id is not None
        drain.drain(shop_id, 1.0)
        known = session().query(OutboundOrder).filter_by(wms_state="packed").count()
        left = session().query(Owed).filter_by(effect="ask_state").all()
        found = known, [row.attempts for row in left]
        session().rollback()
        return found


def test_a_comparison_goes_on_with_those_that_were_not_reached(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drift_compare, "_ASK_SECONDS", 0.0)
    names = [sent(shop)[1] for _ in range(3)]
    shop.settle()
    for name in names[1:]:
        shop.wms.ask("POST", "/sandbox/orders/forget", external_id=name)
    found = compared(shop)
    assert [row["kind"] for row in found] == ["missing", "missing"]
    run = last_run(shop)
    assert (run["counts"]["checked"], run["message"]) == (3, "")
