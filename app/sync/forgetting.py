"""Takes people out of what is kept of orders: when Shopify asks for it, and when it is old.

What sending needs stays: ids, lines, quantities, revisions, hashes. Bytes that may have to go to
the WMS once more stay until they are answered for; ``batches.py`` lets go of them then.
"""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import selectinload

from app import together
from app.db import session
from app.domain.people import without_people, without_words
from app.models import (
    Alert,
    BatchMember,
    LogLine,
    Order,
    OutboundOrder,
    Owed,
    Return,
    Revision,
    RunItem,
    Shipment,
)
from app.wms.problems import unquoted

_AT_ONCE = 100
_Telling = Order | OutboundOrder | LogLine | RunItem | Shipment | Return
_SENT = and_(
    BatchMember.outbound_order_id == Revision.outbound_order_id,
    BatchMember.revision == Revision.revision,
)


def forget_orders(shop_id: int, gids: Sequence[str]) -> list[str]:
    """Take people out of all that is kept of some orders; the names of those that are known. The
    caller commits."""
    together.write()
    names: list[str] = []
    for start in range(0, len(gids), _AT_ONCE):
        orders = _known(shop_id, gids[start : start + _AT_ONCE])
        _forget(orders)
        names += [order.name for order in orders]
    if names:
        _unquote_what_is_under_way(shop_id)
    return names


def forget_batches(batch_ids: Sequence[str]) -> None:
    """Take people out of the documents that went with some batches, and the WMS's own words out of
    its answers. The caller commits."""
    mine = BatchMember.batch_id.in_(batch_ids)
    _strip_documents(select(Revision).join(BatchMember, _SENT).where(mine))
    _strip_answers(mine)


def _known(shop_id: int, gids: Sequence[str]) -> list[Order]:
    query = session().query(Order).options(selectinload(Order.outbound_orders))
    return query.filter(Order.shop_id == shop_id, Order.gid.in_(gids)).all()


def _forget(orders: Sequence[Order]) -> None:
    outbounds = [outbound for order in orders for outbound in order.outbound_orders]
    parts, wholes = [each.id for each in outbounds], [order.id for order in orders]
    _strip_documents(select(Revision).where(Revision.outbound_order_id.in_(parts)))
    _strip_answers(BatchMember.outbound_order_id.in_(parts))
    lines = session().query(LogLine).filter(LogLine.order_id.in_(wholes)).all()
    items = session().query(RunItem).filter(RunItem.order_id.in_(wholes)).all()
    shipments = session().query(Shipment).filter(Shipment.order_id.in_(wholes)).all()
    returns = session().query(Return).filter(Return.order_id.in_(wholes)).all()
    telling: list[_Telling] = [*orders, *outbounds, *lines, *items, *shipments, *returns]
    for row in telling:
        row.message = unquoted(row.message)
    for outbound in outbounds:
        outbound.hold_reason = ""
    for shipment in shipments:
        # They lead to labels, on which the address stands.
        shipment.documents = []
    for line in lines:
        line.details = {}


def _strip_documents(those: Select[Revision]) -> None:
    for revision in session().scalars(those):
        revision.document = without_people(revision.document)


def _strip_answers(those: ColumnElement[bool]) -> None:
    for member in session().scalars(select(BatchMember).where(those)):
        member.answer = without_words(member.answer)


def _unquote_what_is_under_way(shop_id: int) -> None:
    """Alerts and tries that failed don't say which orders they quote; there are few of them."""
    for alert in session().query(Alert).filter_by(shop_id=shop_id):
        alert.words = {name: unquoted(text) for name, text in alert.words.items()}
    for owed in session().query(Owed).filter(Owed.shop_id == shop_id, Owed.last_error != ""):
        owed.last_error = unquoted(owed.last_error)
