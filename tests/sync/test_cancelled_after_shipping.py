"""The warehouse ships a part and cancels the rest, and the cancellation is read first: what has
left is neither cancelled nor refunded in Shopify, however long the shipments can't be read."""

from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Connection, OutboundOrder, Owed
from app.sync import breaker, seller
from app.wms.cancellations import Cancellation
from tests.sync.test_seller_cancels import LINES, refunds, sent
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

WAITING = (Effect.CANCEL_ORDER, Effect.TAKE_OFF)


def shipped_in_part(world: World) -> tuple[str, str]:
    """An order of which the warehouse has shipped the mugs, and Tagdock has not heard of it."""
    world.choose(seller_cancellation="cancel")
    gid, external_id = sent(world)
    world.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    at_warehouse(world, "ship", external_id, lines=[LINES[0]])
    return gid, external_id


def drops_the_rest(world: World, external_id: str) -> None:
    """The warehouse's cancellation of all that it has not shipped is taken in alone."""
    with world.app.app_context():
        told = Cancellation(id="C-1", external_id=external_id)
        seller.take(session().query(Connection).one(), told)
        session().commit()


def waiting(world: World) -> list[Owed]:
    """What is to be cancelled or taken off still."""
    with world.app.app_context():
        rows = session().query(Owed).filter(Owed.effect.in_(WAITING)).all()
        session().expunge_all()
        session().rollback()
        return rows


def hurry(world: World) -> None:
    """Let the waits be over, and do what is due."""
    with world.app.app_context():
        session().query(Owed).update({"due_at": database_now(), "held_until": None})
        session().query(Connection).update({"open_until": None})
        session().commit()
    world.drain()


def only_the_rest_is_taken_off(world: World, gid: str) -> bool:
    """Whether Shopify has the mugs fulfilled and the shirts refunded, and nothing else."""
    order = world.shopify_order(gid)
    taken = [each["units"] for each in refunds(world, gid)]
    assert order["cancelledAt"] is None
    assert taken in ([], [{"TSHIRT-BLUE-M": 2}])
    return len(order["fulfillments"]) == 1 and bool(taken)


def test_what_has_left_is_heard_of_before_the_order_is_cancelled(shop: World) -> None:
    gid, external_id = shipped_in_part(shop)
    drops_the_rest(shop, external_id)
    shop.settle()
    assert only_the_rest_is_taken_off(shop, gid)
    assert len(shop.applied()) == 1, "nothing is sent again"
    assert waiting(shop) == []


@pytest.mark.parametrize("lines", [None, [{"sku": "TSHIRT-BLUE-M", "quantity": 2}]])
@pytest.mark.parametrize("where", ["shipments", "any"])
def test_what_has_left_can_not_be_heard_for_long(shop: World, where: str, lines: Any) -> None:
    gid, external_id = shipped_in_part(shop)
    at_warehouse(shop, "cancel", external_id, **({"lines": lines} if lines else {}))
    shop.warehouse_fails({"where": where, "do": "status", "value": 500, "times": None})
    if lines is None:
        drops_the_rest(shop, external_id)
    else:
        with shop.app.app_context():
            line = shop.shopify_order(gid)["lines"][1]["id"]
            told = Cancellation.model_validate(
                {
                    "id": "C-1",
                    "external_id": external_id,
                    "lines": [{"line_id": line, "cancelled_quantity": 2}],
                }
            )
            seller.take(session().query(Connection).one(), told)
            session().commit()
    for _ in range(30):
        hurry(shop)
    (owed,) = waiting(shop)
    assert (owed.attempts, owed.dead_at) == (0, None), "it is never given up for that"
    assert owed.last_error
    assert refunds(shop, gid) == []
    assert shop.shopify_order(gid)["cancelledAt"] is None
    shop.warehouse_fails()
    shop.api("POST", "/api/jobs/export_shipped_orders/run")

    def over() -> bool:
        hurry(shop)
        return only_the_rest_is_taken_off(shop, gid)

    shop.until(over, "the rest taken off")


def test_a_warehouse_that_is_down_is_rested(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(breaker, "_FIRST_REST", timedelta(minutes=5))
    _, external_id = shipped_in_part(shop)
    shop.warehouse_fails({"where": "any", "do": "status", "value": 500, "times": None})
    drops_the_rest(shop, external_id)

    def rested() -> bool:
        shop.drain()
        with shop.app.app_context():
            late = database_now() - timedelta(seconds=1)
            session().query(Owed).update({"due_at": late, "held_until": None})
            (until,) = session().query(Connection.open_until).one()
            session().commit()
        return until is not None

    shop.until(rested, "the breaker open")
    mark = int(shop.wms.ask("POST", "/sandbox/ledger/mark")["seq"])
    shop.drain()
    found = shop.wms.ask("GET", f"/sandbox/ledger?kind=request&after={mark}")
    assert not (found["entries"] if isinstance(found, dict) else found)


def test_a_refund_under_way_waits_for_no_warehouse(shop: World) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop)
    shop.shopify_fails({"where": "graphql", "match": "CreateRefund", "do": "drop_before"})
    at_warehouse(shop, "cancel", external_id, lines=[LINES[1]])

    def begun() -> Any:
        shop.drain()
        return shop.row(gid)["outbound"][0]["taking"]

    shop.until(begun, "the refund written down")
    shop.warehouse_fails({"where": "any", "do": "status", "value": 500, "times": None})
    shop.shopify_fails()

    def made() -> bool:
        hurry(shop)
        return not begun()

    shop.until(made, "the refund made")
    assert [each["units"] for each in refunds(shop, gid)] == [{"TSHIRT-BLUE-M": 2}]
    assert not shop.row(gid)["fulfilling"]


@pytest.mark.parametrize("what", ["disconnected", "no shipments"])
def test_where_there_is_nothing_to_hear_it_is_cancelled(shop: World, what: str) -> None:
    shop.choose(seller_cancellation="cancel")
    gid, external_id = sent(shop)
    if what == "disconnected":
        drops_the_rest(shop, external_id)
        shop.api("POST", "/api/connection/disconnect")
    else:
        with shop.app.app_context():
            connection = session().query(Connection).one()
            lacks = {**connection.info["capabilities"], "shipments": False}
            connection.info = {**connection.info, "capabilities": lacks}
            session().commit()
        shop.warehouse_fails({"where": "shipments", "do": "status", "value": 500, "times": None})
        drops_the_rest(shop, external_id)
    shop.settle()
    assert waiting(shop) == []
    with shop.app.app_context():
        (archived,) = session().query(OutboundOrder.archived).one()
        session().rollback()
    assert bool(shop.shopify_order(gid)["cancelledAt"]) is not archived
