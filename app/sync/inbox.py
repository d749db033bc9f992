"""Takes in what Shopify and the WMS tell, and acts on it later, in a job.

A webhook is a hint: what counts is the order as read, unless it is the echo of our own writing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from app.db import database_now, session
from app.domain.states import Effect, Event
from app.domain.tags import TagState, Vocabulary
from app.models import Connection, InboxItem, Order, OutboundOrder, Shop
from app.models.inbox import SHOPIFY, WMS
from app.shopify.content import content_hash_of_payload
from app.shopify.values import Webhook
from app.sync import departures
from app.sync.absorb import first_seen
from app.sync.callbacks import take_callback
from app.sync.engine import atomically, record
from app.sync.outside import settings
from app.sync.owing import Claim, finish, owe
from app.wms.callbacks import CallbackEvent

_AT_ONCE = 50
_WAITING = "waiting"
_ORDER, _PART = "gid://shopify/Order/", "gid://shopify/FulfillmentOrder/"

Handler = Callable[[Shop, InboxItem], str]


def accept_webhook(shop: Shop, webhook: Webhook) -> bool:
    """Put a verified webhook in the inbox. False: it was there already. The caller commits.

    Kept are ids, tags, times and a hash of the content; nothing personal.
    """
    body = webhook.body
    is_order = webhook.topic.startswith("orders/")
    gid = _order_gid(webhook.topic, body)
    return _insert(
        shop.id,
        source=SHOPIFY,
        message_id=webhook.webhook_id,
        topic=webhook.topic,
        subject=gid,
        facts=_facts(webhook.topic, body),
        order_updated_at=_moment(body.get("updated_at")) if is_order else None,
        content_hash=content_hash_of_payload(body) if is_order and "line_items" in body else "",
    )


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
    postgres = session().get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if postgres else sqlite.insert
    added = session().scalar(
        insert(InboxItem)
        .values(shop_id=shop_id, received_at=database_now(), outcome="", **values)
        .on_conflict_do_nothing(index_elements=["shop_id", "source", "message_id"])
        .returning(InboxItem.id)
    )
    if added is not None:
        owe(shop_id, ("shop", str(shop_id)), Effect.RECEIVE)
    return added is not None


def _facts(topic: str, body: Mapping[str, Any]) -> dict[str, Any]:
    if topic.startswith("orders/"):
        tags = [tag.strip() for tag in str(body.get("tags") or "").split(",")]
        return {
            "name": str(body.get("name") or "")[:64],
            "created_at": body.get("created_at"),
            "tags": [tag for tag in tags if tag],
        }
    if topic.startswith("fulfillment_orders/"):
        return {"parts": sorted(set(_part_gids(body)))[:50]}
    if topic == "customers/redact":
        return {"orders": [str(number) for number in body.get("orders_to_redact") or []][:1000]}
    return {}


def _part_gids(value: Any) -> Iterator[str]:
    """Every fulfillment order named anywhere in a body."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _part_gids(inner)
    elif isinstance(value, str) and value.startswith(_PART):
        yield value[:64]


def _order_gid(topic: str, body: Mapping[str, Any]) -> str:
    inner = body.get("order_edit") or body.get("fulfillment_order")
    if topic.startswith("orders/") and not inner:
        number = body.get("id") or body.get("order_id") or body.get("admin_graphql_api_order_id")
    else:
        number = (inner if isinstance(inner, Mapping) else body).get("order_id")
    text = str(number or "").removeprefix(_ORDER)
    return f"{_ORDER}{text}" if text.isascii() and text.isdigit() and len(text) < 20 else ""


def _moment(text: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC) if text else None
    except ValueError:
        return None


def receive(shop: Shop, claims: Sequence[Claim]) -> None:
    """Act on what is in a shop's inbox, oldest first."""
    shop_id = shop.id

    def work() -> None:
        fresh = session().get_one(Shop, shop_id)
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
            item.outcome = _handle(fresh, item)
            item.done_at = None if item.outcome == _WAITING else database_now()
        if len(items) == _AT_ONCE:
            owe(shop_id, ("shop", str(shop_id)), Effect.RECEIVE)
        finish(claims)

    atomically(work)


def _handle(shop: Shop, item: InboxItem) -> str:
    if item.source == WMS:
        return take_callback(shop, item)
    handler = HANDLERS.get(item.topic)
    return handler(shop, item) if handler else "ignored"


def order_changed(shop: Shop, item: InboxItem) -> str:
    """An order, its fulfillment orders or its fulfillments changed: read it, unless we know."""
    orders = _orders(shop, item)
    if not orders:
        return "not ours"
    outcomes = [_order_changed(order, item) for order in orders]
    return outcomes[0]


def _orders(shop: Shop, item: InboxItem) -> list[Order]:
    if item.subject:
        known = session().query(Order).filter_by(shop_id=shop.id, gid=item.subject).all()
        return known or ([_enter(shop, item)] if _may_enter(shop, item) else [])
    parts = item.facts.get("parts", [])
    by_part = (
        session()
        .query(Order)
        .join(OutboundOrder)
        .filter(Order.shop_id == shop.id, OutboundOrder.fulfillment_order.in_(parts))
    )
    unrouted = session().query(Order).filter_by(shop_id=shop.id, reason="routed")
    return by_part.all() or unrouted.limit(_AT_ONCE).all()


def _may_enter(shop: Shop, item: InboxItem) -> bool:
    """Orders placed since the install enter by themselves, older ones when tagged by hand."""
    if not item.topic.startswith("orders/"):
        return False
    created = _moment(item.facts.get("created_at"))
    no_sync = Vocabulary(settings().tag_prefix).tag(TagState.NO_SYNC)
    asked = any(tag.casefold() == no_sync.casefold() for tag in item.facts.get("tags", []))
    return asked or (created is not None and created >= shop.installed_at)


def _enter(shop: Shop, item: InboxItem) -> Order:
    return first_seen(shop, item.subject, name=item.facts.get("name", ""))


def _order_changed(order: Order, item: InboxItem) -> str:
    if _is_echo(order, item):
        return "echo"
    record(order, _EVENTS.get(item.topic, Event.CHANGED))
    return "read"


def _is_echo(order: Order, item: InboxItem) -> bool:
    """Whether the webhook tells nothing new: our own tags on the content we have read.

    One that is older than our last write, with content we know, is an echo of an earlier write.
    """
    if item.topic in _BEYOND_CONTENT or item.content_hash != order.content_hash:
        return False
    seen = Vocabulary(settings().tag_prefix).state_tags(item.facts.get("tags", []))
    return (
        sorted(seen) == sorted(order.tags_written)
        or _is_in_flight(order, seen)
        or _is_overtaken(order, seen, item.order_updated_at)
    )


def _is_in_flight(order: Order, seen: frozenset[str]) -> bool:
    return bool(order.tag_pending and seen and seen <= {*order.tags_written, order.tag_pending})


def _is_overtaken(order: Order, seen: frozenset[str], at: datetime | None) -> bool:
    """Whether our last write came after what the webhook saw. Shopify's times are whole seconds:
    within one, the tags between our *add* and our *remove* are known by their names."""
    if at is None or order.order_updated_at is None:
        return False
    between = {*order.tags_written, *order.tags_before}
    same_second = at == order.order_updated_at and bool(seen) and seen <= between
    return at < order.order_updated_at or same_second


# These tell what a hash of the order's content does not show.
_BEYOND_CONTENT = {"orders/risk_assessment_changed"}
_EVENTS = {
    "orders/create": Event.SEEN,
    "orders/edited": Event.EDITED,
    "orders/paid": Event.PAID,
    "orders/risk_assessment_changed": Event.RISK_CHANGED,
    "fulfillment_orders/order_routing_complete": Event.ROUTED,
    "fulfillment_orders/moved": Event.MOVED,
    "fulfillment_orders/split": Event.SPLIT,
    "fulfillment_orders/merged": Event.MERGED,
    "fulfillment_orders/placed_on_hold": Event.HOLD_PLACED,
    "fulfillment_orders/hold_released": Event.HOLD_RELEASED,
    "fulfillment_orders/scheduled_fulfillment_order_ready": Event.SCHEDULED_READY,
}


def order_deleted(shop: Shop, item: InboxItem) -> str:
    """An order was deleted: what the WMS has of it is asked back; no tag is written any more."""
    order = session().query(Order).filter_by(shop_id=shop.id, gid=item.subject).one_or_none()
    if order is None:
        return "not ours"
    order.deleted, order.tracked = True, False
    record(order, Event.DELETED)
    order.tag_state, order.reason, order.message = "untracked", "deleted", "Deleted in Shopify."
    return "deleted"


def product_changed(shop: Shop, _item: InboxItem) -> str:
    """A product changed: orders that wait for a SKU are looked at again."""
    waiting = (
        session()
        .query(Order)
        .filter(
            Order.shop_id == shop.id,
            Order.tag_state.in_((TagState.NO_SYNC, TagState.ERROR)),
            Order.reason.in_(("sku", "sku-unknown")),
        )
    )
    for order in waiting.order_by(Order.id).limit(500):
        record(order, Event.PRODUCT_CHANGED)
    return "read"


def location_changed(shop: Shop, _item: InboxItem) -> str:
    """A location was made, changed or removed: read the shop again."""
    owe(shop.id, ("shop", str(shop.id)), Effect.READ_SHOP)
    return "read"


def app_uninstalled(shop: Shop, _item: InboxItem) -> str:
    """The merchant took the app out: stop, and drop the tokens."""
    departures.uninstall(shop)
    return "uninstalled"


def scopes_changed(shop: Shop, _item: InboxItem) -> str:
    """What the app may do has changed: read the shop again."""
    owe(shop.id, ("shop", str(shop.id)), Effect.READ_SHOP)
    return "read"


def privacy_request(shop: Shop, item: InboxItem) -> str:
    """A compliance topic: strip or remove what is kept of a customer or of the shop."""
    return departures.privacy(shop, item)


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
