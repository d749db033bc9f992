"""Takes in what the WMS says of a batch: results, what a look-up found, or a refusal of it all."""

import time
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing

from app.db import database_now, session
from app.domain.retries import before_check
from app.domain.states import ON_ITS_WAY
from app.errors import Rejected, TryLater
from app.models import Batch, Order, OutboundOrder, Shop
from app.sync import answers, batches, breaker, journal, one_by_one, overdue
from app.sync.claims import Claim, finish, postpone
from app.sync.engine import atomically
from app.sync.outcomes import accept, refuse, refuse_because, settle_found
from app.sync.outside import wms_for
from app.sync.situations import connection_of
from app.wms.base import OrderResult, WmsOrder
from app.wms.http import ConnectorApi
from app.wms.results import match_results

# Looking orders up ends after this; those not reached are looked up when the claim is due again.
_LOOK_UP_SECONDS = 8.0
_Members = Sequence[tuple[Order, OutboundOrder]]


def take_results(
    shop: Shop, batch_id: str, claimed: Claim, results: Sequence[OrderResult], job_id: str
) -> None:
    """Record the results of a batch; orders they say nothing clear of are looked up then."""

    def work() -> list[str]:
        batch = session().get_one(Batch, batch_id)
        members = batches.members(batch)
        sent = [(outbound.external_id, outbound.sent_revision) for _, outbound in members]
        clear, missing = match_results(sent, results)
        batch.job_id = job_id
        _apply(shop, batch, members, clear)
        if not missing:
            _close(batch, members, claimed)
        return [external_id for external_id, _ in missing]

    unclear = atomically(work)
    if unclear:
        take_found(shop, batch_id, claimed, look_up(shop, unclear))


def take_found(
    shop: Shop, batch_id: str, claimed: Claim, found: Mapping[str, WmsOrder | None]
) -> None:
    """Record what the WMS knows of the orders of a batch, None: it never received it."""

    def work() -> None:
        batch = session().get_one(Batch, batch_id)
        members = batches.members(batch)
        _apply_found(shop, batch, members, found)
        _close(batch, members, claimed)

    atomically(work)


def take_settled(
    shop: Shop, batch_id: str, claimed: Claim, found: Mapping[str, WmsOrder | None]
) -> None:
    """Record which orders of a batch have come through although its job goes on. That one is still
    inside, or not to be seen, says nothing as long as it does: such orders go on waiting."""

    def work() -> None:
        batch = session().get_one(Batch, batch_id)
        members = batches.members(batch)
        there = _there(members, found)
        through = {each: known for each, known in there.items() if known.state != "received"}
        _apply_found(shop, batch, members, through)
        _close(batch, members, claimed)

    atomically(work)


def look_up(shop: Shop, external_ids: Iterable[str]) -> dict[str, WmsOrder | None]:
    """Ask the WMS for orders by reference, as many as the time allows. Where it fails over one, it
    answers for the others all the same. Commits.

    Raises what went wrong if it answers for none, refuses us, or wants fewer requests.
    """
    wanted = list(external_ids)
    connection = connection_of(shop) if wanted else None
    if connection is None:
        return {}
    with closing(wms_for(connection)) as wms:
        found, failures = _ask_each(wms, wanted)
    if failures and not found:
        raise failures[0]
    breaker.answered(connection)
    session().commit()
    return found


def _ask_each(
    wms: ConnectorApi, external_ids: Iterable[str]
) -> tuple[dict[str, WmsOrder | None], list[TryLater | Rejected]]:
    """What it answers for each, and what went wrong with others."""
    end = time.monotonic() + _LOOK_UP_SECONDS
    found: dict[str, WmsOrder | None] = {}
    failures: list[TryLater | Rejected] = []
    for external_id in external_ids:
        if time.monotonic() > end:
            break
        try:
            found[external_id] = wms.by_ref(external_id)
        except (TryLater, Rejected) as problem:
            if _is_of_all(problem):
                raise
            failures.append(problem)
    return found, failures


def _is_of_all(problem: TryLater | Rejected) -> bool:
    if isinstance(problem, Rejected):
        return problem.code in breaker.PAUSING
    return not problem.counts


def _apply(
    shop: Shop, batch: Batch, members: _Members, results: Mapping[tuple[str, int], OrderResult]
) -> None:
    """Settle each order of a batch by its result; a result counts only at the revision sent."""
    lines = batches.lines(batch)
    for order, outbound in members:
        result = results.get((outbound.external_id, outbound.sent_revision))
        if result is None or outbound.state not in ON_ITS_WAY:
            continue
        outbound.job_id = batch.job_id
        answers.keep_result(batch, outbound, result)
        if result.accepted:
            asked_for = lines.get(outbound.id, {})
            complaints = result.issues
            accept(order, outbound, shop, result.wms_id or "", asked_for, complaints=complaints)
        else:
            refuse(order, outbound, shop, result.problem)


def _there(members: _Members, found: Mapping[str, WmsOrder | None]) -> dict[str, WmsOrder]:
    """Of what was looked up, the orders that the WMS has at the revision sent, or a later one."""
    sent = {outbound.external_id: outbound.sent_revision for _, outbound in members}
    return {
        external_id: known
        for external_id, known in found.items()
        if known is not None and known.revision >= sent.get(external_id, 0)
    }


def _apply_found(
    shop: Shop, batch: Batch, members: _Members, found: Mapping[str, WmsOrder | None]
) -> None:
    for order, outbound in members:
        if outbound.external_id in found and outbound.state in ON_ITS_WAY:
            answers.keep_found(batch, outbound, found[outbound.external_id])
            settle_found(order, outbound, shop, found[outbound.external_id])


def _close(batch: Batch, members: _Members, claimed: Claim) -> None:
    """A batch is over when none of its orders is on its way any more."""
    coming = [order for order, outbound in members if outbound.state in ON_ITS_WAY]
    if coming:
        batch.checks += 1
        batch.answered_at = batch.answered_at or database_now()
        overdue.tell(batch, coming)
        postpone([claimed], before_check(batch.checks), "", hold=0.0, counts=False)
        return
    batches.close(batch)
    finish([claimed])


def take_apart(
    shop: Shop, batch_id: str, claimed: Claim, found: Mapping[str, WmsOrder | None]
) -> None:
    """Record which orders of a batch the WMS has; the others go one by one."""

    def work() -> None:
        batch = session().get_one(Batch, batch_id)
        members = batches.members(batch)
        _apply_found(shop, batch, members, _there(members, found))
        one_by_one.divide(batch, claimed.lane)
        batches.close(batch)
        finish([claimed])

    atomically(work)


def refuse_all(shop: Shop, batch_id: str, claimed: Claim, problem: Rejected) -> None:
    """The whole request was refused: each of its orders shows why, or goes by itself if it may be
    for the sake of one of them."""

    def work() -> None:
        batch = session().get_one(Batch, batch_id)
        members = batches.members(batch)
        apart = one_by_one.helps(batch, problem)
        if apart:
            one_by_one.divide(batch, claimed.lane)
        for order, outbound in members:
            if outbound.state not in ON_ITS_WAY:
                continue
            answers.keep_refusal(batch, outbound, problem)
            if not apart:
                refuse_because(order, outbound, shop, problem.code, problem.message)
        batches.close(batch)
        finish([claimed])

    atomically(work)


def undelivered(batch_id: str, why: str, code: str) -> None:
    """No orderly answer came to a batch: each of its orders says so, once. The caller commits."""
    for order, outbound in batches.members(session().get_one(Batch, batch_id)):
        told = (order.reason, order.message) == (code, why)
        if outbound.state not in ON_ITS_WAY or told:
            continue
        order.reason, order.message = code, why
        journal.write(
            order.shop_id,
            "undelivered",
            f"Not delivered yet. {why}",
            order=order,
            level=journal.WARNING,
            code=code,
        )
