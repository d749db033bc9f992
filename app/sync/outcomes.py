"""What an answer of the WMS means for an outbound order and for the order it is part of."""

from app.db import database_now
from app.domain import rules
from app.domain.retries import after_refusal
from app.domain.states import Event, State
from app.models import Order, OutboundOrder, Shop
from app.sync import journal, runs
from app.sync.absorb import sent_lines
from app.sync.engine import live, record, settle
from app.sync.situations import connection_of, situation_of
from app.wms.base import Problem, WmsOrder
from app.wms.problems import explain

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
    outbound.confirmed_revision = outbound.sent_revision
    outbound.confirmed_lines = lines
    outbound.confirmed_at, outbound.wms_id = database_now(), wms_id or outbound.wms_id
    outbound.reason, outbound.message = "", ""
    outbound.tries, outbound.retry_at = 0, None
    behind = outbound.wanted_revision > outbound.sent_revision
    record(order, Event.OVERTAKEN if behind else Event.CONFIRMED, outbound=outbound)
    if outbound.cancel_wanted:
        outbound.cancel_wanted = False
        record(order, Event.CANCELLED, outbound=outbound)
    _let_held_back_follow(order)
    order.reason, order.message = "", ""
    settle(order, gates_open=_is_behind(order) and _gates_open(order, shop))
    runs.note(order, runs.SENT, message="In the warehouse.", final=True)
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
    wait = after_refusal(outbound.tries)
    outbound.retry_at = database_now() + wait if wait else None
    outbound.reason, outbound.message = code[:32], words
    if code == "revision-conflict":
        outbound.wanted_revision, outbound.wanted_hash = outbound.sent_revision + 1, ""
    record(order, Event.REJECTED, outbound=outbound)
    if outbound.cancel_wanted:
        outbound.cancel_wanted = False
        record(
            order,
            Event.CANCELLED if outbound.confirmed_revision else Event.WITHDRAWN,
            outbound=outbound,
        )
    _let_held_back_follow(order)
    order.reason, order.message = code[:32], words
    settle(order, gates_open=False)
    runs.note(order, runs.FAILED, reason=code, message=words, final=True)
    journal.write(
        shop.id,
        "rejected",
        f"Refused. {words}",
        order=order,
        level=journal.ERROR,
        code=code,
        job_id=outbound.job_id,
    )


def _is_behind(order: Order) -> bool:
    """Whether the warehouse should have more than it has: only then do the gates matter."""
    return any(each.wanted_revision > each.confirmed_revision for each in live(order))


def _gates_open(order: Order, shop: Shop) -> bool:
    return rules.closed(situation_of(order, shop, connection_of(shop))) is None
