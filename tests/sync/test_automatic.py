"""What happens by itself: new orders, retries, reconciliation."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from app.db import database_now, session
from app.models import OutboundOrder, ScheduleSlot
from tests.ages import ago
from tests.world import SHOP, World


def test_a_new_order_is_tagged_and_reaches_the_warehouse_by_itself(automatic: World) -> None:
    gid = automatic.order()
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]
    assert len(automatic.applied()) == 1


def test_with_automatic_processes_off_a_new_order_stays(world: World) -> None:
    gid = world.order()
    world.settle()
    run(world, "import_orders", by_schedule=True)
    assert world.state_tags(gid) == ["wms-no-sync"]
    assert world.batches() == []


def test_switching_automatic_processes_on_sends_what_waits(world: World) -> None:
    gid = world.order()
    world.settle()
    connection = {"label": "W", "app_url": world.connector["app_url"], "automatic": True}
    world.api("PUT", "/api/connection", **connection)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]


def test_a_refused_order_shows_why_and_goes_when_mended(automatic: World) -> None:
    gid = automatic.order(lines=[{"sku": "UNKNOWN-1", "quantity": 1}])
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-error"]
    status = automatic.api("GET", f"/api/orders/status?id={gid}")
    assert status["state"] == "error"
    assert "UNKNOWN-1" in status["message"]
    automatic.wms.ask("PUT", "/sandbox/settings", unknown_skus=[])
    run(automatic, "import_orders", by_schedule=True)
    assert automatic.state_tags(gid) == ["wms-error"], "its time has not come"
    refusals_are_due(automatic)
    run(automatic, "import_orders", by_schedule=True)
    assert automatic.state_tags(gid) == ["wms-synced"]
    mine = [e for e in automatic.applied() if e[0] == outbound(automatic, gid)["external_id"]]
    assert mine == [(outbound(automatic, gid)["external_id"], 1)]


def test_run_now_sends_refused_orders_whatever_their_wait(automatic: World) -> None:
    gid = automatic.order(lines=[{"sku": "UNKNOWN-1", "quantity": 1}])
    automatic.settle()
    automatic.wms.ask("PUT", "/sandbox/settings", unknown_skus=[])
    automatic.api("POST", "/api/jobs/import_orders/run")
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]


def test_a_missing_sku_added_in_the_shop_sends_the_order_by_itself(automatic: World) -> None:
    gid = automatic.order(lines=[{"sku": "", "title": "Sample", "quantity": 1}])
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-no-sync"]
    line = automatic.shopify_order(gid)["lines"][0]
    variant = line["variant"]["id"].rsplit("/", 1)[1]
    automatic.shopify.ask("POST", f"/sandbox/{SHOP}/products/{variant}", sku="SAMPLE-1")
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]


def test_orders_tagged_before_the_install_are_taken_in(make_world: Callable[..., World]) -> None:
    world = make_world()
    asked = world.order(tags=["vip", "wms-no-sync"], created_at=ago(days=21))
    other = world.order(created_at=ago(days=21))
    world.shopify.ask("PUT", "/sandbox/settings", search_lag=0)
    world.install()
    world.connect()
    assert world.api("POST", "/api/orders/send", all="no-sync")["queued"] == 1
    world.settle()
    assert world.tags(asked) == ["vip", "wms-synced"]
    assert world.tags(other) == []


def test_reconciliation_finds_what_webhooks_missed(automatic: World) -> None:
    automatic.shopify.ask("PUT", "/sandbox/settings", webhooks=False, search_lag=0)
    gid = automatic.order()
    automatic.until(lambda: routed(automatic, gid), "routing")
    run(automatic, "reconcile", by_schedule=True)
    assert automatic.state_tags(gid) == ["wms-synced"]


def test_reconciliation_finds_what_the_search_of_shopify_did_not_show_yet(
    automatic: World,
) -> None:
    automatic.shopify.ask("PUT", "/sandbox/settings", webhooks=False, search_lag=3600)
    gid = automatic.order()
    automatic.until(lambda: routed(automatic, gid), "routing")
    placed = datetime.now(UTC).replace(microsecond=0)
    # Shopify's times are whole seconds: the look is later than the order by one at least.
    automatic.until(lambda: datetime.now(UTC) >= placed + timedelta(seconds=1), "the next second")
    run(automatic, "reconcile", by_schedule=True)
    assert automatic.state_tags(gid) == []
    automatic.shopify.ask("PUT", "/sandbox/settings", search_lag=0)
    run(automatic, "reconcile", by_schedule=True)
    assert automatic.state_tags(gid) == ["wms-synced"]


def test_reconciliation_reads_nothing_when_nothing_changed(automatic: World) -> None:
    automatic.shopify.ask("PUT", "/sandbox/settings", search_lag=0)
    for _ in range(3):
        automatic.order()
    automatic.settle()
    run(automatic, "reconcile", by_schedule=True)
    mark = automatic.mark()
    run(automatic, "reconcile", by_schedule=True)
    assert [entry["operation"] for entry in automatic.graphql(mark)] == ["ListOrders"]


def test_twelve_refusals_then_it_waits_for_a_person(automatic: World) -> None:
    gid = automatic.order(lines=[{"sku": "UNKNOWN-1", "quantity": 1}])
    automatic.settle()
    for _ in range(11):
        refusals_are_due(automatic)
        run(automatic, "import_orders", by_schedule=True)
    assert outbound(automatic, gid)["tries"] == 12
    assert outbound(automatic, gid)["retry_at"] is None
    assert len(automatic.batches()) == 12
    automatic.send(gid)
    automatic.settle()
    assert outbound(automatic, gid)["tries"] == 1, "by hand the count starts again"
    assert outbound(automatic, gid)["retry_at"] is not None
    assert len(automatic.batches()) == 13
    automatic.wms.ask("PUT", "/sandbox/settings", unknown_skus=[])
    automatic.send(gid)
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-synced"]


def run(world: World, job: str, *, by_schedule: bool) -> None:
    """Let a scheduled job's hour strike, and do what follows."""
    assert by_schedule
    with world.app.app_context():
        slot = session().query(ScheduleSlot).filter_by(job=job).one()
        slot.next_at = database_now() - timedelta(seconds=1)
        session().commit()
    world.tick()
    world.settle()


def refusals_are_due(world: World) -> None:
    """Let the wait before the next try of refused orders pass."""
    with world.app.app_context():
        for row in session().query(OutboundOrder).filter(OutboundOrder.retry_at.is_not(None)):
            row.retry_at = database_now() - timedelta(seconds=1)
        session().commit()


def outbound(world: World, gid: str) -> dict[str, object]:
    """The order's only outbound order."""
    (found,) = world.row(gid)["outbound"]
    return dict(found)


def routed(world: World, gid: str) -> bool:
    """Whether Shopify has made the order's fulfillment orders."""
    return bool(world.shopify_order(gid)["fulfillment_orders"])
