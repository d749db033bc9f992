"""Asks the WMS for an order by its reference, before anything is sent again."""

from collections.abc import Sequence
from contextlib import closing

from app.db import session
from app.domain.states import Effect, Event, State
from app.models import Order, Shop
from app.sync import breaker, journal, runs
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, live, owe_order, record, settle
from app.sync.outside import wms_for
from app.sync.situations import connection_of
from app.wms.base import WmsOrder

_AT_REST = {State.ACCEPTED, State.DONE}


def look_up(shop: Shop, claims: Sequence[Claim]) -> None:
    """Find out whether the WMS still has the claimed orders; what it lacks is sent again."""
    wanted = {int(claimed.subject_id): _external_ids(int(claimed.subject_id)) for claimed in claims}
    connection = connection_of(shop)
    if connection is None:
        return
    with closing(wms_for(connection)) as wms:
        found = {external: wms.by_ref(external) for each in wanted.values() for external in each}
    breaker.answered(connection)

    def work() -> None:
        for order in session().query(Order).filter(Order.id.in_(wanted)).order_by(Order.id):
            _take(order, found)
        finish(claims)

    atomically(work)


def _external_ids(order_id: int) -> list[str]:
    order = session().get(Order, order_id)
    return [o.external_id for o in live(order) if o.state in _AT_REST] if order else []


def _take(order: Order, found: dict[str, WmsOrder | None]) -> None:
    for outbound in live(order):
        if outbound.state not in _AT_REST or outbound.external_id not in found:
            continue
        known = found[outbound.external_id]
        if known is None or known.state == "rejected":
            outbound.confirmed_revision, outbound.confirmed_lines = 0, {}
            record(order, Event.NEVER_RECEIVED, outbound=outbound)
            _tell(order, "The warehouse doesn't know it. It is sent again.")
        else:
            _tell(order, "The warehouse has it.", final=True)
    settle(order, gates_open=True)
    owe_order(order, Effect.TAG)
    owe_order(order, Effect.READ)


def _tell(order: Order, message: str, *, final: bool = False) -> None:
    journal.write(order.shop_id, "looked_up", message, order=order)
    runs.note(order, runs.SENT if final else runs.WAITING, message=message, final=final)
