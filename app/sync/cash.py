"""Which one of an order's outbound orders asks for the cash on delivery: never two at once, and
never another while the WMS may have one that does."""

from collections.abc import Sequence

from app.domain.facts import is_cash_on_delivery
from app.domain.shop_order import OrderRead
from app.domain.states import DROPPED
from app.models import Order, OutboundOrder
from app.sync.engine import live
from app.sync.on_the_way import has_left


def carrier_of(order: Order, wanted: Sequence[OutboundOrder], read: OrderRead) -> str:
    """The external id of the one outbound order that carries the cash on delivery, empty when none
    does. It stays the same until the WMS has given it up and nothing of it was shipped; then one of
    ``wanted`` takes it on. The caller commits."""
    if not wanted or not is_cash_on_delivery(read):
        return ""
    carrying = [row for row in live(order) if row.carries_cod]
    standing = [row for row in carrying if row in wanted or not _is_given_up(row)]
    carrier = (standing or wanted)[0]
    for row in carrying:
        row.carries_cod = False
    carrier.carries_cod = True
    return carrier.external_id


def _is_given_up(outbound: OutboundOrder) -> bool:
    return outbound.state in DROPPED and not has_left(outbound)
