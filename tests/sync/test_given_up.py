"""Work that was given up comes back when a person asks for it, whatever it was."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain.states import Effect, State
from app.models import Connection, LogLine, Order, OutboundOrder, Owed, Run, Shop
from app.sync import revival, runs
from app.sync.claims import claim, finish
from app.sync.dead import give_up, name_of
from app.sync.owing import BULK, STAFF, owe
from tests.world import World

WHY = "The warehouse never answered."


def kill(world: World, effect: Effect, subject: tuple[str, str], lane: str = "default") -> None:
    """Owe an effect and give it up, as its performer would."""
    with world.app.app_context():
        shop = session().query(Shop).one()
        owe(shop.id, subject, effect, lane=lane)
        session().commit()
        give_up(shop, effect, claim(shop.id, effect, 1), WHY)
        session().commit()


def letters(world: World) -> list[int]:
    """The ids of what is given up."""
    with world.app.app_context():
        found = session().query(Owed.id).filter(Owed.dead_at.is_not(None)).order_by(Owed.id)
        ids = [row.id for row in found]
        session().rollback()
        return ids


def try_again(world: World) -> None:
    """Click Try again on everything that is listed, and let it happen."""
    answer = world.api("POST", "/api/given-up/try-again", ids=letters(world))
    assert answer["queued"] == 1
    world.settle()
    assert letters(world) == []


def change(world: World, row: type[Any], **values: Any) -> str:
    """Change the one row of a table; returns its id."""
    with world.app.app_context():
        found = session().query(row).one()
        for name, value in values.items():
            setattr(found, name, value)
        session().commit()
        return str(found.id)


def synced(world: World) -> str:
    """An order the warehouse has."""
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    return gid


@pytest.fixture
def gid(world: World) -> str:
    """An order that waits to be sent."""
    gid = world.order()
    world.settle()
    return gid


def test_work_that_is_done_is_not_given_up(world: World, gid: str) -> None:
    """What goes wrong after the claims were finished is no matter of the orders claimed."""
    with world.app.app_context():
        shop = session().query(Shop).one()
        order_id = session().query(Order.id).limit(1).scalar()
        owe(shop.id, ("order", order_id), Effect.SEND)
        session().commit()
        claims = claim(shop.id, Effect.SEND, 1)
        finish(claims)
        session().commit()
        give_up(shop, Effect.SEND, claims, WHY)
        session().commit()
    row = world.row(gid)
    assert (row["given_up"], row["reason"]) == (False, "automatic")
    assert world.log("gave_up") == []
    assert letters(world) == []


def test_a_send_goes_on(world: World, gid: str) -> None:
    world.api("PUT", "/api/connection", automatic=True)
    world.settle()
    other = world.order(paid=False)
    world.choose(require_payment=True)
    world.settle()
    kill(world, Effect.SEND, ("order", str(world.row(other)["id"])))
    world.settle()
    assert world.state_tags(other) == ["wms-error"]
    world.choose(require_payment=False)
    try_again(world)
    assert world.state_tags(other) == ["wms-synced"]
    assert world.row(other)["reason"] == ""


def test_a_send_that_nobody_had_asked_for_still_waits_for_the_rules(world: World, gid: str) -> None:
    kill(world, Effect.SEND, ("order", str(world.row(gid)["id"])))
    try_again(world)
    assert world.state_tags(gid) == ["wms-no-sync"]
    assert world.row(gid)["reason"] == "automatic"


def test_a_send_that_a_person_had_asked_for_still_is(world: World, gid: str) -> None:
    kill(world, Effect.SEND, ("order", str(world.row(gid)["id"])), STAFF)
    try_again(world)
    assert world.state_tags(gid) == ["wms-synced"]


def test_a_cancellation_is_under_way_again(world: World) -> None:
    gid = synced(world)
    outbound = change(world, OutboundOrder, state=State.CANCELLING)
    kill(world, Effect.CANCEL, ("outbound", outbound))
    world.settle()
    assert world.row(gid)["outbound"][0]["state"] == State.REJECTED
    assert world.state_tags(gid) == ["wms-error"]
    try_again(world)
    assert world.log("cancelled") == ["The warehouse has cancelled it."]
    assert [order["state"] for order in world.wms.ask("GET", "/sandbox/orders")] == ["cancelled"]
    assert world.row(gid)["outbound"][0]["state"] == State.PLANNED, "Shopify still asks for it"
    assert world.state_tags(gid) == ["wms-no-sync"]


def test_a_cancellation_that_is_not_wanted_any_more_is_let_go(world: World) -> None:
    gid = synced(world)
    outbound = change(world, OutboundOrder, state=State.CANCELLING)
    kill(world, Effect.CANCEL, ("outbound", outbound))
    change(world, OutboundOrder, state=State.ACCEPTED, reason="", message="")
    try_again(world)
    assert world.row(gid)["outbound"][0]["state"] == State.ACCEPTED
    assert world.log("cancelled") == []


def test_a_hold_is_asked_for_again_and_was_no_fault_of_the_order(world: World) -> None:
    gid = synced(world)
    outbound = change(world, OutboundOrder, hold_wanted=True)
    kill(world, Effect.HOLD, ("outbound", outbound))
    assert world.row(gid)["tag_state"] == "synced"
    try_again(world)
    assert world.row(gid)["outbound"][0]["held"] is True


def test_an_order_is_looked_up_again(world: World) -> None:
    gid = synced(world)
    kill(world, Effect.LOOK_UP, ("order", str(world.row(gid)["id"])))
    assert world.row(gid)["reason"] == "gave-up"
    try_again(world)
    assert world.row(gid)["reason"] == ""
    assert world.log("looked_up") == ["The warehouse has it."]


def test_a_tag_is_written_again(world: World) -> None:
    gid = synced(world)
    world.change(gid, "tags", remove=["wms-synced"], add=[])
    kill(world, Effect.TAG, ("order", str(world.row(gid)["id"])))
    world.api("POST", "/api/given-up/try-again", all=True)
    world.settle()
    assert world.row(gid)["reason"] == ""
    assert letters(world) == []


def test_a_job_goes_on_where_it_stopped(world: World) -> None:
    gid = world.order()
    with world.app.app_context():
        shop = session().query(Shop).one()
        run = runs.begin(shop.id, "reconcile", "schedule")
        session().commit()
        name = run.id
    kill(world, Effect.RUN, ("run", name))
    assert world.log("gave_up") == [f"Gave up (Reconcile). {WHY}"]
    try_again(world)
    with world.app.app_context():
        run = session().get_one(Run, name)
        assert (run.outcome, run.message) == ("done", "")
        session().rollback()
    assert world.row(gid)["tag_state"] == "no_sync"


def test_a_job_that_was_tidied_away_since_is_let_go(world: World) -> None:
    kill(world, Effect.RUN, ("run", "11111111-1111-4111-8111-111111111111"))
    try_again(world)


@pytest.mark.parametrize(
    ("effect", "subject"),
    [
        (Effect.READ_SHOP, lambda world: ("shop", shop_id(world))),
        (Effect.TEST, lambda world: ("connection", connection_id(world))),
        (Effect.REGISTER, lambda world: ("connection", connection_id(world))),
    ],
)
def test_what_is_about_no_order_is_done_again(
    world: World, effect: Effect, subject: Callable[[World], tuple[str, str]]
) -> None:
    change(world, Shop, name="Another")
    kill(world, effect, subject(world))
    try_again(world)
    with world.app.app_context():
        assert session().query(Owed).filter_by(effect=effect).count() == 0
        assert (session().query(Shop.name).scalar() == "Another") is (effect != Effect.READ_SHOP)
        session().rollback()


def shop_id(world: World) -> str:
    """The shop's id."""
    return change(world, Shop)


def connection_id(world: World) -> str:
    """The connection's id."""
    return change(world, Connection)


def test_who_tried_again_stands_in_the_log(world: World, gid: str) -> None:
    kill(world, Effect.LOOK_UP, ("order", str(world.row(gid)["id"])))
    try_again(world)
    name = world.row(gid)["name"]
    with world.app.app_context():
        line = session().query(LogLine).filter_by(event="taken_up").one()
        assert line.message == "Taken up again: Look it up at the warehouse."
        assert (line.actor, line.order_name, line.kind) == ("7", name, "try_again")
        session().rollback()


def test_everything_is_taken_up_some_hundred_at_a_time(
    world: World, gid: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(revival, "AT_ONCE", 2)
    for number in range(5):
        kill(world, Effect.RUN, ("run", f"{number}"), BULK)
    with world.app.app_context():
        later = {"subject_type": "run", "subject_id": "later", "effect": Effect.RUN}
        now = database_now()
        shop = session().query(Shop).one()
        session().add(Owed(shop_id=shop.id, due_at=now, dead_at=now + timedelta(hours=1), **later))
        session().commit()
    answer = world.api("POST", "/api/given-up/try-again", all=True)
    assert answer["queued"] == 6
    world.settle()
    assert len(letters(world)) == 1, "what was given up after the click is left"
    with world.app.app_context():
        assert session().get_one(Run, answer["run"]).counts == {"taken_up": 5}
        session().rollback()


def test_nothing_given_up_is_nothing_to_do(world: World) -> None:
    assert world.api("POST", "/api/given-up/try-again", all=True)["queued"] == 0
    assert world.api("POST", "/api/given-up/try-again", ids=[99])["queued"] == 0
    assert world.owed_soon() == []


@pytest.mark.parametrize("effect", Effect)
def test_every_effect_has_a_name(effect: Effect) -> None:
    assert name_of(effect)
