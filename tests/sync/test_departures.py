"""A shop disconnects its warehouse, or leaves and comes back: nothing is lost, nothing doubled."""

from collections.abc import Callable
from typing import Any

from app.db import database_now, session
from app.models import Connection, LogLine, OutboundOrder, ScheduleSlot, Shop, ShopToken
from tests.world import SHOP, World


def leave(world: World) -> None:
    """Take the app out of the shop, and let the app hear of it."""
    world.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    world.until(lambda: world.drain() or not column(world, Shop.installed), "the uninstall")


def column(world: World, wanted: Any) -> Any:
    """The one value of a column."""
    with world.app.app_context():
        value = session().query(wanted).scalar()
        session().rollback()
        return value


def every_slot_is_due(world: World) -> None:
    """Let all scheduled jobs be due, and the ticker look."""
    with world.app.app_context():
        session().query(ScheduleSlot).update({"next_at": database_now()})
        session().commit()
    world.tick()


def disconnect(world: World) -> dict[str, Any]:
    """Press Disconnect."""
    return dict(world.api("DELETE", "/api/connection"))


def reconnect(world: World, **changes: Any) -> dict[str, Any]:
    """Connect the same connector again, with a new token, and test it."""
    path = f"/sandbox/connectors/{world.connector['id']}/rotate-token"
    token = world.wms.ask("POST", path)["token"]
    world.api("PUT", "/api/connection", **{"token": token, **changes})
    return dict(world.api("POST", "/api/connection/test"))


def applied_once(world: World, *gids: str) -> bool:
    """Whether the warehouse has each of these orders, exactly once and at its first revision."""
    wanted = [(o["external_id"], 1) for gid in gids for o in world.row(gid)["outbound"]]
    return sorted(world.applied()) == sorted(wanted)


def test_disconnecting_stops_at_once_and_drops_the_token(automatic: World) -> None:
    before = automatic.order()
    automatic.settle()
    answer = disconnect(automatic)
    assert (answer["token_stored"], answer["status"]) == (False, "never_tested")
    assert column(automatic, Connection.token) is None
    assert column(automatic, Connection.callback_secret) is None
    waiting = automatic.order()
    automatic.settle()
    every_slot_is_due(automatic)
    automatic.settle()
    assert len(automatic.batches()) == 1
    assert automatic.state_tags(before) == ["wms-synced"]
    assert automatic.row(waiting)["reason"] == "connection"
    refusal = automatic.api_answer("POST", "/api/orders/send", ids=[waiting])
    assert refusal.status_code == 409
    assert "No warehouse is connected" in refusal.json()["error"]


def test_reconnecting_goes_on_where_it_stopped(automatic: World) -> None:
    sent = automatic.order()
    automatic.settle()
    disconnect(automatic)
    waiting = automatic.order()
    automatic.settle()
    assert reconnect(automatic)["ok"]
    automatic.settle()
    assert automatic.state_tags(sent) == ["wms-synced"]
    assert automatic.state_tags(waiting) == ["wms-synced"]
    assert applied_once(automatic, sent, waiting)
    assert column(automatic, Connection.generation) == 1
    assert column(automatic, Connection.callback_secret), "callbacks are asked for anew"


def test_what_was_on_its_way_when_disconnected_is_found_not_sent_again(automatic: World) -> None:
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = automatic.order()
    automatic.until(lambda: state(automatic) == "awaiting", "the job begun")
    disconnect(automatic)
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    automatic.wms.ask("POST", "/sandbox/jobs/release")
    assert state(automatic) == "awaiting"
    assert reconnect(automatic)["ok"]
    automatic.until(lambda: state(automatic) == "accepted", "the order confirmed")
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert applied_once(automatic, gid)
    assert len(automatic.batches()) == 1


def state(world: World) -> str:
    """The state of the one outbound order, after doing what is due; empty while there is none."""
    world.drain()
    return str(column(world, OutboundOrder.state) or "")


def test_disconnecting_twice_is_disconnecting_once(world: World) -> None:
    assert disconnect(world) == disconnect(world)
    with world.app.app_context():
        lines = session().query(LogLine).filter_by(event="disconnected").all()
        assert [line.actor for line in lines] == ["7"]
        session().rollback()
    assert world.api_answer("POST", "/api/connection/test").status_code == 409


def test_disconnecting_without_a_connection_says_so(make_world: Callable[..., World]) -> None:
    world = make_world()
    world.install()
    for method, path in (("DELETE", "/api/connection"), ("POST", "/api/connection/disconnect")):
        answer = world.api_answer(method, path)
        assert answer.status_code == 409
        assert "No warehouse is connected" in answer.json()["error"]


def test_a_refusal_that_comes_after_disconnecting_changes_nothing(world: World) -> None:
    """A request under way when the token was dropped is answered *token refused*."""
    from app.errors import Rejected
    from app.sync import breaker, connect

    disconnect(world)
    with world.app.app_context():
        shop = session().query(Shop).one()
        assert breaker.refused(shop, Rejected("token-refused", "Token refused."))
        assert not connect.test(session().query(Connection).one()).ok
        assert session().query(Connection.status).scalar() == "never_tested"
        session().rollback()


def test_uninstalling_stops_everything_and_keeps_the_data(automatic: World) -> None:
    sent = automatic.order()
    automatic.settle()
    leave(automatic)
    assert column(automatic, ShopToken.shop_id) is None
    automatic.order()
    mark = automatic.mark()
    every_slot_is_due(automatic)
    automatic.settle()
    assert len(automatic.batches()) == 1
    assert automatic.graphql(after=mark) == []
    assert automatic.row(sent)["tag_state"] == "synced"


def test_a_reinstall_resumes_without_doubling_an_order(automatic: World) -> None:
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    on_its_way = automatic.order()
    automatic.until(lambda: state(automatic) == "awaiting", "the job begun")
    began = column(automatic, Shop.installed_at)
    leave(automatic)
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    automatic.wms.ask("POST", "/sandbox/jobs/release")
    meanwhile = automatic.order()
    automatic.drain()
    automatic.install()
    automatic.until(lambda: is_synced(automatic, on_its_way), "what was on its way")
    # Shopify's search is a little behind its data: the first look may come too early.
    automatic.until(lambda: is_synced(automatic, meanwhile), "what was placed while it was away")
    automatic.settle()
    assert column(automatic, Shop.installed_at) == began
    assert applied_once(automatic, on_its_way, meanwhile)


def is_synced(world: World, gid: str) -> bool:
    """Whether the order's tag says that the warehouse has it, after a look at what webhooks
    missed."""
    every_slot_is_due(world)
    world.drain()
    return world.state_tags(gid) == ["wms-synced"]


def test_an_answer_lost_before_the_uninstall_is_looked_up_after_the_reinstall(
    automatic: World,
) -> None:
    automatic.warehouse_fails(
        {"where": "batch", "do": "drop_after", "times": 1},
        {"where": "by-ref", "do": "drop_before", "times": None},
    )
    gid = automatic.order()
    automatic.until(lambda: state(automatic) == "sending", "the order posted")
    leave(automatic)
    automatic.warehouse_fails()
    automatic.install()
    automatic.until(lambda: state(automatic) == "accepted", "the order confirmed")
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert applied_once(automatic, gid)


def test_an_uninstall_heard_of_after_the_reinstall_changes_nothing(automatic: World) -> None:
    leave(automatic)
    automatic.install()
    automatic.settle()
    told = automatic.shopify.ask("GET", f"/sandbox/ledger?kind=webhook&shop={SHOP}")
    gone = next(entry["id"] for entry in told if entry["topic"] == "app/uninstalled")
    replay = {"id": gone, "as_topic": "app/uninstalled"}
    automatic.shopify.ask("POST", f"/sandbox/{SHOP}/webhooks/replay", **replay)
    automatic.settle()
    assert column(automatic, Shop.installed)
    assert column(automatic, ShopToken.shop_id) is not None
