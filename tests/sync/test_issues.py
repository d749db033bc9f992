"""What the warehouse complains of in an order that it took reaches a person: once."""

from collections.abc import Callable
from typing import Any

import pytest

from app.db import session
from app.models import LogLine
from sandbox.wms.orders import Order as OrderThere
from tests.world import SHOP, World, number

WORDS = "MUG-WHITE"


@pytest.fixture
def short(make_world: Callable[..., World]) -> World:
    """A shop whose warehouse answers at once and is out of mugs."""
    world = make_world(mode="sync")
    world.install()
    world.wms.ask("PUT", "/sandbox/settings", out_of_stock_skus=["MUG-WHITE"])
    world.connect(automatic=True)
    return world


def issues(world: World) -> list[tuple[str, str, str, str]]:
    """The lines that tell of issues: order, level, code and words."""
    with world.app.app_context():
        rows = session().query(LogLine).filter_by(event="issue").order_by(LogLine.id)
        found = [(row.order_name, row.level, row.code, row.message) for row in rows]
        session().rollback()
        return found


def page(world: World, gid: str) -> str:
    """The order's page."""
    asked: dict[str, Any] = {"shop": SHOP, "id_token": world.id_token()}
    return world.http.call("GET", f"/orders/{number(gid)}", params=asked).text


def ask_again(world: World) -> None:
    """Let a person have the warehouse asked how all orders stand."""
    world.api("POST", "/api/jobs/sync_status/run")
    world.settle()


def test_an_issue_of_a_result_is_told_on_the_order(short: World) -> None:
    gid = short.order()
    short.settle()
    assert short.state_tags(gid) == ["wms-synced"]
    ((name, level, code, message),) = issues(short)
    assert (name, level, code) == (short.row(gid)["name"], "warning", "out-of-stock")
    start = "Taken, with an issue. The warehouse doesn't have enough stock. It says: “"
    assert message.startswith(start)
    assert message.endswith("” Restock there.")
    assert WORDS in message
    assert "Taken, with an issue." in page(short, gid)
    ask_again(short)
    ask_again(short)
    assert len(issues(short)) == 1, "asking again tells nothing twice"


def test_an_issue_that_was_looked_up_is_told_alike(short: World) -> None:
    short.warehouse_fails({"where": "batch", "do": "drop_after", "times": 1})
    gid = short.order()
    short.settle()
    assert short.state_tags(gid) == ["wms-synced"]
    assert len(short.applied()) == 1
    ((_, level, code, message),) = issues(short)
    assert (level, code) == ("warning", "out-of-stock")
    assert message.startswith("Taken, with an issue. ")
    ask_again(short)
    assert len(issues(short)) == 1


def test_an_issue_that_comes_later_is_told_once(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gid = shop.order()
    shop.settle()
    assert issues(shop) == []
    late = {"code": "out-of-stock", "title": "Out of stock", "detail": "Two broke."}
    monkeypatch.setattr(OrderThere, "issues", property(lambda _: [late]), raising=False)
    ask_again(shop)
    ask_again(shop)
    ((name, level, code, message),) = issues(shop)
    assert (name, level, code) == (shop.row(gid)["name"], "warning", "out-of-stock")
    assert message.startswith("Has an issue. ")


def test_what_is_in_order_tells_of_no_issue(shop: World) -> None:
    gid = shop.order()
    shop.settle()
    ask_again(shop)
    assert shop.state_tags(gid) == ["wms-synced"]
    assert issues(shop) == []
