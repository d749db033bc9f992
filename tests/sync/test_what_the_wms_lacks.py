"""A WMS that says that it lacks something is not asked for it: the order says what to do."""

from collections.abc import Callable
from typing import Any

import pytest

from app.db import session
from app.models import Connection, LogLine, Owed
from tests.sync.test_automatic import run
from tests.sync.test_fulfil import sent
from tests.world import World


@pytest.fixture
def lacking(make_world: Callable[..., World]) -> Callable[..., World]:
    """Makes a shop whose warehouse lacks some capabilities."""

    def make(*names: str) -> World:
        world = make_world(mode="sync")
        world.install()
        now_lacks(world, *names)
        world.connect(automatic=True)
        return world

    return make


def now_lacks(world: World, *names: str) -> None:
    world.wms.ask("PUT", "/sandbox/settings", lacks=list(names))


def asked(world: World, path: str) -> list[int]:
    """How the requests to one operation of the WMS were answered."""
    entries = entries_of(world.wms.ask("GET", "/sandbox/ledger?kind=request"))
    return [entry["status"] for entry in entries if entry["path"].endswith(path)]


def entries_of(found: Any) -> list[dict[str, Any]]:
    return list(found["entries"] if isinstance(found, dict) else found)


def said(world: World, gid: str, words: str) -> bool:
    """Whether the order's log says something."""
    order_id = world.row(gid)["id"]
    with world.app.app_context():
        lines = session().query(LogLine.message).filter_by(order_id=order_id).all()
        session().rollback()
    return any(words in line.message for line in lines)


def never_told(world: World, *names: str) -> None:
    """Let it be as if the WMS had not mentioned some capabilities when it was asked."""
    with world.app.app_context():
        row = session().query(Connection).one()
        told = {k: v for k, v in row.info["capabilities"].items() if k not in names}
        row.info = {**row.info, "capabilities": told}
        session().commit()


def test_one_that_holds_nothing_is_not_asked_to(lacking: Any) -> None:
    world = lacking("hold")
    gid, _ = sent(world)
    world.change(gid, "hold", reason="OTHER")
    world.settle()
    assert asked(world, "/orders/hold") == []
    assert said(world, gid, "The warehouse did not hold it. The warehouse can't do this.")


def test_one_that_cancels_nothing_is_not_asked_to(lacking: Any) -> None:
    world = lacking("cancel")
    gid, _ = sent(world)
    world.change(gid, "cancel")
    world.settle()
    assert asked(world, "/orders/cancel") == []
    assert world.state_tags(gid) == ["wms-error"]
    assert "can't cancel orders. Tell the warehouse yourself." in world.row(gid)["message"]


def test_one_without_returns_is_not_asked_for_any(lacking: Any) -> None:
    world = lacking("returns")
    run(world, "cancellations", by_schedule=True)
    assert asked(world, "/v1/returns") == []
    assert set(asked(world, "/v1/cancellations")) == {200}


def test_one_that_never_told_is_asked(lacking: Any) -> None:
    world = lacking()
    never_told(world, "hold", "cancel")
    gid, _ = sent(world)
    world.change(gid, "hold", reason="OTHER")
    world.settle()
    assert asked(world, "/orders/hold") == [200]
    world.change(gid, "release")
    world.change(gid, "cancel")
    world.settle()
    assert asked(world, "/orders/cancel") == [200]


def test_reconcile_learns_what_the_wms_can_do_by_now(lacking: Any) -> None:
    world = lacking("hold")
    registered = len(asked(world, "/callbacks"))
    now_lacks(world)
    run(world, "reconcile", by_schedule=True)
    gid, _ = sent(world)
    world.change(gid, "hold", reason="OTHER")
    world.settle()
    assert asked(world, "/orders/hold") == [200]
    assert len(asked(world, "/callbacks")) == registered, "it is not asked anew to call back"


def test_a_look_at_what_it_can_do_that_fails_changes_nothing(lacking: Any) -> None:
    world = lacking("hold")
    world.warehouse_fails({"where": "connection", "do": "status", "value": 500})
    run(world, "reconcile", by_schedule=True)
    assert 500 in asked(world, "/connection")
    with world.app.app_context():
        row = session().query(Connection).one()
        assert (row.status, row.failures, row.info["capabilities"]["hold"]) == (
            "established",
            0,
            False,
        )
        assert session().query(Owed).filter_by(effect="test").count() == 0
        session().rollback()


def test_an_operation_that_is_not_there_is_named(lacking: Any) -> None:
    world = lacking()
    world.warehouse_fails({"where": "cancellations", "do": "status", "value": 404})
    run(world, "cancellations", by_schedule=True)
    (line,) = [line for line in world.log() if line.startswith("Gave up")]
    assert "The warehouse's system has no GET /cancellations, though the app URL is" in line
    assert "must answer with 501" in line
    with world.app.app_context():
        assert session().query(Connection.status).scalar() == "established"
        session().rollback()


def test_a_test_of_the_connection_learns_it_too(lacking: Any) -> None:
    world = lacking("cancel")
    now_lacks(world)
    world.api("POST", "/api/connection/test")
    gid, _ = sent(world)
    world.change(gid, "cancel")
    world.settle()
    assert asked(world, "/orders/cancel") == [200]


def test_an_edit_that_the_wms_takes_no_more_is_not_sent_and_staff_are_told(lacking: Any) -> None:
    world = lacking("order_update")
    gid, _ = sent(world)
    world.change(gid, "edit", note="Ring twice")
    world.settle()
    assert [batch["status"] for batch in world.batches()] == [200]
    assert world.state_tags(gid) == ["wms-synced"]
    assert said(world, gid, "takes no changes to an order that it has: tell the warehouse yourself")
    status = world.api("GET", f"/api/orders/status?id={gid}")
    (kept,) = [gate for gate in status["gates"] if gate["keeps"]]
    assert (kept["gate"], kept["fix"]) == ("edited", "")


def test_sending_it_by_hand_says_so_too(lacking: Any) -> None:
    world = lacking("order_update")
    gid, _ = sent(world)
    world.change(gid, "edit", note="Ring twice")
    world.settle()
    receipt = world.send(gid)
    world.settle()
    assert len(world.batches()) == 1
    assert world.state_tags(gid) == ["wms-synced"]
    (item,) = world.api("GET", f"/api/runs/{receipt['run']}")["items"]
    assert (item["outcome"], item["reason"]) == ("skipped", "edited")


def test_what_was_added_beside_it_goes_by_hand(lacking: Any) -> None:
    world = lacking("order_update")
    gid, _ = sent(world, lines=[{"sku": "MUG-WHITE", "quantity": 2}])
    world.change(gid, "edit", note="Ring twice")
    world.change(gid, "edit", lines=[{"sku": "TS-BLUE-M", "quantity": 1}])
    world.settle()
    world.send(gid)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    assert {revision for _, revision in world.applied()} == {1}


def test_units_that_are_taken_off_are_asked_back(lacking: Any) -> None:
    world = lacking("order_update")
    gid, _ = sent(world, lines=[{"sku": "MUG-WHITE", "quantity": 3}])
    world.change(gid, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    world.settle()
    assert asked(world, "/orders/cancel") == [200]
    assert world.state_tags(gid) == ["wms-synced"]
    assert world.row(gid)["outbound"][0]["confirmed_revision"] == 1


def test_an_upgraded_wms_is_told_at_last(lacking: Any) -> None:
    world = lacking("order_update")
    gid, _ = sent(world)
    world.change(gid, "edit", note="Ring twice")
    world.settle()
    now_lacks(world)
    run(world, "reconcile", by_schedule=True)
    assert world.state_tags(gid) == ["wms-synced"]
    assert [revision for _, revision in world.applied()] == [1, 2]
