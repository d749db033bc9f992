"""Webhooks: duplicated, shuffled, late, forged, replayed."""

import pytest
import requests
from sqlalchemy.exc import NoResultFound

from app.db import database_now, session
from app.models import InboxItem
from tests.world import OTHER_SHOP, SHOP, World


def test_deliveries_five_times_over_shuffled_and_late_have_one_effect(world: World) -> None:
    connection = {"label": "W", "app_url": world.connector["app_url"], "automatic": True}
    world.api("PUT", "/api/connection", **connection)
    world.shopify_fails(
        {"where": "webhook", "do": "duplicate", "value": 5},
        {"where": "webhook", "do": "shuffle"},
        {"where": "webhook", "do": "late", "value": 0.3},
    )
    gids = [world.order(tags=["vip"]) for _ in range(8)]
    world.settle(patience=60)
    world.settle(patience=60)
    assert all(world.tags(gid) == ["vip", "wms-synced"] for gid in gids)
    assert len(world.applied()) == len(set(world.applied())) == 8


def test_a_forged_webhook_is_refused(world: World) -> None:
    body = b'{"id": 1, "admin_graphql_api_id": "gid://shopify/Order/1"}'
    headers = {
        "X-Shopify-Topic": "orders/create",
        "X-Shopify-Shop-Domain": SHOP,
        "X-Shopify-Webhook-Id": "forged",
        "X-Shopify-Hmac-Sha256": "bm90IHRoaXM=",
    }
    answer = requests.post(f"{world.http.base}/webhooks", data=body, headers=headers, timeout=60)
    assert answer.status_code == 401
    assert inbox(world, "forged") == 0


def test_a_body_replayed_under_another_shop_reaches_nothing_of_it(world: World) -> None:
    world.install(OTHER_SHOP)
    gid = world.order()
    world.settle()
    deliveries = world.shopify.ask("GET", f"/sandbox/ledger?kind=webhook&shop={SHOP}")
    created = next(entry for entry in deliveries if entry["topic"] == "orders/create")
    path = f"/sandbox/{SHOP}/webhooks/replay"
    world.shopify.ask("POST", path, id=created["id"], as_shop=OTHER_SHOP, hmac="keep")
    world.settle()
    with pytest.raises(NoResultFound):
        world.row(gid, shop=OTHER_SHOP)
    assert world.state_tags(gid) == ["wms-no-sync"]
    assert world.batches() == []


def test_a_bad_signature_on_a_real_delivery_is_refused(world: World) -> None:
    world.order()
    world.settle()
    delivery = world.shopify.ask("GET", f"/sandbox/ledger?kind=webhook&shop={SHOP}")[0]
    path = f"/sandbox/{SHOP}/webhooks/replay"
    answer = world.shopify.ask("POST", path, id=delivery["id"], hmac="bad")
    assert answer["status"] == 401


def test_an_uninstall_stops_everything_and_a_reinstall_doubles_nothing(world: World) -> None:
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    world.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    world.until(lambda: uninstalled(world), "the uninstall")
    world.install()
    world.settle()
    world.send(gid)
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    assert len(world.applied()) == 1


def inbox(world: World, message_id: str) -> int:
    """How many inbox rows a delivery has."""
    with world.app.app_context():
        found = session().query(InboxItem).filter_by(message_id=message_id).count()
        session().rollback()
        return found


def uninstalled(world: World) -> bool:
    """Whether the shop is marked as uninstalled."""
    from app.models import Shop

    world.drain()
    with world.app.app_context():
        shop = session().query(Shop).filter_by(domain=SHOP).one()
        gone = not shop.installed and shop.token is None
        session().rollback()
        return gone


def test_a_webhook_that_can_not_be_handled_holds_up_no_other(world: World) -> None:
    with world.app.app_context():
        session().add(
            InboxItem(
                shop_id=1,
                source="shopify",
                message_id="broken",
                topic="orders/updated",
                subject="gid://shopify/Order/1",
                facts={"created_at": ["not", "a", "time"], "tags": 7},
                received_at=database_now(),
            )
        )
        session().commit()
    gid = world.order()
    world.settle()
    assert world.state_tags(gid) == ["wms-no-sync"]
    assert inbox(world, "broken") == 1


def test_an_uninstall_from_before_the_last_install_comes_too_late(world: World) -> None:
    with world.app.app_context():
        session().add(
            InboxItem(
                shop_id=1,
                source="shopify",
                message_id="late",
                topic="app/uninstalled",
                facts={"triggered_at": "2020-01-01T00:00:00Z"},
                received_at=database_now(),
            )
        )
        session().commit()
    gid = world.order()
    world.settle()
    assert world.state_tags(gid) == ["wms-no-sync"]
