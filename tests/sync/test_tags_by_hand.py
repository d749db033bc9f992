"""A merchant's own tag edits, and the echoes of ours."""

from datetime import timedelta

import pytest

from app.db import database_now, session
from app.models import Connection, InboxItem, Owed
from app.models.inbox import SHOPIFY
from tests.ages import ago
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


def test_a_look_up_that_is_refused_is_an_error_until_it_is_tried_again(
    automatic: World, synced: str
) -> None:
    automatic.warehouse_fails({"where": "by-ref", "do": "status", "value": 400})
    automatic.change(synced, "tags", add=[NO_SYNC])
    automatic.settle()
    assert automatic.tags(synced) == ["vip", "wms-error"]
    assert automatic.row(synced)["reason"] == "gave-up"
    automatic.warehouse_fails()
    automatic.change(synced, "tags", add=[NO_SYNC])
    automatic.settle()
    assert automatic.tags(synced) == ["vip", SYNCED]
    assert automatic.row(synced)["reason"] == ""


@pytest.mark.parametrize("after_edit", ["notice", "hold"])
def test_no_sync_on_an_edited_order_sends_it_as_it_is(
    automatic: World, synced: str, after_edit: str
) -> None:
    automatic.choose(after_edit=after_edit)
    automatic.change(synced, "edit", note="Gift")
    automatic.settle()
    assert automatic.row(synced)["reason"] == "edited"
    automatic.change(synced, "tags", add=[NO_SYNC])
    automatic.settle()
    assert automatic.tags(synced) == ["vip", SYNCED]
    assert [revision for _, revision in automatic.applied()] == [1, 2]
    assert automatic.log("looked_up") == ["The warehouse has the former version."]
    assert not automatic.row(synced)["manual"]
    automatic.change(synced, "edit", note="Gift, red paper")
    automatic.settle()
    assert len(automatic.applied()) == 2, "the next edit waits again"


def test_no_sync_on_an_edited_order_waits_for_a_person_while_nothing_goes_by_itself(
    world: World,
) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    world.change(gid, "edit", note="Gift")
    world.settle()
    world.change(gid, "tags", add=[NO_SYNC])
    world.settle()
    assert world.state_tags(gid) == [SYNCED]
    assert len(world.applied()) == 1
    assert world.log("looked_up") == ["The warehouse has the former version."]
    assert world.row(gid)["reason"] == "automatic"


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


def test_untagged_while_a_send_waits_is_not_said_to_be_there(world: World) -> None:
    gid = world.order()
    world.settle()
    assert world.state_tags(gid) == [NO_SYNC]
    world.warehouse_fails({"where": "any", "do": "status", "value": 503})
    with world.app.app_context():
        rest = database_now() + timedelta(hours=1)
        session().query(Connection).one().open_until = rest
        session().commit()
    world.send(gid)
    world.change(gid, "tags", remove=[NO_SYNC])
    world.until(lambda: _tracked(world, gid) is False, "out of automation")
    assert not world.row(gid)["manual"]
    world.warehouse_fails()
    with world.app.app_context():
        session().query(Connection).one().open_until = None
        session().query(Owed).update({"due_at": database_now()})
        session().commit()
    world.settle()
    assert world.applied() == []
    assert world.log("waiting")[-1] == "Not sent. This order is not in automation."
    assert not any("nothing changed" in line for line in world.log())


def test_an_order_out_of_automation_comes_back_when_tagged(automatic: World, synced: str) -> None:
    automatic.change(synced, "tags", remove=[SYNCED])
    automatic.settle()
    automatic.change(synced, "tags", add=[NO_SYNC])
    automatic.settle()
    assert automatic.tags(synced) == ["vip", SYNCED]
    assert automatic.row(synced)["tracked"] is True


def test_an_older_order_enters_when_tagged_by_hand(automatic: World) -> None:
    gid = automatic.order(created_at=ago(days=21), tags=["vip"])
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
    gid = world.order(created_at=ago(days=21))
    world.change(gid, "tags", add=["WMS-No-Sync"])
    world.settle()
    assert world.tags(gid) == [NO_SYNC]


def test_the_echo_of_our_own_writes_is_dropped_unread(automatic: World) -> None:
    gid = automatic.order()
    automatic.settle()
    mark, known = automatic.mark(), len(outcomes(automatic))
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    automatic.change(gid, "edit", note="Ring")
    automatic.until(lambda: _at_rest_with(automatic, gid, "wms-syncing"), "syncing")
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    automatic.wms.ask("POST", "/sandbox/jobs/release")
    automatic.until(lambda: _at_rest_with(automatic, gid, SYNCED), "synced")
    automatic.settle()
    assert [entry["operation"] for entry in automatic.graphql(mark)] == [
        *("ReadOrder", "WriteTags"),
        *("ReadOrder", "WriteTags"),
    ], "the edit, its send, and nothing for the echoes"
    assert tag_changes(automatic, mark) == [
        ["wms-synced", "wms-syncing"],
        ["wms-syncing"],
        ["wms-synced", "wms-syncing"],
        ["wms-synced"],
    ]
    assert webhooks(automatic, mark) == ["orders/updated"] * 5
    assert outcomes(automatic)[known:] == ["read", *["echo"] * 4]
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
    gid = world.order(created_at=ago(days=21))
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


def tag_changes(world: World, mark: int) -> list[list[str]]:
    """The order's tags at Shopify after each of our changes since a mark."""
    entries = world.shopify.ask("GET", f"/sandbox/ledger?kind=tags&after={mark}")
    assert {entry["source"] for entry in entries} <= {"app"}
    return [entry["after"] for entry in entries]


def webhooks(world: World, mark: int) -> list[str]:
    """The topics of what Shopify has delivered since a mark."""
    entries = world.shopify.ask("GET", f"/sandbox/ledger?kind=webhook&after={mark}")
    return [entry["topic"] for entry in entries]


def outcomes(world: World) -> list[str]:
    """What became of each webhook from Shopify, the first first."""
    with world.app.app_context():
        query = session().query(InboxItem.outcome).filter_by(source=SHOPIFY).order_by(InboxItem.id)
        found = [outcome for (outcome,) in query]
        session().rollback()
        return found


def _at_rest_with(world: World, gid: str, tag: str) -> bool:
    """Work; whether the order has this tag and no webhook is under way."""
    world.drain()
    quiet = world.shopify.ask("GET", "/sandbox/quiet")["quiet"]
    return bool(quiet) and world.state_tags(gid) == [tag]


def _drained(world: World, gid: str) -> list[str]:
    world.drain()
    return world.tags(gid)


def _tracked(world: World, gid: str) -> bool:
    world.drain()
    return bool(world.row(gid)["tracked"])


def _state(world: World, gid: str) -> str:
    world.drain()
    return str(world.row(gid)["outbound"][0]["state"])
