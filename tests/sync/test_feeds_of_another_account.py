"""While the connection is not known to lead to our account, no feed is read: nothing of another one
is taken for our own, and nothing of our own is passed over."""

from typing import Any

import pytest

from app.db import session
from app.models import FeedCursor, Shipment, WarehouseStock
from app.wms.feeds import FeedPage
from app.wms.http import ConnectorApi
from tests.sync.test_broken_feed import asked, by_person, by_schedule, mark
from tests.sync.test_fulfil import fulfilled, sent
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

_UNTESTED = ("failed", "The connection was never tested. Test it in Settings.")
_ELSEWHERE = (
    "failed",
    "The app URL now leads to another warehouse account. Confirm it in Settings.",
)
_JOBS = ("export_shipped_orders", "cancellations", "update_inventory")


def paste(world: World, connector: dict[str, Any]) -> None:
    """Paste a connector's app URL and token."""
    values = {"app_url": connector["app_url"], "token": connector["token"]}
    world.api("PUT", "/api/connection", label="W", automatic=True, **values)


def other_account(world: World) -> dict[str, Any]:
    """A connector of another account, which has stock of its own."""
    made = world.wms.ask("POST", "/sandbox/connectors", label="Other", account="NEWCO")
    rows = [{"sku": "FOREIGN", "on_hand": 3}]
    assert world.wms.call("PUT", "/sandbox/stock?account=NEWCO", json=rows).ok
    return dict(made)


def test_nothing_of_another_account_is_taken_in(shop: World) -> None:
    shop.choose(update_inventory=True)
    gid, name = sent(shop)
    shop.settle()
    own = dict(shop.connector)
    paste(shop, other_account(shop))
    before = mark(shop)
    assert [by_schedule(shop, job) for job in _JOBS] == [_UNTESTED] * 3
    assert not shop.api("POST", "/api/connection/test")["ok"]
    at_warehouse(shop, "ship", name)
    assert [by_schedule(shop, job) for job in _JOBS] == [_ELSEWHERE] * 3
    assert by_person(shop, "export_shipped_orders") == _ELSEWHERE
    assert asked(shop, before) == []
    paste(shop, own)
    assert shop.api("POST", "/api/connection/test")["ok"]
    assert [by_schedule(shop, job)[0] for job in _JOBS] == ["done"] * 3
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1
    with shop.app.app_context():
        assert session().query(WarehouseStock).filter_by(sku="FOREIGN").count() == 0
        session().rollback()


def test_a_page_that_comes_once_the_token_is_another_is_dropped(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    gid, name = sent(shop)
    shop.settle()
    own = dict(shop.connector)
    shop.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    at_warehouse(shop, "ship", name)
    ask = ConnectorApi.feed

    def changed_meanwhile(wms: ConnectorApi, feed: str, cursor: str = "") -> FeedPage:
        page = ask(wms, feed, cursor)
        paste(shop, other_account(shop))
        return page

    monkeypatch.setattr(ConnectorApi, "feed", changed_meanwhile)
    assert by_schedule(shop, "export_shipped_orders") == _UNTESTED
    monkeypatch.undo()
    with shop.app.app_context():
        assert session().query(Shipment).count() == 0
        assert [row.cursor for row in session().query(FeedCursor) if row.cursor] == []
        session().rollback()
    paste(shop, own)
    shop.api("POST", "/api/connection/test")
    assert by_schedule(shop, "export_shipped_orders")[0] == "done"
    shop.settle()
    assert len(fulfilled(shop, gid)) == 1
