"""Units that are open again because their fulfillment was cancelled: a person sends them, nobody
else, whichever webhook comes, and only while there are any."""

import pytest

from app.db import session
from app.models import InboxItem
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

MUGS = {"sku": "MUG-WHITE", "quantity": 5}
SHIRT = {"sku": "TS-BLUE-M", "quantity": 1}
TOLD = {"where": "webhook", "match": "fulfillments/update"}
GATE = "reshipped"


@pytest.fixture
def by_hand(automatic: World) -> str:
    """An order that was fulfilled by hand before the warehouse knew of it."""
    gid = automatic.order(lines=[MUGS], routed=False)
    automatic.change(gid, "route")
    automatic.change(gid, "fulfil")
    automatic.settle()
    assert automatic.batches() == []
    return gid


@pytest.fixture
def shipped(automatic: World) -> str:
    """An order that the warehouse has shipped, and Tagdock fulfilled."""
    gid = automatic.order(lines=[MUGS])
    automatic.settle()
    at_warehouse(automatic, "ship", automatic.row(gid)["outbound"][0]["external_id"])
    automatic.settle()
    assert automatic.shopify_order(gid)["fulfillments"]
    return gid


def take_back(world: World, gid: str) -> None:
    """Cancel the order's first fulfillment that stands, as its merchant does."""
    made = world.shopify_order(gid)["fulfillments"]
    standing = next(each for each in made if each["status"] != "CANCELLED")
    world.change(gid, "cancel-fulfillment", fulfillment=standing["id"])


@pytest.mark.parametrize("order", ["by_hand", "shipped"])
def test_a_lost_webhook_sends_nothing_twice(
    automatic: World, request: pytest.FixtureRequest, order: str
) -> None:
    gid = request.getfixturevalue(order)
    before = automatic.applied()
    automatic.shopify_fails(TOLD | {"do": "drop_before"})
    take_back(automatic, gid)
    automatic.change(gid, "edit", note="Gift")
    automatic.settle()
    assert automatic.applied() == before
    assert (automatic.row(gid)["reason"], automatic.state_tags(gid)) == (GATE, ["wms-no-sync"])
    automatic.send(gid)
    automatic.settle()
    assert len(automatic.applied()) == len(before) + 1
    assert automatic.state_tags(gid) == ["wms-synced"]
    automatic.change(gid, "edit", note="Gift, red paper")
    automatic.settle()
    assert len(automatic.applied()) == len(before) + 2, "a later edit goes by itself again"


def test_a_webhook_that_comes_after_the_send_is_no_news(automatic: World, by_hand: str) -> None:
    automatic.shopify_fails(TOLD | {"do": "drop_before"})
    take_back(automatic, by_hand)
    automatic.change(by_hand, "edit", note="Gift")
    automatic.settle()
    automatic.send(by_hand)
    automatic.settle()
    assert automatic.state_tags(by_hand) == ["wms-synced"]
    _tell_late(automatic, by_hand)
    automatic.settle()
    row = automatic.row(by_hand)
    assert (row["returned"], row["reason"], row["tag_state"]) == (False, "", "synced")


def _tell_late(world: World, gid: str) -> None:
    """Do what the webhook of a cancelled fulfillment does."""
    from app.models import Order, Shop
    from app.sync.handlers import order_changed

    with world.app.app_context():
        shop = session().query(Shop).one()
        facts = {"status": "cancelled", "fulfillment": "gid://shopify/Fulfillment/1"}
        item = InboxItem(shop_id=shop.id, topic="fulfillments/update", subject=gid, facts=facts)
        assert order_changed(shop, item) == "read"
        assert session().query(Order).filter_by(gid=gid).one().returned
        session().commit()


def test_the_gate_opens_when_nothing_is_open_again(automatic: World) -> None:
    gid = automatic.order(lines=[MUGS, SHIRT], routed=False)
    automatic.change(gid, "route")
    part = automatic.shopify_order(gid)["fulfillment_orders"][0]
    shirt = [{"id": part["lines"][1]["id"], "quantity": 1}]
    automatic.change(gid, "split", fulfillment_order=part["id"], lines=shirt)
    mugs, other = automatic.shopify_order(gid)["fulfillment_orders"]
    automatic.change(gid, "hold", fulfillment_order=other["id"], reason="OTHER")
    automatic.change(gid, "fulfil", fulfillment_order=mugs["id"])
    automatic.settle()
    take_back(automatic, gid)
    automatic.settle()
    assert automatic.row(gid)["reason"] == GATE
    parts = automatic.shopify_order(gid)["fulfillment_orders"]
    again = next(each["id"] for each in parts if each["status"] == "OPEN")
    automatic.change(gid, "fulfil", fulfillment_order=again)
    automatic.settle()
    automatic.change(gid, "release", fulfillment_order=other["id"])
    automatic.settle()
    assert [order["lines"][0]["quantity"] for order in _orders(automatic)] == [1]
    assert automatic.state_tags(gid) == ["wms-synced"]


def _orders(world: World) -> list[dict[str, list[dict[str, int]]]]:
    found: list[dict[str, list[dict[str, int]]]] = world.wms.ask("GET", "/sandbox/orders")
    return found


def test_units_added_to_a_shipped_order_go_by_themselves(automatic: World, shipped: str) -> None:
    automatic.change(shipped, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 7}])
    automatic.settle()
    assert not automatic.row(shipped)["returned"]
    assert sorted(order["lines"][0]["quantity"] for order in _orders(automatic)) == [2, 5]
    assert automatic.state_tags(shipped) == ["wms-synced"]
