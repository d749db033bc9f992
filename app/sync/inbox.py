"""Takes in what Shopify and the WMS tell, and acts on it later, in a job.

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
from app.models import Connection, InboxItem, Shop
from app.models.inbox import SHOPIFY, WMS
from app.shopify.content import content_hash_of_payload
from app.shopify.values import Webhook
from app.sync.callbacks import take_callback
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.handlers import (
    app_uninstalled,
    location_changed,
    order_changed,
    order_deleted,
    privacy_request,
    product_changed,
    scopes_changed,
)
from app.sync.owing import owe
from app.sync.webhook_facts import facts_of, moment_of, order_gid
from app.wms.callbacks import CallbackEvent

_AT_ONCE = 50
_WAITING = "waiting"
_log = structlog.get_logger()

Handler = Callable[[Shop, InboxItem], str]


def accept_webhook(shop: Shop, webhook: Webhook) -> bool:
    """Put a verified webhook in the inbox. False: it was there already. The caller commits.

    Kept are ids, tags, times and a hash of the content; nothing personal.
    """
    body = webhook.body
    is_order = webhook.topic.startswith("orders/")
    gid = order_gid(webhook.topic, body)
    return _insert(
        shop.id,
        source=SHOPIFY,
        message_id=webhook.webhook_id,
        topic=webhook.topic,
        subject=gid,
        facts=facts_of(webhook.topic, body) | {"triggered_at": _text(webhook.triggered_at)},
        order_updated_at=moment_of(body.get("updated_at")) if is_order else None,
        content_hash=content_hash_of_payload(body) if is_order and "line_items" in body else "",
    )


def _text(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def accept_callback(connection: Connection, event: CallbackEvent) -> bool:
    """Put a verified callback in the inbox. False: it was there already. The caller commits."""
    return _insert(
        connection.shop_id,
        source=WMS,
        message_id=event.id,
        topic=event.type,
        subject=str(event.data.get("job_id") or "")[:64],
        facts={},
        order_updated_at=None,
        content_hash="",
    )


def _insert(shop_id: int, **values: Any) -> bool:
    added = session().scalar(
        insert_into(InboxItem.__table__, dialect())
        .values(shop_id=shop_id, received_at=database_now(), outcome="", **values)
        .on_conflict_do_nothing(index_elements=["shop_id", "source", "message_id"])
        .returning(InboxItem.id)
    )
    if added is not None:
        owe(shop_id, ("shop", str(shop_id)), Effect.RECEIVE)
    return added is not None


def receive(shop: Shop, claims: Sequence[Claim]) -> None:
    """Act on what is in a shop's inbox, oldest first."""
    shop_id = shop.id

    def work() -> None:
        fresh = session().get_one(Shop, shop_id)
        # First, because a shop that is removed takes its claims along.
        finish(claims)
        items = (
            session()
            .query(InboxItem)
            .filter_by(shop_id=shop_id, done_at=None)
            .filter(InboxItem.outcome != _WAITING)
            .order_by(InboxItem.id)
            .limit(_AT_ONCE)
            .all()
        )
        for item in items:
            item.outcome = _try(fresh, item)
            item.done_at = None if item.outcome == _WAITING else database_now()
            if fresh in session().deleted:
                return
        if len(items) == _AT_ONCE:
            owe(shop_id, ("shop", str(shop_id)), Effect.RECEIVE)

    atomically(work)


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
    if item.source == WMS:
        return take_callback(shop, item)
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
