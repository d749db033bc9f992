"""The control API's verbs for orders: what staff do in the Cloud App, for tests."""

from typing import Any

from flask import Blueprint, jsonify

from sandbox.wms import desk, packing, sellers, staff
from sandbox.wms.bodies import HandChange, HandDeadline, Packing, SellerCancellation, checked
from sandbox.wms.documents import Strict
from sandbox.wms.gate import world
from sandbox.wms.problems import Problem

control_orders = Blueprint("control_orders", __name__, url_prefix="/sandbox/orders")
control_orders.register_error_handler(Problem, lambda problem: problem.response())


@control_orders.post("/pack")
def pack() -> Any:
    """Pack: ``{external_id, account?, lines?, packages?}``."""
    return _load(packing.pack)


@control_orders.post("/ship")
def ship() -> Any:
    """Ship: ``{external_id, account?, lines?, packages?}``."""
    return _load(packing.ship)


@control_orders.post("/deliver")
def deliver() -> Any:
    """Deliver whatever is under way: ``{external_id, account?}``."""
    return _load(packing.deliver)


@control_orders.post("/cancel")
def cancel() -> Any:
    """Cancel as the seller: ``{external_id, account?, lines?, reason?}``."""
    return jsonify(_do(sellers.cancel, SellerCancellation))


@control_orders.post("/hold")
def hold() -> Any:
    """Hold: ``{external_id, account?, reason?}``."""
    return jsonify(_do(staff.hold, HandChange))


@control_orders.post("/release")
def release() -> Any:
    """Release: ``{external_id, account?}``."""
    return jsonify(_do(staff.release, HandChange))


@control_orders.post("/ship-by")
def ship_by() -> Any:
    """Set the latest shipping time: ``{external_id, ship_by, account?}``."""
    return jsonify(_do(staff.set_ship_by, HandDeadline))


def _do(deed: desk.Deed, model: type[Strict]) -> Any:
    wanted = checked(model)
    account = desk.account_of(world(), wanted.get("account", "ACME"))
    with account.lock:
        return deed(account, wanted)


def _load(deed: desk.Deed) -> Any:
    wanted = checked(Packing)
    account = desk.account_of(world(), wanted.get("account", "ACME"))
    with account.lock:
        touched = deed(account, wanted)
        order = account.book.orders[wanted["external_id"]]
        return jsonify(
            external_id=order.external_id,
            state=order.state,
            shipments=[desk.shown(account, shipment) for shipment in touched],
        )
