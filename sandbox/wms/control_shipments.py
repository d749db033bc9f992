"""The control API's verbs for shipments: listed, taken a step on, tracked anew."""

from typing import Any

from flask import Blueprint, jsonify, request

from sandbox.wms import desk, shipping
from sandbox.wms.bodies import Packages, checked
from sandbox.wms.gate import world
from sandbox.wms.problems import Problem

control_shipments = Blueprint("control_shipments", __name__, url_prefix="/sandbox")
control_shipments.register_error_handler(Problem, lambda problem: problem.response())


@control_shipments.get("/shipments")
def shipments() -> Any:
    """Every shipment of every account as it stands now: ``?external_id=``."""
    wanted = request.args.get("external_id")
    return jsonify(
        [
            {"account": account.name} | desk.shown(account, shipment)
            for account in world().accounts.values()
            for shipment in list(account.shipments.values())
            if wanted in (None, shipment.external_id)
        ]
    )


@control_shipments.post("/shipments/<shipment_id>/<verb>")
def change(shipment_id: str, verb: str) -> Any:
    """One step of one shipment, or ``track``: ``{packages?}``."""
    wanted = checked(Packages) if request.data else {}
    account = desk.account_with(world(), shipment_id)
    with account.lock:
        shipment = shipping.find(account, shipment_id)
        if verb == "track":
            shipping.track(account, shipment, wanted.get("packages") or [])
        else:
            shipping.advance(account, shipment, verb, wanted.get("packages"))
        return jsonify(desk.shown(account, shipment))
