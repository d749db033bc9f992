"""Orders that Shopify stops showing at 60 days: nothing of theirs is written meanwhile, why is
said, and they go on by themselves once the shop lets orders of any age be read."""

import html
from datetime import timedelta

import pytest

from app.db import session
from app.models import Order, Shipment, Shop
from tests.ages import ago
from tests.sync.test_customer_cancels import again_and_again, page, reference
from tests.sync.test_each_gate_told import MUG, _scopes
from tests.sync.warehouse_hand import at_warehouse
from tests.world import SHOP, World

AGE = "Shopify no longer shows this order to Tagdock: it is older than 60 days, or deleted."
ADVICE = "Grant “Read orders older than 60 days”: then it is fulfilled by itself."


@pytest.fixture
def old(shop: World) -> str:
    """An order of last quarter that the warehouse has, and that Shopify shows no more."""
    with shop.app.app_context():
        session().query(Shop).filter_by(domain=SHOP).one().installed_at -= timedelta(days=100)
        session().commit()
    _scopes(shop, granted=True)
    gid = shop.order(lines=MUG, created_at=ago(days=90))
    shop.settle()
    assert shop.state_tags(gid) == ["wms-synced"]
    _scopes(shop, granted=False)
    return gid


def _touched(world: World, gid: str) -> None:
    """The order changes in Shopify, so that it is read."""
    world.change(gid, "edit", note="Ring twice")
    world.settle()


def _shipped(world: World, gid: str) -> None:
    at_warehouse(world, "ship", reference(world, gid))
    world.settle()


def _kept(world: World) -> tuple[str, str]:
    """Why the only shipment is not in Shopify."""
    with world.app.app_context():
        row = session().query(Shipment).one()
        session().rollback()
        return row.reason, row.message


def _fulfillments(world: World, gid: str) -> list[str]:
    return [each["status"] for each in world.shopify_order(gid)["fulfillments"]]


def _reads(world: World, mark: int) -> int:
    return len([each for each in world.graphql(mark) if each["operation"] == "ReadOrder"])


@pytest.mark.parametrize("noticed", [True, False], ids=["noticed", "unnoticed"])
def test_a_shipment_of_an_order_too_old_says_so_and_goes_once_it_may_be_seen(
    shop: World, old: str, *, noticed: bool
) -> None:
    if noticed:
        _touched(shop, old)
        assert shop.row(old)["hidden"]
    _shipped(shop, old)
    assert shop.row(old)["hidden"]
    assert _fulfillments(shop, old) == []
    assert _kept(shop) == ("age", AGE)
    shown = html.unescape(page(shop, old))
    assert f"{AGE} {ADVICE}" in shown
    assert "Mend in Shopify" not in shown
    assert shop.log("not_fulfilled")[-1] == AGE
    _scopes(shop, granted=True)
    shop.settle()
    assert not shop.row(old)["hidden"]
    assert _fulfillments(shop, old) == ["SUCCESS"]


def test_no_tag_of_it_is_written_until_it_is_seen_again(shop: World, old: str) -> None:
    _touched(shop, old)
    mark = shop.mark()
    shop.api("POST", "/api/orders/take-out", ids=[old])
    shop.settle()
    assert (shop.row(old)["hidden"], shop.row(old)["tag_state"]) == (True, "untracked")
    written = [each for each in shop.graphql(mark) if {"tagsAdd", "tagsRemove"} & {*each["fields"]}]
    assert written == []
    _scopes(shop, granted=True)
    assert shop.state_tags(old) == []


def test_it_is_looked_for_only_where_it_may_be_seen(shop: World, old: str) -> None:
    _touched(shop, old)
    mark = shop.mark()
    shop.choose(notify_customer=False)
    shop.settle()
    assert _reads(shop, mark) == 0
    _scopes(shop, granted=True)
    assert _reads(shop, mark) > 0


def test_reconcile_reads_it_when_shopify_lists_it(shop: World) -> None:
    shop.shopify.ask("PUT", "/sandbox/settings", search_lag=0)
    gid = shop.order(lines=MUG)
    shop.settle()
    with shop.app.app_context():
        session().query(Order).one().hidden = True
        session().commit()
    again_and_again(shop)
    assert not shop.row(gid)["hidden"]
