"""What is known of a batch: the outbound orders in it, and what it carried of each."""

from sqlalchemy import and_
from sqlalchemy.orm import joinedload

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Batch, BatchMember, Order, OutboundOrder, Revision
from app.models.batch import ANSWERED, POSTING, RUNNING
from app.sync.owing import owe
from app.sync.planning import lines_of


def running(batch: Batch, job_id: str) -> None:
    """The WMS works on it. Its bytes won't go again, so they are let go of; what it carried of
    each order is in the revisions. The caller commits."""
    batch.state, batch.job_id, batch.body = RUNNING, job_id, b""


def close(batch: Batch) -> None:
    """It is known what became of all of it. The caller commits."""
    batch.state, batch.answered_at, batch.body = ANSWERED, database_now(), b""


def members(batch: Batch) -> list[tuple[Order, OutboundOrder]]:
    """The outbound orders of a batch that still stand at the revision it carried."""
    rows = (
        session()
        .query(OutboundOrder)
        .join(BatchMember, BatchMember.outbound_order_id == OutboundOrder.id)
        .filter(
            BatchMember.batch_id == batch.id, BatchMember.revision == OutboundOrder.sent_revision
        )
        .options(joinedload(OutboundOrder.order).selectinload(Order.outbound_orders))
        .order_by(OutboundOrder.id)
    )
    return [(outbound.order, outbound) for outbound in rows]


def lines(batch: Batch) -> dict[int, dict[str, int]]:
    """The quantities that a batch asked for, by outbound order and order line."""
    carried = and_(
        BatchMember.outbound_order_id == Revision.outbound_order_id,
        BatchMember.revision == Revision.revision,
    )
    query = session().query(Revision.outbound_order_id, Revision.document)
    rows = query.join(BatchMember, carried).filter(BatchMember.batch_id == batch.id)
    return {row.outbound_order_id: lines_of(row.document) for row in rows}


def ask_now(outbound: OutboundOrder, *, lane: str) -> bool:
    """Owe a look at the batch an outbound order is in, now. False: it is in none."""
    batch_id = (
        session()
        .query(Batch.id)
        .join(BatchMember)
        .filter(
            BatchMember.outbound_order_id == outbound.id,
            BatchMember.revision == outbound.sent_revision,
            Batch.state.in_((POSTING, RUNNING)),
        )
        .order_by(Batch.created_at.desc())
        .limit(1)
        .scalar()
    )
    if batch_id is not None:
        owe(outbound.shop_id, ("batch", batch_id), Effect.CONFIRM, lane=lane)
    return batch_id is not None
