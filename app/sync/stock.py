"""What people do about stock: see what setting it would change, and switch it on."""

from dataclasses import dataclass
from datetime import datetime

from app.db import session
from app.errors import Rejected
from app.models import Run, Shop
from app.sync import preferences, runs, stock_changes, stock_runs
from app.sync.preferences import Saved
from app.sync.situations import connection_of, paused_because
from app.sync.stock_state import PREVIEW, is_compared, reading_of

_UNSEEN = "Compare the stock first: nothing is set before its difference was seen."


@dataclass(frozen=True, slots=True)
class Preview:
    """What setting stock would change, as of ``compared_at``: None when it was not compared since
    the warehouse account or the locations changed. ``left_out`` counts lines by reason
    (``app/domain/stock.py``). ``running``: it is being compared now; ``run`` is the last run's id,
    ``failed`` why that could not be done. ``problem``: the code of what keeps all of it from being
    set."""

    equal: int
    changes: int
    left_out: dict[str, int]
    compared_at: datetime | None
    running: bool
    run: str = ""
    failed: str = ""
    problem: str = ""


def preview_state(shop: Shop) -> Preview:
    """How a shop's stock compares, as far as was judged."""
    reading, last = reading_of(shop.id), _last(shop)
    found = stock_runs.compared(shop.id)
    return Preview(
        equal=found.equal,
        changes=found.changes,
        left_out=found.left_out,
        compared_at=reading.compared_at if is_compared(shop) else None,
        running=last is not None and last.finished_at is None,
        run=last.id if last else "",
        failed=last.message if last and last.outcome == runs.FAILED else "",
        problem=reading.problem,
    )


def _last(shop: Shop) -> Run | None:
    """The last comparison that a person asked for."""
    query = session().query(Run).filter_by(shop_id=shop.id, kind=PREVIEW)
    asked = query.filter(Run.started_by != runs.SCHEDULE)
    return asked.order_by(Run.started_at.desc()).first()


def begin_preview(shop: Shop, actor: str) -> Run:
    """Compare all of a shop's stock, setting nothing; the run that there is when it is being done
    already. Raises Rejected when no warehouse is connected. The caller commits, then rings."""
    connection = connection_of(shop)
    paused = paused_because(connection)
    if connection is None or paused:
        raise Rejected("not-connected", paused)
    return stock_runs.begin_comparison(shop, connection, actor)


def confirm(shop: Shop, actor: str, version: int) -> Saved:
    """Have the stock set from now on, as it was compared. ``version`` is that of the settings the
    person saw. Raises Rejected as ``not-compared``. The caller commits, then rings."""
    if not is_compared(shop):
        raise Rejected("not-compared", _UNSEEN)
    changes = {"update_inventory": True, "stock_confirmed": True}
    saved = preferences.save(shop, changes, version=version, actor=actor)
    if saved == Saved():
        stock_changes.begin(shop)
    return saved
