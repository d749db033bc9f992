"""What an answer of the WMS means for an outbound order and for the order it is part of."""

from app.db import database_now
from app.domain import rules
from app.domain.retries import after_refusal
from app.domain.states import Event, State
from app.models import Order, OutboundOrder, Shop
from app.sync import journal, runs, tallies, weeks
from app.sync.engine import live, record, settle
from app.sync.hold import want_hold
from app.sync.planning import sent_lines
from app.sync.situations import connection_of, situation_of
from app.wms.base import Problem, WmsOrder
from app.wms.problems import explain

_UNDER_WAY = {State.SENDING, State.AWAITING, State.CANCELLING}
_NEVER_RECEIVED = "The warehouse never received it. It is sent again."


def settle_found(order: Order, outbound: OutboundOrder, shop: Shop, found: WmsOrder | None) -> None:
    """Settle an outbound order by what the WMS knows of it. The caller commits."""
    if found is None or found.revision < outbound.sent_revision:
        record(order, Event.NEVER_RECEIVED, outbound=outbound)
        journal.write(shop.id, "resend", _NEVER_RECEIVED, order=order)
        runs.note_checked(order, _NEVER_RECEIVED, reason="never_received")
        settle(order, gates_open=True)
        return
    outbound.job_id = found.job_id or outbound.job_id
    if found.state == "received":
        if outbound.state == State.SENDING:
            record(order, Event.ACCEPTED, outbound=outbound)
            settle(order, gates_open=True)
        runs.note_checked(order, "The warehouse is still working on it.")
    elif found.state == "rejected":
        refuse(order, outbound, shop, found.issues[0] if found.issues else None)
    else:
        accept(order, outbound, shop, found.wms_id or "", sent_lines(outbound) or {})


def accept(
    order: Order, outbound: OutboundOrder, shop: Shop, wms_id: str, lines: dict[str, int]
) -> None:
    """The WMS has the revision that was sent, which asks for ``lines``. The caller commits."""
    weeks.count(order, outbound)
    tallies.note_accepted(shop, order)
    outbound.confirmed_revision = outbound.sent_revision
    outbound.confirmed_lines = lines
    outbound.confirmed_at, outbound.wms_id = database_now(), wms_id or outbound.wms_id
    outbound.reason, outbound.message = "", ""
    outbound.tries, outbound.retry_at = 0, None
    want_hold(outbound, wanted=False)
    behind = outbound.wanted_revision > outbound.sent_revision
    # Whoever asked for this send asked for the order as it is now.
    order.manual = order.manual or behind
    record(order, Event.OVERTAKEN if behind else Event.CONFIRMED, outbound=outbound)
    _cancel_if_wanted(order, outbound, Event.CANCELLED)
    _let_held_back_follow(order)
    show_refusal(order)
    goes_on = behind or has_more_to_come(order)
    settle(order, gates_open=_is_behind(order) and _gates_open(order, shop))
    order.manual = order.manual and goes_on
    _tell_runs(order, last=not goes_on)
    journal.write(
        shop.id,
        "confirmed",
        f"In the warehouse {outbound.warehouse}, revision {outbound.confirmed_revision}.",
        order=order,
        job_id=outbound.job_id,
    )


def _let_held_back_follow(order: Order) -> None:
    """The WMS may have given units up: whoever waits to gain them is planned again."""
    for outbound in live(order):
        if outbound.held_back:
            record(order, Event.SEND, outbound=outbound)


def refuse(order: Order, outbound: OutboundOrder, shop: Shop, problem: Problem | None) -> None:
    """The WMS refused the revision that was sent. The caller commits."""
    refuse_because(
        order, outbound, shop, (problem.code if problem else "") or "invalid", explain(problem)
    )


def refuse_because(
    order: Order, outbound: OutboundOrder, shop: Shop, code: str, words: str
) -> None:
    """Note a refusal, with its code and a sentence for a person. The caller commits."""
    outbound.tries += 1
    tallies.note_refused(shop, outbound)
    wait = after_refusal(outbound.tries)
    outbound.retry_at = database_now() + wait if wait else None
    outbound.reason, outbound.message = code[:32], words
    if code == "revision-conflict":
        outbound.wanted_revision, outbound.sent_hash = outbound.sent_revision + 1, ""
    record(order, Event.REJECTED, outbound=outbound)
    _cancel_if_wanted(order, outbound, Event.WITHDRAWN)
    _let_held_back_follow(order)
    order.reason, order.message, order.manual = code[:32], words, False
    settle(order, gates_open=False)
    last = not has_more_to_come(order)
    runs.note(order, runs.FAILED, reason=code[:32], message=words, final=last)
    journal.write(
        shop.id,
        "rejected",
        f"Refused. {words}",
        order=order,
        level=journal.ERROR,
        code=code,
        job_id=outbound.job_id,
    )


def _cancel_if_wanted(order: Order, outbound: OutboundOrder, never_there: Event) -> None:
    """Do what a cancellation asked for while the send was on its way."""
    if outbound.cancel_wanted:
        outbound.cancel_wanted = False
        there = bool(outbound.confirmed_revision)
        record(order, Event.CANCELLED if there else never_there, outbound=outbound)


def refused_of(order: Order) -> OutboundOrder | None:
    """The first of an order's outbound orders that the WMS has refused."""
    return next((each for each in live(order) if each.state == State.REJECTED), None)


def show_refusal(order: Order) -> None:
    """Let the order say why one of its outbound orders was refused, or nothing. The caller
    commits."""
    refused = refused_of(order)
    order.reason, order.message = (refused.reason, refused.message) if refused else ("", "")


def has_more_to_come(order: Order) -> bool:
    """Whether the send a person asked for goes on: something is on its way, or follows it."""
    return any(each.state in _UNDER_WAY or each.held_back for each in live(order))


def _tell_runs(order: Order, *, last: bool) -> None:
    """Tell the runs how the order stands; a refusal of any part counts. The caller commits."""
    if refused_of(order):
        runs.note(order, runs.FAILED, reason=order.reason, message=order.message, final=last)
    else:
        runs.note(order, runs.SENT, message="In the warehouse.", final=last)


def _is_behind(order: Order) -> bool:
    """Whether the warehouse should have more than it has: only then do the gates matter."""
    return any(each.wanted_revision > each.confirmed_revision for each in live(order))


def _gates_open(order: Order, shop: Shop) -> bool:
    return rules.closed(situation_of(order, shop, connection_of(shop))) is None
