"""What an answer of the WMS means for an outbound order and for the order it is part of."""

from collections.abc import Sequence

from app.db import database_now
from app.domain import rules
from app.domain.plan import less
from app.domain.retries import after_refusal
from app.domain.states import DROPPED, UNDER_WAY, Effect, Event, State
from app.domain.tags import TagState
from app.models import Order, OutboundOrder, Shop
from app.sync import (
    issues,
    journal,
    overdue,
    runs,
    sla,
    stock_marks,
    tallies,
    warehouse_state,
    weeks,
)
from app.sync.asking_back import let_held_back_follow
from app.sync.engine import live, owe_order, record, settle
from app.sync.on_hold import keep_hold
from app.sync.revisions import sent_lines
from app.sync.situations import connection_of, situation_of
from app.wms.base import Problem, WmsOrder
from app.wms.problems import CONFLICT, explain

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
            show_refusal(order)
            record(order, Event.ACCEPTED, outbound=outbound)
            settle(order, gates_open=True)
    elif found.state == "rejected":
        refuse(order, outbound, shop, found.issues[0] if found.issues else None)
    else:
        asked_for = sent_lines(outbound) or {}
        accept(order, outbound, shop, found.wms_id or "", asked_for, complaints=found.issues)


def accept(
    order: Order,
    outbound: OutboundOrder,
    shop: Shop,
    wms_id: str,
    lines: dict[str, int],
    *,
    complaints: Sequence[Problem] = (),
) -> None:
    """The WMS has the revision that was sent, which asks for ``lines``, whatever it complains of.
    The caller commits."""
    weeks.count(order, outbound)
    tallies.note_accepted(shop, order)
    if outbound.sent_revision > outbound.confirmed_revision > 0:
        # A higher revision asks for what was cancelled before, too.
        outbound.cancelled_lines, outbound.taken_lines = {}, {}
    outbound.confirmed_revision = outbound.sent_revision
    outbound.confirmed_lines = less(lines, outbound.cancelled_lines)
    outbound.confirmed_at, outbound.wms_id = database_now(), wms_id or outbound.wms_id
    outbound.reason, outbound.message = "", ""
    outbound.tries, outbound.retry_at = 0, None
    keep_hold(outbound)
    stock_marks.order_accepted(shop, outbound.connection_id)
    sla.accepted(outbound)
    warehouse_state.accepted(outbound)
    behind = outbound.wanted_revision > outbound.sent_revision
    # Whoever asked for this send asked for the order as it is now.
    order.manual = order.manual or behind
    record(order, Event.OVERTAKEN if behind else Event.CONFIRMED, outbound=outbound)
    _cancel_if_wanted(order, outbound, Event.CANCELLED)
    let_held_back_follow(order)
    show_refusal(order)
    goes_on = behind or has_more_to_come(order)
    settle(order, gates_open=_is_behind(order) and _gates_open(order, shop))
    order.manual = order.manual and goes_on
    if order.tag_state == TagState.NO_SYNC:
        # A part of it waits: the next look says why.
        owe_order(order, Effect.READ)
    _tell_runs(order, last=not goes_on)
    journal.write(
        shop.id,
        "confirmed",
        f"In the warehouse {outbound.warehouse}, revision {outbound.confirmed_revision}.",
        order=order,
        job_id=outbound.job_id,
    )
    issues.tell(order, complaints, job_id=outbound.job_id)


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
    if code == CONFLICT:
        outbound.wanted_revision, outbound.sent_hash = outbound.sent_revision + 1, ""
    record(order, Event.REJECTED, outbound=outbound)
    _cancel_if_wanted(order, outbound, Event.WITHDRAWN)
    warehouse_state.refused(outbound)
    let_held_back_follow(order)
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
    """Let the order say why one of its outbound orders was refused, or that the warehouse takes
    too long with one, or nothing. The caller commits."""
    refused = refused_of(order)
    if refused:
        order.reason, order.message = refused.reason, refused.message
    elif not overdue.is_told(order):
        order.reason, order.message = "", ""


def has_more_to_come(order: Order) -> bool:
    """Whether the send a person asked for goes on: something is on its way, or follows it."""
    waiting = (each for each in live(order) if each.state not in DROPPED)
    return any(each.state in UNDER_WAY or each.held_back for each in waiting)


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
    at = situation_of(order, shop, connection_of(shop))
    return not at.untold and rules.closed(at) is None
