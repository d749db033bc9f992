"""What Shopify does not show is not taken for what is not there: nothing is fulfilled twice, and
nothing said to be gone."""

from datetime import UTC, datetime, timedelta

import pytest

from app.db import session
from app.models import Shop
from tests.sync.drift_hand import cancel_fulfillment, compared, differences, without_webhooks
from tests.sync.test_each_gate_told import _scopes
from tests.sync.test_fulfil import fulfilled, mails, parcel, sent, shipments
from tests.sync.test_fulfil_left import LOST, UNSEEN
from tests.sync.test_out_of_sight import AGE
from tests.sync.warehouse_hand import at_warehouse
from tests.world import SHOP, World

LINES = [{"sku": "MUG-WHITE", "quantity": 2}]


@pytest.fixture
def old(shop: World) -> tuple[str, str]:
    """An order of last quarter that the warehouse has, as long as the app may see it: its gid and
    the warehouse's reference."""
    with shop.app.app_context():
        session().query(Shop).filter_by(domain=SHOP).one().installed_at -= timedelta(days=100)
        session().commit()
    _scopes(shop, granted=True)
    placed = datetime.now(UTC).replace(microsecond=0) - timedelta(days=90)
    return sent(shop, lines=LINES, created_at=placed.isoformat())


def _lost(world: World, external_id: str) -> None:
    """The answer to the only fulfillment gets lost, and nobody may look what became of it."""
    world.shopify_fails(LOST, UNSEEN)
    at_warehouse(world, "ship", external_id, packages=[parcel("DP-1")])
    world.until(lambda: world.drain() or world.log("gave_up"), "the parcel given up")
    world.shopify_fails()


def test_a_lost_answer_stays_open_until_the_order_is_shown(
    shop: World, old: tuple[str, str]
) -> None:
    gid, external_id = old
    _lost(shop, external_id)
    _scopes(shop, granted=False)
    shop.api("POST", "/api/given-up/try-again", all=True)
    shop.settle()
    (row,) = shipments(shop)
    assert (row.reason, row.message, row.settled) == ("age", AGE, False)
    assert shop.log("not_fulfilled") == [AGE]
    assert row.attempt is not None
    order = shop.row(gid)
    assert (order["hidden"], order["fulfilling"]) == (True, False), "the order says so too"
    _scopes(shop, granted=True)
    (row,) = shipments(shop)
    (made,) = fulfilled(shop, gid)
    assert (row.fulfillment, row.reason, row.settled) == (made["id"], "", True)
    assert mails(shop) == [made["id"]]


def test_what_was_never_made_is_made_once_the_order_is_shown(
    shop: World, old: tuple[str, str]
) -> None:
    gid, external_id = old
    shop.shopify_fails({**LOST, "do": "drop_before"}, UNSEEN)
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.until(lambda: shop.drain() or shop.log("gave_up"), "the parcel given up")
    shop.shopify_fails()
    _scopes(shop, granted=False)
    mark = shop.mark()
    shop.api("POST", "/api/shipments/try-again", ids=[row.id for row in shipments(shop)])
    shop.settle()
    assert "CreateFulfillment" not in [each["operation"] for each in shop.graphql(mark)]
    _scopes(shop, granted=True)
    (made,) = fulfilled(shop, gid)
    assert mails(shop) == [made["id"]]


def test_an_order_deleted_meanwhile_is_at_rest(shop: World, old: tuple[str, str]) -> None:
    gid, external_id = old
    _lost(shop, external_id)
    shop.change(gid, "delete")
    shop.settle()
    assert shop.row(gid)["deleted"]
    shop.api("POST", "/api/given-up/try-again", all=True)
    shop.settle()
    (row,) = shipments(shop)
    assert (row.attempt, row.reason, row.settled) == (None, "", True)


def test_a_repair_makes_no_other_fulfillment_of_what_it_can_not_see(
    shop: World, old: tuple[str, str]
) -> None:
    gid, external_id = old
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    (made,) = fulfilled(shop, gid)
    without_webhooks(shop)
    cancel_fulfillment(shop, gid, made["id"])
    (row,) = compared(shop)
    assert row["repair"] == "refulfil"
    _scopes(shop, granted=False)
    shop.api("POST", "/api/drift/repair", ids=[row["id"]])
    shop.settle()
    (row,) = differences(shop)
    assert (row["state"], row["message"]) == ("open", AGE)
    (kept,) = shipments(shop)
    assert (kept.fulfillment, kept.settled) == (made["id"], True)


def test_what_can_not_be_seen_is_refunded_by_a_person(shop: World, old: tuple[str, str]) -> None:
    gid, external_id = old
    shop.choose(seller_cancellation="cancel")
    _scopes(shop, granted=False)
    at_warehouse(shop, "cancel", external_id, lines=[{**LINES[0], "quantity": 1}])
    shop.settle()
    assert shop.log("wms_cancelled")[-1] == (
        f"Not taken off in Shopify. {AGE} Refund them there by hand."
    )
    assert shop.shopify_order(gid)["refunds"] == []
    assert not shop.row(gid)["fulfilling"]
