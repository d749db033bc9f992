"""What an order says of itself once it is not for the warehouse any more: the reason it has now."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.sync.test_customer_cancels import page
from tests.world import World

UNKNOWN = [{"sku": "UNKNOWN-1", "quantity": 1}]
NOT_PAID = "Not paid yet. It goes by itself when it is paid."


def _to_dont_send(world: World, gid: str) -> None:
    world.change(gid, "move", location=list(world.locations().values())[1])


@pytest.mark.parametrize(
    ("what", "reason", "message"),
    [
        pytest.param(
            lambda world, gid: world.change(gid, "cancel"),
            "kind",
            "The order is cancelled.",
            id="cancelled",
        ),
        pytest.param(
            lambda world, gid: world.change(gid, "risk", recommendation="CANCEL"),
            "risk",
            "Shopify rates the order as a high fraud risk.",
            id="risky",
        ),
        pytest.param(
            lambda world, gid: world.change(gid, "fulfil"),
            "shippable",
            "There is nothing left to ship.",
            id="fulfilled",
        ),
        pytest.param(_to_dont_send, "location", "What is fulfilled from", id="moved"),
    ],
)
def test_an_order_that_leaves_automation_says_why(
    world: World, what: Callable[[World, str], None], reason: str, message: str
) -> None:
    here, other, *_ = world.locations().values()
    world.choose(locations={here: "WH", other: None}, require_payment=True)
    gid = world.order(paid=False, risk="ACCEPT")
    world.settle()
    assert world.row(gid)["message"] == NOT_PAID
    what(world, gid)
    world.settle()
    row = world.row(gid)
    assert (row["tracked"], row["tag_state"], row["reason"]) == (False, "untracked", reason)
    assert row["message"].startswith(message)
    assert row["message"] in page(world, gid)
    assert world.log("waiting")[-1].startswith(f"Not sent. {message}")


def test_a_refused_order_that_is_cancelled_asks_for_nothing_any_more(automatic: World) -> None:
    gid = automatic.order(lines=UNKNOWN)
    automatic.settle()
    assert automatic.state_tags(gid) == ["wms-error"]
    automatic.change(gid, "cancel")
    automatic.settle()
    row = automatic.row(gid)
    assert (row["tag_state"], row["reason"]) == ("untracked", "kind")
    assert row["message"] == "The order is cancelled."


def test_what_is_under_way_is_not_said_to_be_not_sent(automatic: World) -> None:
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    gid = automatic.order()
    automatic.until(lambda: _tags(automatic, gid) == ["wms-syncing"], "syncing")
    automatic.change(gid, "tags", remove=["wms-syncing"])
    automatic.until(lambda: not _row(automatic, gid)["tracked"], "out of automation")
    known = automatic.row(gid)["content_hash"]
    automatic.change(gid, "edit", note="Changed")
    automatic.until(lambda: _row(automatic, gid)["content_hash"] != known, "the read")
    assert not any(line.startswith("Not sent.") for line in automatic.log("waiting"))
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    automatic.wms.ask("POST", "/sandbox/jobs/release")


def _row(world: World, gid: str) -> dict[str, Any]:
    world.drain()
    return world.row(gid)


def _tags(world: World, gid: str) -> list[str]:
    world.drain()
    return world.state_tags(gid)
