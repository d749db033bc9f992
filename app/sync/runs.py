"""Runs: what someone started, which orders it is about, and what became of each."""

from collections.abc import Mapping
from typing import cast
from uuid import uuid4

from sqlalchemy import Table, bindparam, func, select, update

from app import together
from app.db import database_now, session
from app.models import Order, Run, RunItem
from app.sync import journal

SEND, STATUS = "send", "status"
SENT, WAITING, SKIPPED, FAILED = "sent", "waiting", "skipped", "failed"
SCHEDULE = "schedule"
# The code of the log line of a run that did nothing.
IDLE = "idle"
DONE = "done"
# Among the counts of a send: why the orders that it left out at once were left out.
TURNED_AWAY = "turned_away"
# What staff start has its line from the start (a send one at its end too: ``endings.py``), and what
# only serves other work has none.
_TOLD_OTHERWISE = frozenset(
    {SEND, STATUS, "take_out", "look_again", "adopt", "try_again", "repair"}
)
_ONLY_LOOKED = frozenset({"looked", "checked", "read", "under_way", "levels"})
_items = cast("Table", RunItem.__table__)
_NOTE = (
    update(_items)
    .where(_items.c.order_id == bindparam("noted_order"), _items.c.final.is_(False))
    .values({name: bindparam(name) for name in ("outcome", "reason", "message", "final")})
)


def begin(shop_id: int, kind: str, started_by: str) -> Run:
    """A new run. The caller commits."""
    run = Run(
        id=str(uuid4()),
        shop_id=shop_id,
        kind=kind,
        started_by=started_by,
        started_at=database_now(),
        counts={},
    )
    session().add(run)
    session().flush()
    return run


def include(run: Run, order: Order) -> None:
    """Make an order part of a run. The caller commits."""
    session().merge(RunItem(run_id=run.id, order_id=order.id))


def note(order: Order, outcome: str, *, reason: str = "", message: str = "", final: bool) -> None:
    """Tell every run that still waits for this order what became of it. The caller commits.

    ``final`` False leaves the item open for a later word (*waiting* turns into *sent*).
    """
    row = {"outcome": outcome, "reason": reason, "message": message, "final": final}
    together.add(_NOTE, {"noted_order": order.id, **row})


def note_checked(order: Order, message: str, *, reason: str = "") -> None:
    """Answer the runs that only asked how the order stands: it is still on its way. The caller
    commits."""
    together.write()
    asking = select(Run.id).where(Run.shop_id == order.shop_id, Run.kind == STATUS)
    session().execute(
        update(RunItem)
        .where(
            RunItem.order_id == order.id,
            RunItem.final.is_(False),
            RunItem.run_id.in_(asking.scalar_subquery()),
        )
        .values(outcome=WAITING, reason=reason, message=message, final=True),
        execution_options={"synchronize_session": False},
    )


def finish(run: Run, message: str = "", counts: Mapping[str, int] | None = None) -> None:
    """Close a run. ``counts`` are added to what it counted so far. The caller commits.

    A send has taken all of its orders in then; it is done when ``endings.py`` has told of them.
    """
    count(run, counts or {})
    run.finished_at, run.message = database_now(), message
    run.outcome = "" if run.kind == SEND else DONE
    if run.kind not in _TOLD_OTHERWISE and not message:
        _tell(run)


def close(run: Run, problem: str, counts: Mapping[str, int] | None = None) -> None:
    """Close a run that could not do all of its work because of a ``problem``, if there is one. The
    caller commits."""
    finish(run, problem, counts)
    run.outcome = FAILED if problem else run.outcome


def _tell(run: Run) -> None:
    """Log what a job has done; a run that did nothing carries a code by which it can be hidden."""
    done = {name: number for name, number in run.counts.items() if number}
    did_nothing = not set(done) - _ONLY_LOOKED
    numbers = ", ".join(f"{name} {number}" for name, number in done.items())
    journal.write(
        run.shop_id,
        "ran",
        f"{run.kind.replace('_', ' ').capitalize()}: {numbers or 'nothing to do'}.",
        code=IDLE if did_nothing else "",
        run_id=run.id,
        actor=run.started_by,
        details={"counts": done},
    )


def count(run: Run, counts: Mapping[str, int]) -> None:
    """Add to a run's counts. The caller commits."""
    known = dict(run.counts)
    for name, number in counts.items():
        known[name] = known.get(name, 0) + number
    run.counts = known


def progress(run: Run) -> tuple[int, int]:
    """How many of the run's orders have had a word, and how many there are. Until a run has taken
    all of them in, what was counted at its start stands for them."""
    spoken = func.count().filter(RunItem.outcome != "")
    done, total = (
        session().execute(select(spoken, func.count()).where(RunItem.run_id == run.id)).one()
    )
    return done, total if run.finished_at else max(total, int(run.counts.get("queued", 0)))
