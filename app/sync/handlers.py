"""What each kind of webhook makes happen. A handler returns its outcome in a word; nobody commits
here.

Only a webhook's body is signed. Its topic may be another's, so nothing is lost by a topic alone.
"""

from app.db import session
from app.domain.states import Effect, Event
from app.domain.tags import TagState, Vocabulary
from app.models import InboxItem, Order, OutboundOrder, Shop
from app.sync import catalogue_changes, departures, returns
from app.sync.absorb import first_seen
from app.sync.echoes import is_echo, is_our_fulfillment
from app.sync.engine import owe_order, record
from app.sync.looking import look_again_soon
from app.sync.outside import settings
from app.sync.owing import owe
from app.sync.webhook_facts import moment_of

_AT_ONCE = 50
# Of more orders that wait for a SKU the others are looked at in turns.
_AT_MOST = 500
# The outcome of what can't be judged yet: it stays in the inbox.
LATER = "later"


def order_changed(shop: Shop, item: InboxItem) -> str:
    """An order, its fulfillment orders or its fulfillments changed: read it, unless we know."""
    orders = _orders(shop, item)
    if not orders:
        return "not ours"
    outcomes = [_order_changed(order, item) for order in orders]
    for order in orders if item.topic == "orders/updated" else ():
        # Nothing else tells every app that something is to come back.
        returns.owe_look(shop, order)
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
    created = moment_of(item.facts.get("created_at"))
    no_sync = Vocabulary(settings().tag_prefix).tag(TagState.NO_SYNC)
    asked = any(tag.casefold() == no_sync.casefold() for tag in item.facts.get("tags", []))
    return asked or (created is not None and created >= shop.installed_at)


def _enter(shop: Shop, item: InboxItem) -> Order:
    return first_seen(shop, item.subject, name=item.facts.get("name", ""))


def _order_changed(order: Order, item: InboxItem) -> str:
    if item.topic.startswith("fulfillments/"):
        if order.fulfilling:
            return LATER
        if is_our_fulfillment(item):
            return "echo"
    elif is_echo(order, item) and not order.deleted:
        return "echo"
    if item.topic == "fulfillments/update" and item.facts.get("status") == "cancelled":
        order.returned = True
        record(order, Event.FULFILLMENT_CANCELLED)
        return "read"
    record(order, _EVENTS.get(item.topic, Event.CHANGED))
    return "read"


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
    "fulfillment_holds/added": Event.HOLD_PLACED,
    "fulfillment_holds/released": Event.HOLD_RELEASED,
    "fulfillment_orders/scheduled_fulfillment_order_ready": Event.SCHEDULED_READY,
}


def order_deleted(shop: Shop, item: InboxItem) -> str:
    """An order is said to be deleted: see whether it is. A body that brings more than its id is
    that of another topic."""
    order = session().query(Order).filter_by(shop_id=shop.id, gid=item.subject).one_or_none()
    if order is None:
        return "not ours"
    if not item.facts.get("only_its_id", True):
        record(order, Event.CHANGED)
        return "read"
    owe_order(order, Effect.CHECK_DELETED)
    return "looked at"


def product_changed(shop: Shop, _item: InboxItem) -> str:
    """A product changed: orders that wait for a SKU are looked at again, and the catalogue."""
    catalogue_changes.notice(shop.id)
    waiting = (
        session()
        .query(Order)
        .filter(
            Order.shop_id == shop.id,
            Order.tag_state.in_((TagState.NO_SYNC, TagState.ERROR)),
            Order.reason.in_(("sku", "sku-unknown")),
        )
    )
    first = waiting.order_by(Order.id).limit(_AT_MOST).all()
    for order in first:
        record(order, Event.PRODUCT_CHANGED)
    if len(first) == _AT_MOST:
        look_again_soon(shop.id)
    return "read"


def location_changed(shop: Shop, _item: InboxItem) -> str:
    """A location was made, changed or removed: read the shop again."""
    owe(shop.id, ("shop", str(shop.id)), Effect.READ_SHOP)
    return "read"


def app_uninstalled(shop: Shop, _item: InboxItem) -> str:
    """The merchant is said to have taken the app out: see whether Shopify still lets us in."""
    if not shop.installed:
        return "known"
    departures.owe_look(shop)
    return "looked at"


def scopes_changed(shop: Shop, _item: InboxItem) -> str:
    """What the app may do has changed: read the shop again."""
    owe(shop.id, ("shop", str(shop.id)), Effect.READ_SHOP)
    return "read"


def privacy_request(shop: Shop, item: InboxItem) -> str:
    """A compliance topic: strip or remove what is kept of a customer or of the shop."""
    return departures.privacy(shop, item)
