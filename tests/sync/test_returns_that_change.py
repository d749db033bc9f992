"""Returns that change in Shopify before or after the warehouse was told, and those it refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.models import LogLine, Owed
from tests.sync.test_fulfil import TWO_LINES
from tests.sync.test_returns import (
    at_gate,
    available,
    ends,
    expected,
    on_return,
    open_return,
    rows,
    shipped,
    with_returns,
)
from tests.world import OTHER_SHOP, World


@pytest.fixture
def shop(make_world: Callable[..., World]) -> World:
    """A shop that lets the app see returns, and a warehouse that answers at once."""
    return with_returns(make_world(mode="sync"))


def asked(world: World) -> list[tuple[str, dict[str, int]]]:
    """What the warehouse expects: ids, and units by SKU."""
    return [
        (one["external_id"], {line["sku"]: line["quantity"] for line in one["expected"]})
        for one in expected(world)
    ]


def put_off(world: World, wait: timedelta) -> None:
    """Let the announcements that are owed be due then."""
    with world.app.app_context():
        rows = session().query(Owed).filter_by(effect=Effect.ANNOUNCE)
        rows.update({"due_at": database_now() + wait, "held_until": None})
        session().commit()


def press_again(world: World) -> Any:
    """Press *Try again* on every return there is."""
    return world.api("POST", "/api/returns/try-again", ids=[row.id for row in rows(world)])


def press_again_answer(world: World) -> int:
    """How pressing *Try again* on every return there is was answered."""
    ids = [row.id for row in rows(world)]
    return world.api_answer("POST", "/api/returns/try-again", ids=ids).status_code


def test_closed_before_anybody_looked_is_announced_for_goods_may_still_come(shop: World) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid, ("MUG-WHITE", 2))
    on_return(shop, back, "close")
    shop.settle()
    assert asked(shop) == [(back, {"MUG-WHITE": 2})]
    assert any("is closed in Shopify already. Open it again" in line for line in shop.log("return"))
    on_return(shop, back, "reopen")
    at_gate(shop, "receive", back)
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 2}


def test_what_shopify_knows_the_end_of_is_not_announced(shop: World) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid, ("MUG-WHITE", 2))
    on_return(shop, back, "dispose")
    on_return(shop, back, "close")
    shop.settle()
    assert asked(shop) == []
    (row,) = rows(shop)
    assert row.reason == "over"
    shop.change(gid, "tags", add=["gift"])
    shop.settle()
    assert sum("knows already what became" in line for line in shop.log("return")) == 1


def test_the_rest_of_a_return_that_ended_in_part_is_announced_and_restocked(shop: World) -> None:
    gid, _ = shipped(shop)
    mugs = available(shop, "MUG-WHITE")
    back = open_return(shop, gid, ("MUG-WHITE", 2))
    (one,) = shop.shopify_order(gid)["returns"]
    (goods,) = one["reverse_fulfillment_orders"][0]["lines"]
    on_return(shop, back, "dispose", lines=[{"id": goods["id"], "quantity": 1}])
    shop.settle()
    assert asked(shop) == [(back, {"MUG-WHITE": 1})]
    shop.change(gid, "tags", add=["gift"])
    at_gate(shop, "receive", back)
    shop.settle()
    assert asked(shop) == [(back, {"MUG-WHITE": 1})]
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 2}
    assert available(shop, "MUG-WHITE") == mugs + 2


def test_called_off_before_anybody_looked_is_not_announced(shop: World) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid)
    on_return(shop, back, "cancel")
    shop.settle()
    assert asked(shop) == []
    assert rows(shop) == []


def test_called_off_before_it_was_announced_is_not(shop: World) -> None:
    gid, _ = shipped(shop)
    shop.wms.ask("PUT", "/sandbox/settings", lacks=["returns"])
    back = open_return(shop, gid)
    shop.settle()
    shop.wms.ask("PUT", "/sandbox/settings", lacks=[])
    on_return(shop, back, "cancel")
    shop.settle()
    assert press_again_answer(shop) == 404
    assert asked(shop) == []
    assert [row.reason for row in rows(shop)] == ["called-off"]
    shop.change(gid, "tags", add=["gift"])
    shop.settle()
    assert sum("before the warehouse was told of it" in line for line in shop.log("return")) == 1


def test_called_off_while_the_warehouse_was_being_told_is_not_announced(shop: World) -> None:
    gid, _ = shipped(shop)
    shop.warehouse_fails({"where": "returns", "do": "status", "value": 503, "times": 1})
    back = open_return(shop, gid)
    shop.until(lambda: shop.drain() or any(row.fixed_at for row in rows(shop)), "the first try")
    put_off(shop, timedelta(hours=1))
    on_return(shop, back, "cancel")
    shop.settle()
    put_off(shop, timedelta(0))
    shop.settle()
    assert asked(shop) == []
    assert any("Ask the warehouse whether it expects it" in line for line in shop.log("return"))


def test_what_is_added_after_the_announcement_is_announced_beside_it(shop: World) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid, ("MUG-WHITE", 1))
    shop.settle()
    more = [{"sku": "MUG-WHITE", "quantity": 2}, {"sku": "TSHIRT-BLUE-M", "quantity": 1}]
    on_return(shop, back, "add", lines=more)
    shop.settle()
    added = f"{back}#2"
    assert asked(shop) == [
        (back, {"MUG-WHITE": 1}),
        (added, {"MUG-WHITE": 2, "TSHIRT-BLUE-M": 1}),
    ]
    at_gate(shop, "receive", added, ("MUG-WHITE", 2, "restock"), ("TSHIRT-BLUE-M", 1, "scrap"))
    shop.settle()
    assert ends(shop, gid) == {
        ("MUG-WHITE", "RESTOCKED"): 2,
        ("TSHIRT-BLUE-M", "NOT_RESTOCKED"): 1,
    }
    assert not any("Refund it in Shopify" in line for line in shop.log("return"))
    at_gate(shop, "receive", back)
    shop.settle()
    assert ends(shop, gid)["MUG-WHITE", "RESTOCKED"] == 3
    assert all(row.settled and not row.message for row in rows(shop))
    assert any("has come. Refund it in Shopify." in line for line in shop.log("return"))
    shop.change(gid, "tags", add=["gift"])
    shop.settle()
    assert len(asked(shop)) == 2


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_what_is_added_while_an_answer_is_lost_is_not_doubled(shop: World, fault: str) -> None:
    gid, _ = shipped(shop)
    shop.warehouse_fails({"where": "returns", "do": fault, "times": 1})
    back = open_return(shop, gid, ("MUG-WHITE", 1))
    shop.until(lambda: shop.drain() or any(row.fixed_at for row in rows(shop)), "the first try")
    on_return(shop, back, "add", lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    assert asked(shop) == [(back, {"MUG-WHITE": 1}), (f"{back}#2", {"MUG-WHITE": 1})]


def test_both_arrivals_at_once_are_restocked_once(shop: World) -> None:
    gid, _ = shipped(shop)
    mugs = available(shop, "MUG-WHITE")
    back = open_return(shop, gid, ("MUG-WHITE", 1))
    shop.settle()
    on_return(shop, back, "add", lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    shop.shopify_fails(
        {"where": "graphql", "match": "DisposeReturnedGoods", "do": "drop_after", "times": 1}
    )
    for external_id in (back, f"{back}#2"):
        at_gate(shop, "receive", external_id)
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 2}
    assert available(shop, "MUG-WHITE") == mugs + 2


def test_what_is_taken_out_after_the_announcement_is_told_to_a_person_once(shop: World) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid, ("MUG-WHITE", 3))
    shop.settle()
    on_return(shop, back, "remove", sku="MUG-WHITE", quantity=1)
    shop.settle()
    shop.change(gid, "tags", add=["gift"])
    shop.settle()
    (row,) = rows(shop)
    assert row.message.startswith(f"The return {row.name} has 1 unit less in Shopify")
    assert sum("1 unit less in Shopify" in line for line in shop.log("return")) == 1
    on_return(shop, back, "add", lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    assert asked(shop) == [(back, {"MUG-WHITE": 3})], "it expects just that"
    assert rows(shop)[0].message == ""


def test_what_was_not_announced_yet_follows_the_return(shop: World) -> None:
    gid, _ = shipped(shop)
    shop.wms.ask("PUT", "/sandbox/settings", lacks=["returns"])
    back = open_return(shop, gid, ("MUG-WHITE", 1), ("TSHIRT-BLUE-M", 1))
    shop.settle()
    assert [row.reason for row in rows(shop)] == ["unsupported"]
    shop.wms.ask("PUT", "/sandbox/settings", lacks=[])
    on_return(shop, back, "remove", sku="TSHIRT-BLUE-M")
    on_return(shop, back, "add", lines=[{"sku": "MUG-WHITE", "quantity": 1}])
    shop.settle()
    assert asked(shop) == [(back, {"MUG-WHITE": 2})]
    assert [(row.reason, row.message) for row in rows(shop)] == [("", "")]


def test_a_refused_return_is_tried_again_by_hand_and_says_why_until_then(shop: World) -> None:
    gid, _ = shipped(shop)
    shop.wms.ask("PUT", "/sandbox/settings", lacks=["returns"])
    back = open_return(shop, gid)
    shop.settle()
    (before,) = rows(shop)
    assert press_again(shop) == {"queued": 1}
    shop.settle()
    (still,) = rows(shop)
    assert (still.reason, still.message) == (before.reason, before.message)
    shop.wms.ask("PUT", "/sandbox/settings", lacks=[])
    assert press_again(shop) == {"queued": 1}
    (waiting,) = rows(shop)
    assert waiting.reason == "unsupported", "it stays to be read until the warehouse has it"
    shop.settle()
    assert asked(shop) == [(back, {line["sku"]: line["quantity"] for line in TWO_LINES})]
    (row,) = rows(shop)
    assert (row.reason, row.message) == ("", "")
    assert row.announced_at is not None
    with shop.app.app_context():
        lines = session().query(LogLine).filter_by(event="asked").all()
        assert [(line.message, line.actor) for line in lines] == [
            (f"Asked to be announced again: the return {row.name}.", "7")
        ] * 2
        session().rollback()


def test_goods_that_shopify_refused_are_tried_again_by_hand(shop: World) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid, ("MUG-WHITE", 1))
    shop.settle()
    on_return(shop, back, "close")
    at_gate(shop, "receive", back)
    shop.settle()
    assert [row.reason for row in rows(shop)] == ["not-open"]
    on_return(shop, back, "reopen")
    press_again(shop)
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 1}
    assert [(row.reason, row.settled) for row in rows(shop)] == [("", True)]


def test_there_is_nothing_to_try_of_what_is_well_or_another_shops(shop: World) -> None:
    gid, _ = shipped(shop)
    open_return(shop, gid)
    shop.settle()
    (row,) = rows(shop)
    assert shop.api_answer("POST", "/api/returns/try-again", ids=[row.id + 1]).status_code == 404
    shop.wms.ask("PUT", "/sandbox/settings", lacks=["returns"])
    other, _ = shipped(shop)
    open_return(shop, other)
    shop.settle()
    refused = rows(shop)[-1]
    shop.install(OTHER_SHOP)
    path, ids = "/api/returns/try-again", [refused.id]
    assert shop.api_answer("POST", path, shop=OTHER_SHOP, ids=ids).status_code == 404
    assert shop.api_answer("POST", path, ids=[row.id]).status_code == 404
