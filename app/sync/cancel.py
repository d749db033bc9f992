"""Asks the WMS to give outbound orders back that should not be there any more."""

from collections.abc import Sequence
from contextlib import closing

from app.db import session
from app.domain.states import Event, State
from app.errors import Rejected
from app.models import Order, OutboundOrder, Shop
from app.sync import breaker, journal, runs
from app.sync.claims import Claim, finish, postpone
from app.sync.engine import atomically, live, record, settle
from app.sync.outside import wms_for
from app.sync.planning import TOO_LATE
from app.sync.situations import connection_of
from app.wms.base import CancelRequest

_PENDING_WAIT = 30.0
# What the WMS answers when there is nothing to cancel.
_NEVER_HAD = {"not-found", "unknown-order"}


def cancel(shop: Shop, claims: Sequence[Claim]) -> None:
    """Cancel each claimed outbound order. Repeating is safe: quantities are absolute."""
    for claimed in claims:
        _cancel(shop, claimed)


def _cancel(shop: Shop, claimed: Claim) -> None:
    outbound = session().get(OutboundOrder, int(claimed.subject_id))
    connection = connection_of(shop)
    wanted = outbound is not None and outbound.state == State.CANCELLING and not outbound.archived
    if outbound is None or connection is None or not wanted:
        atomically(lambda: finish([claimed]))
        return
    request = CancelRequest(
        external_id=outbound.external_id,
        revision=outbound.sent_revision,
        initiator="customer",
        reason="Cancelled or moved in Shopify",
    )
    with closing(wms_for(connection)) as wms:
        try:
            outcome = wms.cancel(request).outcome
        except Rejected as problem:
            if breaker.refused(shop, problem):
                raise
            outcome = _refusal(problem)
    breaker.answered(connection)
    atomically(lambda: _take(shop, claimed, outcome))


def _refusal(problem: Rejected) -> str:
    return "cancelled" if problem.code in _NEVER_HAD else problem.code


def _take(shop: Shop, claimed: Claim, outcome: str) -> None:
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    if outcome == "pending":
        postpone([claimed], _PENDING_WAIT, "", hold=0.0, counts=False)
        return
    event, message = _OUTCOMES.get(outcome, _OUTCOMES[TOO_LATE])
    order = outbound.order
    if event is Event.CANCEL_ACCEPTED:
        outbound.confirmed_lines = {}
    outbound.reason = "cancelled" if event is Event.CANCEL_ACCEPTED else TOO_LATE
    outbound.message, outbound.retry_at = message, None
    record(order, event, outbound=outbound)
    for other in live(order):
        if event is Event.CANCEL_ACCEPTED and other.held_back:
            record(order, Event.SEND, outbound=other)
    order.reason, order.message = outbound.reason, message
    if not _is_move(order, event):
        outcome_word = runs.SKIPPED if event is Event.CANCEL_ACCEPTED else runs.FAILED
        runs.note(order, outcome_word, reason=outbound.reason, message=message, final=True)
    settle(order, gates_open=False)
    level = journal.INFO if event is Event.CANCEL_ACCEPTED else journal.ERROR
    journal.write(shop.id, "cancelled", message, order=order, level=level, code=outbound.reason)
    finish([claimed])


def _is_move(order: Order, event: Event) -> bool:
    """Whether what was cancelled goes on under another outbound order."""
    waiting = any(other.state == State.PLANNED for other in live(order))
    return event is Event.CANCEL_ACCEPTED and waiting


_OUTCOMES = {
    "cancelled": (Event.CANCEL_ACCEPTED, "The warehouse has cancelled it."),
    "partially_cancelled": (
        Event.CANCEL_TOO_LATE,
        "The warehouse could cancel only a part of it. Decide with the warehouse what to do.",
    ),
    TOO_LATE: (
        Event.CANCEL_TOO_LATE,
        "It was too late to cancel it at the warehouse. Decide with the warehouse what to do.",
    ),
    "unsupported": (
        Event.CANCEL_TOO_LATE,
        "The warehouse's system can't cancel orders. Tell the warehouse yourself.",
    ),
}
