"""Point 9: returns are announced by the app, received and closed by staff."""

from typing import Any

from sandbox.wms import inventory, quantities
from sandbox.wms.accounts import Account
from sandbox.wms.changes import find
from sandbox.wms.orders import Order
from sandbox.wms.problems import Problem
from sandbox.wms.returns import Come, Item, Return
from sandbox.wms.stock import Bin

Request = dict[str, Any]


def announce(account: Account, request: Request) -> Item:
    """Expect a return; announced again it changes nothing.

    Raises Problem 404 for an order never received, 409 for an id announced with other lines, 422
    for units that never left.
    """
    known = account.returns.get(request["external_id"])
    if known:
        _check_same(known, request)
        return known.item()
    order = find(account.book, request["order_external_id"])
    _check_out(account, order, request["lines"])
    skus = {line.line_id: line.sku for line in order.document.lines}
    expected = [line | {"sku": skus[line["line_id"]]} for line in request["lines"]]
    warehouse = order.document.warehouse
    fresh = Return(request["external_id"], order.external_id, warehouse, expected)
    account.returns[fresh.external_id] = fresh
    return _publish(account, fresh, "return_expected")


def receive(account: Account, request: Request) -> Item:
    """Take goods in: those of ``lines``, or all that are missing. What is restocked is stock again.

    Raises Problem 404, 409 when it is closed or complete, 422 for more than was announced.
    """
    found = _open(account, request["external_id"])
    come = found.come(request.get("lines"))
    found.received += come
    found.state = "received"
    item = _publish(account, found, "return_received")
    _restock(account, found, come)
    return item


def close(account: Account, request: Request) -> Item:
    """Expect nothing more of a return. Raises Problem 404, 409 when it is closed."""
    found = _open(account, request["external_id"])
    found.state = "closed"
    return _publish(account, found, "return_closed")


def _open(account: Account, external_id: str) -> Return:
    found = account.returns.get(external_id)
    if found is None:
        raise Problem(404, "invalid", f"The return {external_id} was never announced.")
    if found.state == "closed":
        raise Problem(409, "invalid", f"The return {external_id} is closed.")
    return found


def _check_same(known: Return, request: Request) -> None:
    wanted = {line["line_id"]: line["quantity"] for line in request["lines"]}
    if known.order_external_id != request["order_external_id"] or wanted != known.units():
        raise Problem(
            409,
            "revision-conflict",
            f"The return {known.external_id} was announced before with other lines. Use a new id.",
        )


def _check_out(account: Account, order: Order, lines: list[Item]) -> None:
    out = quantities.gone(order)
    for other in account.returns.values():
        if other.order_external_id == order.external_id:
            out.subtract(other.held())
    for line in lines:
        line_id, units = line["line_id"], line["quantity"]
        if units > out[line_id]:
            detail = f"lines: {units} of {line_id} cannot come back, {out[line_id]} are out."
            raise Problem(422, "invalid", detail)


def _restock(account: Account, found: Return, come: Come) -> None:
    for (line_id, disposition), units in come.items():
        if disposition == "restock":
            account.stock.add(Bin(found.sku(line_id), found.warehouse), units)
    inventory.publish(account)


def _publish(account: Account, found: Return, kind: str) -> Item:
    found.version += 1
    item = found.item()
    account.note(
        kind,
        external_id=found.order_external_id,
        returned=found.external_id,
        version=found.version,
        lines=item["lines"],
    )
    account.feeds["returns"].put(found.external_id, item)
    account.tell("return.updated", item)
    return item
