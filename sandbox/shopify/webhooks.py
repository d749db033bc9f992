"""Webhook deliveries: signed, out of order, retried, as Shopify makes them.

Every event of a subscribed topic is posted from a pool of threads. What is not answered with 2xx
within five seconds is posted again with the original body, eight times over some four hours divided
by the setting ``webhook_speed``.
"""

import base64
import functools
import hashlib
import hmac
import json
import random
import time
import uuid
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import urllib3

from sandbox.shopify.app_config import Subscription
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node
from sandbox.shopify.world import World

RETRIES = (10, 30, 60, 300, 900, 1800, 3600, 7200)
TIMEOUT = urllib3.Timeout(connect=1, total=5)
REMEMBERED = 10_000
COMPLIANCE = frozenset({"customers/data_request", "customers/redact", "shop/redact"})


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at a shop, perhaps to an order."""

    shop: str
    id: str
    order: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One body on its way to one address."""

    topic: str
    shop: str
    url: str
    body: bytes
    webhook_id: str
    event_id: str
    triggered_at: str
    order: str | None
    api_version: str
    signature: str
    attempts: int = 0

    def headers(self) -> dict[str, str]:
        """Return Shopify's headers."""
        return {
            "Content-Type": "application/json",
            "User-Agent": "Shopify-Captain-Hook",
            "X-Shopify-Topic": self.topic,
            "X-Shopify-Hmac-Sha256": self.signature,
            "X-Shopify-Shop-Domain": self.shop,
            "X-Shopify-API-Version": self.api_version,
            "X-Shopify-Webhook-Id": self.webhook_id,
            "X-Shopify-Event-Id": self.event_id,
            "X-Shopify-Triggered-At": self.triggered_at,
        }


def sign(secret: str, body: bytes) -> str:
    """Return the base64 HMAC of a body."""
    return base64.b64encode(hmac.digest(secret.encode(), body, hashlib.sha256)).decode()


def publish(
    world: World, shop: Shop, topic: str, payload: dict[str, Any], order: Node | None = None
) -> None:
    """Deliver an event to every subscription of its topic, soon and in no order."""
    if not world.settings.webhooks or not (shop.installed or topic in COMPLIANCE):
        return
    event = Event(shop.domain, str(uuid.uuid4()), order["id"] if order else None)
    for subscription in world.app.subscriptions():
        if subscription.topic == topic:
            _send(world, _delivery(world, event, subscription, _encode(payload, subscription)))


def _encode(payload: dict[str, Any], subscription: Subscription) -> bytes:
    wanted = subscription.include_fields
    kept = {key: value for key, value in payload.items() if not wanted or key in wanted}
    return json.dumps(kept, ensure_ascii=False).encode()


def _delivery(world: World, event: Event, subscription: Subscription, body: bytes) -> Delivery:
    return Delivery(
        topic=subscription.topic,
        shop=event.shop,
        url=subscription.url,
        body=body,
        webhook_id=str(uuid.uuid4()),
        event_id=event.id,
        triggered_at=datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z"),
        order=event.order,
        api_version=world.app.api_version,
        signature=sign(world.app.client_secret, body),
    )


def _send(world: World, delivery: Delivery) -> None:
    """Start a delivery, with the faults that befall it."""
    _keep(world, delivery)
    faults = world.faults.take("webhook", delivery.topic)
    if "drop_before" in faults:
        note(world, delivery, "dropped")
        return
    wait = random.uniform(0, world.settings.webhook_jitter)
    wait += float(faults.get("delay") or faults.get("late") or 0)
    spread = float(faults["shuffle"] or 1) if "shuffle" in faults else 0.0
    attempt = functools.partial(_attempt, world, delivery, answer_lost="drop_after" in faults)
    for _ in range(int(faults.get("duplicate") or 1)):
        world.timers.after(wait + random.uniform(0, spread), attempt)


def _keep(world: World, delivery: Delivery) -> None:
    """Remember a delivery so that it can be replayed, the latest ten thousand."""
    world.deliveries[delivery.webhook_id] = delivery
    if len(world.deliveries) > REMEMBERED:
        del world.deliveries[next(iter(world.deliveries))]


def _attempt(world: World, delivery: Delivery, answer_lost: bool = False) -> None:
    tried = replace(delivery, attempts=delivery.attempts + 1)
    status = 0 if (got := post(world, tried)) and answer_lost else got
    note(world, tried, status)
    failed = not 200 <= status < 300
    if failed and delivery.attempts < len(RETRIES) and delivery.webhook_id in world.deliveries:
        wait = RETRIES[delivery.attempts] / world.settings.webhook_speed
        world.timers.after(wait, lambda: _attempt(world, tried))


def post(world: World, delivery: Delivery) -> int:
    """Post a delivery once; return the status, 0 for no answer in time. Redirects stay as such."""
    try:
        answer = world.http.request(
            "POST",
            delivery.url,
            body=delivery.body,
            headers=delivery.headers(),
            redirect=False,
            retries=False,
            timeout=TIMEOUT,
        )
    except urllib3.exceptions.HTTPError:
        return 0
    return int(answer.status)


def note(world: World, delivery: Delivery, status: int | str) -> None:
    """Write an attempt into the ledger."""
    world.ledger.add(
        "webhook",
        shop=delivery.shop,
        topic=delivery.topic,
        id=delivery.webhook_id,
        event=delivery.event_id,
        order=delivery.order,
        attempts=delivery.attempts,
        status=status,
        lag=round(time.time() - datetime.fromisoformat(delivery.triggered_at).timestamp(), 3),
    )


def replay(
    world: World, webhook_id: str, as_shop: str | None, keep_hmac: bool, as_topic: str | None = None
) -> int:
    """Post an old delivery again at once, perhaps under another shop's name or badly signed, or as
    a new delivery of another topic: only the body is signed.

    Returns the app's status; raises KeyError for an unknown id.
    """
    delivery = world.deliveries[webhook_id]
    signature = delivery.signature if keep_hmac else sign("not the secret", delivery.body)
    forged = replace(delivery, shop=as_shop or delivery.shop, signature=signature)
    if as_topic:
        forged = replace(forged, topic=as_topic, webhook_id=str(uuid.uuid4()))
    status = post(world, forged)
    note(world, forged, status)
    return status
