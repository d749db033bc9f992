"""The jobs that run by schedule or by *Run now*, and the sending of everything that waits."""

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, or_, select, true

from app.db import database_now, session
from app.domain.states import Effect, Event, State
from app.domain.tags import TagState
from app.models import Order, OutboundOrder, Run, Shop
from app.sync import reconcile, runs
from app.sync.confirm import ask_now
from app.sync.engine import atomically, live, record
from app.sync.owing import BULK, STAFF, Claim, finish, owe
from app.sync.situations import connection_of

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
        orders = _page(run, _waiting(shop_id))
        for order in orders:
            ask_for(order, run)
        _turn_page(run, orders, claimed, {"sent": len(orders)})

    atomically(work)


def _waiting(shop_id: int) -> Conditions:
    return [Order.shop_id == shop_id, Order.tag_state == TagState.NO_SYNC]


def _page(run: Run, conditions: Conditions) -> list[Order]:
    after = int(run.cursor or 0)
    query = session().query(Order).filter(Order.id > after, *conditions)
    return query.order_by(Order.id).limit(_AT_ONCE).all()


def _turn_page(run: Run, orders: Sequence[Order], claimed: Claim, counts: dict[str, int]) -> None:
    """Note how far the run is; more orders are owed another turn."""
    if len(orders) == _AT_ONCE:
        runs.count(run, counts)
        run.cursor = str(orders[-1].id)
        owe(run.shop_id, ("run", run.id), Effect.RUN, lane=claimed.lane)
    else:
        runs.finish(run, counts=counts)
    finish([claimed])


def ask_for(order: Order, run: Run) -> None:
    """A person wants this order sent now: waits and tries start anew. The caller commits."""
    order.manual, order.taken_out = True, False
    for outbound in live(order):
        outbound.tries, outbound.retry_at = 0, None
    runs.include(run, order)
    record(order, Event.SEND, lane=STAFF)


def _import_orders(shop: Shop, claimed: Claim) -> None:
    """Send what waits, and what was refused and is due again. By schedule only when automatic
    processes are on; a person's *Run now* sends whatever the waits say."""
    shop_id = shop.id

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        by_person = run.started_by != runs.SCHEDULE
        connection = connection_of(shop)
        if not by_person and not (connection and connection.automatic):
            runs.finish(run, message="Automatic processes are off.")
            finish([claimed])
            return
        orders = _page(run, _importable(shop_id, by_person=by_person))
        for order in orders:
            if by_person:
                ask_for(order, run)
            else:
                record(order, Event.RETRY_DUE, lane=BULK)
        _turn_page(run, orders, claimed, {"sent": len(orders)})

    atomically(work)


def _importable(shop_id: int, *, by_person: bool) -> Conditions:
    now = database_now()
    retry = true() if by_person else OutboundOrder.retry_at <= now
    refused = select(OutboundOrder.order_id).where(
        OutboundOrder.shop_id == shop_id,
        OutboundOrder.state == State.REJECTED,
        OutboundOrder.archived.is_(False),
        retry,
    )
    waits = Order.tag_state == TagState.NO_SYNC
    due = Order.id.in_(refused.scalar_subquery())
    return [Order.shop_id == shop_id, Order.tracked.is_(True), or_(waits, due)]


def _sync_status(shop: Shop, claimed: Claim) -> None:
    """Ask after every order that is on its way."""
    shop_id = shop.id

    def work() -> None:
        run = session().get_one(Run, claimed.subject_id)
        orders = _page(run, [Order.shop_id == shop_id, Order.tag_state == TagState.SYNCING])
        asked = sum(ask_after(order, lane=BULK) for order in orders)
        _turn_page(run, orders, claimed, {"asked": asked})

    atomically(work)


def ask_after(order: Order, *, lane: str) -> bool:
    """Owe a look at wherever an order is on its way. False: it is not. The caller commits."""
    asked = [
        ask_now(outbound, lane=lane)
        for outbound in live(order)
        if outbound.state in (State.SENDING, State.AWAITING)
    ]
    for outbound in live(order):
        if outbound.state == State.CANCELLING:
            owe(order.shop_id, ("outbound", str(outbound.id)), Effect.CANCEL, lane=lane)
            asked.append(True)
    return any(asked)


def _reconcile(shop: Shop, claimed: Claim) -> None:
    reconcile.reconcile(shop, claimed)


STEPS: dict[str, Callable[[Shop, Claim], None]] = {
    runs.SEND: _send_all,
    "import_orders": _import_orders,
    "sync_status": _sync_status,
    "reconcile": _reconcile,
}
