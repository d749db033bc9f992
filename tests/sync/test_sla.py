"""The latest shipping time is the same on both sides, and no change of it comes back as news."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.db import session
from app.models import Connection
from tests.sync.test_holds_both_ways import asked, calls, part, reference
from tests.sync.warehouse_hand import at_warehouse, by_hand
from tests.world import World

FIRST, SECOND = "2026-12-01T10:00:00Z", "2026-12-02T10:00:00Z"


def hurry(world: World, gid: str, moment: str) -> None:
    """Set another deadline in Shopify. No topic tells of that alone; something else makes Tagdock
    read the order."""
    world.change(gid, "deadline", fulfill_by=moment)
    world.change(gid, "risk", recommendation="ACCEPT")
    world.settle()


def at_wms(world: World, gid: str) -> dict[str, Any]:
    """The order as the warehouse has it."""
    held = world.wms.ask("GET", "/sandbox/orders")
    return dict(next(o for o in held if o["external_id"] == reference(world, gid)))


def sent(world: World) -> str:
    """An order that the warehouse has, with a deadline from the beginning."""
    gid = world.order(routed=False)
    world.change(gid, "route")
    world.change(gid, "deadline", fulfill_by=FIRST)
    world.settle()
    assert at_wms(world, gid)["ship_by"] == FIRST
    return gid


def test_it_goes_with_the_order(shop: World) -> None:
    gid = sent(shop)
    (outbound,) = shop.row(gid)["outbound"]
    assert outbound["ship_by"] == outbound["wms_ship_by"] == datetime(2026, 12, 1, 10, tzinfo=UTC)
    assert calls(shop, "/orders/sla") == 0


def test_a_change_in_shopify_goes_alone_not_as_a_revision(shop: World) -> None:
    gid = sent(shop)
    hurry(shop, gid, SECOND)
    assert at_wms(shop, gid)["ship_by"] == SECOND
    assert [revision for _, revision in shop.applied()] == [1]
    assert calls(shop, "/orders/sla") == 1
    assert shop.log("ship_by") == ["The warehouse knows: ship by 2026-12-02 10:00 UTC."]
    assert shop.state_tags(gid) == ["wms-synced"]
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    assert asked(shop, "SetDeadline") == 0, "what we told the warehouse is no news of its own"


@pytest.mark.parametrize("learnt", ["told", "refused"])
def test_where_the_warehouse_takes_none_alone_it_is_a_revision(shop: World, learnt: str) -> None:
    shop.wms.ask("PUT", "/sandbox/settings", lacks=["sla"])
    if learnt == "told":
        assert shop.api("POST", "/api/connection/test")["ok"]
    gid = sent(shop)
    hurry(shop, gid, SECOND)
    shop.settle()
    assert at_wms(shop, gid)["ship_by"] == SECOND
    assert [revision for _, revision in shop.applied()] == [1, 2]
    assert calls(shop, "/orders/sla") == (0 if learnt == "told" else 1)
    with shop.app.app_context():
        assert session().query(Connection).one().info["capabilities"]["sla"] is False
        session().rollback()


def test_a_deadline_that_no_webhook_tells_is_found_by_the_reconciliation(shop: World) -> None:
    gid = sent(shop)
    known = shop.row(gid)["order_updated_at"]
    shop.until(lambda: datetime.now(UTC) - known > timedelta(seconds=1.1), "another second")
    shop.change(gid, "deadline", fulfill_by=SECOND)

    def found() -> bool:
        shop.api("POST", "/api/jobs/reconcile/run")
        shop.settle()
        return bool(at_wms(shop, gid)["ship_by"] == SECOND)

    shop.until(found, "the deadline at the warehouse")


def test_another_edit_takes_it_along(shop: World) -> None:
    gid = sent(shop)
    shop.change(gid, "deadline", fulfill_by=SECOND)
    shop.change(gid, "edit", note="Ring twice")
    shop.settle()
    assert at_wms(shop, gid)["ship_by"] == SECOND
    assert [revision for _, revision in shop.applied()] == [1, 2]
    shop.change(gid, "edit", note="Ring thrice")
    shop.settle()
    assert [revision for _, revision in shop.applied()] == [1, 2, 3]


def test_a_change_by_the_warehouse_becomes_shopifys_deadline(shop: World) -> None:
    gid = sent(shop)
    by_hand(shop, "ship-by", reference(shop, gid), ship_by=SECOND)
    shop.settle()
    assert part(shop, gid)["fulfillBy"] == SECOND
    assert shop.log("ship_by") == [
        "The warehouse has set the latest shipping time: 2026-12-02 10:00 UTC.",
        "Shopify knows: ship by 2026-12-02 10:00 UTC.",
    ]
    assert (asked(shop, "SetDeadline"), calls(shop, "/orders/sla")) == (1, 0)
    shop.change(gid, "edit", note="Ring twice")
    shop.settle()
    assert at_wms(shop, gid)["ship_by"] == SECOND
    assert (asked(shop, "SetDeadline"), calls(shop, "/orders/sla")) == (1, 0)


def test_a_lost_answer_is_only_repeated(shop: World) -> None:
    gid = sent(shop)
    shop.warehouse_fails({"where": "sla", "do": "drop_after", "times": 1})
    hurry(shop, gid, SECOND)
    assert at_wms(shop, gid)["ship_by"] == SECOND
    shop.shopify_fails({"where": "graphql", "match": "SetDeadline", "do": "drop_after", "times": 1})
    by_hand(shop, "ship-by", reference(shop, gid), ship_by=FIRST)
    shop.settle()
    assert part(shop, gid)["fulfillBy"] == FIRST
    assert at_wms(shop, gid)["ship_by"] == FIRST


def test_too_late_is_said_once(shop: World) -> None:
    gid = sent(shop)
    at_warehouse(shop, "pack", reference(shop, gid))
    shop.settle()
    hurry(shop, gid, SECOND)
    (line,) = [text for text in shop.log("ship_by") if "did not take" in text]
    assert line.startswith("The warehouse did not take the latest shipping time.")
    hurry(shop, gid, SECOND)
    assert calls(shop, "/orders/sla") == 1
    assert shop.state_tags(gid) == ["wms-synced"]
