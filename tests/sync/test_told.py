"""Whatever keeps an order from the warehouse is told on the order and in the log."""

from collections.abc import Callable

import pytest

from app.db import session
from app.models import LogLine
from tests.sync.test_gates import choose
from tests.world import World


@pytest.fixture
def automatic(make_world: Callable[..., World]) -> World:
    """A shop whose automatic processes are on."""
    world = make_world()
    world.install()
    world.connect(automatic=True)
    return world


def told(world: World, event: str) -> list[str]:
    """What the log says of a kind of event."""
    with world.app.app_context():
        lines = [line.message for line in session().query(LogLine).filter_by(event=event)]
        session().rollback()
        return lines


def test_a_send_that_does_not_arrive_says_so_once_until_it_does(automatic: World) -> None:
    automatic.warehouse_fails({"where": "batch", "do": "status", "value": 503, "times": 2})
    gid = automatic.order()

    def undelivered() -> bool:
        automatic.drain()
        return bool(told(automatic, "undelivered"))

    automatic.until(undelivered, "the failed send in the log")
    row = automatic.row(gid)
    assert row["reason"] == "retrying"
    assert told(automatic, "undelivered") == [f"Not delivered yet. {row['message']}"]
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert automatic.row(gid)["reason"] == ""
    assert len(told(automatic, "undelivered")) == 1


def test_a_refused_token_is_told_on_the_order(automatic: World) -> None:
    connector = automatic.connector["id"]
    automatic.wms.ask("POST", f"/sandbox/connectors/{connector}/rotate-token")
    gid = automatic.order()
    automatic.until(
        lambda: automatic.drain() or told(automatic, "undelivered"), "the refusal in the log"
    )
    row = automatic.row(gid)
    assert row["reason"] == "connection"
    assert row["message"].startswith("Token refused.")
    assert automatic.applied() == []


def test_each_manual_send_has_its_answer_in_the_log(automatic: World) -> None:
    choose(automatic, require_payment=True)
    gid = automatic.order(paid=False)
    automatic.settle()
    for _ in range(2):
        automatic.send(gid)
        automatic.settle()
    assert len(told(automatic, "asked")) == 2
    assert len(told(automatic, "waiting")) == 3


def test_an_unchanged_order_is_told_to_be_unchanged(automatic: World) -> None:
    gid = automatic.order()
    automatic.settle()
    run = automatic.send(gid)["run"]
    automatic.settle()
    (item,) = automatic.api("GET", f"/api/runs/{run}")["items"]
    assert (item["outcome"], item["reason"]) == ("sent", "unchanged")
    assert told(automatic, "unchanged") == ["Not sent. The warehouse has it; nothing changed."]
    assert len(automatic.batches()) == 1


def test_the_log_says_who_asked_an_order_back(automatic: World) -> None:
    gid = automatic.order()
    automatic.settle()
    automatic.change(gid, "cancel")
    automatic.settle()
    asked = "It was cancelled in Shopify. The warehouse is asked to cancel it."
    assert told(automatic, "asked_back") == [asked]
    assert told(automatic, "cancelled") == ["The warehouse has cancelled it."]
