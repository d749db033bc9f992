"""Keeps what the WMS answered about each order of a batch, for people to read afterwards."""

from typing import Any, cast

from sqlalchemy import Table, bindparam, update

from app import together
from app.db import database_now
from app.errors import Rejected
from app.models import Batch, BatchMember, OutboundOrder
from app.wms.base import OrderResult, WmsOrder

_members = cast("Table", BatchMember.__table__)
_KEEP = (
    update(_members)
    .where(
        _members.c.batch_id == bindparam("of_batch"),
        _members.c.outbound_order_id == bindparam("of_outbound"),
    )
    .values({name: bindparam(name) for name in ("answer", "answered_at")})
)
_NEVER_RECEIVED = {"status": "never received"}


def keep_result(batch: Batch, outbound: OutboundOrder, result: OrderResult) -> None:
    """Keep a result of the batch's job. The caller commits."""
    _keep(batch, outbound, result.model_dump(mode="json", exclude_none=True))


def keep_found(batch: Batch, outbound: OutboundOrder, found: WmsOrder | None) -> None:
    """Keep what a look-up by reference found; None: the WMS has no such order. The caller
    commits."""
    answer = found.model_dump(mode="json", exclude_none=True) if found else _NEVER_RECEIVED
    _keep(batch, outbound, answer)


def keep_refusal(batch: Batch, outbound: OutboundOrder, problem: Rejected) -> None:
    """Keep that the whole request was refused. The caller commits."""
    refusal = {"code": problem.code, "detail": problem.message}
    _keep(batch, outbound, {"status": "refused", "problem": refusal})


def _keep(batch: Batch, outbound: OutboundOrder, answer: dict[str, Any]) -> None:
    row = {"of_batch": batch.id, "of_outbound": outbound.id, "answered_at": database_now()}
    together.add(_KEEP, {**row, "answer": answer})
