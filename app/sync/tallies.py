"""Counts, by the shop's days, what became of orders: Home's chart is drawn from it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, func, insert, select

from app import together
from app.db import database_now, session
from app.models import Order, OutboundOrder, Shipment, Shop, Tally

SENT, ERROR, SHIPPED = "sent", "error", "shipped"
_ROW = insert(cast("Table", Tally.__table__))


def day_of(shop: Shop, moment: datetime) -> date:
    """The day of the shop's calendar that a moment is in."""
    return moment.astimezone(shop.zone).date()


def note(shop: Shop, kind: str, number: int = 1) -> None:
    """Count something that happened now. The caller commits."""
    row = {"shop_id": shop.id, "day": day_of(shop, database_now()), "kind": kind, "number": number}
    together.add(_ROW, row)


def note_accepted(shop: Shop, order: Order) -> None:
    """Count an order that reaches the warehouse, the first time that any part of it does: call it
    before the confirmation is written down. The caller commits."""
    if not any(outbound.confirmed_revision for outbound in order.outbound_orders):
        note(shop, SENT)


def note_refused(shop: Shop, outbound: OutboundOrder) -> None:
    """Count a refusal, once for the same content however often it is tried by itself. The caller
    commits."""
    if outbound.tries == 1:
        note(shop, ERROR)


def note_shipped(shop: Shop, order: Order) -> None:
    """Count an order that is fulfilled in Shopify, the first time that any part of it is, as it was
    counted when it was sent: call it before the fulfillment is written down. The caller commits."""
    had = session().query(Shipment.id).filter(Shipment.order_id == order.id)
    if had.filter(Shipment.fulfillment != "").first() is None:
        note(shop, SHIPPED)


def by_day(shop: Shop, since: date) -> Mapping[tuple[date, str], int]:
    """The numbers of each day and kind from a day on; what is zero is not in it."""
    query = (
        select(Tally.day, Tally.kind, func.sum(Tally.number))
        .where(Tally.shop_id == shop.id, Tally.day >= since)
        .group_by(Tally.day, Tally.kind)
    )
    return {(day, kind): int(number) for day, kind, number in session().execute(query)}


def fold(shop: Shop) -> bool:
    """Make one row a kind of the oldest day that is over and has more; False when none has. A day
    is left alone until no transaction that began in it can still be open. The caller commits."""
    before = day_of(shop, database_now() - timedelta(days=1))
    loose = (
        select(Tally.day, Tally.kind, func.sum(Tally.number))
        .where(Tally.shop_id == shop.id, Tally.day < before)
        .group_by(Tally.day, Tally.kind)
        .having(func.count() > 1)
        .order_by(Tally.day)
        .limit(1)
    )
    found = session().execute(loose).first()
    if found is None:
        return False
    day, kind, number = found
    session().execute(
        delete(Tally).where(Tally.shop_id == shop.id, Tally.day == day, Tally.kind == kind),
        execution_options={"synchronize_session": False},
    )
    session().add(Tally(shop_id=shop.id, day=day, kind=kind, number=int(number)))
    return True
