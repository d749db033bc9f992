"""Finds out what became of a batch: posts it, asks its job, or looks its orders up by reference.

A batch whose outcome is unknown is looked up before anything is sent again; only when the WMS has
never received some of it do the same bytes go under the same key once more.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing

from sqlalchemy import and_
from sqlalchemy.orm import joinedload

from app.db import database_now, session
from app.domain.retries import after_failure, before_check
from app.domain.states import Effect, Event, State
from app.errors import Rejected, TryLater, Uncertain
from app.models import Batch, BatchMember, Order, OutboundOrder, Revision, Shop
from app.models.batch import ABANDONED, ANSWERED, POSTING, RUNNING
from app.sync import breaker, journal, runs
from app.sync.absorb import lines_of
from app.sync.callbacks import came_first
from app.sync.engine import atomically, record, settle
from app.sync.outcomes import accept, refuse, refuse_because, settle_found
from app.sync.outside import wms_for
from app.sync.owing import Claim, finish, owe, postpone
from app.sync.situations import connection_of, paused_because
from app.wms.base import BatchAnswer, OrderResult, WmsOrder
from app.wms.results import match_results

# Looking orders up ends after this; those not reached are looked up when the claim is due again.
_LOOK_UP_SECONDS = 8.0
_IN_FLIGHT = (State.SENDING, State.AWAITING)


def confirm(shop: Shop, claims: Sequence[Claim]) -> None:
    """Ask after each claimed batch."""
    for claimed in claims:
        batch = session().get(Batch, claimed.subject_id)
        if batch is None or batch.state in (ANSWERED, ABANDONED):
            atomically(lambda claimed=claimed: finish([claimed]))  # type: ignore[misc]
        elif batch.state == RUNNING:
            _ask_job(shop, batch.id, batch.job_id, claimed)
        else:
            _resolve(shop, batch.id, claimed)


def post(shop: Shop, batch_id: str, claimed: Claim) -> None:
    """Post a batch that was just written down. ``claimed`` is the claim on its outcome."""
    batch = session().get_one(Batch, batch_id)
    body = batch.body
    connection = connection_of(shop)
    if connection is None or paused_because(connection):
        session().rollback()
        return
    with closing(wms_for(connection)) as wms:
        try:
            answer = wms.send_batch(batch_id, body)
        except (TryLater, Uncertain, Rejected) as problem:
            _not_posted(shop, batch_id, claimed, problem)
            return
    breaker.answered(connection)
    _take_answer(shop, batch_id, claimed, answer)


def _not_posted(
    shop: Shop, batch_id: str, claimed: Claim, problem: TryLater | Uncertain | Rejected
) -> None:
    """No orderly answer. The batch stays, and is looked up when its claim is due again."""
    if isinstance(problem, Rejected) and breaker.refused(shop, problem):
        _give_back(claimed, 0.0, problem.message)
    elif isinstance(problem, Rejected):
        _refuse_all(shop, batch_id, claimed, problem)
    else:
        breaker.failed(shop, problem)
        asked_for = problem.wait if isinstance(problem, TryLater) else 0.0
        wait = after_failure(claimed.attempts, asked_for)
        _give_back(claimed, wait, problem.message, hold=asked_for)


def _give_back(claimed: Claim, wait: float, error: str, *, hold: float = 0.0) -> None:
    session().rollback()
    postpone([claimed], wait, error, hold=hold, counts=True)
    session().commit()


def _take_answer(shop: Shop, batch_id: str, claimed: Claim, answer: BatchAnswer) -> None:
    """Record a 200 or a 202. A 202 owes a look: a callback that came first is not needed."""
    if answer.results is None:
        atomically(lambda: _running(shop, batch_id, claimed, answer.job_id or ""))
    else:
        _take_results(shop, batch_id, claimed, answer.results, answer.job_id or "")


def _running(shop: Shop, batch_id: str, claimed: Claim, job_id: str) -> None:
    batch = session().get_one(Batch, batch_id)
    batch.state, batch.job_id = RUNNING, job_id
    for order, outbound in _members(batch):
        if outbound.state == State.SENDING:
            outbound.job_id = job_id
            record(order, Event.ACCEPTED, outbound=outbound)
            runs.note(order, runs.WAITING, message="The warehouse is working on it.", final=False)
            settle(order, gates_open=True)
    journal.write(
        shop.id,
        "sent",
        f"Warehouse orders sent: {len(batch.members)}. The warehouse is working on it.",
        job_id=job_id,
    )
    wait = 0.0 if came_first(shop.id, job_id) else before_check(0)
    postpone([claimed], wait, "", hold=0.0, counts=False)


def _ask_job(shop: Shop, batch_id: str, job_id: str, claimed: Claim) -> None:
    connection = connection_of(shop)
    if connection is None:
        session().rollback()
        return
    with closing(wms_for(connection)) as wms:
        try:
            job = wms.job(job_id)
        except Rejected as problem:
            if breaker.refused(shop, problem):
                raise
            _resolve(shop, batch_id, claimed)
            return
    breaker.answered(connection)
    if job.finished:
        _take_results(shop, batch_id, claimed, job.results, job_id)
    else:
        atomically(lambda: _still_running(batch_id, claimed))


def _still_running(batch_id: str, claimed: Claim) -> None:
    batch = session().get_one(Batch, batch_id)
    batch.checks += 1
    for order, _ in _members(batch):
        runs.note_checked(order, "The warehouse is still working on it.")
    postpone([claimed], before_check(batch.checks), "", hold=0.0, counts=False)


def _take_results(
    shop: Shop, batch_id: str, claimed: Claim, results: Sequence[OrderResult], job_id: str
) -> None:
    """Record the results of a batch; orders they say nothing clear of are looked up."""
    sent = _sent(batch_id)
    session().commit()
    clear, missing = match_results(sent, results)
    found = _look_up(shop, [external_id for external_id, _ in missing])

    def work() -> None:
        fresh = session().get_one(Batch, batch_id)
        fresh.job_id = job_id
        _apply(shop, fresh, clear)
        _apply_found(shop, fresh, found)
        _close(fresh, claimed)

    atomically(work)


def _close(batch: Batch, claimed: Claim) -> None:
    """A batch is over when none of its orders is on its way any more."""
    if any(outbound.state in _IN_FLIGHT for _, outbound in _members(batch)):
        batch.checks += 1
        postpone([claimed], before_check(batch.checks), "", hold=0.0, counts=False)
        return
    batch.state, batch.answered_at = ANSWERED, database_now()
    finish([claimed])


def _resolve(shop: Shop, batch_id: str, claimed: Claim) -> None:
    """Look every order of a batch up; post the same bytes again if the WMS lacks some."""
    batch = session().get_one(Batch, batch_id)
    external_ids = [o.external_id for _, o in _members(batch) if o.state in _IN_FLIGHT]
    sent = {o.external_id: o.sent_revision for _, o in _members(batch)}
    session().commit()
    found = _look_up(shop, external_ids)
    lacking = [
        external_id
        for external_id, order in found.items()
        if order is None or order.revision < sent[external_id]
    ]
    if lacking and _state_of(batch_id) == POSTING:
        post(shop, batch_id, claimed)
        return

    def work() -> None:
        fresh = session().get_one(Batch, batch_id)
        _apply_found(shop, fresh, found)
        _close(fresh, claimed)

    atomically(work)


def _state_of(batch_id: str) -> str:
    state = session().get_one(Batch, batch_id, populate_existing=True).state
    session().commit()
    return state


def _look_up(shop: Shop, external_ids: Iterable[str]) -> dict[str, WmsOrder | None]:
    connection = connection_of(shop)
    wanted = list(external_ids)
    if connection is None or not wanted:
        return {}
    end = time.monotonic() + _LOOK_UP_SECONDS
    found: dict[str, WmsOrder | None] = {}
    with closing(wms_for(connection)) as wms:
        for external_id in wanted:
            if time.monotonic() < end:
                found[external_id] = wms.by_ref(external_id)
    breaker.answered(connection)
    session().commit()
    return found


def _sent(batch_id: str) -> list[tuple[str, int]]:
    """The external ids of a batch with the revisions that still stand as it carried them."""
    rows = (
        session()
        .query(OutboundOrder.external_id, OutboundOrder.sent_revision)
        .join(BatchMember, BatchMember.outbound_order_id == OutboundOrder.id)
        .filter(BatchMember.batch_id == batch_id)
        .filter(BatchMember.revision == OutboundOrder.sent_revision)
        .order_by(OutboundOrder.id)
    )
    return [(row.external_id, row.sent_revision) for row in rows]


def _members(batch: Batch) -> list[tuple[Order, OutboundOrder]]:
    """The outbound orders of a batch that still stand at the revision it carried."""
    rows = (
        session()
        .query(OutboundOrder)
        .join(BatchMember, BatchMember.outbound_order_id == OutboundOrder.id)
        .filter(
            BatchMember.batch_id == batch.id, BatchMember.revision == OutboundOrder.sent_revision
        )
        .options(joinedload(OutboundOrder.order).selectinload(Order.outbound_orders))
        .order_by(OutboundOrder.id)
    )
    return [(outbound.order, outbound) for outbound in rows]


def _apply(shop: Shop, batch: Batch, results: Mapping[tuple[str, int], OrderResult]) -> None:
    """Settle each order of a batch by its result; a result counts only at the revision sent."""
    members = _members(batch)
    lines = _lines(batch)
    for order, outbound in members:
        result = results.get((outbound.external_id, outbound.sent_revision))
        if result is None or outbound.state not in _IN_FLIGHT:
            continue
        outbound.job_id = batch.job_id
        if result.accepted:
            accept(order, outbound, shop, result.wms_id or "", lines.get(outbound.id, {}))
        else:
            refuse(order, outbound, shop, result.problem)


def _lines(batch: Batch) -> dict[int, dict[str, int]]:
    """The quantities that a batch asked for, by outbound order and order line."""
    carried = and_(
        BatchMember.outbound_order_id == Revision.outbound_order_id,
        BatchMember.revision == Revision.revision,
    )
    query = session().query(Revision.outbound_order_id, Revision.document)
    rows = query.join(BatchMember, carried).filter(BatchMember.batch_id == batch.id)
    return {row.outbound_order_id: lines_of(row.document) for row in rows}


def _apply_found(shop: Shop, batch: Batch, found: dict[str, WmsOrder | None]) -> None:
    for order, outbound in _members(batch) if found else ():
        if outbound.external_id in found and outbound.state in _IN_FLIGHT:
            settle_found(order, outbound, shop, found[outbound.external_id])


def _refuse_all(shop: Shop, batch_id: str, claimed: Claim, problem: Rejected) -> None:
    """The whole request was refused: each of its orders shows why."""

    def work() -> None:
        batch = session().get_one(Batch, batch_id)
        for order, outbound in _members(batch):
            if outbound.state in _IN_FLIGHT:
                refuse_because(order, outbound, shop, problem.code, problem.message)
        batch.state, batch.answered_at = ANSWERED, database_now()
        finish([claimed])

    atomically(work)


def ask_now(outbound: OutboundOrder, *, lane: str) -> bool:
    """Owe a look at the batch an outbound order is in, now. False: it is in none."""
    batch_id = (
        session()
        .query(Batch.id)
        .join(BatchMember)
        .filter(
            BatchMember.outbound_order_id == outbound.id,
            BatchMember.revision == outbound.sent_revision,
            Batch.state.in_((POSTING, RUNNING)),
        )
        .order_by(Batch.created_at.desc())
        .limit(1)
        .scalar()
    )
    if batch_id is not None:
        owe(outbound.shop_id, ("batch", batch_id), Effect.CONFIRM, lane=lane)
    return batch_id is not None
