"""Repairs what differs: a person asks for it, the engine does it as it does everything, and then
the order is compared again.

Each repair corrects what we believed to what is so, and owes the effect that follows. Only what
has no effect of its own is done here: a fulfillment that is one too many is cancelled
(``drift_withdraw.py``).
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, select

from app.db import database_now, session
from app.domain.drift import SAFE, Kind, Repair
from app.domain.states import Effect
from app.models import DriftRow, Order, Run, Shop
from app.models.drift import GONE, OPEN, REPAIRING
from app.sync import (
    drift_compare,
    drift_order,
    drift_rows,
    drift_stock,
    drift_withdraw,
    journal,
    runs,
)
from app.sync.claims import Claim, finish, postpone
from app.sync.drift_begin import BEGINNINGS
from app.sync.engine import atomically, owe_order
from app.sync.owing import STAFF, owe

REPAIR = "repair"
AT_ONCE = 200
_LOOK, _PATIENCE = 1.0, timedelta(minutes=15)
_STILL = "It was repaired, and is still so."
_UNDER_WAY = "The repair is still under way. Compare again later."


def repair(shop: Shop, ids: Sequence[int], actor: str) -> tuple[str, int]:
    """Repair the rows with these ids; the run's id, and how many there were. The caller commits,
    then rings."""
    run = runs.begin(shop.id, REPAIR, actor)
    number = _take_up(_open_rows(shop.id).where(DriftRow.id.in_(ids)), run)
    runs.finish(run, counts={"taken_up": number})
    return run.id, number


def repair_all(shop: Shop, kind: Kind, actor: str) -> tuple[str, int]:
    """Repair all rows of a kind but those that a person confirms one by one; the run's id, and how
    many there are. The caller commits, then rings."""
    run = runs.begin(shop.id, REPAIR, actor)
    number = session().scalar(select(func.count()).select_from(_of(shop.id, kind).subquery())) or 0
    run.cursor = kind
    if number:
        owe(shop.id, ("run", run.id), Effect.RUN, lane=STAFF)
    else:
        runs.finish(run)
    return run.id, number


def go_on(shop: Shop, claimed: Claim) -> None:
    """Take up the next rows of a run. What was found after it began is left."""
    shop_id = shop.id

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        rows = _of(shop_id, Kind(run.cursor)).where(DriftRow.seen_at <= run.started_at)
        number = _take_up(rows, run)
        runs.count(run, {"taken_up": number})
        if number == AT_ONCE:
            owe(shop_id, ("run", run.id), Effect.RUN, lane=claimed.lane)
        else:
            runs.finish(run)
        finish([claimed])

    atomically(work)


def _open_rows(shop_id: int) -> Select[Any]:
    return select(DriftRow).where(
        DriftRow.shop_id == shop_id, DriftRow.state == OPEN, DriftRow.repair != Repair.NONE
    )


def _of(shop_id: int, kind: Kind) -> Select[Any]:
    return _open_rows(shop_id).where(DriftRow.kind == kind, DriftRow.repair.in_(sorted(SAFE)))


def _take_up(rows: Select[Any], run: Run) -> int:
    query = rows.order_by(DriftRow.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    found = session().scalars(query).all()
    for row in found:
        _begin(row, run)
    return len(found)


def _begin(row: DriftRow, run: Run) -> None:
    order = session().get(Order, row.order_id) if row.order_id else None
    row.state, row.message, row.asked_at = REPAIRING, "", database_now()
    begin = BEGINNINGS.get(Repair(row.repair))
    if begin is not None:
        begin(row, order)
        order = session().get(Order, row.order_id) if row.order_id else None
    message = f"Asked to be repaired: {drift_rows.in_words(row)}"
    journal.write(row.shop_id, "asked", message, order=order, run_id=run.id, actor=run.started_by)
    owe(row.shop_id, ("drift", str(row.id)), Effect.REPAIR, lane=STAFF, wait=_first_look(row))


def _first_look(row: DriftRow) -> float:
    return 0.0 if row.repair in drift_withdraw.REPAIRS else _LOOK


def look_after(shop: Shop, claims: Sequence[Claim]) -> None:
    """Go on with each claimed repair: once nothing is under way any more, compare the order."""
    for claimed in claims:
        row = session().get(DriftRow, int(claimed.subject_id))
        if row is None or row.state != REPAIRING:
            atomically(lambda claimed=claimed: finish([claimed]))  # type: ignore[misc]
        elif row.repair == Repair.SET_STOCK:
            _look_after_stock(shop, row, claimed)
        elif drift_withdraw.is_to_do(row):
            drift_withdraw.perform(shop, claimed)
        elif _is_busy(shop, row):
            atomically(lambda claimed=claimed: _wait(claimed))  # type: ignore[misc]
        else:
            _compare(shop, row.order_id or 0, claimed)


def _look_after_stock(shop: Shop, row: DriftRow, claimed: Claim) -> None:
    if drift_stock.is_under_way(shop, row):
        atomically(lambda: _wait(claimed))
        return
    found = drift_stock.look(shop, [row.about["level"]], claimed)

    def work() -> None:
        fresh = session().get_one(DriftRow, int(claimed.subject_id))
        if drift_stock.take(session().get_one(Shop, shop.id), found)["under_way"]:
            _wait(claimed)
            return
        if fresh.state == REPAIRING:
            fresh.state, fresh.message = OPEN, _STILL
        finish([claimed])

    atomically(work)


def _is_busy(shop: Shop, row: DriftRow) -> bool:
    orders = drift_compare.load(shop.id, [row.order_id or 0])
    return bool(drift_order.under_way(shop.id, orders))


def _wait(claimed: Claim) -> None:
    row = session().get_one(DriftRow, int(claimed.subject_id))
    if row.asked_at and database_now() - row.asked_at > _PATIENCE:
        row.state, row.message = OPEN, _UNDER_WAY
        finish([claimed])
    else:
        postpone([claimed], _LOOK, "", hold=0.0, counts=False)


def _compare(shop: Shop, order_id: int, claimed: Claim) -> None:
    evidence = drift_compare.gather(shop, [order_id], [order_id], claimed, silent=False)

    def work() -> None:
        row = session().get_one(DriftRow, int(claimed.subject_id))
        fresh = session().get_one(Shop, shop.id)
        if drift_compare.take(fresh, [order_id], evidence)["under_way"]:
            _wait(claimed)
            return
        _conclude(row, session().get_one(Order, order_id))
        finish([claimed])

    atomically(work)


def _conclude(row: DriftRow, order: Order) -> None:
    if row.repair == Repair.READ_IN:
        drift_rows.let_go(row, order)
    if row.state == REPAIRING:
        row.state, row.message = OPEN, _STILL
    if row.repair in (Repair.SEND, Repair.SEND_REST, Repair.RESEND):
        order.manual = False
    if row.repair in (Repair.REFULFIL, Repair.REMAKE) and row.state == GONE:
        # What came back open when the fulfillment was cancelled is fulfilled anew.
        order.returned = False
        owe_order(order, Effect.READ)
