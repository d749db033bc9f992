"""The runs that stock is updated or compared by: how far each is, and how it ends."""

import json
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from sqlalchemy import ColumnElement, and_, func, or_, select

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Connection, Run, Shop, StockLevel, WarehouseStock
from app.sync import runs, stock_anew
from app.sync.owing import BULK, STAFF, owe
from app.sync.situations import connection_of
from app.sync.stock_state import JOB, PREVIEW, open_run, places_of, reading_of

READING, SCANNING, JUDGING = "reading", "scanning", "judging"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is, as its cursor keeps it. ``place`` counts the locations that were read of
    Shopify's catalogue, ``at`` is how far the present one is; ``base`` is what was counted before
    it began."""

    phase: str = READING
    place: int = 0
    at: str = ""
    base: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, run: Run) -> Self:
        """Where a run goes on; one that was not begun yet begins here."""
        if run.cursor:
            return cls(**json.loads(run.cursor))
        return cls(base=dict(reading_of(run.shop_id).counted))

    def keep(self, run: Run) -> None:
        """Note how far a run is. The caller commits."""
        run.cursor = json.dumps(asdict(self))


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many levels are as they should be, how many would be changed, and how many lines and
    levels are left alone, by reason."""

    equal: int
    changes: int
    left_out: dict[str, int]


def begin_comparison(shop: Shop, connection: Connection, actor: str) -> Run:
    """Compare all of a shop's stock; the run that there is when it is being done already. Where
    stock is set already, that sets what differs. The caller commits."""
    run = open_run(shop.id, PREVIEW)
    if run is None:
        stock_anew.begin(connection)
        run = runs.begin(shop.id, PREVIEW, actor)
    elif actor == runs.SCHEDULE or run.started_by != runs.SCHEDULE:
        return run
    run.started_by = actor
    lane = BULK if actor == runs.SCHEDULE else STAFF
    owe(shop.id, ("run", run.id), Effect.RUN, lane=lane)
    return run


def differs() -> ColumnElement[bool]:
    """The condition that setting a level would change it. What is not stocked there has nothing."""
    return and_(
        StockLevel.reason == "",
        StockLevel.wanted.is_not(None),
        or_(StockLevel.seen != StockLevel.wanted, _is_unstocked()),
    )


def _is_unstocked() -> ColumnElement[bool]:
    return and_(StockLevel.seen.is_(None), StockLevel.wanted > 0)


def compared(shop_id: int) -> Comparison:
    """What setting a shop's stock would change, as far as was judged."""
    judged = and_(StockLevel.shop_id == shop_id, StockLevel.wanted.is_not(None))
    fine = session().scalar(select(func.count()).where(judged, StockLevel.reason == "")) or 0
    changes = session().scalar(select(func.count()).where(judged, differs())) or 0
    left_out: dict[str, int] = {}
    for table in (WarehouseStock, StockLevel):
        query = select(table.reason, func.count()).where(
            table.shop_id == shop_id, table.reason != ""
        )
        for reason, number in session().execute(query.group_by(table.reason)):
            left_out[reason] = left_out.get(reason, 0) + number
    return Comparison(fine - changes, changes, left_out)


def close(shop: Shop, problem: str = "") -> None:
    """End the runs that waited for what was due. The caller commits."""
    waiting = (
        session()
        .query(Run)
        .filter(Run.shop_id == shop.id, Run.kind.in_((JOB, PREVIEW)), Run.finished_at.is_(None))
    )
    for run in waiting:
        progress = Progress.of(run)
        if progress.phase == JUDGING:
            _end(run, progress, problem)


def _end(run: Run, progress: Progress, problem: str) -> None:
    counts = _compared_by(run, problem) if run.kind == PREVIEW else _done_by(run, progress)
    runs.finish(run, problem, counts)
    if problem:
        run.outcome = runs.FAILED


def _compared_by(run: Run, problem: str) -> dict[str, int]:
    if problem:
        return {}
    if run.started_by != runs.SCHEDULE:
        _note_compared(session().get_one(Shop, run.shop_id))
    found = compared(run.shop_id)
    left_out = sum(found.left_out.values())
    return {"equal": found.equal, "different": found.changes, "left_out": left_out}


def _note_compared(shop: Shop) -> None:
    reading = reading_of(shop.id)
    reading.compared_at = database_now()
    reading.places = places_of(shop, connection_of(shop))


def _done_by(run: Run, progress: Progress) -> dict[str, int]:
    known: dict[str, Any] = reading_of(run.shop_id).counted
    return {name: number - progress.base.get(name, 0) for name, number in known.items()}
