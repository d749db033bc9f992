"""Asks outbound orders back from the WMS, and takes in that it gave one up."""

from app.domain.facts import Facts
from app.domain.states import DROPPED, Event, State
from app.models import Order, OutboundOrder
from app.sync import journal, runs
from app.sync.engine import live, record, settle

# A cancellation that came too late is not asked again: a person decides. Another code than that of
# an edit that came too late, after which a cancellation may still be in time.
CANCEL_TOO_LATE = "cancel-too-late"
CANCELLED = "cancelled"
GIVEN_BACK = "The warehouse has cancelled it."


def is_too_late(outbound: OutboundOrder) -> bool:
    """Whether the WMS has said that it is too late to cancel it: a person decides."""
    return outbound.state == State.REJECTED and outbound.reason == CANCEL_TOO_LATE


def is_asked_back(outbound: OutboundOrder) -> bool:
    """Whether the WMS was asked to cancel all of it, and has not done so."""
    all_of_it = outbound.state == State.CANCELLING and not outbound.asked_back
    return all_of_it or is_too_late(outbound)


def let_go(order: Order, outbound: OutboundOrder, why: str, *, unsent: Event) -> None:
    """Ask an outbound order back from the WMS, or drop it (event ``unsent``) when it never got
    there. The caller commits."""
    known_there = bool(outbound.confirmed_revision)
    before = outbound.state
    record(order, Event.CANCELLED if known_there else unsent, outbound=outbound)
    if known_there and outbound.state != before:
        journal.write(
            order.shop_id, "asked_back", f"{why} The warehouse is asked to cancel it.", order=order
        )


def take_given_back(order: Order, outbound: OutboundOrder) -> None:
    """The WMS has cancelled what it was asked to: whoever waits for the units goes on. What Shopify
    asks for again later begins again. The caller commits, and settles the order."""
    outbound.confirmed_lines = {}
    outbound.reason, outbound.message, outbound.retry_at = CANCELLED, GIVEN_BACK, None
    over = order.deleted or Facts.from_json(order.facts).cancelled
    record(order, Event.CANCEL_ACCEPTED if over else Event.GIVEN_BACK, outbound=outbound)
    let_held_back_follow(order)
    order.reason, order.message = outbound.reason, outbound.message


def let_held_back_follow(order: Order) -> None:
    """The WMS may have given units up: whoever waits to gain them is planned again. The caller
    commits."""
    for outbound in live(order):
        if outbound.held_back:
            record(order, Event.SEND, outbound=outbound)


def why_nothing_is_there(order: Order) -> tuple[str, str]:
    """The reason, and a sentence, why the WMS has nothing more of an order it had; else empty."""
    outbounds = live(order)
    if not outbounds or any(each.state not in DROPPED for each in outbounds):
        return "", ""
    return outbounds[-1].reason, outbounds[-1].message


def take_cancelled(outbound: OutboundOrder) -> None:
    """The WMS has cancelled what it was asked to: say so. The caller commits."""
    order = outbound.order
    take_given_back(order, outbound)
    if not _is_move(order):
        runs.note(order, runs.SKIPPED, reason=CANCELLED, message=GIVEN_BACK, final=True)
    settle(order, gates_open=False)
    journal.write(order.shop_id, "cancelled", GIVEN_BACK, order=order, code=CANCELLED)


def _is_move(order: Order) -> bool:
    """Whether what was cancelled goes on under another outbound order."""
    return any(other.state == State.PLANNED for other in live(order))
