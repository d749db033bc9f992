"""Asks the WMS to give outbound orders back that should not be there any more."""

from collections.abc import Sequence
from contextlib import closing
from typing import Any, NamedTuple

from app.db import session
from app.domain.states import Event, State
from app.errors import Rejected
from app.models import Connection, OutboundOrder, Shop
from app.sync import breaker, journal, runs, unheard, units_back
from app.sync.asking_back import CANCEL_TOO_LATE, CANCELLED, take_cancelled
from app.sync.capabilities import refusal_of
from app.sync.claims import Claim, finish, postpone
from app.sync.engine import atomically, record, settle
from app.sync.outcomes import has_more_to_come, show_refusal
from app.sync.outside import wms_for
from app.sync.situations import connection_of
from app.wms import problems
from app.wms.base import CancelRequest

_PENDING_WAIT = 30.0
# What the WMS answers when there is nothing to cancel.
_NEVER_HAD = {"not-found", "unknown-order"}
TOO_LATE = "too-late"


class _Answer(NamedTuple):
    """What became of a cancellation, and the WMS's own words about it where it gave some."""

    outcome: str
    said: str = ""


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
        lines=units_back.lines_asked(outbound),
    )
    asked = outbound.asked_back
    answer = _ask(shop, connection, request)
    atomically(lambda: _take(claimed, answer, asked))


def _ask(shop: Shop, connection: Connection, request: CancelRequest) -> _Answer:
    """What the WMS makes of it; one that says that it can't cancel is not asked."""
    able = "cancel" if request.lines is None else "cancel_lines"
    if (refusal := refusal_of(connection, able)) is not None:
        return _Answer(refusal.code)
    with closing(wms_for(connection)) as wms:
        try:
            answer = _Answer(wms.cancel(request).outcome)
        except Rejected as problem:
            unheard.require_word(shop, problem)
            answer = _refusal(problem)
    breaker.answered(connection)
    return answer


def _refusal(problem: Rejected) -> _Answer:
    if problem.code in _NEVER_HAD:
        return _Answer("cancelled")
    return _Answer(problem.code, problems.quote_of(problem.message))


def _take(claimed: Claim, answer: _Answer, asked: dict[str, Any] | None) -> None:
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    if answer.outcome == "pending":
        postpone([claimed], _PENDING_WAIT, "", hold=0.0, counts=False)
        return
    if outbound.asked_back != asked:
        # All of it is to be cancelled by now, and that is owed.
        finish([claimed])
        return
    if asked is not None:
        _take_units(outbound, answer)
    elif answer.outcome == CANCELLED:
        take_cancelled(outbound)
    else:
        why, mend = _WHY_NOT.get(answer.outcome, _REFUSED)
        _take_too_late(outbound, f"{why}{answer.said} {mend}")
    finish([claimed])


def _take_units(outbound: OutboundOrder, answer: _Answer) -> None:
    order, done = outbound.order, answer.outcome in units_back.DONE
    message = units_back.take(outbound, answer.outcome, answer.said)
    show_refusal(order)
    note, final = runs.SENT if done else runs.FAILED, not has_more_to_come(order)
    runs.note(order, note, reason=outbound.reason, message=message, final=final)
    order.manual = order.manual and not final
    _say(outbound, message, level=journal.INFO if done else journal.ERROR)


def _take_too_late(outbound: OutboundOrder, message: str) -> None:
    order = outbound.order
    outbound.reason, outbound.message, outbound.retry_at = CANCEL_TOO_LATE, message, None
    record(order, Event.CANCEL_TOO_LATE, outbound=outbound)
    order.reason, order.message = outbound.reason, message
    runs.note(order, runs.FAILED, reason=outbound.reason, message=message, final=True)
    _say(outbound, message, level=journal.ERROR)


def _say(outbound: OutboundOrder, message: str, *, level: str) -> None:
    order = outbound.order
    settle(order, gates_open=False)
    journal.write(
        order.shop_id, "cancelled", message, order=order, level=level, code=outbound.reason
    )


_DECIDE = "Decide with the warehouse what to do."
_REFUSED = ("The warehouse did not cancel it.", _DECIDE)
_WHY_NOT = {
    "partially_cancelled": ("The warehouse could cancel only a part of it.", _DECIDE),
    TOO_LATE: ("It was too late to cancel it at the warehouse.", _DECIDE),
    "unsupported": (
        "The warehouse's system can't cancel orders.",
        "Tell the warehouse yourself.",
    ),
}
