"""The shipments in a support bundle, without the addresses of labels, which open without a key."""

from typing import Any

from sqlalchemy import select

from app.db import session
from app.models import Order, Shipment

_MOST = 200
_COLUMNS = (
    *("id", "outbound_order_id", "number", "told_version", "state", "seen_at", "lines"),
    *("packages", "fulfillment", "pushed", "attempt", "settled", "reason", "message"),
)


def shipments_in_bundle(order: Order) -> list[dict[str, Any]]:
    """What is kept of an order's shipments, the last told first."""
    query = select(Shipment).where(Shipment.order_id == order.id).order_by(Shipment.id.desc())
    return [_told(row) for row in session().scalars(query.limit(_MOST))]


def _told(row: Shipment) -> dict[str, Any]:
    papers = [{"kind": each["kind"], "expires_at": each["expires_at"]} for each in row.documents]
    return {**{name: getattr(row, name) for name in _COLUMNS}, "documents": papers}
