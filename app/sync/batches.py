"""What is known of a batch: the outbound orders in it, and what it carried of each."""

from typing import Any

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import defer, joinedload, selectinload

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Batch, BatchMember, Order, OutboundOrder, Revision
from app.models.batch import ANSWERED, POSTING, RUNNING
from app.sync.owing import owe
from app.sync.revisions import lines_of

_of_batch = BatchMember.batch_id == bindparam("of_batch")
# An answer rarely hangs on the order's facts.
_WITH_ORDER = joinedload(OutboundOrder.order).options(
    defer(Order.facts), selectinload(Order.outbound_orders)
)
_MEMBERS = (
    select(OutboundOrder, BatchMember.answer)
    .join(BatchMember, BatchMember.outbound_order_id == OutboundOrder.id)
    .where(_of_batch, BatchMember.revision == OutboundOrder.sent_revision)
    .options(_WITH_ORDER)
    .order_by(OutboundOrder.id)
)
_CARRIED = (
    select(Revision.outbound_order_id, Revision.document)
    .join(
        BatchMember,
        and_(
            BatchMember.outbound_order_id == Revision.outbound_order_id,
            BatchMember.revision == Revision.revision,
        ),
    )
    .where(_of_batch)
)


def running(batch: Batch, job_id: str) -> None:
    """The WMS works on it. Its bytes won't go again, so they are let go of; what it carried of
    each order is in the revisions. The caller commits."""
    batch.state, batch.job_id, batch.body = RUNNING, job_id, b""
    batch.answered_at, batch.checks = database_now(), 0


def close(batch: Batch) -> None:
    """It is known what became of all of it. The caller commits."""
    batch.state, batch.answered_at, batch.body = ANSWERED, database_now(), b""


def members(batch: Batch) -> list[tuple[Order, OutboundOrder]]:
    """The outbound orders of a batch that still stand at the revision it carried, and of which it
    is not known yet what became of them in it: such a one may go again with another batch."""
    rows = session().execute(_MEMBERS, {"of_batch": batch.id})
    return [(outbound.order, outbound) for outbound, answer in rows if _is_open(answer)]


def _is_open(answer: dict[str, Any]) -> bool:
    return not answer or answer.get("state") == "received"


def lines(batch: Batch) -> dict[int, dict[str, int]]:
    """The quantities that a batch asked for, by outbound order and order line."""
    rows = session().execute(_CARRIED, {"of_batch": batch.id})
    return {outbound_id: lines_of(document) for outbound_id, document in rows}


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
