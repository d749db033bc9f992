"""Looks at waiting orders again, in turns, when something that may have held them has changed."""

from sqlalchemy import ColumnElement, and_, or_

from app.domain.rules import NOT_IMPORTABLE
from app.domain.states import Effect
from app.domain.tags import TagState
from app.models import Order, OutboundOrder
from app.sync import runs
from app.sync.owing import BULK, owe

LOOK_AGAIN = "look_again"


def look_again(shop_id: int) -> None:
    """Owe a run that reads every order that waits, or never entered. The caller commits."""
    run = runs.begin(shop_id, LOOK_AGAIN, runs.SCHEDULE)
    owe(shop_id, ("run", run.id), Effect.RUN, lane=BULK)


def is_waiting() -> ColumnElement[bool]:
    """The condition for an order that something but a person may hold."""
    behind = Order.outbound_orders.any(
        OutboundOrder.wanted_revision > OutboundOrder.confirmed_revision
    )
    outside = and_(
        Order.tag_state == TagState.UNTRACKED,
        Order.taken_out.is_(False),
        Order.hidden.is_(False),
        Order.reason.in_(("connection", *sorted(NOT_IMPORTABLE))),
    )
    return or_(Order.tag_state == TagState.NO_SYNC, outside, behind)
