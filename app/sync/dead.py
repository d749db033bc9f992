"""Dead letters: work given up, shown on the order and in the list of what was given up.

``revival.py`` brings it back when a person asks for it.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from app.db import session
from app.domain.states import Effect, Event, State
from app.models import Order, OutboundOrder, Owed, Return, Run, Shipment, Shop
from app.sync import attempts, journal, runs
from app.sync.claims import Claim, bury
from app.sync.engine import SENDING, owe_order, record, settle

GAVE_UP = "gave-up"
_ORDER_EFFECTS = {Effect.SEND, Effect.READ, Effect.TAG, Effect.LOOK_UP}
_OUTBOUND_EFFECTS = {
    Effect.CANCEL,
    Effect.HOLD,
    Effect.SLA,
    Effect.ASK_STATE,
    Effect.MIRROR,
    Effect.DEADLINE,
    Effect.PROGRESS,
    Effect.TAKE_OFF,
}
_RETURN_EFFECTS = {Effect.ANNOUNCE, Effect.DISPOSE}
# Given up, these leave an order that is not as it should be.
TOLD = _ORDER_EFFECTS | {Effect.CANCEL}
# What an effect is called where people read of it.
_NAMES = {
    Effect.RECEIVE: "Take in what Shopify told",
    Effect.CHECK_INSTALL: "See whether the app is installed",
    Effect.CHECK_DELETED: "See whether the order was deleted in Shopify",
    Effect.READ: "Read the order from Shopify",
    Effect.SEND: "Send to WMS",
    Effect.LOOK_UP: "Look it up at the warehouse",
    Effect.CONFIRM: "Ask what became of a request",
    Effect.HOLD: "Hold or release it at the warehouse",
    Effect.CANCEL: "Cancel it at the warehouse",
    Effect.SLA: "Tell the warehouse by when to ship",
    Effect.ASK_STATE: "Ask the warehouse how it stands",
    Effect.MIRROR: "Hold or release it in Shopify",
    Effect.DEADLINE: "Tell Shopify by when it ships",
    Effect.PROGRESS: "Report progress to Shopify",
    Effect.TAG: "Write the tag",
    Effect.RUN: "Job",
    Effect.TEST: "Test connection",
    Effect.REGISTER: "Ask the warehouse to call back",
    Effect.READ_SHOP: "Read the shop from Shopify",
    Effect.ALERT: "Send an alert",
    Effect.FEED: "Read what the warehouse tells",
    Effect.CATALOGUE: "Read the catalogue from Shopify",
    Effect.STOCK: "Set stock in Shopify",
    Effect.FULFIL: "Fulfil in Shopify",
    Effect.CANCEL_ORDER: "Cancel in Shopify",
    Effect.TAKE_OFF: "Take cancelled units off in Shopify",
    Effect.FIND_RETURNS: "Read the order's returns from Shopify",
    Effect.ANNOUNCE: "Announce a return to the warehouse",
    Effect.DISPOSE: "Tell Shopify what came back",
    Effect.ARCHIVE: "Archive in Shopify",
    Effect.REPAIR: "Repair what differs",
}

# What a run of these kinds is called; any other is called by its kind.
_JOBS = {
    "send": "Send to WMS",
    "adopt": "Take in orders tagged before",
    "look_again": "Look at waiting orders again",
    "prune": "Tidying up",
    "stock_preview": "Compare stock",
    "scan_catalogue": "Scan the catalogue",
}


def given_up(shop_id: int) -> Select[Any]:
    """A shop's dead letters."""
    return select(Owed).where(Owed.shop_id == shop_id, Owed.dead_at.is_not(None))


def name_of(effect: Effect, run: Run | None = None) -> str:
    """What a piece of work is called, in English; a run's is that of its job."""
    if run is None:
        return _NAMES.get(effect) or effect.replace("_", " ").capitalize()
    return _JOBS.get(run.kind) or run.kind.replace("_", " ").capitalize()


def give_up(shop: Shop, effect: Effect, claims: Sequence[Claim], why: str) -> None:
    """Put claims that are still held among the dead letters and say so on their orders. The caller
    commits."""
    for claimed in bury(claims, why):
        order, outbound = concerned(effect, claimed.subject_id)
        run = session().get(Run, claimed.subject_id) if effect is Effect.RUN else None
        if order is not None and effect in TOLD:
            _tell(order, outbound, effect, why)
        if outbound is not None and effect is Effect.TAKE_OFF:
            attempts.leave_taking(outbound)
        if run is not None:
            runs.finish(run, why)
            run.outcome = runs.FAILED
        _log(shop, f"Gave up ({name_of(effect, run)}). {why}", order, run)


def concerned(effect: Effect, subject_id: str) -> tuple[Order | None, OutboundOrder | None]:
    """The order that an effect is about, and which of its outbound orders if it is one's own."""
    if effect in _ORDER_EFFECTS:
        return session().get(Order, int(subject_id)), None
    if effect in _OUTBOUND_EFFECTS:
        outbound = session().get(OutboundOrder, int(subject_id))
        return (outbound.order if outbound else None), outbound
    if effect is Effect.FULFIL:
        shipment = session().get(Shipment, int(subject_id))
        return (shipment.outbound_order.order if shipment else None), None
    if effect in _RETURN_EFFECTS:
        back = session().get(Return, int(subject_id))
        return (back.order if back else None), None
    return None, None


def _tell(order: Order, outbound: OutboundOrder | None, effect: Effect, why: str) -> None:
    """Let the order say that it stays as it is."""
    if outbound is not None and outbound.state == State.CANCELLING:
        outbound.reason, outbound.message = GAVE_UP, why
        record(order, Event.GAVE_UP, outbound=outbound)
    order.given_up = order.given_up or effect in SENDING
    order.reason, order.message, order.manual = GAVE_UP, why, False
    settle(order, gates_open=False)
    if effect is Effect.LOOK_UP:
        # The tag by which a person asked for it is still there.
        owe_order(order, Effect.TAG)
    runs.note(order, runs.FAILED, reason=GAVE_UP, message=why, final=True)


def _log(shop: Shop, message: str, order: Order | None, run: Run | None) -> None:
    journal.write(
        shop.id,
        "gave_up",
        message,
        order=order,
        run_id=run.id if run else "",
        level=journal.ERROR,
        code=GAVE_UP,
    )
