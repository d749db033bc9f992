"""Send to WMS, from the click to the tag."""

from collections.abc import Callable
from datetime import timedelta

from app.db import session
from app.models import Shop
from tests.ages import ago
from tests.world import World


def test_an_order_goes_from_the_click_to_the_warehouse_and_its_tag(world: World) -> None:
    gid = world.order(tags=["vip"])
    world.settle()
    assert world.tags(gid) == ["vip", "wms-no-sync"]
    receipt = world.send(gid)
    assert receipt["queued"] == 1
    world.settle()
    assert world.tags(gid) == ["vip", "wms-synced"]
    assert len(world.applied()) == 1
    run = world.api("GET", f"/api/runs/{receipt['run']}")
    assert (run["state"], run["items"][0]["outcome"]) == ("done", "sent")


def test_twenty_five_orders_go_in_three_requests_and_a_second_click_changes_nothing(
    world: World,
) -> None:
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gids = [world.order(tags=["vip"]) for _ in range(25)]
    world.settle()
    world.send(*gids)
    world.until(lambda: _drained_to(world, gids, ["vip", "wms-syncing"]), "25 syncing")
    assert sorted(len(batch["orders"]) for batch in world.batches()) == [5, 10, 10]
    world.send(*gids)
    world.drain()
    assert len(world.batches()) == 3
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    world.wms.ask("POST", "/sandbox/jobs/release")
    world.until(lambda: _drained_to(world, gids, ["vip", "wms-synced"]), "25 synced")
    assert len(world.batches()) == 3
    assert len(world.applied()) == len(set(world.applied())) == 25


def _drained_to(world: World, gids: list[str], tags: list[str]) -> bool:
    world.drain()
    return all(world.tags(gid) == tags for gid in gids)


def test_a_synchronous_warehouse_takes_the_tag_straight_to_synced(
    make_world: Callable[..., World],
) -> None:
    world = make_world(mode="sync")
    world.install()
    world.connect()
    gid = world.order()
    world.settle()
    mark = world.mark()
    world.send(gid)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    writes = [e for e in world.graphql(mark) if e["operation"] and "Tag" in e["operation"]]
    assert len(writes) == 1


def test_sending_an_unchanged_order_again_does_not_reach_the_warehouse(world: World) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    receipt = world.send(gid)
    world.settle()
    assert len(world.batches()) == 1
    item = world.api("GET", f"/api/runs/{receipt['run']}")["items"][0]
    assert item["outcome"] == "sent"
    assert "nothing changed" in item["message"]


def test_an_edited_order_is_updated_under_the_next_revision(world: World) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    world.change(gid, "edit", note="Leave at the door")
    world.settle()
    world.send(gid)
    world.settle()
    assert [revision for _, revision in world.applied()] == [1, 2]
    assert world.state_tags(gid) == ["wms-synced"]


def test_an_order_edited_while_its_send_is_in_flight_ends_at_the_newer_revision(
    make_world: Callable[..., World],
) -> None:
    world = make_world()
    world.install()
    world.connect(automatic=True)
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = world.order()
    world.until(lambda: _drained_to(world, [gid], ["wms-syncing"]), "syncing")
    world.change(gid, "edit", note="Ring twice")
    world.until(lambda: _wanted(world, gid) == 2, "the newer revision wanted")
    assert len(world.batches()) == 1
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    world.wms.ask("POST", "/sandbox/jobs/release")
    world.until(lambda: _drained_to(world, [gid], ["wms-synced"]), "synced")
    world.settle()
    assert [revision for _, revision in world.applied()] == [1, 2]
    assert world.row(gid)["outbound"][0]["confirmed_revision"] == 2


def test_an_edit_during_a_send_by_hand_follows_it_with_automatic_processes_off(
    world: World,
) -> None:
    gid = world.order()
    world.settle()
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    world.send(gid)
    world.until(lambda: _drained_to(world, [gid], ["wms-syncing"]), "syncing")
    world.change(gid, "edit", note="Ring twice")
    world.until(lambda: _wanted(world, gid) == 2, "the newer revision wanted")
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    world.wms.ask("POST", "/sandbox/jobs/release")
    world.until(lambda: _drained_to(world, [gid], ["wms-synced"]), "the end")
    world.settle()
    assert [revision for _, revision in world.applied()] == [1, 2]
    assert world.state_tags(gid) == ["wms-synced"]


def _wanted(world: World, gid: str) -> int:
    world.drain()
    return int(world.row(gid)["outbound"][0]["wanted_revision"])


def test_send_with_nothing_selected_sends_every_no_sync_order_oldest_first(world: World) -> None:
    with world.app.app_context():
        session().query(Shop).one().installed_at -= timedelta(hours=2)
        session().commit()
    gids = [world.order() for _ in range(10)]
    # Seen last, placed first.
    gids = [world.order(created_at=ago(hours=1)) for _ in range(2)] + gids
    world.settle()
    receipt = world.api("POST", "/api/orders/send", all="no-sync")
    assert receipt["queued"] == 12
    world.settle()
    assert all(world.state_tags(gid) == ["wms-synced"] for gid in gids)
    first = world.batches()[0]["orders"]
    parts = [world.row(gid)["outbound"][0]["external_id"] for gid in gids]
    assert [external_id for external_id, _ in first] == parts[:10]
    report = world.api("GET", f"/api/runs/{receipt['run']}")
    assert (report["state"], report["done"], report["total"]) == ("done", 12, 12)


def test_an_older_order_is_sent_by_hand_though_it_never_had_a_tag(world: World) -> None:
    gid = world.order(created_at=ago(days=21))
    world.settle()
    assert world.state_tags(gid) == []
    world.send(gid)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]


def test_orders_that_can_not_go_say_why(world: World) -> None:
    bare = world.order(lines=[{"sku": "", "title": "Sample", "quantity": 1}])
    good = world.order()
    world.settle()
    receipt = world.send(bare, good, "gid://shopify/Order/999999999")
    world.settle()
    report = world.api("GET", f"/api/runs/{receipt['run']}")
    outcomes = {item["id"]: (item["outcome"], item["reason"]) for item in report["items"]}
    assert outcomes[bare] == ("skipped", "sku")
    assert outcomes[good] == ("sent", None)
    assert outcomes["gid://shopify/Order/999999999"] == ("skipped", "age")
    assert world.state_tags(bare) == ["wms-no-sync"]
    status = world.api("GET", f"/api/orders/status?id={bare}")
    assert [gate["gate"] for gate in status["gates"] if not gate["ok"]][-1] == "sku"


def test_a_send_before_shopify_has_routed_the_order_is_not_forgotten(world: World) -> None:
    gid = world.order(routed=False)
    receipt = world.send(gid)
    world.until(lambda: _reason(world, gid) == "routed", "the wait for routing")
    world.change(gid, "route")
    world.until(lambda: _drained_to(world, [gid], ["wms-synced"]), "synced")
    report = world.api("GET", f"/api/runs/{receipt['run']}")
    assert report["items"][0]["outcome"] == "sent"


def _reason(world: World, gid: str) -> str:
    world.drain()
    return str(world.row(gid)["reason"])
