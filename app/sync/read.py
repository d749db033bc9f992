"""Reads orders from Shopify and plans them; those that may go are owed a send."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.orm import selectinload

from app.db import database_now, session
from app.domain import rules
from app.domain.shop_order import OrderRead
from app.domain.situation import Situation
from app.domain.states import UNDER_WAY, Effect, Event, State
from app.models import Connection, Order, OutboundOrder, Shop
from app.sync import journal, mirror, overdue
from app.sync.absorb import absorb, is_left_behind
from app.sync.asking_back import why_nothing_is_there
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, live, owe_order, record, settle
from app.sync.on_hold import want_holds
from app.sync.outside import NORMAL, shopify_for
from app.sync.overtaken import before_reading, give_back, those_of
from app.sync.planning import Ready
from app.sync.reading import read_orders
from app.sync.situations import connection_of, situation_of

_IDLE = {State.PLANNED, State.ACCEPTED, State.REJECTED}
# What was refused says why, and what did not arrive yet.
_SAY_WHY = {State.REJECTED, State.SENDING}
# Shopify routes an order shortly after it was placed; its webhook usually comes first.
_ROUTING_LOOK = 15.0
# Seconds after its time until what was scheduled is looked at, and until it is again.
_OPENING_TAKES = 60.0
_NOT_OPEN_YET = 3600.0


def read(shop: Shop, claims: Sequence[Claim]) -> None:
    """Bring the claimed orders up to date; what this shop has never shown us is forgotten."""
    ids = [int(claimed.subject_id) for claimed in claims]
    before = before_reading(ids)
    client = shopify_for(shop, NORMAL)
    reads = read_orders(shop, client, [known.gid for known in before.values()])

    def work() -> None:
        connection = connection_of(shop)
        query = session().query(Order).options(selectinload(Order.outbound_orders))
        orders = query.filter(Order.id.in_(before)).order_by(Order.id).all()
        mine = give_back(claims, orders, before, reads)
        for order in those_of(mine, orders):
            ready = absorb(order, reads[order.gid], shop, connection)
            if order.hidden and not order.facts:
                session().delete(order)
                continue
            _decide(order, ready, shop, connection)
            _look_once_open(order, reads[order.gid])
        finish(mine)

    atomically(work)


def _decide(order: Order, ready: list[Ready], shop: Shop, connection: Connection | None) -> None:
    at = situation_of(order, shop, connection)
    verdict = rules.closed(at)
    order.failing = rules.makes_error(at, verdict)
    want_holds(order, at.settings)
    mirror.compare(order)
    waiting = [each for each in ready if _is_behind(each.outbound)]
    if verdict is None:
        _release(order, [each for each in waiting if not each.on_hold])
    elif waiting or _has_none_to_tell_of(order):
        _wait(order, verdict, at)
    settle(order, gates_open=verdict is None)


def _look_once_open(order: Order, read: OrderRead | None) -> None:
    """Shopify opens by itself what is scheduled for later: it is looked at then, should nobody tell
    us of it."""
    parts = read.fulfillment_orders if read else ()
    times = [part.fulfill_at for part in parts if part.status == "SCHEDULED" and part.fulfill_at]
    if times:
        left = (min(times) - database_now()).total_seconds()
        owe_order(order, Effect.READ, wait=left + _OPENING_TAKES if left > 0 else _NOT_OPEN_YET)


def _has_none_to_tell_of(order: Order) -> bool:
    """Whether no outbound order says how the order stands. Of one that is not in automation only
    those do that the WMS has, or may have."""
    telling = live(order)
    if not order.tracked:
        telling = [o for o in telling if o.confirmed_revision or o.state in UNDER_WAY]
    return _is_out_of_sight(order) or not (telling or is_left_behind(order))


def _is_out_of_sight(order: Order) -> bool:
    """Whether Shopify shows an order no longer of which the WMS has nothing yet."""
    hidden = order.hidden and not order.deleted
    return hidden and not any(outbound.sent_revision for outbound in order.outbound_orders)


def _is_behind(outbound: OutboundOrder) -> bool:
    return outbound.wanted_revision > outbound.confirmed_revision and outbound.state in _IDLE


def _release(order: Order, waiting: list[Ready]) -> None:
    """Nothing forbids it: what the WMS does not have yet is owed a send. What it has refused goes
    again only when its content is another; else its own timing counts."""
    tells = any(outbound.state in _SAY_WHY for outbound in live(order))
    if not tells and not overdue.is_told(order):
        order.reason, order.message = why_nothing_is_there(order)
    for each in waiting:
        outbound = each.outbound
        if outbound.state != State.REJECTED or outbound.wanted_hash != outbound.sent_hash:
            record(order, Event.SEND, outbound=outbound)


def _wait(order: Order, verdict: rules.Verdict, at: Situation) -> None:
    if not any(outbound.state == State.REJECTED for outbound in live(order)):
        _tell(order, verdict, at)
    if verdict.gate == "routed":
        owe_order(order, Effect.READ, wait=_ROUTING_LOOK)
    opens = rules.opens_at(at, verdict.gate)
    if opens is not None:
        owe_order(order, Effect.READ, wait=max(0.0, (opens - at.now).total_seconds()))


def _tell(order: Order, verdict: rules.Verdict, at: Situation) -> None:
    news = (order.reason, order.message) != (verdict.gate, verdict.message)
    order.reason, order.message = verdict.gate, verdict.message
    if verdict.gate == "routed":
        # Most orders are routed by the second look: those are no news.
        looked_before = at.now - at.first_seen_at >= timedelta(seconds=_ROUTING_LOOK)
        news = looked_before and not journal.knows(order, "waiting", verdict.gate)
    if news:
        journal.write(
            order.shop_id, "waiting", f"Not sent. {verdict.message}", order=order, code=verdict.gate
        )
