"""The jobs that run by schedule or by *Run now*, and the sending of everything that waits."""

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from app.db import database_now, session
from app.domain import rules
from app.domain.states import Effect, Event, State
from app.domain.tags import TagState
from app.models import Connection, Order, OutboundOrder, Run, RunItem, Shop
from app.sync import (
    drift,
    drift_repair,
    drift_rows,
    exports,
    journal,
    reconcile,
    retention,
    revival,
    runs,
    stock_job,
    stock_state,
    warehouse_state,
)
from app.sync.batches import ask_now
from app.sync.catalogue_scan import scan
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, live, record
from app.sync.looking import LOOK_AGAIN, is_waiting
from app.sync.owing import BULK, STAFF, owe
from app.sync.registration import stay_registered
from app.sync.situations import connection_of, is_on_its_way, situation_of

_AT_ONCE = 200
Conditions = list[ColumnElement[bool]]


def perform(shop: Shop, claims: Sequence[Claim]) -> None:
    """Go on with each claimed run."""
    for claimed in claims:
        run = session().get(Run, claimed.subject_id)
        step = STEPS.get(run.kind) if run and run.finished_at is None else None
        if step is None:
            atomically(lambda claimed=claimed: finish([claimed]))  # type: ignore[misc]
        else:
            step(shop, claimed)


def _send_all(shop: Shop, claimed: Claim) -> None:
    """Owe a send to the next orders that wait, oldest first."""
    shop_id = shop.id

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        orders = _asked_for(run, [Order.shop_id == shop_id, Order.tag_state == TagState.NO_SYNC])
        for order in orders:
            ask_for(order, run)
        _turn_page(run, orders, claimed, {})

    atomically(work)


def _asked_for(run: Run, conditions: Conditions) -> list[Order]:
    """The next orders that a person's run has not had yet, oldest first."""
    had = exists().where(RunItem.run_id == run.id, RunItem.order_id == Order.id)
    query = session().query(Order).filter(~had, *conditions)
    return query.order_by(Order.placed_at, Order.gid).limit(_AT_ONCE).all()


def _in_turn(run: Run, conditions: Conditions) -> list[Order]:
    """The next orders of a scheduled run, which keeps no list of them."""
    query = session().query(Order).filter(Order.id > int(run.cursor or 0), *conditions)
    orders = query.order_by(Order.id).limit(_AT_ONCE).all()
    run.cursor = str(orders[-1].id) if orders else run.cursor
    return orders


def _turn_page(run: Run, orders: Sequence[Order], claimed: Claim, counts: dict[str, int]) -> None:
    """Note how far the run is; more orders are owed another turn."""
    if len(orders) == _AT_ONCE:
        runs.count(run, counts)
        owe(run.shop_id, ("run", run.id), Effect.RUN, lane=claimed.lane)
    else:
        runs.finish(run, counts=counts)
    finish([claimed])


def ask_for(order: Order, run: Run) -> bool:
    """A person wants this order sent now: waits and tries start anew; True. The caller commits."""
    order.manual, order.tracked, order.taken_out = True, True, False
    order.put_in = True
    for outbound in live(order):
        outbound.tries, outbound.retry_at = 0, None
    runs.include(run, order)
    journal.write(
        order.shop_id,
        "asked",
        "Asked to be sent.",
        order=order,
        run_id=run.id,
        actor=run.started_by,
    )
    record(order, Event.SEND, lane=STAFF)
    return True


def _import_orders(shop: Shop, claimed: Claim) -> None:
    """Send what waits, and what was refused and is due again. By schedule only when automatic
    processes are on; a person's *Run now* sends whatever the waits say."""
    shop_id = shop.id

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        if run.started_by != runs.SCHEDULE:
            orders = _asked_for(run, _importable(shop_id, by_person=True))
            queued = sum(ask_for(order, run) for order in orders)
        else:
            fresh = session().get_one(Shop, shop_id)
            connection = connection_of(fresh)
            automatic = connection is not None and connection.automatic
            orders = _in_turn(run, _importable(shop_id, by_person=False)) if automatic else []
            queued = sum(_retry(order, fresh, connection) for order in orders)
        _turn_page(run, orders, claimed, {"queued": queued})

    atomically(work)


def _retry(order: Order, shop: Shop, connection: Connection | None) -> bool:
    """Owe a send to an order that no gate holds, as far as the last read knows."""
    if rules.closed(situation_of(order, shop, connection)) is not None:
        return False
    record(order, Event.RETRY_DUE, lane=BULK)
    return True


def _importable(shop_id: int, *, by_person: bool) -> Conditions:
    now = database_now()
    retry = true() if by_person else OutboundOrder.retry_at <= now
    refused = and_(OutboundOrder.state == State.REJECTED, retry)
    behind = and_(
        OutboundOrder.state == State.ACCEPTED,
        OutboundOrder.wanted_revision > OutboundOrder.confirmed_revision,
    )
    unsettled = select(OutboundOrder.order_id).where(
        OutboundOrder.shop_id == shop_id,
        OutboundOrder.archived.is_(False),
        or_(refused, behind),
    )
    waits = Order.tag_state == TagState.NO_SYNC
    due = Order.id.in_(unsettled.scalar_subquery())
    return [Order.shop_id == shop_id, Order.tracked.is_(True), or_(waits, due)]


def _sync_status(shop: Shop, claimed: Claim) -> None:
    """Ask after every order that is on its way, and how those stand that the WMS has; callbacks
    come for all that we listen to."""
    shop_id = shop.id

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        stay_registered(shop_id)
        orders = _in_turn(run, [Order.shop_id == shop_id, Order.tag_state == TagState.SYNCING])
        asked = sum(ask_after(order, lane=BULK) for order in orders)
        by_person, last = run.started_by != runs.SCHEDULE, len(orders) < _AT_ONCE
        looks = warehouse_state.owe_due(shop_id, all_open=by_person) if last else 0
        _turn_page(run, orders, claimed, {"asked": asked, "looked": looks})

    atomically(work)


def ask_after(order: Order, *, lane: str) -> bool:
    """Owe a look at wherever an order is on its way. False: it is not. The caller commits."""
    asked = [ask_now(outbound, lane=lane) for outbound in live(order) if is_on_its_way(outbound)]
    for outbound in live(order):
        if outbound.state == State.CANCELLING:
            owe(order.shop_id, ("outbound", str(outbound.id)), Effect.CANCEL, lane=lane)
            asked.append(True)
    return any(asked)


def _look_again(shop: Shop, claimed: Claim) -> None:
    """Read every order that waits."""
    shop_id, waits = shop.id, is_waiting(shop)

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        orders = _in_turn(run, [Order.shop_id == shop_id, waits])
        for order in orders:
            record(order, Event.CHANGED, lane=BULK)
        _turn_page(run, orders, claimed, {"looked": len(orders)})

    atomically(work)


STEPS: dict[str, Callable[[Shop, Claim], None]] = {
    runs.SEND: _send_all,
    "import_orders": _import_orders,
    "sync_status": _sync_status,
    "export_shipped_orders": exports.export,
    "export_delivered_orders": exports.export,
    "cancellations": exports.cancellations,
    stock_state.JOB: stock_job.update,
    stock_state.PREVIEW: stock_job.compare,
    LOOK_AGAIN: _look_again,
    stock_state.SCAN: scan,
    reconcile.RECONCILE: reconcile.reconcile,
    reconcile.ADOPT: reconcile.adopt,
    retention.PRUNE: retention.prune,
    revival.TRY_AGAIN: revival.go_on,
    drift_rows.DRIFT: drift.step,
    drift_repair.REPAIR: drift_repair.go_on,
}
