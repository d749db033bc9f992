"""What becomes of a warehouse order that the warehouse has lost: it is sent again, but for what had
left before.

Under the same id, so that no other order of the same units ever stands beside it; under the next
revision, because it asks for less. Shipments count by what Shopify has of them: while units that
left are not fulfilled there, nobody can say what is still open, and nothing is sent.
"""

from collections.abc import Sequence

from app.domain import shipments
from app.domain.plan import Quantities
from app.domain.states import Event, State
from app.models import Order, OutboundOrder, Shipment
from app.sync import drift_order, journal, runs
from app.sync.engine import record

_WHOLE = "The warehouse doesn't know it. It is sent again."
_REST = "The warehouse doesn't know it any more. It is sent again without what it had shipped."
_SHIPPED = (
    "The warehouse has shipped all of it, and doesn't know it any more. It is not sent again."
)
_UNSURE = (
    "The warehouse doesn't know it any more, after it shipped units that Tagdock has not fulfilled"
    " in Shopify. It is not sent again: these would be shipped twice. Fulfil them with Try again,"
    " then compare both sides."
)


def send_again(order: Order, outbound: OutboundOrder) -> None:
    """Owe the WMS what it has lost of an outbound order, unless that can't be told or is nothing.
    The caller commits, and settles the order."""
    parcels = drift_order.shipments_of([order.id])[order.id]
    kept = drift_order.consignment_of(outbound, parcels)
    if kept.is_untouched:
        _lose(order, outbound, _WHOLE)
    elif not kept.is_open:
        _leave(order, _SHIPPED, runs.SENT, journal.INFO)
    elif not kept.is_settled:
        _leave(order, _UNSURE, runs.FAILED, journal.WARNING)
    else:
        _set_aside(outbound, parcels)
        _lose(order, outbound, _REST)


def _set_aside(outbound: OutboundOrder, parcels: Sequence[Shipment]) -> None:
    left: dict[str, Quantities] = {
        str(row.id): row.lines
        for row in parcels
        if row.outbound_order_id == outbound.id and row.state != shipments.CANCELLED
    }
    outbound.shipped_before = left
    if outbound.taking is None:
        outbound.cancelled_lines, outbound.taken_lines = {}, {}


def _lose(order: Order, outbound: OutboundOrder, message: str) -> None:
    outbound.confirmed_revision, outbound.confirmed_lines = 0, {}
    accepted = outbound.state == State.ACCEPTED
    record(order, Event.NEVER_RECEIVED if accepted else Event.SEND, outbound=outbound)
    journal.write(order.shop_id, "looked_up", message, order=order)
    runs.note(order, runs.WAITING, message=message, final=False)


def _leave(order: Order, message: str, outcome: str, level: str) -> None:
    journal.write(order.shop_id, "looked_up", message, order=order, level=level)
    runs.note(order, outcome, message=message, final=True)
