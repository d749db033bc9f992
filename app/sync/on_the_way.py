"""What has left the warehouse, and what is on its way out of it."""

from collections import Counter

from app.db import session
from app.domain.plan import less
from app.domain.shipments import CANCELLED, PACKED
from app.models import OutboundOrder, Shipment


def on_their_way(outbound: OutboundOrder, *, packed: bool = True) -> Counter[str]:
    """Units by order line that the warehouse has shipped (or ``packed``) and that Shopify has no
    fulfillment of yet."""
    waiting = session().query(Shipment).filter_by(outbound_order_id=outbound.id, fulfillment="")
    left_out = (CANCELLED,) if packed else (CANCELLED, PACKED)
    units: Counter[str] = Counter()
    for row in waiting.filter(Shipment.state.not_in(left_out)):
        units.update(row.lines)
    return units


def gone_of(outbound: OutboundOrder) -> Counter[str]:
    """Units by order line that have left of what the WMS was asked for."""
    return Counter(outbound.fulfilled_of_it) | shipped_of_it(outbound)


def has_all_left(outbound: OutboundOrder) -> bool:
    """Whether all that the WMS has of it was shipped: nothing can be changed of it."""
    has = outbound.confirmed_lines
    return bool(has) and not less(has, gone_of(outbound))


def shipped_of_it(outbound: OutboundOrder) -> Counter[str]:
    """Of what the WMS was asked for, the units that it has shipped, as far as it has told. What is
    only packed counts once Shopify has a fulfillment of it."""
    units: Counter[str] = Counter()
    rows = session().query(Shipment).filter_by(outbound_order_id=outbound.id)
    for row in rows.filter(Shipment.state != CANCELLED):
        has_gone = row.state != PACKED or row.fulfillment
        if has_gone and str(row.id) not in outbound.shipped_before:
            units.update(row.lines)
    return units


def has_left(outbound: OutboundOrder) -> bool:
    """Whether anything of it was ever shipped."""
    return bool(outbound.shipped_before) or any(gone_of(outbound).values())
