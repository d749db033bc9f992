"""What is said of an order of which nothing is left to send."""

from flask_babel import gettext as _

from app.domain.rules import GATES
from app.domain.states import State
from app.domain.warehouse_states import OVER
from app.models import Order, OutboundOrder
from app.sync.engine import live
from app.sync.situations import is_all_fulfilled, is_settled

_GATES = frozenset(gate.name for gate in GATES)


def settlement(order: Order) -> str:
    """Why nothing waits, in a sentence; empty while something of the order is left to send."""
    if not is_settled(order):
        return ""
    there = [each for each in live(order) if each.state in (State.ACCEPTED, State.DONE)]
    if not there:
        return _("Nothing is waiting: nothing is left for the warehouse.")
    if all(each.wms_state == "delivered" for each in there):
        return _("Nothing is waiting: everything is delivered.")
    if all(_has_left(each) for each in there):
        return _("Nothing is waiting: everything has left the warehouse.")
    return _("Nothing is waiting: the warehouse has the whole order.")


def _has_left(outbound: OutboundOrder) -> bool:
    return outbound.wms_state in OVER or is_all_fulfilled(outbound)


def is_outlived(order: Order) -> bool:
    """Whether the gate at which the order waited last keeps it no longer."""
    return order.reason in _GATES and is_settled(order)
