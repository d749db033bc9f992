"""An order over which the warehouse stumbles holds up no other of its batch."""

from typing import Any

import pytest

from app.db import database_now, session
from app.domain.states import Effect, State
from app.errors import TryLater
from app.models import Batch, OutboundOrder, Owed, Shop
from app.sync.claims import take
from app.sync.results import take_results
from app.wms.base import OrderResult
from tests.world import World

POISON = "Via del Guasto"
DONE = ["wms-synced", "wms-syncing"]


@pytest.fixture
def shop(make_world: Any) -> World:
    """A connected shop whose WMS answers at once."""
    world: World = make_world(mode="sync")
    world.install()
    world.connect()
    return world


def placed(world: World) -> tuple[str, list[str]]:
    """Three orders that wait; the warehouse stumbles over the address of the first."""
    address = {"address1": POISON, "city": "Milano", "zip": "20100", "countryCode": "IT"}
    poison = world.order(shipping_address=address)
    others = [world.order() for _ in range(2)]
    world.settle()
    return poison, others


def stumbles(world: World, value: Any) -> None:
    """From now on the warehouse answers so to whatever holds that order."""
    rule = {"where": "batch", "do": "status", "value": value, "times": None, "match": POISON}
    world.warehouse_fails(rule)


def hurry(world: World) -> None:
    """Let the waits before the next tries be over, and do what is due."""
    with world.app.app_context():
        due = {"due_at": database_now(), "held_until": None}
        session().query(Owed).filter_by(effect="confirm").update(due)
        session().commit()
    world.drain()


def is_told(world: World, gid: str, code: str) -> bool:
    hurry(world)
    return bool(world.row(gid)["reason"] == code)


def arrived(world: World, gids: list[str]) -> bool:
    hurry(world)
    return all(world.state_tags(gid) == ["wms-synced"] for gid in gids)


def test_where_the_warehouse_fails_over_one_the_others_arrive(shop: World) -> None:
    poison, others = placed(shop)
    stumbles(shop, 500)
    shop.send(poison, *others)
    shop.until(lambda: arrived(shop, others), "the others at the warehouse")
    row = shop.row(poison)
    assert (shop.state_tags(poison), row["reason"]) == (["wms-syncing"], "retrying")
    assert len(shop.applied()) == len(set(shop.applied())) == 2
    shop.warehouse_fails()
    shop.until(lambda: arrived(shop, [poison]), "the order once the warehouse is mended")
    assert len(shop.applied()) == len(set(shop.applied())) == 3


def test_where_it_refuses_a_request_for_one_only_that_one_is_refused(shop: World) -> None:
    poison, others = placed(shop)
    stumbles(shop, 413)
    shop.send(poison, *others)
    shop.until(lambda: arrived(shop, others), "the others at the warehouse")
    shop.until(lambda: is_told(shop, poison, "batch-too-large"), "the refusal")
    assert shop.state_tags(poison) == ["wms-error"]
    assert len(shop.applied()) == len(set(shop.applied())) == 2


def test_an_outage_sends_no_order_by_itself(shop: World) -> None:
    """What failed as a whole goes again as a whole."""
    gids = [shop.order() for _ in range(3)]
    shop.settle()
    shop.warehouse_fails({"where": "any", "do": "status", "value": 503, "times": 6})
    shop.send(*gids)
    shop.until(lambda: arrived(shop, gids), "the orders at the warehouse")
    assert len({batch["key"] for batch in shop.batches()}) == 1


def test_a_look_up_that_fails_holds_up_no_other(shop: World) -> None:
    """The answer to a batch is lost, and the warehouse stumbles over one order when asked."""
    gids = [shop.order() for _ in range(3)]
    shop.settle()
    external_id = shop.row(gids[0])["outbound"][0]["external_id"]
    by_ref = {"where": "by-ref", "do": "status", "value": 500, "times": None, "match": external_id}
    shop.warehouse_fails({"where": "batch", "do": "drop_after", "times": 1}, by_ref)
    shop.send(*gids)
    shop.until(lambda: arrived(shop, gids[1:]), "the others at the warehouse")
    assert shop.state_tags(gids[0]) == ["wms-syncing"]
    shop.warehouse_fails()
    shop.until(lambda: arrived(shop, gids), "the last one")
    assert len(shop.applied()) == len(set(shop.applied())) == 3


def test_what_is_clear_of_a_batch_waits_for_nothing_unclear(make_world: Any) -> None:
    """A job's results leave one order out, and the warehouse fails to answer for it."""
    world: World = make_world()
    world.install()
    world.connect()
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gids = [world.order() for _ in range(2)]
    world.settle()
    world.send(*gids)
    world.until(lambda: awaiting(world) == 2, "the job")
    world.warehouse_fails({"where": "by-ref", "do": "status", "value": 500, "times": None})
    with world.app.app_context():
        shop, batch = session().query(Shop).one(), session().query(Batch).one()
        clear = session().query(OutboundOrder).order_by(OutboundOrder.id).first()
        assert clear is not None
        told = OrderResult(
            external_id=clear.external_id, revision=1, status="created", wms_id="W-1"
        )
        claimed = take(shop.id, ("batch", batch.id), Effect.CONFIRM)
        session().commit()
        with pytest.raises(TryLater):
            take_results(shop, batch.id, claimed, [told], batch.job_id)
        session().rollback()
    assert awaiting(world) == 1
    world.until(lambda: tags(world, gids) == DONE, "the clear one's tag")


def awaiting(world: World) -> int:
    """How many orders wait for their job, once what is due is done."""
    world.drain()
    with world.app.app_context():
        number = session().query(OutboundOrder).filter_by(state=State.AWAITING).count()
        session().rollback()
        return int(number)


def tags(world: World, gids: list[str]) -> list[str]:
    """The orders' state tags, once what is due is done."""
    world.drain()
    return sorted(world.state_tags(gid)[0] for gid in gids)
