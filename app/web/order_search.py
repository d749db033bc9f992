"""Finds orders by what a person types: a name, a SKU, a tracking number, a job id, an id of Shopify
or of the WMS.

Every way is a range or a key of an index: what is typed is the start of what is found, or all of
it.
"""

import re
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from app.models import Batch, BatchMember, Order, OrderTerm, OutboundOrder, Shop
from app.sync.order_terms import term_of

# Sorts behind every other sign.
_LAST = "\U0010ffff"
_GID = re.compile(r"gid://shopify/(Order|FulfillmentOrder)/([0-9]{1,19})(#[0-9]+)?", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,19}", re.ASCII)


def found_by(shop: Shop, text: str) -> ColumnElement[bool]:
    """The condition for a shop's orders that ``text`` finds."""
    ways = [_by_term(shop, text), *_by_job(shop, text), *_by_id(shop, text)]
    return Order.id.in_(union(*ways))


def _begins(column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    return and_(column >= text, column < text + _LAST)


def _by_term(shop: Shop, text: str) -> Select[Any]:
    """By the start of its name, of a SKU or of a tracking number, whatever the case."""
    wanted = _begins(OrderTerm.term, term_of(text.removeprefix("#")) or text)
    return select(OrderTerm.order_id).where(OrderTerm.shop_id == shop.id, wanted)


def _by_job(shop: Shop, text: str) -> list[Select[Any]]:
    """By the start of the id of any job it was in, or of its id in the WMS."""
    outbound = select(OutboundOrder.order_id).where(OutboundOrder.shop_id == shop.id)
    batch = (
        select(OutboundOrder.order_id)
        .join(BatchMember, BatchMember.outbound_order_id == OutboundOrder.id)
        .join(Batch, Batch.id == BatchMember.batch_id)
        .where(Batch.shop_id == shop.id, _begins(Batch.job_id, text))
    )
    return [
        outbound.where(_begins(OutboundOrder.job_id, text)),
        outbound.where(_begins(OutboundOrder.wms_id, text)),
        batch,
    ]


def _by_id(shop: Shop, text: str) -> list[Select[Any]]:
    """By Shopify's id of the order or of one of its fulfillment orders, whole or only its number;
    the latter is the external id at the WMS."""
    found = _GID.fullmatch(text)
    if found is None and not _NUMBER.fullmatch(text):
        return []
    kind, number = (found[1], found[2]) if found else ("", text)
    order = select(Order.id).where(
        Order.shop_id == shop.id, Order.gid == f"gid://shopify/Order/{number}"
    )
    part = select(OutboundOrder.order_id).where(
        OutboundOrder.shop_id == shop.id,
        OutboundOrder.fulfillment_order == f"gid://shopify/FulfillmentOrder/{number}",
    )
    return [
        way for name, way in (("Order", order), ("FulfillmentOrder", part)) if kind in ("", name)
    ]
