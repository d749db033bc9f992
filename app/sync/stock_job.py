"""The job *Update inventory*, and the comparison that a merchant sees before anything is set."""

import time

from sqlalchemy import or_

from app.db import session
from app.domain.states import Effect
from app.models import Run, Shop, StockLevel, WarehouseStock
from app.sync import catalogue, feed_looks, feeds, runs, stock_marks
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.owing import owe
from app.sync.situations import connection_of
from app.sync.stock_runs import JUDGING, SCANNING, Progress
from app.sync.stock_state import (
    INBOX_WAIT,
    PREVIEW,
    Mode,
    is_wanted,
    mode_of,
    owe_stock,
    places_of,
    problem_of,
)

_SECONDS = 8.0
_OFF = "Stock is not updated. Switch it on under Settings, Stock."
_UNCONNECTED = "No warehouse is connected."


def update(shop: Shop, claimed: Claim) -> None:
    """Read the warehouse's stock and owe Shopify what changed. A person's run also tries what was
    left alone."""
    if _is_over(shop, claimed, JUDGING):
        return
    _read(shop, claimed, JUDGING)


def compare(shop: Shop, claimed: Claim) -> None:
    """Read all of the warehouse's stock and all of Shopify's, then judge all of it."""
    if _is_over(shop, claimed, JUDGING):
        return
    if atomically(lambda: _progress(claimed).phase) == SCANNING:
        _scan(shop, claimed)
    else:
        _read(shop, claimed, SCANNING)


def _progress(claimed: Claim) -> Progress:
    return Progress.of(session().get_one(Run, claimed.subject_id))


def _is_over(shop: Shop, claimed: Claim, last: str) -> bool:
    """End a run that has nothing to do, and leave one alone that only waits for its end."""

    def work() -> bool:
        run = session().get_one(Run, claimed.subject_id)
        why = _nothing_to_do(shop)
        if why:
            runs.finish(run, "" if run.started_by == runs.SCHEDULE else why)
        if why or _progress(claimed).phase == last:
            finish([claimed])
            return True
        _progress(claimed).keep(run)
        return False

    return atomically(work)


def _nothing_to_do(shop: Shop) -> str:
    if not is_wanted(shop):
        return _OFF
    if connection_of(shop) is None:
        return _UNCONNECTED
    return ""


def _read(shop: Shop, claimed: Claim, following: str) -> None:
    by_person = session().get_one(Run, claimed.subject_id).started_by != runs.SCHEDULE
    _, done, problem = feed_looks.read_for_job(shop, feeds.INVENTORY, by_person=by_person)

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        if problem:
            runs.close(run, problem)
        elif not done:
            _again(run, claimed)
        elif following == SCANNING and not problem_of(shop):
            Progress(SCANNING, base=_progress(claimed).base).keep(run)
            _again(run, claimed)
        else:
            _hand_over(shop, run, claimed)
        finish([claimed])

    atomically(work)


def _again(run: Run, claimed: Claim) -> None:
    owe(run.shop_id, ("run", run.id), Effect.RUN, lane=claimed.lane)


def _hand_over(shop: Shop, run: Run, claimed: Claim) -> None:
    """From here on the stock that is due decides how long the run takes."""
    Progress(JUDGING, base=_progress(claimed).base).keep(run)
    if run.started_by != runs.SCHEDULE:
        stock_marks.lines(shop.id, WarehouseStock.reason != "")
        stock_marks.levels(shop.id, StockLevel.reason != "")
    scanned = run.kind == PREVIEW and mode_of(shop) is Mode.SET
    owe_stock(shop, lane=claimed.lane, wait=INBOX_WAIT if scanned else 0.0)


def _scan(shop: Shop, claimed: Claim) -> None:
    """Read Shopify's catalogue once for each location that a warehouse counts for."""
    end = time.monotonic() + _SECONDS
    while time.monotonic() < end:
        progress, location = atomically(lambda: _next(shop, claimed))
        page = catalogue.read_page(shop, progress.at, location)
        if atomically(lambda page=page: _take(shop, claimed, page)):  # type: ignore[misc]
            return
    atomically(lambda: _pause(claimed))


def _next(shop: Shop, claimed: Claim) -> tuple[Progress, str]:
    progress, places = _progress(claimed), _locations(shop)
    return progress, places[progress.place] if progress.place < len(places) else ""


def _locations(shop: Shop) -> list[str]:
    """The locations that count for something the warehouse has told of."""
    query = session().query(WarehouseStock.warehouse).filter_by(shop_id=shop.id).distinct()
    places = places_of(shop, connection_of(shop))
    return sorted({places[code] for (code,) in query if code in places})


def _take(shop: Shop, claimed: Claim, page: catalogue.Read) -> bool:
    """Take a page in; True: it was the last of the last location."""
    run, progress = session().get_one(Run, claimed.subject_id), _progress(claimed)
    at = catalogue.take_page(shop.id, page)
    place = progress.place if at else progress.place + 1
    Progress(SCANNING, place, at, progress.base).keep(run)
    if at or place < len(_locations(shop)):
        return False
    _mark_all(shop)
    _hand_over(shop, run, claimed)
    finish([claimed])
    return True


def _mark_all(shop: Shop) -> None:
    stock_marks.lines(shop.id)
    stock_marks.levels(shop.id, or_(StockLevel.wanted.is_not(None), StockLevel.reason != ""))


def _pause(claimed: Claim) -> None:
    _again(session().get_one(Run, claimed.subject_id), claimed)
    finish([claimed])
