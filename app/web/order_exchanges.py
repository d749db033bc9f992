"""What was sent to the WMS of an order, and what it answered."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, select

from app.db import session
from app.models import Batch, BatchMember, Order, OutboundOrder, Revision, Shop
from app.models.batch import ANSWERED

_MOST = 50


@dataclass(frozen=True, slots=True)
class Exchange:
    """A document that went to the WMS with a batch. ``status`` is the WMS's own word, else how the
    batch stands."""

    batch: str
    outbound: int
    warehouse: str
    revision: int
    sent_at: datetime
    job_id: str
    status: str
    answered_at: datetime | None
    answer: dict[str, Any]

    @property
    def refused(self) -> bool:
        """Whether the WMS said no."""
        return self.status in ("rejected", "refused")


def exchanges(shop: Shop, order: Order, most: int = _MOST) -> list[Exchange]:
    """An order's exchanges, newest first."""
    query = (
        select(
            Batch.id.label("batch"),
            Batch.created_at.label("sent_at"),
            Batch.state,
            Batch.job_id,
            case((Batch.state == ANSWERED, Batch.answered_at)).label("closed_at"),
            BatchMember.outbound_order_id.label("outbound"),
            BatchMember.revision,
            BatchMember.answer,
            BatchMember.answered_at,
            OutboundOrder.warehouse,
        )
        .join(BatchMember, BatchMember.batch_id == Batch.id)
        .join(OutboundOrder, OutboundOrder.id == BatchMember.outbound_order_id)
        .where(Batch.shop_id == shop.id, OutboundOrder.order_id == order.id)
        .order_by(Batch.created_at.desc(), OutboundOrder.id.desc())
        .limit(most)
    )
    return [_exchange(row) for row in session().execute(query)]


def _exchange(row: Any) -> Exchange:
    return Exchange(
        batch=row.batch,
        outbound=row.outbound,
        warehouse=row.warehouse,
        revision=row.revision,
        sent_at=row.sent_at,
        job_id=row.job_id,
        status=str(row.answer.get("status") or row.answer.get("state") or row.state),
        answered_at=row.answered_at or row.closed_at,
        answer=row.answer,
    )


def document(shop: Shop, number: str, outbound: int, revision: int) -> str | None:
    """A document as it was first sent, as text; None when this order has no such one."""
    query = select(Revision.document).where(
        Revision.outbound_order_id == outbound,
        Revision.revision == revision,
        Revision.outbound_order_id.in_(_of(shop, number)),
    )
    found = session().scalar(query)
    return None if found is None else as_text(found)


def answer(shop: Shop, number: str, batch: str, outbound: int) -> str | None:
    """What the WMS answered about an order in a batch, as text; None when there is no such one."""
    query = select(BatchMember.answer).where(
        BatchMember.batch_id == batch,
        BatchMember.outbound_order_id == outbound,
        BatchMember.outbound_order_id.in_(_of(shop, number)),
    )
    found = session().scalar(query)
    return as_text(found) if found else None


def _of(shop: Shop, number: str) -> Select[int]:
    """The ids of an order's outbound orders."""
    mine = (Order.shop_id == shop.id, Order.gid == f"gid://shopify/Order/{number}")
    return select(OutboundOrder.id).join(Order, Order.id == OutboundOrder.order_id).where(*mine)


def payment(order: Order) -> dict[str, Any]:
    """How the order is paid for, as the WMS was last told; empty when it was told nothing."""
    query = (
        select(Revision.document["payment"])
        .join(OutboundOrder, OutboundOrder.id == Revision.outbound_order_id)
        .where(OutboundOrder.order_id == order.id)
        .order_by(OutboundOrder.carries_cod.desc(), Revision.first_posted_at.desc())
        .limit(1)
    )
    return session().scalar(query) or {}


def as_text(value: Any) -> str:
    """JSON as a person reads it."""
    return json.dumps(value, indent=2, ensure_ascii=False)
