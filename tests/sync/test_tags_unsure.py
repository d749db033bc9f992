"""Tag writes whose outcome nobody learns: none counts as done, or as a person's hand, unseen."""

from datetime import timedelta
from typing import Any

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Owed
from tests.world import World

SYNCED = "wms-synced"


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
