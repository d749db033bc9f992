"""The documents that checks send: orders that say that they are tests."""

from typing import Any

_ADDRESS = {
    "name": "Test Person",
    "company": "",
    "address1": "Via Roma 1",
    "address2": "",
    "city": "Milano",
    "province": "Milano",
    "province_code": "MI",
    "zip": "20121",
    "country_code": "IT",
    "phone": "",
}
_TEN, _FIVE = ({"amount": amount, "currency": "EUR"} for amount in ("10.00", "5.00"))
_TOTALS = ("subtotal", "shipping", "tax", "discount", "total")


def document(
    run: str, warehouse: str, number: str, revision: int, lines: list[dict[str, Any]]
) -> dict[str, Any]:
    """An order of one run of the checks."""
    return {
        "external_id": f"tagdock-check/{run}/{number}",
        "revision": revision,
        "order_ref": f"tagdock-check/{run}",
        "number": f"CHECK-{run[:6]}-{number}",
        "placed_at": "2026-01-15T10:00:00Z",
        "warehouse": warehouse,
        "method": "delivery",
        "shipping_method": {"code": "standard", "title": "Standard"},
        "payment": {"kind": "prepaid", "paid": True, "gateway": "check", "cod_amount": None},
        "defaults": {},
        "hold": False,
        "ship_by": None,
        "note": "A test of the connector API. Don't ship.",
        "customer": {"name": "Test Person", "email": "test@example.com", "phone": ""},
        "ship_to": _ADDRESS,
        "bill_to": _ADDRESS,
        "order_totals": dict.fromkeys(_TOTALS, _TEN),
        "lines": lines,
        "metadata": {},
    }


def line(sku: str, quantity: int, number: int) -> dict[str, Any]:
    """A line of an order."""
    return {
        "line_id": f"line-{number}",
        "sku": sku,
        "name": "Test article",
        "quantity": quantity,
        "order_line_quantity": quantity,
        "unit_price": _FIVE,
        "discount": _FIVE,
        "tax": _FIVE,
        "parent": None,
    }
