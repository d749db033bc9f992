"""Lets go of what is older than a shop wants to keep: log lines, runs, webhooks, and the people in
the documents that were sent.

A daily run does it a few hundred rows a transaction, after everything that is more urgent: nobody
waits for it, however much there is.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, select, tuple_, update

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Batch, InboxItem, LogLine, Run, RunItem, Shop
from app.models.batch import ABANDONED, ANSWERED
from app.sync import runs, staff, tallies
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.forgetting import forget_batches
from app.sync.owing import BULK, owe
from app.sync.preferences import settings_of

PRUNE = "prune"
AT_ONCE = 500
# A batch is some ten documents.
BATCHES_AT_ONCE = 50
# Shopify repeats a webhook for two days, and a person may replay one for longer: its id is known
# for at least five.
INBOX_DAYS = 7
_QUIETLY = {"synchronize_session": False}
Condition = ColumnElement[bool]


def prune(shop: Shop, claimed: Claim) -> None:
    """Let some hundred rows go; owed again until there are none left."""
    shop_id = shop.id

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        fresh = session().get_one(Shop, shop_id)
        counts = _next(fresh)
        if counts:
            runs.count(run, counts)
            owe(shop_id, ("run", run.id), Effect.RUN, lane=BULK)
        else:
            runs.finish(run)
        finish([claimed])

    atomically(work)


def _next(shop: Shop) -> dict[str, int]:
    """Prune the first kind of rows that has any to spare; what went, or nothing."""
    now = database_now()
    before = now - timedelta(days=settings_of(shop).retention_days)
    steps: dict[str, Callable[[], int]] = {
        "lines": lambda: _drop_lines(shop.id, before),
        "inbox": lambda: _drop_inbox(shop.id, now - timedelta(days=INBOX_DAYS)),
        "items": lambda: _drop_run_items(shop.id, before),
        "runs": lambda: _drop_runs(shop.id, before),
        "batches": lambda: _empty_batches(shop.id, before),
        "people": lambda: staff.forget(shop.id, before, AT_ONCE),
        "days": lambda: int(tallies.fold(shop)),
    }
    for name, step in steps.items():
        if number := step():
            return {name: number}
    return {}


def _drop_lines(shop_id: int, before: datetime) -> int:
    old = select(LogLine.id).where(LogLine.shop_id == shop_id, LogLine.at < before)
    return _delete(LogLine, LogLine.id.in_(old.order_by(LogLine.at).limit(AT_ONCE)))


def _drop_inbox(shop_id: int, before: datetime) -> int:
    """What has been acted on, and callbacks of jobs that nobody has heard of since."""
    done = select(InboxItem.id).where(InboxItem.shop_id == shop_id, InboxItem.done_at < before)
    return _delete(InboxItem, InboxItem.id.in_(done.order_by(InboxItem.done_at).limit(AT_ONCE)))


def _drop_run_items(shop_id: int, before: datetime) -> int:
    """First the orders of old runs: a run may have had thousands."""
    runs_of_old = _old_runs(shop_id, before)
    items = (
        select(RunItem.run_id, RunItem.order_id)
        .where(RunItem.run_id.in_(runs_of_old.scalar_subquery()))
        .limit(AT_ONCE)
    )
    return _delete(RunItem, tuple_(RunItem.run_id, RunItem.order_id).in_(items))


def _drop_runs(shop_id: int, before: datetime) -> int:
    return _delete(Run, Run.id.in_(_old_runs(shop_id, before).limit(AT_ONCE)))


def _old_runs(shop_id: int, before: datetime) -> Select[Any]:
    """Finished runs of long ago, but for the last of each kind, which Home shows."""
    kinds = session().scalars(select(Run.kind).where(Run.shop_id == shop_id).distinct())
    newest = [_newest(shop_id, kind) for kind in kinds]
    return select(Run.id).where(
        Run.shop_id == shop_id,
        Run.started_at < before,
        Run.finished_at.is_not(None),
        Run.id.not_in(newest),
    )


def _newest(shop_id: int, kind: str) -> str | None:
    mine = select(Run.id).where(Run.shop_id == shop_id, Run.kind == kind)
    return session().scalar(mine.order_by(Run.started_at.desc()).limit(1))


def _empty_batches(shop_id: int, before: datetime) -> int:
    """Take people out of the documents of requests that are over. What was asked for stays, line by
    line, with the job's id and what became of each order."""
    old = select(Batch.id).where(
        Batch.shop_id == shop_id,
        Batch.emptied_at.is_(None),
        Batch.created_at < before,
        Batch.state.in_((ANSWERED, ABANDONED)),
    )
    emptied = (
        session()
        .scalars(
            update(Batch)
            .where(Batch.id.in_(old.order_by(Batch.created_at).limit(BATCHES_AT_ONCE)))
            .values(body=b"", emptied_at=database_now())
            .returning(Batch.id),
            execution_options=_QUIETLY,
        )
        .all()
    )
    forget_batches(emptied)
    return len(emptied)


def _delete(table: type[LogLine | InboxItem | Run | RunItem], condition: Condition) -> int:
    result = session().execute(delete(table).where(condition), execution_options=_QUIETLY)
    return int(getattr(result, "rowcount", 0))
