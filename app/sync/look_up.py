"""Asks the WMS for an order by its reference, before anything is sent again. If it has lost one,
what it shipped is read first: that must not be shipped once more."""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace

from app.db import session
from app.domain import rules
from app.domain.states import Effect, Event, State
from app.errors import TryLater
from app.models import Order, OutboundOrder, Shop
from app.sync import breaker, feeds, journal, losses, runs
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, live, owe_order, record, settle
from app.sync.outside import wms_for
from app.sync.situations import connection_of, is_edited, is_there, situation_of
from app.wms.base import WmsOrder

_THERE = "The warehouse has it."
_FORMER = "The warehouse has the former version."
_MORE = "The warehouse has more to tell of what it shipped."


def look_up(shop: Shop, claims: Sequence[Claim]) -> None:
    """Find out whether the WMS still has the claimed orders; what it lacks is sent again."""
    wanted = {int(claimed.subject_id): _external_ids(int(claimed.subject_id)) for claimed in claims}
    connection = connection_of(shop)
    if connection is None:
        return
    with closing(wms_for(connection)) as wms:
        found = {external: wms.by_ref(external) for each in wanted.values() for external in each}
    breaker.answered(connection)
    if None in found.values() and not feeds.read(shop, feeds.SHIPMENTS)[1]:
        raise TryLater(_MORE, counts=False)

    def work() -> None:
        for order in session().query(Order).filter(Order.id.in_(wanted)).order_by(Order.id):
            _take(order, found)
            _go_on(order, shop)
        finish(claims)

    atomically(work)


def _external_ids(order_id: int) -> list[str]:
    order = session().get(Order, order_id)
    return [o.external_id for o in live(order) if is_there(o)] if order else []


def _take(order: Order, found: dict[str, WmsOrder | None]) -> None:
    for outbound in live(order):
        if not is_there(outbound) or outbound.external_id not in found:
            continue
        known = found[outbound.external_id]
        if known is None or known.state == "rejected":
            losses.send_again(order, outbound)
        elif outbound.state != State.REJECTED:
            _tell(order, outbound)


def _tell(order: Order, outbound: OutboundOrder) -> None:
    edited = is_edited(outbound)
    message = _FORMER if edited else _THERE
    journal.write(order.shop_id, "looked_up", message, order=order)
    if not edited:
        runs.note(order, runs.SENT, message=message, final=True)


def _go_on(order: Order, shop: Shop) -> None:
    """Whoever tagged an edited order wants it sent as it is now, which is what the gate *edited*
    waits for. With automatic processes off only a person's own send goes."""
    at = situation_of(order, shop, connection_of(shop))
    verdict = rules.closed(at)
    waits = verdict is not None and verdict.gate == "edited" and at.automatic
    goes = waits and rules.closed(replace(at, edited=False)) is None
    settle(order, gates_open=goes or verdict is None)
    owe_order(order, Effect.TAG)
    if goes:
        order.manual = True
        record(order, Event.SEND)
    else:
        owe_order(order, Effect.READ)
