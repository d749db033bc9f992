"""The line with which a person's send ends: once, when its last order has had its last word."""

from datetime import timedelta

from app.db import database_now, session
from app.models import LogLine, Run
from app.sync import endings
from app.web.log_words import line_text
from tests.world import World

_ENDED = {"en": "Send to WMS ended. ", "it": "Invio al WMS terminato. "}


def ended(world: World, language: str = "en") -> list[str]:
    """What the log's page says of sends that are over."""
    with world.app.test_request_context(f"/?locale={language}"):
        lines = session().query(LogLine).filter_by(event=endings.ENDED).order_by(LogLine.id)
        told = [line_text(line) for line in lines]
        assert all(text.startswith(_ENDED[language]) for text in told)
        return [text.removeprefix(_ENDED[language]) for text in told]


def _outcome(world: World, run: str) -> str:
    with world.app.app_context():
        return session().get_one(Run, run).outcome


def _age(world: World, run: str, by: timedelta) -> None:
    with world.app.app_context():
        session().get_one(Run, run).started_at = database_now() - by
        session().commit()


def _a_run_of_all_kinds(world: World) -> str:
    """Sends an order that goes, one that goes no more, one unpaid, one refused, one cancelled."""
    world.choose(require_payment=True)
    there = world.order()
    world.send(there)
    gone, unpaid = world.order(), world.order(paid=False)
    refused = world.order(lines=[{"sku": "UNKNOWN-1", "quantity": 1}])
    cancelled = world.order()
    world.change(cancelled, "cancel")
    world.settle()
    world.tick()
    answer = world.send(gone, there, unpaid, refused, cancelled)
    assert [each["reason"] for each in answer["skipped"]] == ["kind"]
    return str(answer["run"])


def test_a_send_says_at_its_end_what_became_of_its_orders(world: World) -> None:
    run = _a_run_of_all_kinds(world)
    assert ended(world) == ["Sent 1."]
    world.tick()
    assert len(ended(world)) == 1, "its orders are on their way"
    world.settle()
    world.tick()
    skipped = "Skipped 2: Test or closed order 1, Not paid 1."
    told = f"Sent 1. Unchanged 1. {skipped} Failed 1: SKU unknown 1."
    assert ended(world)[1:] == [told]
    assert ended(world, "it")[1].startswith("Inviato 1. Invariato 1. Saltati 2: ")
    assert _outcome(world, run) == "done"
    with world.app.app_context():
        line = session().query(LogLine).filter_by(run_id=run, event=endings.ENDED).one()
        assert (line.kind, line.actor != "") == ("send", True)
        assert line.message == "Send to WMS ended. Sent 1. Unchanged 1. Skipped 2. Failed 1."
    world.tick()
    assert len(ended(world)) == 2


def test_what_waits_for_a_day_is_told_as_waiting(world: World) -> None:
    gid = world.order()
    world.settle()
    world.warehouse_fails({"where": "batch", "do": "status", "value": 503, "times": 1_000})
    run = str(world.send(gid)["run"])
    world.until(lambda: world.drain() or world.log("undelivered"), "the failed send")
    world.tick()
    assert ended(world) == []
    _age(world, run, timedelta(hours=25))
    world.tick()
    assert ended(world) == ["Waiting 1."]
    assert _outcome(world, run) == "done"


def test_a_send_of_nothing_ends_without_a_word(world: World) -> None:
    run = str(world.api("POST", "/api/orders/send", all="no-sync")["run"])
    world.tick()
    assert ended(world) == []
    assert _outcome(world, run) == "done"


def test_all_that_wait_are_told_together(world: World) -> None:
    for _ in range(3):
        world.order()
    world.settle()
    world.api("POST", "/api/orders/send", all="no-sync")
    world.tick()
    assert ended(world) == [], "it has not taken its orders in"
    world.settle()
    world.tick()
    assert ended(world) == ["Sent 3."]
