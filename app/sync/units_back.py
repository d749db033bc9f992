"""Asks the WMS for units back that an order lost after a part of it had left: a revision would come
too late, and so would a cancellation of all. Also where the WMS takes no revisions of what it has.

``OutboundOrder.asked_back`` says what is asked for: ``units`` by order line, totals of the revision
that the WMS has, so that repeating is safe; and ``content``, the hash of the document that the WMS
then has as good as received. It stays when the WMS refuses, so that it is not asked again.
"""

from collections import Counter
from typing import Any

from app.domain.documents import core_hash
from app.domain.facts import Facts
from app.domain.plan import Quantities, less
from app.domain.states import Event, State
from app.models import Connection, Order, OutboundOrder
from app.sync import journal
from app.sync.capabilities import can, lacks
from app.sync.engine import live, record
from app.sync.on_the_way import gone_of
from app.sync.revisions import document_there, had_under_it, lines_of
from app.wms.base import CancelLine

DONE = ("cancelled", "partially_cancelled")
_AT_REST = (State.ACCEPTED, State.REJECTED)
_ASKED = "Shopify no longer asks for {units} of its units. The warehouse is asked to cancel them."
_TAKEN = "The warehouse has cancelled {units} of its units: Shopify no longer asks for them."
_DECIDE = "Decide with the warehouse what to do."
_REFUSED = ("The warehouse did not cancel {units} of its units.", _DECIDE)
_WHY_NOT = {
    "too-late": ("It was too late to cancel {units} of its units at the warehouse.", _DECIDE),
    "unsupported": (
        "The warehouse's system can't cancel {units} of its units.",
        "Tell the warehouse yourself.",
    ),
}


def ask_for_rest(outbound: OutboundOrder) -> None:
    """Ask for all that has not left; Shopify wants nothing more of it. The caller commits."""
    if not _is_there(outbound):
        return
    left = less(outbound.confirmed_lines, gone_of(outbound))
    if left and (outbound.order.manual or not is_refused(outbound)):
        _ask(outbound, less(outbound.confirmed_lines, left))


def ask(outbound: OutboundOrder, connection: Connection) -> bool:
    """Ask for the units back which the order lost, where that says all that has changed and says it
    better than a revision. Returns whether it was asked. The caller commits."""
    if not _is_there(outbound):
        return False
    gone = gone_of(outbound)
    better = any(gone.values()) or lacks(connection, "order_update")
    able = not lacks(connection, "cancel_lines")
    if not (better and able and _lost_units_alone(outbound, gone, connection)):
        return False
    _ask(outbound, Counter(outbound.lines) | gone)
    return True


def is_beyond_telling(outbound: OutboundOrder, connection: Connection) -> bool:
    """Whether the WMS can't be told how an edited order is now: it takes no revisions of what it
    has, and more was changed than units that it may be asked to give back."""
    if not lacks(connection, "order_update"):
        return False
    unable = lacks(connection, "cancel") or lacks(connection, "cancel_lines")
    return unable or not _lost_units_alone(outbound, gone_of(outbound), connection)


def _lost_units_alone(outbound: OutboundOrder, gone: Counter[str], connection: Connection) -> bool:
    """Whether the order lost units, and nothing else was changed. ``gone``: what has left."""
    wanted, has = Counter(outbound.lines) | gone, outbound.confirmed_lines
    fewer = bool(less(has, wanted)) and not less(wanted, has)
    return fewer and _is_otherwise_the_same(outbound, can(connection, "sla"))


def are_wanted_again(outbound: OutboundOrder, *, ship_by_alone: bool) -> bool:
    """Whether the WMS would not give units back, and all it has is wanted again. That ends the
    refusal. ``ship_by_alone``: another shipping time is told by itself. The caller commits."""
    last_word = outbound.sent_revision == outbound.confirmed_revision
    refused = outbound.state == State.REJECTED and outbound.asked_back is not None and last_word
    if not refused or not outbound.are_units_as_confirmed:
        return False
    if not _is_otherwise_the_same(outbound, ship_by_alone):
        return False
    outbound.asked_back, outbound.reason, outbound.message = None, "", ""
    record(outbound.order, Event.CONFIRMED, outbound=outbound)
    return True


def is_refused(outbound: OutboundOrder) -> bool:
    """Whether the WMS would not give back what was asked of it last, which is still wanted."""
    asked = outbound.asked_back
    return asked is not None and outbound.wanted_hash == asked["content"]


def _is_there(outbound: OutboundOrder) -> bool:
    return outbound.state in _AT_REST and outbound.confirmed_revision > 0


def _is_otherwise_the_same(outbound: OutboundOrder, ship_by_alone: bool) -> bool:
    """Whether the WMS has all that is wanted but the quantities and the money."""
    document, facts = document_there(outbound), Facts.from_json(outbound.order.facts)
    return document is not None and outbound.wanted_core == core_hash(
        document, facts, ship_by_alone=ship_by_alone
    )


def _ask(outbound: OutboundOrder, lines: Quantities) -> None:
    order, units = outbound.order, less(_sent(outbound), lines)
    outbound.asked_back = {"units": units, "content": outbound.wanted_hash}
    record(order, Event.UNITS_ASKED_BACK, outbound=outbound)
    words = _ASKED.format(units=_number(outbound, units))
    journal.write(order.shop_id, "asked_back", words, order=order)


def lines_asked(outbound: OutboundOrder) -> list[CancelLine] | None:
    """The lines of the cancellation that it waits for; None: all of it is to be cancelled."""
    asked = outbound.asked_back
    if asked is None:
        return None
    return [CancelLine(line_id=line, cancelled_quantity=n) for line, n in asked["units"].items()]


def take(outbound: OutboundOrder, outcome: str, said: str) -> str:
    """Note what the WMS answered, in words of its own too if ``said``; returns it in a sentence or
    two. The caller commits."""
    order, asked = outbound.order, outbound.asked_back or {"units": {}, "content": ""}
    number, outbound.retry_at = _number(outbound, asked["units"]), None
    if outcome in DONE:
        _give_up(outbound, asked)
        record(order, Event.CANCEL_PARTLY, outbound=outbound)
        _let_others_follow(order)
        return _TAKEN.format(units=number)
    why, mend = _WHY_NOT.get(outcome, _REFUSED)
    message = f"{why.format(units=number)}{said} {mend}"
    outbound.reason, outbound.message = outcome[:32], message
    record(order, Event.CANCEL_TOO_LATE, outbound=outbound)
    return message


def _sent(outbound: OutboundOrder) -> Quantities:
    """What the revision that the WMS has asks for."""
    document = document_there(outbound)
    return lines_of(document) if document else {}


def _number(outbound: OutboundOrder, units: Quantities) -> int:
    """How many units the WMS has that it should not."""
    return sum(less(outbound.confirmed_lines, less(_sent(outbound), units)).values())


def _give_up(outbound: OutboundOrder, asked: dict[str, Any]) -> None:
    """The WMS has the units no more, and with that all that was wanted of it. A revision that it
    refused before counts as had: of that it has what it had."""
    had_under_it(outbound)
    left = less(_sent(outbound), asked["units"])
    had = outbound.confirmed_lines
    outbound.confirmed_lines = {
        line: min(number, left[line]) for line, number in had.items() if line in left
    }
    outbound.confirmed_revision = outbound.sent_revision
    outbound.sent_hash, outbound.asked_back = asked["content"], None
    outbound.reason, outbound.message, outbound.tries = "", "", 0
    if outbound.wanted_hash == outbound.sent_hash:
        outbound.wanted_revision = outbound.sent_revision


def _let_others_follow(order: Order) -> None:
    """Whoever waits for these units, and what was wanted since, is planned again."""
    for each in live(order):
        if each.held_back or each.wanted_revision > each.confirmed_revision:
            record(order, Event.SEND, outbound=each)
