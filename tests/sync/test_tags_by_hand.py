"""A merchant's own tag edits, and the echoes of ours."""

import pytest

from tests.world import World

NO_SYNC, SYNCED = "wms-no-sync", "wms-synced"


@pytest.fixture
def synced(automatic: World) -> str:
    """An order that is in the warehouse, with a tag of the merchant's own."""
    gid = automatic.order(tags=["vip"])
    automatic.settle()
    assert automatic.tags(gid) == ["vip", SYNCED]
    return gid


def test_no_sync_on_a_synced_order_looks_it_up_and_settles(automatic: World, synced: str) -> None:
    automatic.change(synced, "tags", add=[NO_SYNC])
    automatic.settle()
    assert automatic.tags(synced) == ["vip", SYNCED]
    assert len(automatic.batches()) == 1
    assert lookups(automatic) == 1


def test_no_sync_on_an_order_the_warehouse_lost_sends_the_same_revision(
    automatic: World, synced: str
) -> None:
    external_id = automatic.row(synced)["outbound"][0]["external_id"]
    automatic.wms.ask("POST", "/sandbox/orders/forget", external_id=external_id)
    automatic.change(synced, "tags", add=[NO_SYNC], remove=[SYNCED])
    automatic.settle()
    assert automatic.tags(synced) == ["vip", SYNCED]
    assert [revision for _, revision in automatic.applied()] == [1, 1]


def test_all_state_tags_gone_takes_an_order_out(automatic: World, synced: str) -> None:
    automatic.change(synced, "tags", remove=[SYNCED])
    automatic.settle()
    assert automatic.tags(synced) == ["vip"]
    assert automatic.row(synced)["tracked"] is False
    automatic.change(synced, "edit", note="Changed")
    automatic.settle()
    assert automatic.tags(synced) == ["vip"]
    assert len(automatic.batches()) == 1


def test_untagged_while_syncing_finishes_silently(automatic: World) -> None:
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = automatic.order(tags=["vip"])
    automatic.until(lambda: _drained(automatic, gid) == ["vip", "wms-syncing"], "syncing")
    automatic.change(gid, "tags", remove=["wms-syncing"])
    automatic.until(lambda: _tracked(automatic, gid) is False, "out of automation")
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    automatic.wms.ask("POST", "/sandbox/jobs/release")
    automatic.until(lambda: _state(automatic, gid) == "accepted", "the end of the job")
    automatic.settle()
    assert automatic.tags(gid) == ["vip"]


def test_an_order_out_of_automation_comes_back_when_tagged(automatic: World, synced: str) -> None:
    automatic.change(synced, "tags", remove=[SYNCED])
    automatic.settle()
    automatic.change(synced, "tags", add=[NO_SYNC])
    automatic.settle()
    assert automatic.tags(synced) == ["vip", SYNCED]
    assert automatic.row(synced)["tracked"] is True


def test_an_older_order_enters_when_tagged_by_hand(automatic: World) -> None:
    gid = automatic.order(created_at="2026-11-01T10:00:00Z", tags=["vip"])
    automatic.settle()
    assert automatic.tags(gid) == ["vip"]
    automatic.change(gid, "tags", add=[NO_SYNC])
    automatic.settle()
    assert automatic.tags(gid) == ["vip", SYNCED]


@pytest.mark.parametrize(
    ("add", "remove"),
    [
        (["wms-error"], []),
        (["wms-error", "wms-syncing"], [SYNCED]),
        (["WMS-SYNCED"], [SYNCED]),
        (["Wms-Error"], [SYNCED]),
    ],
    ids=["two at once", "two foreign", "wrong case", "wrong case of another"],
)
def test_foreign_state_tags_are_repaired(
    automatic: World, synced: str, add: list[str], remove: list[str]
) -> None:
    automatic.change(synced, "tags", remove=remove, add=[])
    automatic.change(synced, "tags", add=add)
    automatic.change(synced, "tags", add=["gift"])
    automatic.settle()
    tags = automatic.tags(synced)
    if remove and automatic.row(synced)["taken_out"]:
        assert tags == ["gift", "vip"]
    else:
        assert tags == ["gift", "vip", SYNCED]
    assert len(automatic.batches()) == 1


def test_no_sync_in_another_case_is_a_command_too(world: World) -> None:
    gid = world.order(created_at="2026-11-01T10:00:00Z")
    world.change(gid, "tags", add=["WMS-No-Sync"])
    world.settle()
    assert world.tags(gid) == [NO_SYNC]


def test_the_echo_of_our_own_writes_is_dropped_unread(automatic: World) -> None:
    gid = automatic.order()
    automatic.settle()
    mark = automatic.mark()
    automatic.shopify.ask("GET", "/sandbox/quiet")
    automatic.change(gid, "edit", note="Ring")
    automatic.settle()
    reads = [e for e in automatic.graphql(mark) if "Read" in str(e["operation"])]
    writes = [e for e in automatic.graphql(mark) if "Tag" in str(e["operation"])]
    assert len(reads) <= 3, "the edit, its send, and nothing for the echoes"
    assert len(writes) <= 2
    after = automatic.mark()
    automatic.settle()
    assert automatic.graphql(after) == []


def test_other_tags_are_never_touched(automatic: World, synced: str) -> None:
    automatic.change(synced, "tags", add=["wms", "wms-synced-late", "a, b"])
    automatic.settle()
    before = automatic.tags(synced)
    automatic.send(synced)
    automatic.change(synced, "tags", add=["wms-error"])
    automatic.settle()
    assert automatic.tags(synced) == before


def test_a_tag_set_by_hand_that_is_already_right_is_read_once_and_left(world: World) -> None:
    gid = world.order(created_at="2026-11-01T10:00:00Z")
    world.settle()
    mark = world.mark()
    world.change(gid, "tags", add=[NO_SYNC])
    world.settle()
    world.settle()
    assert world.tags(gid) == [NO_SYNC]
    assert len(world.graphql(mark)) <= 2


def test_the_removal_of_our_own_tag_is_no_command(world: World) -> None:
    gid = world.order()
    world.settle()
    world.change(gid, "cancel")
    world.settle()
    assert world.state_tags(gid) == []
    assert world.row(gid)["taken_out"] is False


def lookups(world: World) -> int:
    """How often the warehouse was asked for an order by its reference."""
    entries = world.wms.ask("GET", "/sandbox/ledger?kind=request")
    return sum("by-ref" in entry["path"] for entry in entries)


def _drained(world: World, gid: str) -> list[str]:
    world.drain()
    return world.tags(gid)


def _tracked(world: World, gid: str) -> bool:
    world.drain()
    return bool(world.row(gid)["tracked"])


def _state(world: World, gid: str) -> str:
    world.drain()
    return str(world.row(gid)["outbound"][0]["state"])
