"""The Cloud App's buttons for orders and their shipments."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from sandbox.wms import desk, forms, quantities, shipping, views
from sandbox.wms.accounts import Account
from sandbox.wms.carriers import CARRIERS
from sandbox.wms.dress import dress
from sandbox.wms.gate import world
from sandbox.wms.orders import Order
from sandbox.wms.words import DEFAULT_NAMES

loading = Blueprint("loading", __name__)
dress(loading)
STEPS = {
    "ship": "Ship",
    "in_transit": "In transit",
    "out_for_delivery": "Out for delivery",
    "ready_for_pickup": "Ready for pick-up",
    "deliver": "Deliver",
    "cancel": "Cancel shipment",
}


@loading.get("/orders/<account>/<wms_id>")
def order(account: str, wms_id: str) -> str:
    """One order: lines, shipments, issues, revisions."""
    found = views.order(world(), account, wms_id)
    known = desk.account_of(world(), account)
    with known.lock:
        return render_template(
            "order.html",
            order=found,
            account=account,
            units=_units(found),
            shipments=_shipments(known, found),
            steps=STEPS,
            default_names=DEFAULT_NAMES,
            carriers=CARRIERS,
            revisions=views.revisions(world(), found),
        )


@loading.post("/orders/<account>/<wms_id>/<verb>")
def change_order(account: str, wms_id: str, verb: str) -> Response:
    """Staff hold an order, let it go on, pack, ship or deliver it, each as far as it may be."""
    deed, known = desk.deed(verb), desk.account_of(world(), account)
    found = views.order(world(), account, wms_id)
    with known.lock:
        deed(known, forms.about(found))
    return redirect(url_for("loading.order", account=account, wms_id=wms_id), 303)


@loading.post("/shipments/<shipment_id>/<verb>")
def change_shipment(shipment_id: str, verb: str) -> Response:
    """Staff take a shipment one step on, or correct its tracking."""
    known = desk.account_with(world(), shipment_id)
    with known.lock:
        shipment = shipping.find(known, shipment_id)
        if verb == "track":
            shipping.track(known, shipment, forms.packages())
        else:
            shipping.advance(known, shipment, verb)
        found = known.book.orders.get(shipment.external_id)
    if found is None:
        return redirect(url_for("pages.orders"), 303)
    return redirect(url_for("loading.order", account=known.name, wms_id=found.wms_id), 303)


def _units(order: Order) -> list[dict[str, Any]]:
    left, packed, gone = quantities.left(order), quantities.packed(order), quantities.gone(order)
    return [
        {
            "line": line,
            "cancelled": order.cancelled.get(line.line_id, 0),
            "packed": packed[line.line_id],
            "gone": gone[line.line_id],
            "left": left.get(line.line_id, 0),
        }
        for line in order.document.lines
    ]


def _shipments(account: Account, order: Order) -> list[dict[str, Any]]:
    return [
        desk.shown(account, shipment) | {"steps": shipment.steps()} for shipment in order.shipments
    ]
