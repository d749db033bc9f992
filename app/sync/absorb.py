"""Takes a read of an order in: its facts, what its tags say, its outbound orders."""

from app.db import database_now, session
from app.domain import rules
from app.domain.facts import Facts, facts_of
from app.domain.shop_order import OrderRead
from app.domain.states import Event, State
from app.models import Connection, Order, Shop
from app.shopify.content import content_hash_of_read
from app.sync import deletions, reships, stock_marks
from app.sync.asking_back import is_too_late, let_go
from app.sync.engine import live
from app.sync.hands import end_doubt, observe_tags, was_left
from app.sync.order_terms import keep_terms, terms_of
from app.sync.out_of_sight import hide, show
from app.sync.planning import Ready, replan
from app.sync.shipping import owe_those_of
from app.sync.situations import is_on_its_way, situation_of

_NEVER_SENT = {State.PLANNED, State.CANCELLED, State.SUPERSEDED}


def absorb(
    order: Order,
    read: OrderRead | None,
    shop: Shop,
    connection: Connection | None,
) -> list[Ready]:
    """Bring an order's rows up to date with a read. The caller commits.

    ``read`` None: Shopify shows no such order. Returns every outbound order that should be at the
    WMS with its present document; none is held back by another. Nothing newer is known of the
    order: ``overtaken.py`` has seen to that.
    """
    if read is None:
        hide(order)
        return []
    deletions.lift(order)
    known = order.facts
    _take_facts(order, read)
    stock_marks.order_read(shop, order, known)
    _take_tags(order, read)
    _take_cancellation(order)
    _decide_tracking(order, shop, connection)
    at = situation_of(order, shop, connection)
    order.unplanned = any(at.is_unmapped(part.location) for part in at.facts.live_parts)
    if connection is None or not order.tracked or is_left_behind(order):
        return []
    left = was_left(order)
    ready = replan(order, read, shop, connection)
    if left and live(order) and not order.manual:
        # Planned anew, it waits as the rules say.
        order.put_in = False
    return ready


def is_left_behind(order: Order) -> bool:
    """Whether the order went to a warehouse account that is not ours any more: only a person
    sends it to the new one."""
    return was_left(order) and not (order.manual or order.put_in)


def _take_facts(order: Order, read: OrderRead) -> None:
    terms = terms_of(order)
    show(order)
    order.name = read.name
    order.placed_at = read.created_at
    parts = order.facts.get("parts")
    reships.take_facts(order, facts_of(read))
    if parts != order.facts["parts"] and any(o.confirmed_revision for o in live(order)):
        owe_those_of(order.id)
    order.content_hash = content_hash_of_read(read)
    order.read_updated_at = read.updated_at
    keep_terms(order, terms)


def _take_tags(order: Order, read: OrderRead) -> None:
    """Act on state tags set by hand, unless our own later write has overtaken this read."""
    if order.order_updated_at and read.updated_at < order.order_updated_at:
        return
    order.order_updated_at = read.updated_at
    observe_tags(order, read.tags)
    end_doubt(order)


def _take_cancellation(order: Order) -> None:
    """A cancelled order is asked back from the WMS, or quietly leaves when it never got there."""
    if not Facts.from_json(order.facts).cancelled:
        return
    for outbound in live(order):
        if is_on_its_way(outbound):
            outbound.cancel_wanted = True
        elif not is_too_late(outbound):
            let_go(order, outbound, "It was cancelled in Shopify.", unsent=Event.WITHDRAWN)


def _decide_tracking(order: Order, shop: Shop, connection: Connection | None) -> None:
    """Let importable orders placed since the install in, and those that can't be imported out."""
    begun = any(o.confirmed_revision or o.state not in _NEVER_SENT for o in live(order))
    if begun:
        return
    at = situation_of(order, shop, connection)
    if order.tracked:
        order.tracked = rules.importable(at) or not at.facts.parts
    elif order.put_in or _enters_by_itself(order, shop):
        order.tracked = bool(at.facts.parts) and rules.importable(at)


def _enters_by_itself(order: Order, shop: Shop) -> bool:
    new = order.placed_at is not None and order.placed_at >= shop.installed_at
    return new and not order.taken_out


def first_seen(shop: Shop, gid: str, *, name: str = "") -> Order:
    """The row of an order, made if this is the first we hear of it. The caller commits."""
    order = session().query(Order).filter_by(shop_id=shop.id, gid=gid).one_or_none()
    if order is None:
        order = Order(shop_id=shop.id, gid=gid, name=name, first_seen_at=database_now())
        session().add(order)
        session().flush()
    return order
