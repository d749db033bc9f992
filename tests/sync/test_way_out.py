"""No state without a way out: nothing waits for ever, and nothing is asked for ever."""

from collections.abc import Callable
from typing import Any

import pytest

from app.db import session
from app.domain.states import Effect, State
from app.models import Batch, Connection, Order, OutboundOrder, Owed, Shop, ShopToken
from app.models.batch import POSTING
from app.sync import drain, runs
from app.sync.claims import claim, postpone
from app.sync.dead import give_up
from app.sync.outcomes import refuse_because
from app.sync.owing import owe
from tests.world import World

TWO_LINES = [{"sku": "MUG-WHITE", "quantity": 5}, {"sku": "TS-BLUE-M", "quantity": 1}]


def split_order(world: World, *, second: str = "TS-BLUE-M") -> str:
    """An order in two fulfillment orders from the beginning, one line each."""
    lines = [TWO_LINES[0], {"sku": second, "quantity": 1}]
    gid = world.order(lines=lines, routed=False)
    world.change(gid, "route")
    part = world.shopify_order(gid)["fulfillment_orders"][0]
    moved = [{"id": part["lines"][1]["id"], "quantity": 1}]
    world.change(gid, "split", fulfillment_order=part["id"], lines=moved)
    return gid


def test_an_order_routed_late_is_looked_at_again(automatic: World) -> None:
    gid = automatic.order(routed=False)
    automatic.until(lambda: seen(automatic, gid), "the order read")
    assert automatic.row(gid)["reason"] == "routed"
    assert owed(automatic, Effect.READ), "a look of its own, if no webhook comes"
    automatic.change(gid, "route")
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]


def seen(world: World, gid: str) -> bool:
    """Whether the order has been read, after doing what is due."""
    world.drain()
    with world.app.app_context():
        order = session().query(Order).filter_by(gid=gid).one_or_none()
        found = bool(order and order.facts)
        session().rollback()
        return found


def owed(world: World, effect: Effect) -> int:
    """How many rows of an effect are owed."""
    with world.app.app_context():
        count = session().query(Owed).filter_by(effect=effect).count()
        session().rollback()
        return count


def test_an_order_with_nothing_to_ship_says_so(automatic: World) -> None:
    gid = automatic.order(lines=[{"sku": "GIFT-50", "quantity": 1, "gift_card": True}])
    automatic.settle()
    assert automatic.state_tags(gid) == []
    assert automatic.row(gid)["reason"] in ("shippable", "routed")


def test_orders_placed_before_the_connection_enter_with_it(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    world.install()
    gid = world.order()
    world.settle()
    world.connect()
    assert world.state_tags(gid) == ["wms-no-sync"]


@pytest.mark.parametrize("bad", [0, 1])
def test_a_refused_part_is_told_whatever_became_of_the_other(world: World, bad: int) -> None:
    skus = ["TS-BLUE-M", "TS-BLUE-M"]
    skus[bad] = "UNKNOWN-1"
    gid = world.order(
        lines=[{"sku": skus[0], "quantity": 5}, {"sku": skus[1], "quantity": 1}], routed=False
    )
    world.change(gid, "route")
    part = world.shopify_order(gid)["fulfillment_orders"][0]
    moved = [{"id": part["lines"][1]["id"], "quantity": 1}]
    world.change(gid, "split", fulfillment_order=part["id"], lines=moved)
    world.settle()
    receipt = world.send(gid)
    world.settle()
    assert world.state_tags(gid) == ["wms-error"]
    row = world.row(gid)
    assert sorted(o["state"] for o in row["outbound"]) == ["accepted", "rejected"]
    assert row["reason"] == "sku-unknown"
    report = world.api("GET", f"/api/runs/{receipt['run']}")
    assert [item["outcome"] for item in report["items"]] == ["failed"]


def test_a_refused_part_waits_for_its_time_while_the_other_changes(automatic: World) -> None:
    gid = split_order(automatic, second="UNKNOWN-1")
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-error"]
    refused = len(ledger(automatic, "rejected"))
    with automatic.app.app_context():
        bad = session().query(OutboundOrder).filter_by(state=State.REJECTED).one()
        good = session().query(OutboundOrder).filter_by(state=State.ACCEPTED).one()
        good.held_back = True
        owe(bad.shop_id, ("order", str(bad.order_id)), Effect.SEND)
        session().commit()
    automatic.settle()
    assert len(ledger(automatic, "rejected")) == refused


def ledger(world: World, kind: str) -> list[dict[str, Any]]:
    """The warehouse's ledger entries of a kind."""
    answer = world.wms.ask("GET", f"/sandbox/ledger?kind={kind}")
    return list(answer["entries"] if isinstance(answer, dict) else answer)


def test_a_reduction_refused_is_not_asked_again_and_again(automatic: World) -> None:
    gid = automatic.order(lines=TWO_LINES[:1])
    automatic.settle()
    (order,) = automatic.wms.ask("GET", "/sandbox/orders")
    body = {"external_id": order["external_id"], "state": "packed"}
    automatic.wms.ask("PUT", "/sandbox/orders/state", **body)
    (part,) = automatic.shopify_order(gid)["fulfillment_orders"]
    lines = [{"id": part["lines"][0]["id"], "quantity": 2}]
    automatic.change(gid, "split", fulfillment_order=part["id"], lines=lines)
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-error"]
    assert len(ledger(automatic, "rejected")) == 1


def test_a_second_click_while_the_first_is_in_flight_is_not_lost(world: World) -> None:
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = world.order()
    world.settle()
    world.send(gid)
    world.until(lambda: state(world, gid) == "awaiting", "the job begun")
    world.change(gid, "edit", note="Ring twice")
    world.until(lambda: world.row(gid)["outbound"][0]["wanted_revision"] == 2 or world.drain(), "2")
    world.send(gid)
    world.drain()
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    world.wms.ask("POST", "/sandbox/jobs/release")
    world.until(lambda: state(world, gid) == "accepted", "accepted")
    world.settle()
    assert [revision for _, revision in world.applied()] == [1, 2]
    assert world.row(gid)["manual"] is False


def state(world: World, gid: str) -> str:
    """The state of an order's first outbound order, after doing what is due."""
    world.drain()
    return str(world.row(gid)["outbound"][0]["state"])


def test_a_split_sent_by_hand_goes_whole(world: World) -> None:
    gid = world.order(lines=TWO_LINES[:1])
    world.settle()
    world.send(gid)
    world.settle()
    (part,) = world.shopify_order(gid)["fulfillment_orders"]
    lines = [{"id": part["lines"][0]["id"], "quantity": 2}]
    world.change(gid, "split", fulfillment_order=part["id"], lines=lines)
    world.settle()
    world.send(gid)
    world.settle()
    units = sorted(
        sum(line["quantity"] for line in order["lines"])
        for order in world.wms.ask("GET", "/sandbox/orders")
    )
    assert units == [2, 3]
    assert world.row(gid)["manual"] is False


def test_an_unreachable_test_does_not_let_orders_go_to_an_unknown_account(world: World) -> None:
    gid = world.order()
    world.settle()
    other = world.wms.ask("POST", "/sandbox/connectors", label="Other", account="NEWCO")
    connection = {"label": "W", "automatic": False}
    world.api(
        "PUT", "/api/connection", app_url=other["app_url"], token=other["token"], **connection
    )
    world.warehouse_fails({"where": "connection", "do": "drop_before"})
    assert world.api("POST", "/api/connection/test")["ok"] is False
    world.warehouse_fails()
    assert world.api_answer("POST", "/api/orders/send", ids=[gid]).status_code == 409


def test_a_run_of_all_ends_when_some_orders_left_before_it_began(world: World) -> None:
    gids = [world.order() for _ in range(2)]
    world.settle()
    receipt = world.api("POST", "/api/orders/send", all="no-sync")
    with world.app.app_context():
        session().query(Order).filter_by(gid=gids[0]).one().tag_state = "untracked"
        session().commit()
    world.settle()
    report = world.api("GET", f"/api/runs/{receipt['run']}")
    assert (report["state"], report["total"]) == ("done", 1)


def test_a_revision_that_conflicts_is_followed_by_a_higher_one(automatic: World) -> None:
    gid = automatic.order()
    automatic.settle()
    with automatic.app.app_context():
        outbound = session().query(OutboundOrder).one()
        outbound.state = State.AWAITING
        shop = session().query(Shop).one()
        refuse_because(outbound.order, outbound, shop, "revision-conflict", "Conflict.")
        session().commit()
    automatic.send(gid)
    automatic.settle()
    assert [revision for _, revision in automatic.applied()] == [1, 2]


def test_a_look_up_that_is_answered_ends_an_outage(world: World) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    with world.app.app_context():
        connection = session().query(Connection).one()
        connection.failures, connection.status = 3, "unreachable"
        outbound = session().query(OutboundOrder).one()
        outbound.state = State.SENDING
        batch = session().query(Batch).one()
        batch.state, batch.members[0].answer = POSTING, {}
        owe(connection.shop_id, ("batch", batch.id), Effect.CONFIRM)
        session().commit()
    world.settle()
    with world.app.app_context():
        connection = session().query(Connection).one()
        assert (connection.status, connection.failures) == ("established", 0)
        session().rollback()


def test_giving_up_a_read_leaves_a_cancellation_to_its_own_fate(automatic: World) -> None:
    automatic.order()
    automatic.settle()
    with automatic.app.app_context():
        shop, outbound = session().query(Shop).one(), session().query(OutboundOrder).one()
        outbound.state = State.CANCELLING
        owe(shop.id, ("order", str(outbound.order_id)), Effect.READ)
        session().commit()
        give_up(shop, Effect.READ, claim(shop.id, Effect.READ, 1), "Too often.")
        session().commit()
        assert session().query(OutboundOrder).one().state == State.CANCELLING
        session().rollback()


def test_giving_up_a_run_ends_it(world: World) -> None:
    with world.app.app_context():
        shop = session().query(Shop).one()
        run = runs.begin(shop.id, "reconcile", "7")
        owe(shop.id, ("run", run.id), Effect.RUN)
        session().commit()
        give_up(shop, Effect.RUN, claim(shop.id, Effect.RUN, 1), "Shopify refused it.")
        session().commit()
        assert (run.outcome, bool(run.finished_at)) == ("failed", True)
        session().rollback()


def test_work_waits_for_access_to_the_shop_without_wearing_out(world: World) -> None:
    world.order()
    world.settle()
    with world.app.app_context():
        session().query(ShopToken).delete()
        shop = session().query(Shop).one()
        owe(shop.id, ("shop", str(shop.id)), Effect.READ_SHOP)
        session().commit()
        session().query(Owed).update({"attempts": 30})
        session().commit()
        drain.drain(shop.id, 5.0)
        owed = session().query(Owed).one()
        assert (owed.dead_at, owed.attempts) == (None, 30)
        session().rollback()


def test_a_warehouse_that_paces_us_without_saying_how_long_is_not_hammered(world: World) -> None:
    gid = world.order()
    world.settle()
    world.warehouse_fails({"where": "batch", "do": "status", "value": 429})
    world.send(gid)
    for _ in range(3):
        world.drain()
    assert len(world.batches()) <= 3


def test_news_during_an_attempt_cuts_its_wait_short(world: World) -> None:
    with world.app.app_context():
        owe(1, ("batch", "b"), Effect.CONFIRM)
        session().commit()
        claims = claim(1, Effect.CONFIRM, 1)
        owe(1, ("batch", "b"), Effect.CONFIRM)
        session().commit()
        postpone(claims, 300.0, "", hold=0.0, counts=False)
        session().commit()
        assert len(claim(1, Effect.CONFIRM, 1)) == 1
