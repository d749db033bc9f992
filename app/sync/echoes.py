"""Tells the echo of our own writing from news."""

from app.db import session
from app.domain.tags import Vocabulary
from app.models import InboxItem, Order, Shipment
from app.sync.outside import settings
from app.sync.webhook_facts import moment_of

# These tell what a hash of the order's content does not show.
_BEYOND_CONTENT = {"orders/risk_assessment_changed"}


def is_echo(order: Order, item: InboxItem) -> bool:
    """Whether the webhook tells nothing new: our own tags on the content we have read.

    One that is older than our last write, with content we know, is an echo of an earlier write.
    """
    if item.topic in _BEYOND_CONTENT or item.content_hash != order.content_hash:
        return False
    seen = Vocabulary(settings().tag_prefix).state_tags(item.facts.get("tags", []))
    return (
        sorted(seen) == sorted(order.tags_written)
        or _is_in_flight(order, seen)
        or _is_overtaken(order, seen, item)
    )


def is_our_fulfillment(item: InboxItem) -> bool:
    """Whether a webhook tells of a fulfillment that we made, and that stands as we left it."""
    ours = (
        session()
        .query(Shipment)
        .filter(
            Shipment.shop_id == item.shop_id,
            Shipment.fulfillment == item.facts.get("fulfillment", ""),
            Shipment.fulfillment != "",
        )
        .first()
    )
    if ours is None:
        return False
    cancelled = item.facts.get("status") == "cancelled"
    return cancelled == bool(ours.pushed.get("withdrawn"))


def _is_in_flight(order: Order, seen: frozenset[str]) -> bool:
    ours = {*order.tags_written, order.tag_pending}
    return bool(order.tag_pending and seen) and seen <= ours


def _is_overtaken(order: Order, seen: frozenset[str], item: InboxItem) -> bool:
    """Whether our last write came after what the webhook saw. An order's times are whole seconds:
    within one, the tags between our *add* and our *remove* are known by their names, and by when
    the webhook was triggered."""
    at = item.order_updated_at
    if at is None or order.order_updated_at is None:
        return False
    between = {*order.tags_written, *order.tags_before}
    same_second = at == order.order_updated_at and bool(seen) and seen <= between
    return at < order.order_updated_at or (same_second and _is_before_our_answer(order, item))


def _is_before_our_answer(order: Order, item: InboxItem) -> bool:
    """Whether the webhook was triggered before our last write was answered, by its own time."""
    triggered = moment_of(item.facts.get("triggered_at"))
    return bool(triggered and order.tags_written_at and triggered <= order.tags_written_at)
