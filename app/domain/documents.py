"""A Shopify order as the connector API's order document.

Money is copied, never computed. Totals and line money are the whole order's and the whole order
line's, whatever part of it the document asks for.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from app.domain.facts import Facts, is_cash_on_delivery
from app.domain.metadata import metadata
from app.domain.plan import Quantities
from app.domain.settings import Settings
from app.domain.shop_order import Address, FulfillmentOrder, Line, Money, OrderRead

Document = dict[str, Any]

_METHODS = {
    "PICK_UP": "pickup",
    "RETAIL": "pickup",
    "LOCAL": "local_delivery",
    "PICKUP_POINT": "pickup_point",
}
_REFUNDED = frozenset({"order_totals", "lines"})
_GIVEN_BACK = frozenset({"partially_refunded", "refunded"})


@dataclass(frozen=True, slots=True)
class Addressee:
    """Which outbound order a document is for. ``cod_on`` is the external id of the one document of
    the order that carries the cash on delivery (this one's own when it does)."""

    external_id: str
    fulfillment_order: str
    warehouse: str
    lines: Quantities
    cod_on: str


def build(order: OrderRead, addressee: Addressee, settings: Settings) -> Document:
    """Return the order document without its revision. ``settings`` gives the defaults and says what
    goes into the metadata."""
    part = _part(order, addressee.fulfillment_order)
    return {
        "external_id": addressee.external_id,
        "order_ref": order.id,
        "number": order.name,
        "placed_at": time_of(order.processed_at),
        "warehouse": addressee.warehouse,
        "method": _METHODS.get(part.method if part else "", "delivery"),
        "shipping_method": _shipping_method(order),
        "payment": _payment(order, addressee),
        "defaults": {key: value for key, value in settings.defaults.items() if value},
        "hold": False,
        "ship_by": time_of(part.fulfill_by if part else None),
        "note": order.note or "",
        **_people(order),
        "order_totals": {
            name: _money(getattr(order.totals, name))
            for name in ("subtotal", "shipping", "tax", "discount", "total")
        },
        "lines": _lines(order, part, addressee.lines),
        "metadata": metadata(order, settings.metadata),
    }


def content_hash(document: Mapping[str, Any]) -> str:
    """A fingerprint of a document's content, blind to its revision and to whether it is held."""
    content = {key: value for key, value in document.items() if key != "revision"}
    if content.get("hold"):
        content["hold"] = False
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def core_hash(
    document: Mapping[str, Any], order: OrderRead | Facts, *, ship_by_alone: bool = False
) -> str:
    """A fingerprint of what a document says apart from its lines and from what giving money back
    changes: the totals, and whether the order counts as paid. ``ship_by_alone``: the WMS is told of
    another shipping time by itself."""
    content = {key: value for key, value in document.items() if key not in _REFUNDED}
    if ship_by_alone:
        content["ship_by"] = None
    was_paid = document["payment"]["paid"] or order.financial_status in _GIVEN_BACK
    return content_hash({**content, "payment": {**document["payment"], "paid": was_paid}})


def is_reduced(order: OrderRead) -> bool:
    """Whether units were taken off an order, or money given back, since it was placed."""
    return order.financial_status in _GIVEN_BACK or any(
        line.current_quantity < line.quantity for line in order.lines
    )


def _part(order: OrderRead, gid: str) -> FulfillmentOrder | None:
    return next((part for part in order.fulfillment_orders if part.id == gid), None)


def _shipping_method(order: OrderRead) -> Document:
    line = order.shipping_line
    return {"code": (line.code or "") if line else "", "title": (line.title or "") if line else ""}


def _payment(order: OrderRead, addressee: Addressee) -> Document:
    cod = is_cash_on_delivery(order)
    carries = cod and addressee.cod_on == addressee.external_id
    kind = "cod" if cod else "on_account" if order.payment_terms else "prepaid"
    return {
        "kind": kind,
        "paid": order.financial_status == "paid",
        "gateway": order.gateway_names[0] if order.gateway_names else "",
        "cod_amount": _money(order.outstanding) if carries else None,
        "cod_on": addressee.cod_on if cod and not carries else None,
    }


def _people(order: OrderRead) -> Document:
    customer = order.customer
    return {
        "customer": {
            "name": (customer.name or "") if customer else "",
            "email": order.email or (customer.email if customer else "") or "",
            "phone": order.phone or (customer.phone if customer else "") or "",
        },
        "ship_to": _address(order.shipping_address),
        "bill_to": _address(order.billing_address),
    }


def _address(address: Address | None) -> Document:
    return {key: value or "" for key, value in asdict(address).items()} if address else {}


def _money(money: Money) -> Document:
    return {"amount": money.amount, "currency": money.currency}


def _lines(order: OrderRead, part: FulfillmentOrder | None, wanted: Quantities) -> list[Document]:
    stock = {line.line_id: line.inventory_item_id for line in part.lines} if part else {}
    return [
        _line(line, wanted[line.id], stock.get(line.id))
        for line in order.lines
        if wanted.get(line.id) and not line.is_gift_card
    ]


def _line(line: Line, quantity: int, inventory_item: str | None) -> Document:
    return {
        "line_id": line.id,
        "sku": line.sku or "",
        "inventory_item_id": inventory_item,
        "name": line.name,
        "quantity": quantity,
        "order_line_quantity": line.current_quantity or None,
        "unit_price": _money(line.unit_price),
        "discount": _money(line.discount),
        "tax": _money(line.tax),
        "parent": line.bundle,
    }


def time_of(moment: datetime | None) -> str | None:
    """A time as documents write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None
