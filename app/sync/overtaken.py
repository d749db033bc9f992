"""Leaves orders for later that changed while they were read: they hold up no others."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from app.db import session
from app.domain.shop_order import OrderRead
from app.models import Order
from app.sync.claims import Claim, postpone

_WAIT = 0.5
_KNOWN = ("id", "gid", "tags_written", "content_hash", "order_updated_at", "fulfilled_seq")
_BEFORE = select(*(Order.__table__.c[name] for name in _KNOWN)).where(
    Order.__table__.c.id.in_(bindparam("ids", expanding=True))
)
_OVERTAKEN = "The order changed while it was read."


@dataclass(frozen=True, slots=True)
class Before:
    """What we knew of an order when a read of it was asked for."""

    gid: str
    tags_written: list[str]
    content_hash: str
    order_updated_at: datetime | None
    fulfilled_seq: int


def before_reading(ids: Iterable[int]) -> dict[int, Before]:
    """What is known of these orders now, for ``give_back`` to tell what overtook the read."""
    rows = session().execute(_BEFORE, {"ids": list(ids)})
    return {row.id: _known_of(row) for row in rows}


def _known_of(order: Any) -> Before:
    return Before(
        order.gid,
        order.tags_written,
        order.content_hash,
        order.order_updated_at,
        order.fulfilled_seq,
    )


def give_back(
    claims: Sequence[Claim],
    orders: Sequence[Order],
    before: Mapping[int, Before],
    reads: Mapping[str, OrderRead | None],
) -> list[Claim]:
    """Give the claims of orders back of which something newer is known than their read; returns
    the other claims. The caller commits."""
    late = {
        str(order.id)
        for order in orders
        if _is_overtaken(order, before[order.id], reads[order.gid])
    }
    given_back = [claimed for claimed in claims if claimed.subject_id in late]
    postpone(given_back, _WAIT, _OVERTAKEN, hold=_WAIT, counts=False)
    return [claimed for claimed in claims if claimed.subject_id not in late]


def _is_overtaken(order: Order, before: Before, read: OrderRead | None) -> bool:
    """Whether something newer than this read came in between. Shopify's times are whole seconds,
    so the same time tells nothing."""
    if read is None:
        return False
    if order.fulfilling or order.fulfilled_seq != before.fulfilled_seq:
        return True
    newer = order.order_updated_at is None or read.updated_at > order.order_updated_at
    return _known_of(order) != before and not newer


def those_of(claims: Sequence[Claim], orders: Sequence[Order]) -> list[Order]:
    """The orders that are claimed."""
    claimed = {claim.subject_id for claim in claims}
    return [order for order in orders if str(order.id) in claimed]
