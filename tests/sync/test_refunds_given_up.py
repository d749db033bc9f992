"""A refund that was given up with its outcome open holds up nothing of its order for ever."""

from collections.abc import Callable
from typing import Any

import pytest

from app.db import database_now, session
from app.domain.retries import FAILURE_TRIES
from app.domain.states import Effect
from app.models import Owed
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

LINES = [{"sku": "MUG-WHITE", "quantity": 3}, {"sku": "TSHIRT-BLUE-M", "quantity": 2}]
LOST_BEFORE = {"where": "graphql", "match": "CreateRefund", "do": "drop_before"}
LOST_AFTER = {"where": "graphql", "match": "CreateRefund", "do": "drop_after", "times": 1}
# Shopify forbids to look what became of it.
UNSEEN = {"where": "graphql", "match": "ReadOpenUnits", "do": "status", "value": 403}


def owed_refund() -> Owed | None:
    """What is owed of units to be taken off."""
    return session().query(Owed).filter_by(effect=Effect.TAKE_OFF).one_or_none()


def asked_often(world: World) -> None:
    """Let the refund be due now, as one that failed as often as anything may."""
    with world.app.app_context():
        owed = owed_refund()
        assert owed is not None
        owed.attempts, owed.due_at, owed.held_until = FAILURE_TRIES, database_now(), None
        session().commit()


def letters(world: World) -> list[int]:
    """The ids of the refunds that were given up."""
    with world.app.app_context():
        owed = owed_refund()
        ids = [owed.id] if owed and owed.dead_at else []
        session().rollback()
        return ids


def cancelled_by_warehouse(world: World, rule: dict[str, Any]) -> str:
    """An order of which a mug is being taken off, the answer lost as the rule says."""
    world.choose(seller_cancellation="cancel")
    gid = world.order(lines=LINES)
    world.settle()
    world.shopify_fails(rule)
    external_id = world.row(gid)["outbound"][0]["external_id"]
    at_warehouse(world, "cancel", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 1}])

    def asked() -> bool:
        world.drain()
        return bool(world.row(gid)["fulfilling"])

    world.until(asked, "the refund asked for")
    return gid


def worn_out(world: World) -> str:
    """It is asked for in vain until it is given up."""
    gid = cancelled_by_warehouse(world, LOST_BEFORE)
    asked_often(world)
    return gid


def not_to_be_seen(world: World) -> str:
    """Shopify refuses to show what became of it: it is given up at once."""
    gid = cancelled_by_warehouse(world, LOST_AFTER)
    world.shopify_fails(UNSEEN)
    return gid


def given_up(world: World, happens: Callable[[World], str]) -> str:
    """An order whose refund was given up, its outcome open; Shopify is well again."""
    gid = happens(world)

    def over() -> bool:
        world.drain()
        return bool(letters(world))

    world.until(over, "the refund given up")
    world.shopify_fails()
    return gid


def refunded(world: World, gid: str) -> list[int]:
    """How many units each of the order's refunds at Shopify took off."""
    refunds = world.shopify_order(gid)["refunds"]
    return [sum(line["quantity"] for line in each["lines"]) for each in refunds]


@pytest.mark.parametrize("happens", [worn_out, not_to_be_seen], ids=["worn-out", "not-to-be-seen"])
def test_reads_go_on_and_it_is_taken_up_again(shop: World, happens: Callable[[World], str]) -> None:
    gid = given_up(shop, happens)
    assert not shop.row(gid)["fulfilling"]
    shop.settle()
    shop.api("POST", "/api/given-up/try-again", all=True)
    shop.settle()
    assert refunded(shop, gid) == [1], "once, whether or not it was made before"
    row = shop.row(gid)
    assert (row["fulfilling"], row["outbound"][0]["taking"]) == (False, None)


def test_dismissed_it_holds_up_nothing_not_even_after_a_parcel(shop: World) -> None:
    gid = given_up(shop, worn_out)
    assert shop.api("POST", "/api/given-up/dismiss", ids=letters(shop))
    shop.change(gid, "edit", note="Ring twice")
    shop.settle()
    assert [revision for _, revision in shop.applied()] == [1, 2]
    external_id = shop.row(gid)["outbound"][0]["external_id"]
    at_warehouse(shop, "ship", external_id, lines=[{"sku": "MUG-WHITE", "quantity": 2}])
    shop.settle()
    assert len(shop.shopify_order(gid)["fulfillments"]) == 1
    assert not shop.row(gid)["fulfilling"]
    assert refunded(shop, gid) == []
