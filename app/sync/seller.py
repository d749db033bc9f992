"""Takes in what the warehouse cancels by itself, and cancels it in Shopify where that is wished.

What Shopify then does (refund, restock, tell the buyer) can't be undone. An order is cancelled
there only when the warehouse has cancelled all of it and none of it was shipped; units of any other
order are taken off it (``taking_off.py``). Where it is not wished, a person is told.
"""

from collections import Counter
from collections.abc import Sequence

from app.db import session
from app.domain.facts import Facts
from app.domain.plan import less
from app.domain.states import Effect, Event, State
from app.errors import Rejected, TryLater
from app.models import Connection, Order, OutboundOrder, Shop
from app.shopify import cancelling
from app.shopify.answers import NOT_POSSIBLE
from app.sync import journal, stock_marks, taking_off
from app.sync.asking_back import is_asked_back, take_cancelled
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, live, owe_order, record, settle
from app.sync.on_the_way import on_their_way
from app.sync.outside import NORMAL, shopify_for
from app.sync.preferences import settings_of
from app.sync.revisions import document_there, lines_of
from app.sync.shipping import outbound_of
from app.sync.taking_off import WMS_CANCELLED
from app.wms.cancellations import Cancellation

# Shopify cancels in a job of its own: so often its refusal is not believed after a lost answer.
_UNHEARD_TRIES = 4
CANCELLED, PARTLY, KNOWN, UNKNOWN = "cancelled", "partly_cancelled", "known", "unknown"
_WHOLE = "The warehouse cancelled it{why}. Cancel it in Shopify too, or send it again."
_PARTLY = (
    "The warehouse cancelled {units} of its units{why}. Refund them in Shopify, or call there."
)
_DONE = "Cancelled in Shopify: the warehouse won't ship it."
_UNDONE = "Not cancelled in Shopify. {words} Cancel it there by hand."


def take(connection: Connection, told: Cancellation) -> str:
    """Note a cancellation by the warehouse; returns what it was. The caller commits."""
    outbound = outbound_of(connection, told.external_id)
    if outbound is None:
        return UNKNOWN
    if told.id in outbound.cancellations:
        return KNOWN
    outbound.cancellations = [*outbound.cancellations, told.id]
    if told.lines is None:
        return take_whole(outbound, told.reason)
    return _take_lines(
        outbound, {line.line_id: line.cancelled_quantity for line in told.lines}, told.reason
    )


def take_whole(outbound: OutboundOrder, reason: str) -> str:
    """The warehouse has cancelled all that it has not shipped of an outbound order; returns what
    that was. The caller commits."""
    if is_asked_back(outbound):
        take_cancelled(outbound)
        return CANCELLED
    order, before = outbound.order, outbound.state
    message = _WHOLE.format(why=_why(reason))
    record(order, Event.WMS_CANCELLED, outbound=outbound)
    if before == State.CANCELLED or outbound.state != State.CANCELLED:
        return KNOWN
    _take_from_confirmed(outbound, less(outbound.confirmed_lines, outbound.fulfilled_of_it))
    outbound.retry_at = None
    _tell(order, outbound, message)
    settle(order, gates_open=False)
    if _is_wished(order):
        owe_order(order, Effect.CANCEL_ORDER)
    return CANCELLED


def _take_lines(outbound: OutboundOrder, lines: dict[str, int], reason: str) -> str:
    more = less(lines, _cancelled_so_far(outbound))
    if not more:
        return KNOWN
    if more == less(outbound.confirmed_lines, {}) and not any(outbound.fulfilled_lines.values()):
        return take_whole(outbound, reason)
    _take_from_confirmed(outbound, more)
    order, units = outbound.order, sum(more.values())
    _tell(order, outbound, _PARTLY.format(units=units, why=_why(reason)))
    if _is_wished(order):
        taking_off.owe_taking_off(outbound)
    return PARTLY


def _cancelled_so_far(outbound: OutboundOrder) -> dict[str, int]:
    """What is cancelled of the revision that the WMS has, whoever asked for that: the WMS tells
    totals."""
    document = document_there(outbound)
    gone = less(lines_of(document), outbound.confirmed_lines) if document else {}
    return dict(Counter(gone) | Counter(outbound.cancelled_lines))


def _take_from_confirmed(outbound: OutboundOrder, units: dict[str, int]) -> None:
    """The WMS has these units no more."""
    had = outbound.cancelled_lines
    sums = {line: had.get(line, 0) + units.get(line, 0) for line in {*had, *units}}
    outbound.cancelled_lines = sums
    outbound.confirmed_lines = less(outbound.confirmed_lines, units)
    stock_marks.order_lost(outbound.order)


def _is_wished(order: Order) -> bool:
    shop = session().get_one(Shop, order.shop_id)
    return settings_of(shop).seller_cancellation == "cancel"


def _tell(order: Order, outbound: OutboundOrder, message: str) -> None:
    outbound.reason, outbound.message = WMS_CANCELLED, message
    order.reason, order.message = WMS_CANCELLED, message
    journal.write(
        order.shop_id,
        "wms_cancelled",
        message,
        order=order,
        level=journal.WARNING,
        code=WMS_CANCELLED,
    )


def _why(reason: str) -> str:
    return f": {reason[:200].rstrip('. ')}" if reason else ""


def cancel_orders(shop: Shop, claims: Sequence[Claim]) -> None:
    """Cancel each claimed order in Shopify if the warehouse ships none of it, else take off it what
    the warehouse has cancelled."""
    for claimed in claims:
        order = session().get(Order, int(claimed.subject_id))
        if order is None or not _is_all_cancelled(order):
            atomically(lambda claimed=claimed: _take_off_instead(claimed))  # type: ignore[misc]
            continue
        words = _ask_to_cancel(shop, claimed, order.gid)
        atomically(lambda claimed=claimed, words=words: _note(claimed, words))  # type: ignore[misc]


def _ask_to_cancel(shop: Shop, claimed: Claim, gid: str) -> str:
    """Have Shopify cancel an order; returns its words where it does not. One that it refuses may
    be cancelled already, or just being so, for an attempt that nobody heard back from."""
    client = shopify_for(shop, NORMAL)
    try:
        cancelling.cancel_order(client, gid, notify=settings_of(shop).notify_customer)
    except Rejected as problem:
        if problem.code != NOT_POSSIBLE:
            raise
        if cancelling.is_cancelled(client, gid):
            return ""
        if 1 < claimed.attempts <= _UNHEARD_TRIES:
            raise TryLater(problem.message) from problem
        return problem.message
    return ""


def _is_all_cancelled(order: Order) -> bool:
    """Whether the warehouse has cancelled all there was of the order, and shipped none of it."""
    if order.deleted or Facts.from_json(order.facts).cancelled or not live(order):
        return False
    return all(each.reason == WMS_CANCELLED and _is_unshipped(each) for each in live(order))


def _is_unshipped(outbound: OutboundOrder) -> bool:
    shipped = any(outbound.fulfilled_lines.values()) or on_their_way(outbound)
    return outbound.state == State.CANCELLED and not shipped


def _take_off_instead(claimed: Claim) -> None:
    order = session().get(Order, int(claimed.subject_id))
    for outbound in live(order) if order else ():
        if taking_off.is_open(outbound):
            taking_off.owe_taking_off(outbound)
    finish([claimed])


def _note(claimed: Claim, words: str) -> None:
    order = session().get_one(Order, int(claimed.subject_id))
    message = _UNDONE.format(words=words) if words else _DONE
    order.message = message
    for outbound in live(order):
        # A read takes the order's message from there.
        outbound.message = message
    level = journal.WARNING if words else journal.INFO
    journal.write(
        order.shop_id, "wms_cancelled", message, order=order, level=level, code=WMS_CANCELLED
    )
    owe_order(order, Effect.READ)
    finish([claimed])
