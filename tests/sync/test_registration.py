"""What the warehouse was asked to call back for is asked anew when it is something else now."""

from collections.abc import Callable

import pytest

from app.db import session
from app.models import Connection, Owed
from app.sync import registration
from tests.world import World


def test_a_connection_of_an_earlier_version_is_registered_anew_once(world: World) -> None:
    told = registered(world)
    assert "shipment.updated" in told
    change(world, lambda connection: setattr(connection, "registered", "before"))
    look(world)
    assert registered(world) == told
    assert len(asked(world)) == 2
    look(world)
    assert len(asked(world)) == 2, "what is as it should be is left alone"


def test_more_to_listen_to_is_asked_for(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    more = (*registration._EVENTS, "something.new")
    monkeypatch.setattr(registration, "_EVENTS", more)
    secret = column(world, "callback_secret")
    look(world)
    assert registered(world).endswith(" something.new")
    assert column(world, "callback_secret") == secret, "what is under way stays readable"


def test_a_warehouse_that_refused_is_left_alone(world: World) -> None:
    change(world, lambda connection: setattr(connection, "registered", ""))
    world.warehouse_fails({"where": "callbacks", "do": "status", "value": 400, "times": None})
    look(world)
    tries = len(asked(world))
    with world.app.app_context():
        assert session().query(Owed).filter(Owed.dead_at.is_not(None)).count() == 1
    world.warehouse_fails()
    look(world)
    assert len(asked(world)) == tries
    assert registered(world) == ""


@pytest.mark.parametrize(
    "why",
    [
        lambda connection: setattr(connection, "info", {"capabilities": {"callbacks": False}}),
        lambda connection: setattr(connection, "token", None),
        lambda connection: setattr(connection, "status", "never_tested"),
    ],
    ids=["calls nobody", "disconnected", "untested"],
)
def test_nobody_is_asked_who_cannot_be(world: World, why: Callable[[Connection], None]) -> None:
    change(world, lambda connection: setattr(connection, "registered", ""))
    change(world, why)
    look(world)
    assert len(asked(world)) == 1


def look(world: World) -> None:
    """Let the job of every five minutes run."""
    world.api("POST", "/api/jobs/sync_status/run")
    world.settle()


def asked(world: World) -> list[dict]:
    """Every PUT /callbacks that arrived."""
    entries = world.wms.ask("GET", "/sandbox/ledger?kind=request")
    return [entry for entry in entries if entry["path"].endswith("/callbacks")]


def registered(world: World) -> str:
    return str(column(world, "registered"))


def column(world: World, name: str) -> object:
    with world.app.app_context():
        return getattr(session().query(Connection).one(), name)


def change(world: World, how: Callable[[Connection], None]) -> None:
    with world.app.app_context():
        how(session().query(Connection).one())
        session().commit()
