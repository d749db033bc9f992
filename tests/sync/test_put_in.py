"""An order that a person sent, and a check stopped that no person overrides: it stays in, says what
it waits for, and goes when that is done."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.world import World

NOT_PAID = "Not paid yet. It goes by itself when it is paid."


@pytest.mark.parametrize("automatic", [False, True], ids=["by hand", "by itself"])
@pytest.mark.parametrize(
    "wishes", [{"risk": "CANCEL"}, {"test": True}], ids=["risky", "for a test"]
)
def test_an_unpaid_order_sent_by_hand_goes_when_it_is_paid(
    make_world: Callable[..., World], wishes: dict[str, Any], *, automatic: bool
) -> None:
    world = make_world()
    world.install()
    world.connect(automatic=automatic)
    gid = _waiting(world, **wishes)
    world.change(gid, "edit", note="Gift")
    world.settle()
    row = world.row(gid)
    assert (row["tag_state"], row["reason"], row["message"]) == ("no_sync", "paid", NOT_PAID)
    world.change(gid, "pay")
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    assert not world.row(gid)["put_in"]


def test_it_goes_once_and_no_edit_after_that(world: World) -> None:
    gid = _waiting(world, risk="CANCEL")
    world.change(gid, "pay")
    world.settle()
    sent = world.applied()
    assert len(sent) == 1
    world.change(gid, "edit", note="Gift")
    world.settle()
    assert world.applied() == sent, "automatic processes are off"


@pytest.mark.parametrize("how", ["untagged", "taken out"])
def test_it_leaves_when_a_person_takes_it_out(world: World, how: str) -> None:
    gid = _waiting(world, risk="CANCEL")
    if how == "untagged":
        world.change(gid, "tags", remove=["wms-no-sync"])
    else:
        world.api("POST", "/api/orders/take-out", ids=[gid])
    world.settle()
    world.change(gid, "pay")
    world.settle()
    row = world.row(gid)
    assert (row["tracked"], row["tag_state"]) == (False, "untracked")
    assert world.applied() == []


def test_units_that_came_back_since_wait_for_another_send(automatic: World) -> None:
    gid = _waiting(automatic, risk="CANCEL", routed=False)
    automatic.change(gid, "route")
    automatic.change(gid, "fulfil")
    automatic.settle()
    (made,) = automatic.shopify_order(gid)["fulfillments"]
    automatic.change(gid, "cancel-fulfillment", fulfillment=made["id"])
    automatic.change(gid, "pay")
    automatic.settle()
    assert automatic.applied() == []


def _waiting(world: World, **wishes: Any) -> str:
    """An order that nothing but a person sends, sent by one before it is paid."""
    world.choose(require_payment=True)
    gid = world.order(paid=False, **wishes)
    world.settle()
    world.send(gid)
    world.settle()
    assert world.row(gid)["put_in"]
    return gid
