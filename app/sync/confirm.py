"""Finds out what became of a batch: posts it, asks its job, or looks its orders up by reference.

A batch whose outcome is unknown is looked up before anything is sent again; only when the WMS has
never received some of it do the same bytes go under the same key once more, and after that its
orders one by one. A job that runs for too
long is asked as before, and its orders are looked up beside it.
"""

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from app.db import session
from app.domain.retries import after_failure, before_check
from app.domain.states import Event, State
from app.errors import Rejected, TryLater, Uncertain
from app.models import Batch, Shop
from app.models.batch import ABANDONED, ANSWERED, POSTING, RUNNING
from app.sync import batches, breaker, journal, one_by_one, overdue, results, runs
from app.sync.callbacks import came_first
from app.sync.claims import Claim, finish, postpone
from app.sync.engine import atomically, record, settle
from app.sync.outcomes import show_refusal
from app.sync.outside import wms_for
from app.sync.situations import connection_of, is_on_its_way, paused_because
from app.wms.base import BatchAnswer
from app.wms.http import ConnectorApi

_RETRYING = "retrying"


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


@dataclass(frozen=True, slots=True)
class Posting:
    """A batch that is written down, with the claim on its outcome. ``well``: nothing was known to
    be wrong with the connection."""

    batch_id: str
    body: bytes
    claimed: Claim
    wms: ConnectorApi
    well: bool = False


def post_all(shop: Shop, postings: Sequence[Posting]) -> None:
    """Post batches one after the other, as long as the WMS wants any. No transaction is open."""
    for place, posting in enumerate(postings):
        wait = breaker.pace_left(shop) if place else 0.0
        if wait:
            _give_back(posting.batch_id, posting.claimed, breaker.PACED, _RETRYING, wait=wait)
        else:
            post(shop, posting)


def post(shop: Shop, posting: Posting) -> None:
    """Post a batch and take in what comes. No transaction is open."""
    with closing(posting.wms) as wms:
        try:
            answer = wms.send_batch(posting.batch_id, posting.body)
        except (TryLater, Uncertain, Rejected) as problem:
            _not_posted(shop, posting.batch_id, posting.claimed, problem)
            return
    connection = None if posting.well else connection_of(shop)
    if connection is not None:
        breaker.answered(connection)
    _take_answer(shop, posting.batch_id, posting.claimed, answer)


def _post_again(shop: Shop, batch_id: str, claimed: Claim) -> None:
    """Post the same bytes under the same key, unless sending is paused by now."""
    body = session().get_one(Batch, batch_id).body
    connection = connection_of(shop)
    if connection is None or paused_because(connection):
        session().rollback()
        return
    breaker.require_pace(connection)
    post(shop, Posting(batch_id, body, claimed, wms_for(connection)))


def _not_posted(
    shop: Shop, batch_id: str, claimed: Claim, problem: TryLater | Uncertain | Rejected
) -> None:
    """No orderly answer. The batch stays, and is looked up when its claim is due again."""
    if isinstance(problem, Rejected) and breaker.refused(shop, problem):
        _give_back(batch_id, claimed, problem.message, "connection")
    elif isinstance(problem, Rejected):
        results.refuse_all(shop, batch_id, claimed, problem)
    else:
        breaker.failed(shop, problem)
        wait = after_failure(claimed.attempts, problem.wait)
        _give_back(batch_id, claimed, problem.message, _RETRYING, wait=wait, hold=problem.wait)


def _give_back(
    batch_id: str, claimed: Claim, why: str, code: str, *, wait: float = 0.0, hold: float = 0.0
) -> None:
    """Try again later, and let each order say why it is not at the warehouse yet."""

    def work() -> None:
        results.undelivered(batch_id, why, code)
        postpone([claimed], wait, why, hold=hold, counts=True)

    session().rollback()
    atomically(work)


def _take_answer(shop: Shop, batch_id: str, claimed: Claim, answer: BatchAnswer) -> None:
    """Record a 200 or a 202. A 202 owes a look: a callback that came first is not needed."""
    if answer.results is None:
        atomically(lambda: _running(shop, batch_id, claimed, answer.job_id or ""))
    else:
        results.take_results(shop, batch_id, claimed, answer.results, answer.job_id or "")


def _running(shop: Shop, batch_id: str, claimed: Claim, job_id: str) -> None:
    batch = session().get_one(Batch, batch_id)
    if batch.state == ABANDONED:
        # The account that answers is not ours any more.
        finish([claimed])
        return
    wait = 0.0 if came_first(batch, job_id) else before_check(0)
    batches.running(batch, job_id)
    for order, outbound in batches.members(batch):
        if outbound.state == State.SENDING:
            outbound.job_id = job_id
            show_refusal(order)
            record(order, Event.ACCEPTED, outbound=outbound)
            runs.note(order, runs.WAITING, message="The warehouse is working on it.", final=False)
            settle(order, gates_open=True)
    journal.write(
        shop.id,
        "sent",
        f"Warehouse orders sent: {len(batch.members)}. The warehouse is working on it.",
        job_id=job_id,
    )
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
        results.take_results(shop, batch_id, claimed, job.results, job_id)
        return
    found = results.look_up(shop, overdue.to_look_up(batch_id))
    results.take_settled(shop, batch_id, claimed, found)


def _resolve(shop: Shop, batch_id: str, claimed: Claim) -> None:
    """Look every order of a batch up; post the same bytes again if the WMS lacks some."""
    batch = session().get_one(Batch, batch_id)
    members = batches.members(batch)
    external_ids = [o.external_id for _, o in members if is_on_its_way(o)]
    sent = {o.external_id: o.sent_revision for _, o in members}
    session().commit()
    found = results.look_up(shop, external_ids)
    lacking = [
        external_id
        for external_id, order in found.items()
        if order is None or order.revision < sent[external_id]
    ]
    if not lacking or _state_of(batch_id) != POSTING:
        results.take_found(shop, batch_id, claimed, found)
    elif one_by_one.is_called_for(batch_id):
        results.take_apart(shop, batch_id, claimed, found)
    else:
        _post_again(shop, batch_id, claimed)


def _state_of(batch_id: str) -> str:
    state = session().get_one(Batch, batch_id, populate_existing=True).state
    session().commit()
    return state
