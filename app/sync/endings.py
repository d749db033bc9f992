"""Says in the log what became of a person's send, once its last order has had its last word.

The ticker asks for it: no order on its way is kept waiting by it.
"""

from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select, update

from app.db import database_now, session
from app.models import Run, RunItem, Shop
from app.sync import journal, runs
from app.sync.engine import atomically

# The event of its line; ``details`` of which say the sums, for pages to put into words.
ENDED = "ended"
UNCHANGED = "unchanged"
# In the order in which a person is told.
TOLD = (runs.SENT, UNCHANGED, runs.WAITING, runs.SKIPPED, runs.FAILED)
_THERE = frozenset({runs.SENT, UNCHANGED})
# What still waits then is told as waiting; nobody looks for a send that is older still.
_PATIENCE, _LOOKS_BACK = timedelta(days=1), timedelta(days=2)
_AT_ONCE = 100
Sums = list[dict[str, Any]]


def tell() -> int:
    """Close the sends that are over and write a line for each; returns how many. Any number of
    tickers may call this. Commits."""
    found = _over()
    session().rollback()
    return sum(atomically(lambda run_id=each: _close(run_id)) for each in found)  # type: ignore[misc]


def _over() -> list[str]:
    now = database_now()
    open_since = and_(
        Run.shop_id == Shop.id, Run.kind == runs.SEND, Run.started_at > now - _LOOKS_BACK
    )
    waits = exists().where(RunItem.run_id == Run.id, RunItem.final.is_(False))
    query = (
        select(Run.id)
        .join(Shop, open_since)
        .where(Run.finished_at.is_not(None), Run.outcome == "")
        .where(or_(~waits, Run.started_at < now - _PATIENCE))
    )
    return list(session().scalars(query.limit(_AT_ONCE)))


def _close(run_id: str) -> bool:
    """Write a run's line, unless another ticker was quicker. The caller commits."""
    mine = update(Run).where(Run.id == run_id, Run.outcome == "").values(outcome=runs.DONE)
    if session().scalar(mine.returning(Run.id)) is None:
        return False
    run = session().get_one(Run, run_id, populate_existing=True)
    sums = _sums(run)
    if sums:
        numbers = (f"{each['outcome'].capitalize()} {each['count']}." for each in sums)
        journal.write(
            run.shop_id,
            ENDED,
            " ".join(["Send to WMS ended.", *numbers]),
            run_id=run.id,
            actor=run.started_by,
            details={"sums": sums},
        )
    return True


def _sums(run: Run) -> Sums:
    """How many orders ended how, and why: those that occur, with the commonest reason first."""
    causes: dict[str, Counter[str]] = {outcome: Counter() for outcome in TOLD}
    rows = session().execute(
        select(RunItem.outcome, RunItem.reason, func.count())
        .where(RunItem.run_id == run.id)
        .group_by(RunItem.outcome, RunItem.reason)
    )
    for outcome, reason, count in rows:
        causes[_told_of(outcome, reason)][reason] += count
    causes[runs.SKIPPED].update(run.counts.get(runs.TURNED_AWAY, {}))
    return [_sum(outcome, found) for outcome, found in causes.items() if found]


def _told_of(outcome: str, reason: str) -> str:
    """An outcome as a person is told it: nothing was sent of what the WMS had already."""
    if outcome == runs.SENT and reason == UNCHANGED:
        return UNCHANGED
    return outcome or runs.WAITING


def _sum(outcome: str, causes: Mapping[str, int]) -> dict[str, Any]:
    told = [] if outcome in _THERE else sorted(causes.items(), key=lambda cause: (-cause[1], cause))
    return {
        "outcome": outcome,
        "count": sum(causes.values()),
        "reasons": [[reason, count] for reason, count in told if reason],
    }
