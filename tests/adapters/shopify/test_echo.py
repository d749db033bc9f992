"""A webhook of the sandbox's has the fingerprint of the order as read, until the order changes."""

import time

import pytest
from shop_identity import SHOP

from app.shopify.content import content_hash_of_payload, content_hash_of_read
from app.shopify.orders import read_orders
from app.shopify.values import Webhook
from app.shopify.verify import verify_webhook


@pytest.fixture
def deliveries(world, mailbox, config):
    """Return a function that waits for webhooks of a topic and verifies them."""
    mailbox.clear()
    world.put("settings", {"webhooks": True, "webhook_jitter": 0})

    def wait_for(count: int, topic: str = "orders/updated") -> list[Webhook]:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            came = [verify_webhook(config, *delivery) for delivery in list(mailbox)]
            if len(chosen := [one for one in came if one.topic == topic]) >= count:
                return chosen
        raise AssertionError(f"{count} webhooks of {topic} did not come")

    yield wait_for
    world.settle()


def gid(webhook: Webhook) -> str:
    return str(webhook.body["admin_graphql_api_id"])


def test_the_echo_of_a_tag_on_every_seeded_order_is_known_without_a_read(
    world, shopify, deliveries
):
    ids = [row["id"] for row in world.get(f"{SHOP}/orders")]
    orders = {}
    for start in range(0, len(ids), 10):
        orders |= read_orders(shopify, ids[start : start + 10])
    for order_id in ids:
        world.act(order_id, "tags", add=["a-tag"])
    seen = {gid(webhook): content_hash_of_payload(webhook.body) for webhook in deliveries(len(ids))}
    assert set(seen) == set(ids)
    expected = {each: content_hash_of_read(order) for each, order in orders.items() if order}
    assert {each: seen[each] for each in expected} == expected


LINES = [{"sku": "S-1", "quantity": 2, "price": "10.00"}]
DEEDS = {
    "note": ("edit", {"note": "Ring twice"}),
    "quantity": ("edit", {"lines": [{"sku": "S-1", "quantity": 1}]}),
    "address": ("edit", {"shipping_address": {"city": "Elsewhere"}}),
    "cancelled": ("cancel", {}),
    "paid": ("pay", {}),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_a_real_change_is_no_echo_and_reads_the_same_again(world, shopify, deliveries, deed):
    (order_id,) = world.create(lines=LINES, paid=deed != "paid")
    before = content_hash_of_read(read_orders(shopify, [order_id])[order_id])
    verb, body = DEEDS[deed]
    world.act(order_id, verb, **body)
    world.settle()
    after = content_hash_of_read(read_orders(shopify, [order_id])[order_id])
    told = [each for each in deliveries(1) if gid(each) == order_id]
    last = max(told, key=lambda each: each.triggered_at)  # they come in no order
    assert before != after
    assert content_hash_of_payload(last.body) == after
