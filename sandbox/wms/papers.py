"""A shipment's documents, each a PDF of one small page."""

from flask import Blueprint, Response

from sandbox.wms import desk
from sandbox.wms.gate import world
from sandbox.wms.orders import Order
from sandbox.wms.pdf import pdf
from sandbox.wms.problems import Problem
from sandbox.wms.shipments import Shipment

TITLES = {"label": "Label", "packing_slip": "Packing slip", "invoice": "Invoice"}

papers = Blueprint("papers", __name__)
papers.register_error_handler(Problem, lambda problem: problem.response())


@papers.get("/documents/<shipment_id>/<key>/<kind>.pdf")
def document(shipment_id: str, key: str, kind: str) -> Response:
    """A document by the address that stands in the feed."""
    account = desk.account_with(world(), shipment_id)
    with account.lock:
        shipment = account.shipments[shipment_id]
        order = account.book.orders.get(shipment.external_id)
        if key != shipment.key or kind not in shipment.kinds() or order is None:
            raise Problem(404, "invalid", "There is no such document.")
        lines = _lines(kind, shipment, order)
    name = f"{shipment.id}-{kind}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return Response(pdf(TITLES[kind], lines), content_type="application/pdf", headers=headers)


def _lines(kind: str, shipment: Shipment, order: Order) -> list[str]:
    head = [f"Shipment {shipment.id}", f"Order {order.document.number}", ""]
    if kind == "label":
        return head + _address(order) + [""] + _packages(shipment)
    units = [f"{line['quantity']} x {line['sku']}" for line in shipment.lines]
    if kind == "invoice":
        return head + units + _total(order)
    return head + _address(order) + [""] + units


def _address(order: Order) -> list[str]:
    address = order.document.ship_to
    if address is None:
        return ["To be fetched"]
    place = f"{address.zip or ''} {address.city or ''} {address.country_code or ''}".strip()
    rows = (address.name, address.company, address.address1, address.address2, place)
    return [row for row in rows if row]


def _packages(shipment: Shipment) -> list[str]:
    return [
        f"{(package['carrier'] or {}).get('name', '')} {package['tracking_number'] or ''}".strip()
        for package in shipment.packages
    ]


def _total(order: Order) -> list[str]:
    total = order.document.order_totals and order.document.order_totals.total
    return ["", f"Total of the order: {total.amount} {total.currency}"] if total else []
