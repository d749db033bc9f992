"""Webhooks: signed, shaped as Shopify's, retried, and failing in every way."""

import base64
import hashlib
import hmac
import threading
import uuid
from datetime import datetime
from pathlib import Path

from shopify_stand_in import OTHER, SECRET, SHOP, Client, until

from sandbox.shopify.app_config import AppConfig


def test_a_webhook_is_signed_and_carries_shopifys_headers(client: Client) -> None:
    order = client.create()
    (one,) = client.inbox.of("orders/create")
    signature = base64.b64encode(hmac.digest(SECRET.encode(), one.body, hashlib.sha256)).decode()
    assert one.headers["X-Shopify-Hmac-Sha256"] == signature
    assert one.headers["X-Shopify-Shop-Domain"] == SHOP
    assert one.headers["X-Shopify-Api-Version"] == "2026-10"
    assert uuid.UUID(one.headers["X-Shopify-Webhook-Id"])
    assert uuid.UUID(one.headers["X-Shopify-Event-Id"])
    assert datetime.fromisoformat(one.headers["X-Shopify-Triggered-At"])
    assert one.json["admin_graphql_api_id"] == order
    entry = next(e for e in client.ledger("webhook") if e["topic"] == "orders/create")
    assert (entry["status"], entry["attempts"], entry["order"]) == (200, 1, order)


def test_an_order_body_has_the_rest_shape(client: Client) -> None:
    client.create(
        lines=[{"sku": "TS-M", "quantity": 2, "properties": {"Engraving": "Anna"}}],
        tags=["vip", "b"],
        note="Ring twice",
        attributes={"Delivery day": "Monday"},
        paid=False,
        gateway="Cash on Delivery (COD)",
    )
    body = client.inbox.of("orders/create")[0].json
    assert body["id"] == int(body["admin_graphql_api_id"].rpartition("/")[2])
    assert (body["name"], body["tags"], body["note"]) == ("#1001", "b, vip", "Ring twice")
    assert body["note_attributes"] == [{"name": "Delivery day", "value": "Monday"}]
    assert body["financial_status"] == "pending"
    assert body["payment_gateway_names"] == ["Cash on Delivery (COD)"]
    assert body["updated_at"].endswith(("+01:00", "+02:00"))
    assert body["cancelled_at"] is None
    assert body["shipping_address"]["country_code"] == "IT"
    assert body["shipping_lines"][0]["title"] == "Corriere espresso 24/48h"
    assert body["current_total_price"] == "46.70"
    (line,) = body["line_items"]
    assert (line["sku"], line["quantity"], line["current_quantity"]) == ("TS-M", 2, 2)
    assert line["properties"] == [{"name": "Engraving", "value": "Anna"}]


def test_routing_is_announced_after_the_order(client: Client) -> None:
    order = client.create(lines=[{"sku": "TS-M"}])
    (routed,) = client.inbox.of("fulfillment_orders/order_routing_complete")
    (one,) = client.order(order)["fulfillment_orders"]
    assert routed.json["fulfillment_order"]["id"] == one["id"]
    assert routed.json["fulfillment_order"]["status"] == "open"


def test_an_order_can_stay_unrouted(client: Client) -> None:
    order = client.create(routed=False)
    assert client.order(order)["fulfillment_orders"] == []
    client.act(order, "route")
    assert len(client.order(order)["fulfillment_orders"]) == 1


def test_the_apps_own_tag_write_comes_back(client: Client) -> None:
    order = client.create()
    mutation = 'mutation ($id: ID!) { tagsAdd(id: $id, tags: ["x"]) { node { id } } }'
    client.graphql(mutation, id=order)
    client.quiet()
    assert [one.json["tags"] for one in client.inbox.of("orders/updated")] == ["x"]


def test_a_failed_delivery_is_repeated_with_the_same_body(client: Client) -> None:
    client.settings(webhook_speed=1000)
    client.inbox.answers[:] = [500, 302]
    client.control("POST", f"{SHOP}/orders", {"routed": False, "lines": [{"custom": True}]}, 201)
    client.quiet()
    sent = client.inbox.of("orders/create")
    assert len(sent) == 3
    assert len({one.body for one in sent}) == 1
    assert len({one.headers["X-Shopify-Webhook-Id"] for one in sent}) == 1
    entries = [
        one
        for one in client.ledger("webhook")
        if one["id"] == sent[0].headers["X-Shopify-Webhook-Id"]
    ]
    assert [(one["attempts"], one["status"]) for one in entries] == [(1, 500), (2, 302), (3, 200)]


def test_after_eight_repetitions_it_gives_up(client: Client) -> None:
    client.settings(webhook_speed=1_000_000)
    client.inbox.answers[:] = [503] * 20
    client.control("POST", f"{SHOP}/orders", {"routed": False}, 201)
    client.quiet()
    assert len(client.inbox.of("orders/create")) == 9


def test_only_subscribed_topics_of_an_installed_app_are_sent(client: Client) -> None:
    client.control("POST", f"{OTHER}/orders", {}, 201)
    client.control("POST", f"{SHOP}/orders/{number_of(client.create())}/close")
    client.quiet()
    assert {one.headers["X-Shopify-Shop-Domain"] for one in client.inbox.received} == {SHOP}
    client.settings(webhooks=False)
    client.inbox.received.clear()
    client.create()
    assert client.inbox.received == []


def number_of(order: str) -> str:
    return order.rpartition("/")[2]


def test_installing_with_other_scopes_and_uninstalling_are_announced(client: Client) -> None:
    client.control("POST", f"{SHOP}/install", {"scopes": ["read_orders"]})
    client.control("POST", f"{SHOP}/uninstall")
    client.control("POST", f"{SHOP}/redact")
    client.quiet()
    (changed,) = client.inbox.of("app/scopes_update")
    assert changed.json["current"] == ["read_orders"]
    (gone,) = client.inbox.of("app/uninstalled")
    assert gone.json["myshopify_domain"] == SHOP
    (redact,) = client.inbox.of("shop/redact")
    assert redact.json["shop_domain"] == SHOP


def test_privacy_topics_name_the_orders_of_a_customer(client: Client) -> None:
    client.control("POST", f"{SHOP}/customers/redact", {"orders": [1001]})
    client.control("POST", f"{SHOP}/customers/data_request", {"orders": [1002, 1003]})
    client.quiet()
    (redact,) = client.inbox.of("customers/redact")
    assert redact.json["orders_to_redact"] == [1001]
    assert redact.json["customer"].keys() == {"id", "email", "phone"}
    (wanted,) = client.inbox.of("customers/data_request")
    assert wanted.json["orders_requested"] == [1002, 1003]
    assert wanted.json["data_request"].keys() == {"id"}


def test_faults_drop_duplicate_delay_and_shuffle(client: Client) -> None:
    client.faults(
        {"where": "webhook", "match": "orders/create", "do": "drop_before", "times": 1},
        {"where": "webhook", "match": "routing", "do": "duplicate", "value": 5},
    )
    client.create()
    assert client.inbox.of("orders/create") == []
    copies = client.inbox.of("fulfillment_orders/order_routing_complete")
    assert len(copies) == 5
    assert len({one.headers["X-Shopify-Webhook-Id"] for one in copies}) == 1
    client.faults({"where": "webhook", "match": "", "do": "shuffle", "value": 0.1})
    client.create()
    client.faults({"where": "webhook", "match": "orders/create", "do": "late", "value": 0.2})
    client.create()
    assert len(client.inbox.of("orders/create")) == 2
    late = [one for one in client.ledger("webhook") if one["topic"] == "orders/create"][-1]
    assert late["lag"] >= 0.2


def test_an_answer_that_is_lost_means_a_second_delivery(client: Client) -> None:
    client.settings(webhook_speed=1000)
    client.faults({"where": "webhook", "match": "orders/create", "do": "drop_after", "times": 1})
    client.create()
    assert len(client.inbox.of("orders/create")) == 2


def test_an_old_webhook_can_be_replayed_and_forged(client: Client) -> None:
    client.create()
    first = client.inbox.of("orders/create")[0]
    webhook = first.headers["X-Shopify-Webhook-Id"]
    path = f"{SHOP}/webhooks/replay"
    assert client.control("POST", path, {"id": webhook, "as_shop": OTHER})["status"] == 200
    replayed = client.inbox.of("orders/create")[-1]
    assert replayed.body == first.body
    assert replayed.headers["X-Shopify-Shop-Domain"] == OTHER
    client.control("POST", path, {"id": webhook, "hmac": "bad"})
    forged = client.inbox.of("orders/create")[-1]
    assert forged.headers["X-Shopify-Hmac-Sha256"] != first.headers["X-Shopify-Hmac-Sha256"]
    client.control("POST", path, {"id": "unknown"}, 422)


def test_a_body_can_be_replayed_as_a_new_delivery_of_another_topic(client: Client) -> None:
    client.create()
    first = client.inbox.of("orders/create")[0]
    webhook = first.headers["X-Shopify-Webhook-Id"]
    path = f"{SHOP}/webhooks/replay"
    client.control("POST", path, {"id": webhook, "as_topic": "app/uninstalled"})
    (forged,) = client.inbox.of("app/uninstalled")
    assert forged.body == first.body
    assert forged.headers["X-Shopify-Hmac-Sha256"] == first.headers["X-Shopify-Hmac-Sha256"]
    assert forged.headers["X-Shopify-Webhook-Id"] != webhook


def test_an_app_that_is_down_is_tried_later(client: Client) -> None:
    client.settings(webhook_speed=50)
    url, client.world.app.url = client.world.app.url, "http://127.0.0.1:9"
    client.control("POST", f"{SHOP}/orders", {"routed": False}, 201)
    until(lambda: any(one["status"] == 0 for one in client.ledger("webhook")))
    client.world.app.url = url
    client.world.timers.forget()


def test_after_a_reset_what_is_being_told_is_waited_for(client: Client) -> None:
    client.create()
    begun, told = threading.Event(), threading.Event()
    client.world.timers.after(0, lambda: [begun.set(), told.wait(60)])
    client.world.timers.after(600, told.set)
    assert begun.wait(60)
    client.control("POST", "reset", {"seed": "none"})
    assert client.control("GET", "quiet") == {"quiet": False, "pending_webhooks": 1}
    told.set()
    client.quiet()


def test_subscriptions_go_to_the_running_app_only(tmp_path: Path) -> None:
    config = AppConfig("http://127.0.0.1:5000/", tmp_path)
    assert config.subscriptions() == []
    assert "write_orders" in config.scopes
    (tmp_path / "shopify.app.toml").write_text(
        '[[webhooks.subscriptions]]\ntopics = ["a/b"]\nuri = "https://elsewhere.example.com/hook"\n'
        'include_fields = ["id"]\n'
    )
    (one,) = config.subscriptions()
    assert (one.url, one.include_fields) == ("http://127.0.0.1:5000/hook", ("id",))
