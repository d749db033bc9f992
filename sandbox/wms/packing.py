"""What staff do with the units of an order: pack them, ship them, hand them over."""

from collections import Counter
from typing import Any

from sandbox.wms import quantities, shipping
from sandbox.wms.accounts import Account
from sandbox.wms.capabilities import need
from sandbox.wms.carriers import package
from sandbox.wms.changes import find
from sandbox.wms.ledger import now
from sandbox.wms.orders import Order
from sandbox.wms.problems import Problem
from sandbox.wms.shipments import Shipment
from sandbox.wms.stock import Bin

Request = dict[str, Any]


def pack(account: Account, request: Request) -> list[Shipment]:
    """Put units into a shipment: those of ``lines``, or all that are left.

    Raises Problem 404, 409 for an order that must not be packed, 422 for more than is left, 501
    for a part where only whole orders are shipped.
    """
    order = find(account.book, request["external_id"])
    shipment = _packed(account, order, request)
    shipping.publish(account, shipment, "packed")
    shipping.settle(account, order)
    return [shipment]


def ship(account: Account, request: Request) -> list[Shipment]:
    """Ship units: those of ``lines``, or all that have not left, packed before or not.

    Raises Problem as ``pack`` does, and 422 for packages that could be of several shipments.
    """
    order = find(account.book, request["external_id"])
    waiting = [] if "lines" in request else _waiting(order)
    if waiting and "packages" in request and (len(waiting) > 1 or quantities.left(order)):
        raise Problem(422, "invalid", "packages: ship one shipment at a time to name them.")
    if not waiting or quantities.left(order):
        waiting.append(_packed(account, order, request))
    for shipment in waiting:
        shipping.leave(account, shipment, request.get("packages"))
    shipping.settle(account, order)
    return waiting


def deliver(account: Account, request: Request) -> list[Shipment]:
    """Hand over everything of an order that is under way or waits to be fetched.

    Raises Problem 404, 409 when nothing is, 501.
    """
    order = find(account.book, request["external_id"])
    coming = [shipment for shipment in order.shipments if "deliver" in shipment.steps()]
    if not coming:
        raise Problem(409, "invalid", "Nothing of the order is under way.")
    for shipment in coming:
        shipping.advance(account, shipment, "deliver")
    return coming


def _packed(account: Account, order: Order, request: Request) -> Shipment:
    _check_packable(order)
    units = quantities.chosen(order, request.get("lines"))
    if units != quantities.left(order) or quantities.packed(order):
        need(account.settings(), "partial_shipments")
    _check_in_stock(account, order, units)
    shipment = Shipment(
        f"S-{next(account.numbers):05}",
        order.external_id,
        order.document.warehouse,
        [
            {"line_id": line.line_id, "sku": line.sku, "quantity": units[line.line_id]}
            for line in order.document.lines
            if line.line_id in units
        ],
        [package(wanted) for wanted in request.get("packages") or ()],
        packed_at=now(),
    )
    order.shipments.append(shipment)
    account.shipments[shipment.id] = shipment
    return shipment


def _waiting(order: Order) -> list[Shipment]:
    return [shipment for shipment in order.shipments if shipment.state == "packed"]


def _check_packable(order: Order) -> None:
    if order.state in ("on_hold", "cancelled"):
        words = order.state.replace("_", " ")
        raise Problem(409, "invalid", f"The order is {words}: there is nothing to pack.")


def _check_in_stock(account: Account, order: Order, units: dict[str, int]) -> None:
    short = {issue["sku"] for issue in order.issues if issue["line_id"] in units}
    wanted: Counter[str] = Counter()
    for line in order.document.lines:
        wanted[line.sku] += units.get(line.line_id, 0)
    for sku, many in wanted.items():
        level = account.stock.levels.get(place := Bin(sku, order.document.warehouse))
        if level and level.on_hand - account.stock.packed(place) < many:
            short.add(sku)
    if short:
        words = ", ".join(sorted(short))
        raise Problem(409, "out-of-stock", f"{words}: out of stock, so it can't be packed.")
