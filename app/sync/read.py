"""Reads orders from Shopify and plans them; those that may go are owed a send."""

from collections.abc import Sequence

from sqlalchemy.orm import selectinload

from app.db import session
from app.domain import rules
from app.domain.situation import Situation
from app.domain.states import Effect, Event, State
from app.models import Connection, Order, OutboundOrder, Shop
from app.sync import journal
from app.sync.absorb import absorb, before_reading
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, live, owe_order, record, settle
from app.sync.hold import want_holds
from app.sync.outside import NORMAL, shopify_for
from app.sync.planning import Ready
from app.sync.reading import read_orders
from app.sync.situations import connection_of, situation_of

_IDLE = {State.PLANNED, State.ACCEPTED, State.REJECTED}
# Shopify routes an order shortly after it was placed; its webhook usually comes first.
_ROUTING_LOOK = 15.0


def read(shop: Shop, claims: Sequence[Claim]) -> None:
    """Bring the claimed orders up to date; what this shop has never shown us is forgotten."""
    ids = [int(claimed.subject_id) for claimed in claims]
    before = before_reading(ids)
    client = shopify_for(shop, NORMAL)
    reads = read_orders(shop, client, [known.gid for known in before.values()])

    def work() -> None:
        connection = connection_of(shop)
        orders = session().query(Order).options(selectinload(Order.outbound_orders))
        for order in orders.filter(Order.id.in_(before)).order_by(Order.id):
            ready = absorb(order, before[order.id], reads[order.gid], shop, connection)
            if order.hidden and not order.facts:
                session().delete(order)
                continue
            _decide(order, ready, shop, connection)
        finish(claims)

    atomically(work)


def _decide(order: Order, ready: list[Ready], shop: Shop, connection: Connection | None) -> None:
    at = situation_of(order, shop, connection)
    verdict = rules.closed(at)
    order.failing = rules.makes_error(at, verdict)
    want_holds(live(order), at.settings)
    waiting = [each for each in ready if _is_behind(each.outbound)]
    if verdict is None:
        _release(order, [each for each in waiting if not each.on_hold])
    elif waiting or not live(order):
        _wait(order, verdict, at)
    settle(order, gates_open=verdict is None)


def _is_behind(outbound: OutboundOrder) -> bool:
    return outbound.wanted_revision > outbound.confirmed_revision and outbound.state in _IDLE


def _release(order: Order, waiting: list[Ready]) -> None:
    """Nothing forbids it: what the WMS does not have yet is owed a send. What it has refused goes
    again only when its content is another; else its own timing counts."""
    if not any(outbound.state == State.REJECTED for outbound in live(order)):
        order.reason, order.message = "", ""
    for each in waiting:
        outbound = each.outbound
        if outbound.state != State.REJECTED or outbound.wanted_hash != outbound.sent_hash:
            record(order, Event.SEND, outbound=outbound)


def _wait(order: Order, verdict: rules.Verdict, at: Situation) -> None:
    if not any(outbound.state == State.REJECTED for outbound in live(order)):
        _tell(order, verdict)
    if verdict.gate == "routed":
        owe_order(order, Effect.READ, wait=_ROUTING_LOOK)
    opens = rules.opens_at(at, verdict.gate)
    if opens is not None:
        owe_order(order, Effect.READ, wait=max(0.0, (opens - at.now).total_seconds()))


def _tell(order: Order, verdict: rules.Verdict) -> None:
    news = (order.reason, order.message) != (verdict.gate, verdict.message)
    order.reason, order.message = verdict.gate, verdict.message
    if news and verdict.gate not in ("tracked", "automatic", "routed"):
        journal.write(
            order.shop_id, "waiting", f"Not sent. {verdict.message}", order=order, code=verdict.gate
        )
