"""Dead letters: work given up, shown on the order, and brought back by sending it again."""

from collections.abc import Sequence

from app.db import session
from app.domain.states import Effect, Event, State
from app.models import Order, OutboundOrder, Run, Shop
from app.sync import journal, runs
from app.sync.claims import Claim, bury
from app.sync.engine import record, settle

_ORDER_EFFECTS = {Effect.SEND, Effect.READ, Effect.TAG, Effect.LOOK_UP}
_GAVE_UP = "gave-up"


def give_up(shop: Shop, effect: Effect, claims: Sequence[Claim], why: str) -> None:
    """Put claims among the dead letters and say so on their orders. The caller commits."""
    bury(claims, why)
    for claimed in claims:
        for order, outbound in _concerned(effect, claimed):
            _tell(order, outbound, effect, why)
        run = session().get(Run, claimed.subject_id) if effect is Effect.RUN else None
        if run is not None:
            runs.finish(run, why)
            run.outcome = runs.FAILED
    if effect not in _ORDER_EFFECTS | {Effect.CANCEL}:
        journal.write(shop.id, "gave_up", f"Gave up. {why}", level=journal.ERROR, code=_GAVE_UP)


def _concerned(effect: Effect, claimed: Claim) -> list[tuple[Order, OutboundOrder | None]]:
    if effect in _ORDER_EFFECTS:
        order = session().get(Order, int(claimed.subject_id))
        return [(order, None)] if order else []
    if effect is Effect.CANCEL:
        outbound = session().get(OutboundOrder, int(claimed.subject_id))
        return [(outbound.order, outbound)] if outbound else []
    return []


def _tell(order: Order, outbound: OutboundOrder | None, effect: Effect, why: str) -> None:
    if outbound is not None and outbound.state == State.CANCELLING:
        outbound.reason, outbound.message = _GAVE_UP, why
        record(order, Event.GAVE_UP, outbound=outbound)
    order.given_up = order.given_up or effect is Effect.SEND
    order.reason, order.message, order.manual = _GAVE_UP, why, False
    settle(order, gates_open=False)
    runs.note(order, runs.FAILED, reason=_GAVE_UP, message=why, final=True)
    journal.write(
        order.shop_id,
        "gave_up",
        f"Gave up ({effect}). {why}",
        order=order,
        level=journal.ERROR,
        code=_GAVE_UP,
    )
