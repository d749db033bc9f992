"""Takes in what Shopify tells, and acts on it later, in a job.

A webhook is a hint: what counts is the order as read, unless it is the echo of our own writing.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError

from app.db import database_now, dialect, insert_into, session
from app.domain.states import Effect
from app.domain.tags import Vocabulary
from app.models import InboxItem, Shop
from app.models.inbox import SHOPIFY
from app.shopify.content import content_hash_of_payload
from app.shopify.values import Webhook
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.handlers import (
    LATER,
    app_uninstalled,
    location_changed,
    order_changed,
    order_deleted,
    privacy_request,
    product_changed,
    scopes_changed,
)
from app.sync.outside import settings
from app.sync.owing import owe
from app.sync.webhook_facts import facts_of, moment_of, order_gid

_AT_ONCE, _MOST_PAGES = 50, 20
# What an item waits for takes a request or two.
_LATER_WAIT = 1.0
_log = structlog.get_logger()

Handler = Callable[[Shop, InboxItem], str]


def accept_webhook(shop: Shop, webhook: Webhook) -> bool:
    """Put a verified webhook in the inbox. False: it was there already. The caller commits.

    Kept are ids, our own tags, times and a hash of the content; nothing personal.
    """
    body, ours = webhook.body, Vocabulary(settings().tag_prefix)
    is_order = webhook.topic.startswith("orders/")
    gid = order_gid(webhook.topic, body)
    added = put(
        shop.id,
        source=SHOPIFY,
        message_id=webhook.webhook_id,
        topic=webhook.topic,
        subject=gid,
        facts=facts_of(webhook.topic, body, ours) | {"triggered_at": _text(webhook.triggered_at)},
        order_updated_at=moment_of(body.get("updated_at")) if is_order else None,
        content_hash=content_hash_of_payload(body) if is_order and "line_items" in body else "",
    )
    if added:
        owe(shop.id, ("shop", str(shop.id)), Effect.RECEIVE)
    return added


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def put(shop_id: int, **values: Any) -> bool:
    """Keep a message, once. False: it was there already. The caller commits."""
    row = {"shop_id": shop_id, "received_at": database_now(), "facts": {}, "content_hash": ""}
    added = session().scalar(
        insert_into(InboxItem.__table__, dialect())
        .values({**row, "outcome": "", **values})
        .on_conflict_do_nothing(index_elements=["shop_id", "source", "message_id"])
        .returning(InboxItem.id)
    )
    return added is not None


def receive(shop: Shop, claims: Sequence[Claim]) -> None:
    """Act on what is in a shop's inbox, oldest first."""
    shop_id = shop.id

    def work() -> None:
        fresh = session().get_one(Shop, shop_id)
        # First, because a shop that is removed takes its claims along.
        finish(claims)
        last = 0
        for _ in range(_MOST_PAGES):
            after = _receive_some(fresh, last)
            if after is None:
                return
            last = after
        owe(shop_id, ("shop", str(shop_id)), Effect.RECEIVE, wait=_LATER_WAIT)

    atomically(work)


def _receive_some(shop: Shop, after: int) -> int | None:
    """Act on some items that came after the one with this id. Returns after which one to go on at
    once, because nothing could be done of these yet: what waits holds up nothing behind it."""
    items = (
        session()
        .query(InboxItem)
        .filter(InboxItem.shop_id == shop.id, InboxItem.done_at.is_(None), InboxItem.id > after)
        .order_by(InboxItem.id)
        .limit(_AT_ONCE)
        .all()
    )
    waiting = _act_on(shop, items)
    if shop in session().deleted:
        return None
    full = len(items) == _AT_ONCE
    if full and waiting == len(items):
        return items[-1].id
    if waiting or full:
        wait = 0.0 if full else _LATER_WAIT
        owe(shop.id, ("shop", str(shop.id)), Effect.RECEIVE, wait=wait)
    return None


def _act_on(shop: Shop, items: Sequence[InboxItem]) -> int:
    """Act on each; returns how many wait for something. Ends with a shop that is removed."""
    waiting = 0
    for item in items:
        outcome = _try(shop, item)
        if outcome == LATER:
            waiting += 1
            continue
        item.outcome, item.done_at = outcome, database_now()
        if shop in session().deleted:
            break
    return waiting


def _try(shop: Shop, item: InboxItem) -> str:
    """Handle one item; one that can't be handled holds up no other. What it told, the
    reconciliation finds."""
    if item.topic == "shop/redact":
        return _handle(shop, item)
    try:
        with session().begin_nested():
            return _handle(shop, item)
    except (StaleDataError, SQLAlchemyError):
        raise
    except Exception:  # noqa: BLE001 (whatever it is, the others must go on)
        _log.exception("webhook_failed", topic=item.topic, inbox_item=item.id)
        return "failed"


def _handle(shop: Shop, item: InboxItem) -> str:
    handler = HANDLERS.get(item.topic)
    return handler(shop, item) if handler else "ignored"


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(
        (
            "orders/create",
            "orders/updated",
            "orders/cancelled",
            "orders/edited",
            "orders/paid",
            "orders/risk_assessment_changed",
            "fulfillment_orders/order_routing_complete",
            "fulfillment_orders/moved",
            "fulfillment_orders/placed_on_hold",
            "fulfillment_orders/hold_released",
            "fulfillment_orders/split",
            "fulfillment_orders/merged",
            "fulfillment_orders/cancelled",
            "fulfillment_orders/scheduled_fulfillment_order_ready",
            "fulfillment_orders/rescheduled",
            "fulfillment_holds/added",
            "fulfillment_holds/released",
            "fulfillments/create",
            "fulfillments/update",
        ),
        order_changed,
    ),
    "orders/delete": order_deleted,
    "products/update": product_changed,
    "locations/create": location_changed,
    "locations/update": location_changed,
    "locations/delete": location_changed,
    "app/uninstalled": app_uninstalled,
    "app/scopes_update": scopes_changed,
    "customers/data_request": privacy_request,
    "customers/redact": privacy_request,
    "shop/redact": privacy_request,
}
