"""Repairs that take something back, what is left alone, and what a comparison costs."""

from typing import Any

from app.db import session
from app.models import Connection, DriftLook, Run
from app.sync import shipping
from app.sync.drift import SILENT
from app.wms.feeds import Shipment as Told
from tests.sync.drift_hand import (
    compared,
    differences,
    fulfil_by_hand,
    last_run,
    merchant_tracks,
    repaired,
    without_webhooks,
)
from tests.sync.test_drift import told
from tests.sync.test_fulfil import TWO_LINES, fulfilled, mails, parcel, sent
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World


def shipped(world: World, number: str = "DP-1", **wishes: Any) -> tuple[str, str]:
    """An order that left the warehouse, and is fulfilled."""
    gid, external_id = sent(world, **wishes)
    at_warehouse(world, "ship", external_id, packages=[parcel(number)])
    world.settle()
    return gid, external_id


def standing(world: World, gid: str) -> list[dict[str, Any]]:
    """The fulfillments that are not cancelled."""
    return [made for made in fulfilled(world, gid) if made["status"] != "CANCELLED"]


def test_a_parcel_that_was_fulfilled_twice_is_taken_back_once(shop: World) -> None:
    gid, external_id = sent(shop, lines=[{"sku": "MUG-WHITE", "quantity": 2}])
    one = [{"sku": "MUG-WHITE", "quantity": 1}]
    at_warehouse(shop, "ship", external_id, lines=one, packages=[parcel("DP-1")])
    shop.settle()
    (ours,) = fulfilled(shop, gid)
    without_webhooks(shop)
    fulfil_by_hand(shop, gid, number="DP-1", company="DemoPost")
    (row,) = compared(shop)
    assert told([row]) == [("doubled", "withdraw")]
    shop.api_answer("POST", "/api/drift/repair", kind="doubled")
    shop.settle()
    assert len(standing(shop, gid)) == 2, "nobody takes anything back without a look at it"
    shop.shopify_fails()
    assert repaired(shop, row) == []
    assert [made["id"] for made in standing(shop, gid)] == [ours["id"]]


def test_what_is_fulfilled_by_hand_is_no_double(shop: World) -> None:
    gid, _ = sent(shop, lines=[{"sku": "MUG-WHITE", "quantity": 2}])
    fulfil_by_hand(shop, gid)
    assert compared(shop) == []


def test_what_is_made_by_hand_while_fulfilment_is_off_is_no_double(shop: World) -> None:
    gid, external_id = sent(shop, lines=[{"sku": "MUG-WHITE", "quantity": 2}])
    one = [{"sku": "MUG-WHITE", "quantity": 1}]
    at_warehouse(shop, "ship", external_id, lines=one, packages=[parcel("DP-1")])
    shop.settle()
    shop.choose(fulfil=False)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-2")])
    shop.settle()
    assert len(standing(shop, gid)) == 1
    assert compared(shop) == [], "what the merchant has yet to fulfil is not missed"
    fulfil_by_hand(shop, gid, number="DP-2")
    assert compared(shop) == []
    assert len(standing(shop, gid)) == 2


def test_other_units_than_were_shipped_are_fulfilled_anew(shop: World) -> None:
    gid, external_id = shipped(shop, lines=TWO_LINES)
    _correct(shop, external_id, units=1)
    shop.settle()
    (row,) = compared(shop)
    assert told([row]) == [("quantity", "remake")]
    assert (row["shopify"], row["warehouse"]) == (
        "Fulfilled: 5 units, DP-1.",
        "Shipped: 3 units, DP-1.",
    )
    assert repaired(shop, row) == []
    assert [sorted(made["units"]) for made in standing(shop, gid)] == [[1, 2]]
    assert sum(shop.row(gid)["outbound"][0]["fulfilled_lines"].values()) == 3


def _correct(world: World, external_id: str, *, units: int) -> None:
    """The warehouse corrects a shipment: of its first line it shipped so many."""
    (item,) = world.wms.call(
        "GET", "/sandbox/shipments", params={"external_id": external_id}
    ).json()
    item["version"] += 1
    item["lines"][0]["quantity"] = units
    with world.app.app_context():
        connection = session().query(Connection).one()
        shipping.take(connection, Told.model_validate(item))
        session().commit()


def test_a_shipment_that_shopify_would_not_take_is_tried_again(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    without_webhooks(shop)
    shop.change(gid, "hold", reason="OTHER")
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    assert fulfilled(shop, gid) == []
    shop.change(gid, "release")
    (row,) = compared(shop)
    assert told([row]) == [("missing", "fulfil")]
    assert repaired(shop, row) == []
    assert len(standing(shop, gid)) == 1


def test_a_tag_that_got_lost_is_written_again(shop: World) -> None:
    gid, _ = shipped(shop)
    without_webhooks(shop)
    shop.change(gid, "tags", remove=["wms-synced"])
    (row,) = compared(shop)
    assert told([row]) == [("state", "tag")]
    assert (row["shopify"], row["warehouse"]) == ("No state tag.", "It should be wms-synced.")
    assert repaired(shop, row) == []
    assert shop.state_tags(gid) == ["wms-synced"]


def test_a_tag_that_is_a_command_is_obeyed(shop: World) -> None:
    gid, external_id = sent(shop)
    without_webhooks(shop)
    shop.wms.ask("POST", "/sandbox/orders/forget", external_id=external_id)
    shop.change(gid, "tags", add=["wms-no-sync"])
    rows = compared(shop)
    assert ("state", "read") in told(rows)
    row = next(row for row in rows if row["kind"] == "state")
    assert repaired(shop, row) == []
    assert shop.state_tags(gid) == ["wms-synced"]
    assert shop.applied() == [(external_id, 1), (external_id, 1)]


def test_cancelled_at_the_warehouse_without_a_word(shop: World) -> None:
    gid, external_id = sent(shop)
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    shop.wms.ask("PUT", "/sandbox/orders/state", external_id=external_id, state="cancelled")
    (row,) = compared(shop)
    assert told([row]) == [("quantity", "take_cancelled")]
    assert repaired(shop, row) == []
    (outbound,) = shop.row(gid)["outbound"]
    assert (outbound["state"], outbound["reason"]) == ("cancelled", "wms-cancelled")


def test_a_silent_warehouse_leaves_the_other_side_compared(shop: World) -> None:
    gid, external_id = shipped(shop)
    _, other = sent(shop)
    shop.wms.ask("POST", "/sandbox/orders/forget", external_id=other)
    assert told(compared(shop)) == [("missing", "send")]
    (made,) = fulfilled(shop, gid)
    merchant_tracks(shop, made["id"], number="WRONG")
    shop.warehouse_fails({"where": "by-ref", "do": "status", "value": 503, "times": None})
    found = compared(shop)
    assert told(found) == [("missing", "send"), ("tracking", "track")]
    assert last_run(shop)["message"] == SILENT
    assert external_id != other


def test_work_under_way_is_no_difference(shop: World) -> None:
    gid, external_id = shipped(shop)
    (made,) = fulfilled(shop, gid)
    merchant_tracks(shop, made["id"], number="WRONG")
    shop.shopify_fails(
        {"where": "graphql", "match": "TrackFulfillment", "do": "status", "value": 500, "times": 9}
    )
    number = shop.wms.call("GET", "/sandbox/shipments", params={"external_id": external_id})
    shop.wms.ask(
        "POST",
        f"/sandbox/shipments/{number.json()[0]['id']}/track",
        packages=[parcel("DP-2")],
    )
    shop.until(lambda: shop.drain() or _is_retried(shop), "a failed try")
    shop.shopify.call("PUT", "/sandbox/settings", json={"search_lag": 0})
    shop.api("POST", "/api/drift/compare")
    shop.until(lambda: shop.drain() or last_run(shop)["finished_at"], "the comparison")
    assert last_run(shop)["counts"]["under_way"] == 1
    assert differences(shop) == []


def _is_retried(world: World) -> bool:
    return any(effect == "fulfil" and error for effect, error in world.owed_soon())


def test_all_of_a_kind_are_repaired_at_once(shop: World) -> None:
    for number in ("DP-1", "DP-2", "DP-3"):
        gid, _ = shipped(shop, number)
        (made,) = fulfilled(shop, gid)
        merchant_tracks(shop, made["id"], number="WRONG")
    assert told(compared(shop)) == [("tracking", "track")] * 3
    shop.api("POST", "/api/drift/repair", kind="tracking")
    shop.settle()
    assert differences(shop) == []
    assert len(mails(shop)) == 3
    with shop.app.app_context():
        (run,) = session().query(Run).filter_by(kind="repair").all()
        assert (run.counts, run.started_by) == ({"taken_up": 3}, "7")
        session().rollback()


def _looked_at(world: World) -> int:
    """How many orders were found alike some seconds after they had changed."""
    with world.app.app_context():
        found = session().query(DriftLook).count()
        session().rollback()
        return found


def test_what_was_found_alike_is_not_read_again(shop: World) -> None:
    gids = [shipped(shop, f"DP-{number}")[0] for number in range(11)]
    shop.until(lambda: compared(shop) == [] and _looked_at(shop) == len(gids), "all are alike")
    mark = shop.mark()
    assert compared(shop) == []
    assert [entry["operation"] for entry in shop.graphql(mark)] == ["ListOrders"]
    (made,) = fulfilled(shop, gids[0])
    merchant_tracks(shop, made["id"], number="WRONG")
    mark = shop.mark()
    assert told(compared(shop)) == [("tracking", "track")]
    operations = [entry["operation"] for entry in shop.graphql(mark)]
    assert operations == ["ListOrders", "CompareOrders"]
