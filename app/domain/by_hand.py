"""Which units that the WMS has shipped were fulfilled in Shopify by somebody else than Tagdock.

They have left and Shopify asks for them no more, so they count as if Tagdock had fulfilled them:
nothing of them is asked back, and the rest is not taken for all there is. Only what nobody else
waits for can be so: while units of the same line are open in Shopify and not at the WMS, they may
be the very same, moved or merged.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.facts import LIVE_STATUSES
from app.domain.plan import Known, Quantities
from app.domain.shop_order import FulfillmentOrder, OrderRead
from app.domain.states import DROPPED


@dataclass(frozen=True, slots=True)
class History:
    """What became of an outbound order, by order line: what the WMS told to be ``shipped`` of it,
    all that Tagdock has ever ``fulfilled`` of it, and by how much the whole lines of the order have
    ``grown`` since the revision that the WMS has."""

    shipped: Quantities
    fulfilled: Quantities
    grown: Quantities


def fulfilled_by_hand(
    read: OrderRead,
    known: Sequence[Known],
    histories: Mapping[int, History],
    reopened: Quantities,
) -> dict[int, Quantities]:
    """Units by outbound order and order line. ``reopened`` are units that are open again because
    their fulfillment was cancelled."""
    room = _settled(read, known, reopened)
    for history in histories.values():
        room.subtract(history.fulfilled)
    found: dict[int, Quantities] = {}
    for each in known:
        found[each.id] = dict(_by_hand(read, each, histories[each.id], reopened) & room)
        room.subtract(found[each.id])
    return found


def _by_hand(read: OrderRead, known: Known, history: History, reopened: Quantities) -> Counter[str]:
    """Units that have left, that somebody else fulfilled, and that the WMS has besides those that
    Shopify still asks for."""
    left, by_others, besides = Counter(history.shipped), Counter(reopened), Counter(known.confirmed)
    left.subtract(known.fulfilled)
    by_others.update(_fulfilled_in(read, known.fulfillment_order))
    by_others.subtract(history.fulfilled)
    besides.update(history.grown)
    besides.subtract(_open_in(read, known.fulfillment_order))
    besides.subtract(known.fulfilled)
    return left & by_others & besides


def _fulfilled_in(read: OrderRead, gid: str) -> Counter[str]:
    lines = (line for part in read.fulfillment_orders if part.id == gid for line in part.lines)
    return Counter({line.line_id: line.quantity_total - line.quantity_remaining for line in lines})


def _open_in(read: OrderRead, gid: str) -> Counter[str]:
    lines = (line for part in read.fulfillment_orders if part.id == gid for line in part.lines)
    return Counter({line.line_id: line.quantity_remaining for line in lines})


def _settled(read: OrderRead, known: Sequence[Known], reopened: Quantities) -> Counter[str]:
    """Units of the order that are not open, or that the WMS has."""
    units = Counter({line.id: line.current_quantity for line in read.lines})
    units.update(reopened)
    for part in read.fulfillment_orders:
        units.subtract(_waiting(part, known))
    return units


def _waiting(part: FulfillmentOrder, known: Sequence[Known]) -> Counter[str]:
    """Units that are open in Shopify and not at the WMS."""
    if part.status not in LIVE_STATUSES:
        return Counter()
    there: Counter[str] = Counter()
    for each in known:
        if each.fulfillment_order == part.id and each.state not in DROPPED:
            there.update(each.confirmed)
    return Counter({line.line_id: line.quantity_remaining for line in part.lines}) - there
