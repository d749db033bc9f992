"""Takes a read of an order in: its facts, what its tags say, its outbound orders."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.db import database_now, session
from app.domain import rules
from app.domain.facts import Facts, facts_of
from app.domain.shop_order import OrderRead
from app.domain.states import Event, State
from app.errors import TryLater
from app.models import Connection, Order, Shop
from app.shopify.content import content_hash_of_read
from app.sync.engine import live
from app.sync.hands import observe_tags
from app.sync.order_terms import keep_terms, terms_of
from app.sync.planning import Ready, is_too_late, let_go, replan
from app.sync.situations import situation_of

_NEVER_SENT = {State.PLANNED, State.CANCELLED, State.SUPERSEDED}


@dataclass(frozen=True, slots=True)
class Before:
    """What we knew of an order when a read of it was asked for."""

    gid: str
    tags_written: list[str]
    content_hash: str
    order_updated_at: datetime | None


def before_reading(ids: Iterable[int]) -> dict[int, Before]:
    """What is known of these orders now, for ``absorb`` to tell what overtook the read."""
    columns = (Order.id, Order.gid, Order.tags_written, Order.content_hash, Order.order_updated_at)
    rows = session().query(*columns).filter(Order.id.in_(list(ids)))
    return {row.id: _known_of(row) for row in rows}


def _known_of(order: Any) -> Before:
    return Before(order.gid, order.tags_written, order.content_hash, order.order_updated_at)


def absorb(
    order: Order,
    before: Before,
    read: OrderRead | None,
    shop: Shop,
    connection: Connection | None,
) -> list[Ready]:
    """Bring an order's rows up to date with a read. The caller commits.

    ``read`` None: Shopify shows no such order. Returns every outbound order that should be at the
    WMS with its present document; none is held back by another. Raises TryLater when we wrote or
    read the order meanwhile and this read may be the older one.
    """
    if read is None:
        order.hidden = True
        return []
    if _is_overtaken(order, before, read):
        raise TryLater("The order changed while it was read.", 0.5, counts=False)
    _take_facts(order, read)
    _take_tags(order, read)
    _take_cancellation(order)
    _decide_tracking(order, shop, connection)
    at = situation_of(order, shop, connection)
    order.unplanned = any(at.is_unmapped(part.location) for part in at.facts.live_parts)
    if connection is None or not order.tracked or _is_left_behind(order):
        return []
    return replan(order, read, shop, connection)


def _is_overtaken(order: Order, before: Before, read: OrderRead) -> bool:
    """Whether something newer than this read came in between. Shopify's times are whole seconds,
    so the same time tells nothing."""
    newer = order.order_updated_at is None or read.updated_at > order.order_updated_at
    return _known_of(order) != before and not newer


def _is_left_behind(order: Order) -> bool:
    """Whether the order went to a warehouse account that is not ours any more: only a person
    sends it to the new one."""
    sent = any(outbound.sent_revision for outbound in order.outbound_orders)
    return sent and not live(order) and not order.manual


def _take_facts(order: Order, read: OrderRead) -> None:
    terms = terms_of(order)
    order.hidden = False
    order.name = read.name
    order.placed_at = read.created_at
    order.facts = facts_of(read).to_json()
    order.content_hash = content_hash_of_read(read)
    keep_terms(order, terms)


def _take_tags(order: Order, read: OrderRead) -> None:
    """Act on state tags set by hand, unless our own later write has overtaken this read."""
    if order.order_updated_at and read.updated_at < order.order_updated_at:
        return
    order.order_updated_at = read.updated_at
    observe_tags(order, read.tags)


def _take_cancellation(order: Order) -> None:
    """A cancelled order is asked back from the WMS, or quietly leaves when it never got there."""
    if not Facts.from_json(order.facts).cancelled:
        return
    for outbound in live(order):
        if outbound.state in (State.SENDING, State.AWAITING):
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
    elif not order.taken_out and order.placed_at and order.placed_at >= shop.installed_at:
        order.tracked = bool(at.facts.parts) and rules.importable(at)


def first_seen(shop: Shop, gid: str, *, name: str = "") -> Order:
    """The row of an order, made if this is the first we hear of it. The caller commits."""
    order = session().query(Order).filter_by(shop_id=shop.id, gid=gid).one_or_none()
    if order is None:
        order = Order(shop_id=shop.id, gid=gid, name=name, first_seen_at=database_now())
        session().add(order)
        session().flush()
    return order
