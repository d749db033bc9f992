"""An order's way from Shopify to the warehouse: its log lines, and what was sent when."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import ColumnElement, and_, or_, select

from app.db import session
from app.models import Batch, BatchMember, LogLine, Order, OutboundOrder, Shop
from app.web.log_list import in_any_order
from app.web.paging import Cursor
from app.web.sentences import said

AT_ONCE = 50
# At the same moment what caused something stands below it.
_PLACED, _SENT, _LINE = 0, 1, 2
_Key = tuple[datetime, int, int]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened. ``actor`` is the staff member's id, or empty."""

    key: _Key
    text: str
    level: str = "info"
    actor: str = ""
    job_id: str = ""
    code: str = ""

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.key[0]


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some events, newest first; ``older`` leads to those before them, empty at the beginning."""

    events: list[Event]
    older: str = ""


def stretch(shop: Shop, order: Order, before: str | None = None) -> Stretch:
    """The newest events of an order, or those that ``before`` (an ``older``) leads to."""
    edge = _edge(before)
    found = [
        *_lines(shop, order, edge),
        *(event for event in _others(order) if edge is None or event.key < edge),
    ]
    found.sort(key=lambda event: event.key, reverse=True)
    shown = found[:AT_ONCE]
    return Stretch(shown, _written(shown[-1].key) if len(found) > AT_ONCE else "")


def _edge(before: str | None) -> _Key | None:
    """The key that an ``older`` stands for; None for none, and for one that we never wrote."""
    cursor = Cursor.read(before)
    if cursor is None or cursor.at is None:
        return None
    return cursor.at, cursor.id % 4, cursor.id // 4


def _written(key: _Key) -> str:
    return Cursor(back=False, at=key[0], id=key[2] * 4 + key[1]).write()


def _lines(shop: Shop, order: Order, edge: _Key | None) -> list[Event]:
    query = select(LogLine).where(in_any_order(shop), LogLine.order_id == order.id)
    query = query.where(_before(edge)) if edge else query
    newest = query.order_by(LogLine.at.desc(), LogLine.id.desc()).limit(AT_ONCE + 1)
    return [
        Event(
            (line.at, _LINE, line.id),
            said(line.message),
            line.level,
            line.actor,
            line.job_id,
            line.code,
        )
        for line in session().scalars(newest)
    ]


def _before(edge: _Key) -> ColumnElement[bool]:
    at, kind, number = edge
    if kind != _LINE:
        return LogLine.at < at
    return or_(LogLine.at < at, and_(LogLine.at == at, LogLine.id < number))


def _others(order: Order) -> list[Event]:
    """What stands in no log line: that it was placed, and each time it was sent."""
    query = (
        select(Batch.created_at, Batch.job_id, BatchMember.revision, OutboundOrder.warehouse)
        .join(BatchMember, BatchMember.batch_id == Batch.id)
        .join(OutboundOrder, OutboundOrder.id == BatchMember.outbound_order_id)
        .where(OutboundOrder.order_id == order.id)
        .order_by(Batch.created_at, OutboundOrder.id)
    )
    rows = enumerate(session().execute(query))
    events = [
        Event((row.created_at, _SENT, turn), _sent(row.warehouse, row.revision), job_id=row.job_id)
        for turn, row in rows
    ]
    if order.placed_at:
        events.append(Event((order.placed_at, _PLACED, 0), _("Placed in Shopify.")))
    return events


def _sent(warehouse: str, revision: int) -> str:
    return _(
        "Sent to the warehouse %(warehouse)s, revision %(revision)s.",
        warehouse=warehouse,
        revision=revision,
    )
