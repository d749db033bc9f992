"""The engine's heart: an event moves outbound orders and adds what is owed; the tag state follows.

``record`` is the only place where a state changes, and the table in ``app/domain/states.py`` the
only place that says how. State and owed effects are committed together, by the caller.
"""

from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm.exc import StaleDataError

from app.db import session
from app.domain import tags
from app.domain.states import Effect, Event, State, advance
from app.models import Order, OutboundOrder
from app.sync import journal
from app.sync.owing import DEFAULT, owe

Result = TypeVar("Result")
# Given up, these leave an order that may not be at the warehouse.
SENDING = frozenset({Effect.SEND, Effect.LOOK_UP})
_TRIES = 8


def atomically(work: Callable[[], Result]) -> Result:
    """Run ``work`` and commit. When another process changed the same rows meanwhile, everything is
    rolled back, reloaded and done again, so ``work`` must load what it changes."""
    for left in range(_TRIES - 1, -1, -1):
        try:
            result = work()
            session().commit()
        except (StaleDataError, IntegrityError, OperationalError):
            session().rollback()
            if not left:
                raise
        except BaseException:
            session().rollback()
            raise
        else:
            return result
    raise AssertionError  # pragma: no cover


def record(
    order: Order, event: Event, *, outbound: OutboundOrder | None = None, lane: str = DEFAULT
) -> None:
    """Let an event happen to one outbound order, or to all of an order's. The caller commits."""
    subjects = [outbound] if outbound else live(order)
    owed: set[Effect] = set()
    for subject in subjects:
        step = advance(State(subject.state), event)
        subject.state = step.state
        if Effect.CANCEL in step.owes and event is not Event.UNITS_ASKED_BACK:
            subject.asked_back = None
        _owe_own(order, subject, step.owes, lane)
        owed.update(step.owes)
    if not subjects:
        owed.update(advance(State.ABSENT, event).owes)
    for effect in sorted(owed - {Effect.CANCEL}):
        owe_order(order, effect, lane=lane)


def _owe_own(order: Order, outbound: OutboundOrder, effects: tuple[Effect, ...], lane: str) -> None:
    if Effect.CANCEL in effects:
        session().flush()
        owe(order.shop_id, ("outbound", str(outbound.id)), Effect.CANCEL, lane=lane)


def owe_order(order: Order, effect: Effect, *, lane: str = DEFAULT, wait: float = 0.0) -> None:
    """Owe an effect to an order; a send that was given up is taken up again. The caller commits."""
    if order.id is None:
        session().flush()
    if effect in SENDING:
        order.given_up = False
    owe(order.shop_id, ("order", str(order.id)), effect, lane=lane, wait=wait)


def live(order: Order) -> list[OutboundOrder]:
    """An order's outbound orders at the present warehouse account, oldest first."""
    return [outbound for outbound in order.outbound_orders if not outbound.archived]


def settle(order: Order, *, gates_open: bool) -> None:
    """Derive the order's tag state anew, and owe the tag when it changed. The caller commits.

    ``gates_open``: a wanted revision above the confirmed one may go, so the order is syncing.
    """
    before = order.tag_state
    order.tag_state = tags.tag_state(
        tracked=order.tracked,
        dead=order.given_up or order.failing,
        unplanned=order.unplanned,
        standings=[_standing(outbound, gates_open) for outbound in _counting(order)],
    )
    _tell_what_was_left(order, before)
    if order.tag_state != before and not order.hidden:
        owe_order(order, Effect.TAG)


# An outbound order at an old warehouse account: it is there, or nobody knows, and a person decides.
_LEFT = {True: State.ACCEPTED, False: State.REJECTED}
LEFT_BEHIND = "left-behind"
_LEFT_WORDS = (
    "It was sent to the earlier warehouse account, which had not accepted it when the account was"
    " changed. Ask that warehouse whether it ships it; if not, send it again: it goes to the"
    " account that is connected now."
)


def _tell_what_was_left(order: Order, before: str) -> None:
    """Let an order say that it is in error because of the account it went to, as long as it is; and
    the log, once."""
    dead = order.given_up or order.failing or bool(live(order))
    if order.tag_state == tags.TagState.ERROR and not dead:
        order.reason, order.message = LEFT_BEHIND, _LEFT_WORDS
        if before != order.tag_state:
            _log_what_was_left(order)
    elif order.reason == LEFT_BEHIND:
        order.reason, order.message = "", ""


def _log_what_was_left(order: Order) -> None:
    journal.write(
        order.shop_id,
        "left_behind",
        _LEFT_WORDS,
        order=order,
        level=journal.ERROR,
        code=LEFT_BEHIND,
    )


def _counting(order: Order) -> list[OutboundOrder]:
    """The outbound orders that the tag tells of: those of an old warehouse account only while
    there are no others."""
    return live(order) or [left for left in order.outbound_orders if left.sent_revision]


def _standing(outbound: OutboundOrder, gates_open: bool) -> tags.Standing:
    accepted = outbound.confirmed_revision > 0
    if outbound.archived:
        return tags.Standing(state=_LEFT[accepted], ever_accepted=accepted)
    behind = outbound.wanted_revision > outbound.confirmed_revision
    return tags.Standing(
        state=State(outbound.state),
        ever_accepted=accepted,
        wants_more=accepted and behind and gates_open and outbound.state == State.ACCEPTED,
    )
