"""How each repair begins: what we believed is corrected to what is so, and the effect that follows
is owed. The caller of each commits."""

from collections.abc import Callable

from app.db import session
from app.domain.drift import Repair
from app.domain.states import Effect, Event
from app.models import DriftRow, Order, OutboundOrder, Shipment, Shop
from app.sync import drift_stock, shipping
from app.sync.absorb import first_seen
from app.sync.engine import owe_order, record, settle
from app.sync.owing import STAFF
from app.sync.seller import take_whole


def _read_in(row: DriftRow, _order: Order | None) -> None:
    shop = session().get_one(Shop, row.shop_id)
    order = first_seen(shop, row.subject, name=row.name)
    row.order_id = order.id
    record(order, Event.SEEN, lane=STAFF)


def _send(_row: DriftRow, order: Order | None) -> None:
    """A person wants it there: it goes whatever waits there are for what is sent by itself."""
    if order is not None:
        order.manual = True
        owe_order(order, Effect.LOOK_UP, lane=STAFF)


def _resend(row: DriftRow, order: Order | None) -> None:
    """What the warehouse has is where we go on from: the same revision if it has an older one, the
    next one if it has one that we never sent."""
    outbound = session().get(OutboundOrder, row.about["outbound"])
    if order is None or outbound is None:
        return
    revision = int(row.about["revision"])
    if revision > outbound.sent_revision:
        outbound.sent_revision, outbound.sent_hash, outbound.wanted_hash = revision, "", ""
        outbound.wanted_revision = revision + 1
    outbound.confirmed_revision = min(revision, outbound.wanted_revision - 1)
    order.manual = True
    record(order, Event.SEND, outbound=outbound, lane=STAFF)
    settle(order, gates_open=True)


def _take_cancelled(row: DriftRow, _order: Order | None) -> None:
    outbound = session().get(OutboundOrder, row.about["outbound"])
    if outbound is not None:
        take_whole(outbound, "")


def _fulfil(row: DriftRow, order: Order | None) -> None:
    shipment = session().get(Shipment, row.about["shipment"])
    if shipment is None or order is None:
        return
    shipment.settled, shipment.reason, shipment.message = False, "", ""
    shipping.owe_fulfil(shipment, lane=STAFF)
    owe_order(order, Effect.READ, lane=STAFF)


def _track(row: DriftRow, _order: Order | None) -> None:
    """The ledger says what Shopify really has: then the next step is to give it the other."""
    shipment = session().get(Shipment, row.about["shipment"])
    if shipment is None:
        return
    shipment.pushed = shipment.pushed | {"tracking": row.about["tracking"]}
    shipment.settled, shipment.reason, shipment.message = False, "", ""
    shipping.owe_fulfil(shipment, lane=STAFF)


def _read(_row: DriftRow, order: Order | None) -> None:
    if order is not None:
        owe_order(order, Effect.READ, lane=STAFF)


def _tag(row: DriftRow, order: Order | None) -> None:
    """What is there counts as our own: it is no command, and what is wrong of it is replaced."""
    if order is not None:
        order.tags_seen = order.tags_written = list(row.about["tags"])
        owe_order(order, Effect.TAG, lane=STAFF)


BEGINNINGS: dict[Repair, Callable[[DriftRow, Order | None], None]] = {
    Repair.READ_IN: _read_in,
    Repair.SEND: _send,
    Repair.SEND_REST: _send,
    Repair.RESEND: _resend,
    Repair.TAKE_CANCELLED: _take_cancelled,
    Repair.FULFIL: _fulfil,
    Repair.TRACK: _track,
    Repair.READ: _read,
    Repair.TAG: _tag,
    Repair.SET_STOCK: lambda row, _order: drift_stock.begin_repair(row),
}
