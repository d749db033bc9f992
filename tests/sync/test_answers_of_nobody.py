"""What is no answer of the warehouse's to a cancellation, a hold or a shipping time is no answer at
all: it is asked again, and nothing is told of the order meanwhile."""

from typing import Any

import pytest

from app.db import session
from app.models import Connection, Owed
from tests.sync.test_holds_both_ways import reference
from tests.sync.test_returns import expected, open_return, shipped, with_returns
from tests.world import World

FIRST, SECOND = "2026-12-01T10:00:00Z", "2026-12-02T10:00:00Z"
REDIRECT = {"do": "redirect", "value": "https://maintenance.example/"}
PLAIN_TEXT = {"do": "status", "value": 400}
NOBODYS = pytest.mark.parametrize("nobodys", [REDIRECT, PLAIN_TEXT], ids=["redirect", "text"])


@pytest.fixture
def sent(shop: World) -> str:
    """An order that the warehouse has, with a deadline from the beginning."""
    gid = shop.order(routed=False)
    shop.change(gid, "route")
    shop.change(gid, "deadline", fulfill_by=FIRST)
    shop.settle()
    assert at_warehouse(shop, gid)["ship_by"] == FIRST
    return gid


def at_warehouse(world: World, gid: str) -> dict[str, Any]:
    """The order as the warehouse has it."""
    there = world.wms.ask("GET", "/sandbox/orders")
    return dict(next(each for each in there if each["external_id"] == reference(world, gid)))


def tried_once(world: World, effect: str) -> str:
    """Work until the warehouse was asked for something and owes us the answer; why it does. From
    then on it answers."""

    def why() -> str:
        world.drain()
        with world.app.app_context():
            row = session().query(Owed).filter_by(effect=effect, dead_at=None).first()
            error = row.last_error if row else ""
            session().rollback()
        return error

    told = str(world.until(why, f"a try of {effect}"))
    world.warehouse_fails()
    return told


def connection(world: World) -> str:
    """How the connection stands."""
    with world.app.app_context():
        found = session().query(Connection.status).scalar()
        session().rollback()
    return str(found)


@NOBODYS
def test_a_cancellation_is_asked_for_again(shop: World, sent: str, nobodys: dict[str, Any]) -> None:
    shop.warehouse_fails({"where": "cancel", "times": None, **nobodys})
    shop.change(sent, "cancel")
    assert "isn't the connector API's" in tried_once(shop, "cancel")
    row = shop.row(sent)
    assert (row["outbound"][0]["state"], row["outbound"][0]["reason"]) == ("cancelling", "")
    assert shop.log("cancelled") == []
    shop.settle()
    assert at_warehouse(shop, sent)["state"] == "cancelled"
    assert (shop.row(sent)["reason"], shop.state_tags(sent)) == ("cancelled", ["wms-synced"])
    assert shop.log("cancelled") == ["The warehouse has cancelled it."]


@NOBODYS
def test_a_hold_and_its_release_are_asked_for_again(
    shop: World, sent: str, nobodys: dict[str, Any]
) -> None:
    for what, where, state in (("hold", "hold", "on_hold"), ("release", "release", "picking")):
        shop.warehouse_fails({"where": where, "times": None, **nobodys})
        shop.change(sent, what)
        assert "isn't the connector API's" in tried_once(shop, "hold")
        shop.settle()
        assert at_warehouse(shop, sent)["state"] == state
    assert shop.log("held") == [
        "The warehouse holds it: it is on hold in Shopify.",
        "The warehouse goes on with it.",
    ]


@NOBODYS
def test_a_shipping_time_is_told_again(shop: World, sent: str, nobodys: dict[str, Any]) -> None:
    shop.warehouse_fails({"where": "sla", "times": None, **nobodys})
    shop.change(sent, "deadline", fulfill_by=SECOND)
    shop.change(sent, "risk", recommendation="ACCEPT")
    assert "isn't the connector API's" in tried_once(shop, "sla")
    shop.settle()
    assert at_warehouse(shop, sent)["ship_by"] == SECOND
    assert shop.log("ship_by") == ["The warehouse knows: ship by 2026-12-02 10:00 UTC."]
    assert len(shop.applied()) == 1, "it goes alone, not with a revision"


def test_nobodys_answers_are_an_outage_that_passes(shop: World, sent: str) -> None:
    shop.warehouse_fails({"where": "any", "times": None, **REDIRECT})
    shop.change(sent, "cancel")
    shop.until(lambda: shop.drain() or connection(shop) == "unreachable", "the outage")
    assert shop.row(sent)["outbound"][0]["state"] == "cancelling"
    shop.warehouse_fails()
    shop.settle()
    assert at_warehouse(shop, sent)["state"] == "cancelled"
    assert connection(shop) == "established"


@NOBODYS
def test_a_return_is_announced_again(make_world: Any, nobodys: dict[str, Any]) -> None:
    world = with_returns(make_world(mode="sync"))
    gid, _ = shipped(world)
    rule = {"where": "returns", "match": "order_external_id", "times": None, **nobodys}
    world.warehouse_fails(rule)
    back = open_return(world, gid)
    assert "isn't the connector API's" in tried_once(world, "announce")
    assert world.log("return") == []
    world.settle()
    assert [one["external_id"] for one in expected(world)] == [back]
    assert len(world.log("return")) == 1
