"""A fingerprint of what an order asks of a warehouse. Pure.

The same from the order as read and from the order in a webhook's body, so that a webhook whose
content is the stored one (the echo of our own tags, most often) is known without a read. Tags,
times of change and what only a read brings (fulfillment orders, risk) are not part.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from app.shopify.values import Address, Line, OrderRead

_LINE = "gid://shopify/LineItem/"
_ADDRESS = tuple(Address.__dataclass_fields__)


def content_hash_of_read(order: OrderRead) -> str:
    """Return the fingerprint of an order read from Shopify: 64 hexadecimal digits."""
    shipping = order.shipping_line
    return _digest(
        lines=[_read_line(line) for line in order.lines],
        status=order.financial_status,
        cancelled_at=order.cancelled_at,
        contact=[order.note, order.email, order.phone],
        attributes=order.custom_attributes.items(),
        addresses=[
            asdict(address) if address else None
            for address in (order.shipping_address, order.billing_address)
        ],
        shipping=[shipping.title, shipping.code] if shipping else [None, None],
        total=order.totals.total.amount,
    )


def content_hash_of_payload(payload: Mapping[str, Any]) -> str:
    """Return the fingerprint of the order in a webhook's body (the REST shape)."""
    shipping = next((row for row in _rows(payload, "shipping_lines") if _stands(row)), {})
    return _digest(
        lines=[_payload_line(row) for row in _rows(payload, "line_items")],
        status=payload.get("financial_status"),
        cancelled_at=_moment(payload.get("cancelled_at")),
        contact=[payload.get("note"), payload.get("email"), payload.get("phone")],
        attributes={
            r.get("name"): r.get("value") for r in _rows(payload, "note_attributes")
        }.items(),
        addresses=[_row(payload, "shipping_address"), _row(payload, "billing_address")],
        shipping=[shipping.get("title"), shipping.get("code")],
        total=payload.get("current_total_price"),
    )


def _digest(
    *,
    lines: Iterable[Sequence[object]],
    status: str | None,
    cancelled_at: datetime | None,
    contact: Iterable[object],
    attributes: Iterable[tuple[object, object]],
    addresses: Iterable[Mapping[str, object] | None],
    shipping: Iterable[object],
    total: object,
) -> str:
    """Normalise the parts, of whichever shape, and hash them."""
    parts = {
        "lines": sorted([_text(value) for value in line] for line in lines),
        "status": _text(status).lower(),
        "cancelled": cancelled_at.astimezone(UTC).isoformat() if cancelled_at else "",
        "contact": [_text(value) for value in contact],
        "attributes": sorted([_text(name), _text(value)] for name, value in attributes),
        "addresses": [[_text((each or {}).get(key)) for key in _ADDRESS] for each in addresses],
        "shipping": [_text(value) for value in shipping],
        "total": _amount(total),
    }
    canonical = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def _read_line(line: Line) -> tuple[object, ...]:
    identity = line.id.removeprefix(_LINE)
    return identity, line.current_quantity, line.own_sku, line.requires_shipping


def _payload_line(row: Mapping[str, Any]) -> tuple[object, ...]:
    quantity = row.get("current_quantity", row.get("quantity"))
    return row.get("id"), quantity, row.get("sku"), bool(row.get("requires_shipping"))


def _stands(shipping_line: Mapping[str, Any]) -> bool:
    return not shipping_line.get("is_removed")


def _rows(payload: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    rows = payload.get(name)
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _row(payload: Mapping[str, Any], name: str) -> Mapping[str, Any] | None:
    row = payload.get(name)
    return row if isinstance(row, Mapping) else None


def _text(value: object) -> str:
    """Return a value as text; nothing, and nothing but space around it, counts as empty."""
    return "" if value is None else str(value).strip().replace("\r\n", "\n")


def _amount(value: object) -> str:
    try:
        return format(Decimal(_text(value) or "0").normalize(), "f")
    except InvalidOperation:
        return _text(value)


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
