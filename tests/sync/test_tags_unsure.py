"""Tag writes whose outcome nobody learns: none counts as done, or as a person's hand, unseen."""

from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Owed
from tests.world import World

NO_SYNC, SYNCED = "wms-no-sync", "wms-synced"
# Shopify takes no more on an order.
MOST_TAGS = 250


def test_put_in_again_after_a_removal_whose_answer_was_lost(automatic: World) -> None:
    gid = automatic.order()
    automatic.settle()
    goes_wrong(automatic, "drop_after")
    automatic.api("POST", "/api/orders/take-out", ids=[gid])
    went_wrong(automatic)
    assert automatic.state_tags(gid) == []
    automatic.api("POST", "/api/orders/add", ids=[gid])
    try_again(automatic)
    automatic.settle()
    row = automatic.row(gid)
    assert (row["tracked"], row["taken_out"]) == (True, False)
    assert (row["tag_state"], automatic.state_tags(gid)) == ("synced", [SYNCED])
    assert automatic.log("untagged") == ["Taken out of automation."]


def test_a_tag_that_was_never_written_was_taken_off_by_nobody(world: World) -> None:
    goes_wrong(world, "drop_before")
    gid = world.order()
    went_wrong(world)
    goes_wrong(world, "ignore_tags")
    try_again(world)
    went_wrong(world)
    world.change(gid, "edit", note="Gift")
    world.settle()
    assert_in(world, gid)
    try_again(world)
    world.settle()
    assert_in(world, gid)
    assert world.state_tags(gid) == [NO_SYNC]


@pytest.mark.parametrize("first", ["drop_before", "drop_after"])
def test_nor_was_one_that_shopify_refuses_then(world: World, first: str) -> None:
    goes_wrong(world, first)
    gid = world.order()
    went_wrong(world)
    there = world.state_tags(gid)
    others = many(MOST_TAGS - len(there))
    world.change(gid, "tags", add=others)
    try_again(world)
    world.settle()
    assert_in(world, gid)
    assert world.state_tags(gid) == there
    assert (world.row(gid)["tags_written"], world.row(gid)["tag_pending"]) == (there, "")
    world.change(gid, "tags", remove=others)
    world.send(gid)
    world.settle()
    assert world.tags(gid) == [SYNCED]
    world.change(gid, "tags", remove=[SYNCED])
    world.settle()
    assert world.row(gid)["taken_out"], "in no doubt any more"


def test_our_own_removal_is_nobodys_where_the_tag_beside_it_is_refused(world: World) -> None:
    gid = world.order(tags=many(MOST_TAGS - 1))
    world.settle()
    assert world.state_tags(gid) == [NO_SYNC]
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    world.send(gid)
    world.until(lambda: world.drain() or world.log("tag"), "the refusal")
    world.until(lambda: world.drain() or is_read(world), "the read")
    row = world.row(gid)
    assert (row["tracked"], row["taken_out"], row["tag_state"]) == (True, False, "syncing")
    assert world.state_tags(gid) == ["wms-syncing"], "there is room for it now"
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    world.wms.ask("POST", "/sandbox/jobs/release")
    world.settle()
    assert world.log("untagged") == []
    assert world.state_tags(gid) == [SYNCED]


def many(count: int) -> list[str]:
    """So many tags of the merchant's own."""
    return [f"tag-{number}" for number in range(count)]


def goes_wrong(world: World, do: str) -> None:
    """Let the next tag write go wrong."""
    rule: dict[str, Any] = {"where": "graphql", "match": "WriteTags", "do": do, "times": 1}
    world.shopify_fails(rule)


def went_wrong(world: World) -> None:
    """Work until it has; there is no other try until a test says so."""

    def used_up() -> bool:
        world.drain()
        rules = world.shopify.call("GET", "/sandbox/faults").json()
        return all(rule["times"] == 0 for rule in rules)

    world.until(used_up, "the tag write")
    put_off(world, timedelta(hours=1))


def try_again(world: World) -> None:
    """Make the next try due."""
    put_off(world, timedelta(0))


def put_off(world: World, wait: timedelta) -> None:
    """Let the tag writes that are owed be due then."""
    with world.app.app_context():
        rows = session().query(Owed).filter_by(effect=Effect.TAG)
        assert rows.update({"due_at": database_now() + wait, "held_until": None}) == 1
        session().commit()


def is_read(world: World) -> bool:
    """Whether all that Shopify told was read, and the tags are written."""
    quiet = world.shopify.ask("GET", "/sandbox/quiet")["quiet"]
    reading = {Effect.READ, Effect.RECEIVE, Effect.TAG}
    return bool(quiet) and not reading & {effect for effect, _ in world.owed_soon()}


def assert_in(world: World, gid: str) -> None:
    """The order waits in automation, and nobody is said to have touched its tags."""
    row = world.row(gid)
    assert (row["tracked"], row["taken_out"], row["tag_state"]) == (True, False, "no_sync")
    assert world.log("untagged") + world.log("tagged") + world.log("tags") == []
