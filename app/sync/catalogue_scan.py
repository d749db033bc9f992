"""The run that scans the whole catalogue and reads what the warehouse has: daily, once anybody has
asked for it, and when a person does.

Where stock is set, the daily one is a comparison: for a few points more it reads what Shopify has
available, too, and all of the warehouse's stock from the beginning. What somebody changed in
Shopify, and whatever else got lost, is put right by that.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.db import session
from app.domain.states import Effect
from app.errors import Rejected, TryLater, Uncertain
from app.models import Catalogue, CatalogueItem, Run, Shop
from app.sync import catalogue, feeds, runs, sku_doctor, stock_runs
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.owing import BULK, STAFF, owe
from app.sync.situations import connection_of
from app.sync.stock_state import SCAN, is_set

# The cursor of a scan that has read all of the catalogue.
_STOCK = "stock"


@dataclass(frozen=True, slots=True)
class Standing:
    """How far the catalogue is known: ``items`` of it, as of ``scanned_at`` (None: it never was
    scanned). ``running``: it is being scanned, ``read`` variants so far; ``examining``: its SKUs
    are being looked at. ``problem``: why the last scan failed. ``heard``: the warehouse has told
    of its stock."""

    scanned_at: datetime | None
    items: int
    running: bool
    read: int
    examining: bool
    problem: str
    heard: bool


def standing(shop_id: int) -> Standing:
    """How far a shop's catalogue is known."""
    state, last = session().get(Catalogue, shop_id), _last(shop_id)
    count = select(func.count()).where(CatalogueItem.shop_id == shop_id)
    running = last is not None and last.finished_at is None
    failed = last is not None and last.outcome == runs.FAILED
    return Standing(
        scanned_at=state.scanned_at if state else None,
        items=session().scalar(count) or 0,
        running=running,
        read=int(last.counts.get("read", 0)) if last and running else 0,
        examining=state is not None and state.examining is not None,
        problem=last.message if last and failed else "",
        heard=sku_doctor.has_told(shop_id),
    )


def begin(shop_id: int, actor: str) -> str:
    """Have the catalogue scanned now; returns the run's id, that of the one under way if there is
    one. The caller commits, then rings."""
    last = _last(shop_id)
    if last is not None and last.finished_at is None:
        return last.id
    run = runs.begin(shop_id, SCAN, actor)
    owe(shop_id, ("run", run.id), Effect.RUN, lane=STAFF)
    return run.id


def _last(shop_id: int) -> Run | None:
    query = session().query(Run).filter_by(shop_id=shop_id, kind=SCAN)
    return query.order_by(Run.started_at.desc()).first()


def scan(shop: Shop, claimed: Claim) -> None:
    """Take in one page; owed again until that was the last. Then read what the warehouse has."""
    shop_id = shop.id
    run = session().get_one(Run, claimed.subject_id)
    if run.started_by == runs.SCHEDULE and not run.cursor and _begin_daily(shop, claimed):
        return
    if run.cursor == _STOCK:
        over = _read_stock(shop)
        atomically(lambda: _end(claimed) if over else _again(claimed))
    else:
        read = catalogue.read_page(shop, run.cursor)
        atomically(lambda: _take(shop_id, claimed, read))


def _begin_daily(shop: Shop, claimed: Claim) -> bool:
    """Begin what is done every day. True: it is no scan, and this run is over."""

    def work() -> bool:
        connection = connection_of(shop)
        if _is_wanted(shop.id):
            if connection is None or not is_set(shop):
                return False
            stock_runs.begin_comparison(shop, connection, runs.SCHEDULE)
        _end(claimed)
        return True

    return atomically(work)


def _read_stock(shop: Shop) -> bool:
    """Take in what the warehouse has; True: all of it, or it does not answer, which its connection
    says."""
    try:
        return feeds.read(shop, feeds.INVENTORY)[1]
    except (Rejected, TryLater, Uncertain):
        session().rollback()
        return True


def _is_wanted(shop_id: int) -> bool:
    """Whether somebody has had the catalogue scanned before."""
    return catalogue.state_of(shop_id).scan > 0


def _take(shop_id: int, claimed: Claim, read: catalogue.Read) -> None:
    run = session().get_one(Run, claimed.subject_id)
    run.cursor = catalogue.take_page(shop_id, read) or _STOCK
    runs.count(run, {"read": len(read.found.items)})
    _again(claimed)


def _again(claimed: Claim) -> None:
    run = session().get_one(Run, claimed.subject_id)
    owe(run.shop_id, ("run", run.id), Effect.RUN, lane=BULK)
    finish([claimed])


def _end(claimed: Claim) -> None:
    run = session().get_one(Run, claimed.subject_id)
    runs.finish(run)
    catalogue.owe_look(run.shop_id)
    finish([claimed])
