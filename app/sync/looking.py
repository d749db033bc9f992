"""Looks at waiting orders again, in turns, when something that may have held them has changed."""

from sqlalchemy import ColumnElement, and_, false, or_, true

from app.db import session
from app.domain.rules import NOT_IMPORTABLE
from app.domain.states import Effect
from app.domain.tags import TagState
from app.models import Order, OutboundOrder, Run, Shop
from app.sync import runs
from app.sync.out_of_sight import sees_all
from app.sync.owing import BULK, owe

LOOK_AGAIN = "look_again"


def look_again(shop_id: int) -> None:
    """Owe a run that reads every order that waits, or never entered. The caller commits."""
    run = runs.begin(shop_id, LOOK_AGAIN, runs.SCHEDULE)
    owe(shop_id, ("run", run.id), Effect.RUN, lane=BULK)


def look_again_soon(shop_id: int) -> None:
    """The same, unless such a run is owed that has read none yet. The caller commits."""
    owed = (
        session()
        .query(Run.id)
        .filter_by(shop_id=shop_id, kind=LOOK_AGAIN, finished_at=None, cursor="")
    )
    if owed.first() is None:
        look_again(shop_id)


def is_waiting(shop: Shop) -> ColumnElement[bool]:
    """The condition for an order that something but a person may hold. One that Shopify stopped
    showing is among them where the shop lets orders of any age be read: it may be seen now."""
    behind = Order.outbound_orders.any(
        OutboundOrder.wanted_revision > OutboundOrder.confirmed_revision
    )
    outside = and_(
        Order.tag_state == TagState.UNTRACKED,
        Order.taken_out.is_(False),
        Order.hidden.is_(False),
        Order.reason.in_(("connection", *sorted(NOT_IMPORTABLE))),
    )
    old = and_(Order.hidden, ~Order.deleted, true() if sees_all(shop) else false())
    return or_(Order.tag_state == TagState.NO_SYNC, outside, behind, old)
