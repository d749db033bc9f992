"""What staff ask for: each verb writes down the wish and owes the work. No Shopify call here."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.db import database_now, session
from app.domain.situation import VISIBLE_FOR
from app.domain.states import Effect, Event
from app.domain.tags import TagState
from app.errors import Rejected
from app.models import Order, Run, Shop
from app.sync import journal, runs
from app.sync.absorb import first_seen
from app.sync.engine import record, settle
from app.sync.hands import leave
from app.sync.owing import STAFF, owe
from app.sync.schedule import JOBS
from app.sync.scheduled import ask_after, ask_for
from app.sync.situations import connection_of, paused_because

_READ_ALL = "read_all_orders"


@dataclass(frozen=True, slots=True)
class Skipped:
    """An order that is not sent, as the database already knows."""

    id: str
    name: str | None
    reason: str
    message: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of the wish: the run's id, how many orders are in it, and which are not."""

    run: str
    queued: int
    skipped: list[Skipped] = field(default_factory=list)


def send(shop: Shop, ids: Sequence[str], actor: str) -> Receipt:
    """Send these orders, whatever their tag. ``actor`` is the staff member's id.

    Raises Rejected when the connection can't send. The caller commits, then rings.
    """
    _require_connection(shop)
    run = runs.begin(shop.id, runs.SEND, actor)
    skipped = []
    wanted = list(dict.fromkeys(ids))
    for gid in wanted:
        order = first_seen(shop, gid)
        refusal = _decided(shop, order)
        if refusal is None:
            ask_for(order, run)
        else:
            skipped.append(refusal)
    queued = len(wanted) - len(skipped)
    run.counts = {runs.TURNED_AWAY: dict(Counter(each.reason for each in skipped))}
    runs.finish(run, counts={"queued": queued, "skipped": len(skipped)})
    _note(shop, run, f"Send to WMS: queued {queued}, skipped {len(skipped)}.")
    return Receipt(run.id, queued, skipped)


def _decided(shop: Shop, order: Order) -> Skipped | None:
    """What the database alone already rules out."""
    old = order.placed_at and database_now() - order.placed_at > VISIBLE_FOR
    cases = (
        (order.deleted, "age", "The order was deleted in Shopify."),
        (
            bool(old) and _READ_ALL not in shop.scopes,
            "age",
            "The order is older than 60 days. Shopify shows those only with read_all_orders.",
        ),
        (bool(order.facts.get("cancelled")), "kind", "The order is cancelled."),
    )
    return next(
        (
            Skipped(order.gid, order.name or None, reason, message)
            for applies, reason, message in cases
            if applies
        ),
        None,
    )


def _require_connection(shop: Shop) -> None:
    paused = paused_because(connection_of(shop))
    if paused:
        raise Rejected("not-connected", paused)


def send_all(shop: Shop, actor: str) -> Receipt:
    """Send all orders tagged no-sync, oldest first. The caller commits, then rings."""
    _require_connection(shop)
    queued = to_send(shop)
    run = runs.begin(shop.id, runs.SEND, actor)
    runs.count(run, {"queued": queued})
    if queued:
        owe(shop.id, ("run", run.id), Effect.RUN, lane=STAFF)
    else:
        runs.finish(run)
    _note(shop, run, f"Send to WMS: queued {queued}.")
    return Receipt(run.id, queued)


def to_send(shop: Shop) -> int:
    """How many orders are tagged no-sync."""
    return session().query(Order).filter_by(shop_id=shop.id, tag_state=TagState.NO_SYNC).count()


def ask_status(shop: Shop, ids: Sequence[str], actor: str) -> str:
    """Ask the WMS now how these orders stand; return the run's id. The caller commits, then
    rings."""
    _require_connection(shop)
    run = runs.begin(shop.id, runs.STATUS, actor)
    for gid in dict.fromkeys(ids):
        order = session().query(Order).filter_by(shop_id=shop.id, gid=gid).one_or_none()
        if order is not None:
            _ask(order, run)
    runs.finish(run)
    return run.id


def _ask(order: Order, run: Run) -> None:
    runs.include(run, order)
    session().flush()
    if ask_after(order, lane=STAFF):
        return
    outcome, message = _STANDS[TagState(order.tag_state)]
    runs.note(order, outcome, reason=order.reason, message=order.message or message, final=True)


_STANDS = {
    TagState.SYNCED: (runs.SENT, "In the warehouse."),
    TagState.SYNCING: (runs.WAITING, "Waiting to be sent."),
    TagState.NO_SYNC: (runs.SKIPPED, "Not sent yet."),
    TagState.ERROR: (runs.FAILED, "Refused."),
    TagState.UNTRACKED: (runs.SKIPPED, "Not in automation."),
}


def take_out(shop: Shop, ids: Sequence[str], actor: str) -> str:
    """Take orders out of automation; return the run's id. The caller commits, then rings."""
    run = runs.begin(shop.id, "take_out", actor)
    orders = session().query(Order).filter(Order.shop_id == shop.id, Order.gid.in_(ids)).all()
    for order in orders:
        leave(order)
        record(order, Event.UNTAGGED, lane=STAFF)
        settle(order, gates_open=False)
        journal.write(shop.id, "untagged", "Taken out of automation.", order=order, actor=actor)
    runs.finish(run, counts={"taken_out": len(orders)})
    return run.id


def start_job(shop: Shop, name: str, actor: str) -> str:
    """Start a job now; return the run's id. Raises Rejected for an unknown one. The caller commits,
    then rings."""
    if name not in {job.name for job in JOBS}:
        raise Rejected("unknown-job", f"There is no job called {name[:40]}.")
    run = runs.begin(shop.id, name, actor)
    owe(shop.id, ("run", run.id), Effect.RUN, lane=STAFF)
    _note(shop, run, f"{name.replace('_', ' ').capitalize()}: started by hand.")
    return run.id


def _note(shop: Shop, run: Run, message: str) -> None:
    journal.write(shop.id, "run", message, run_id=run.id, actor=run.started_by)
