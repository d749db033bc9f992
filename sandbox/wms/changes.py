"""What may be done to an order after it was accepted: cancel, hold, release, a new ship-by."""

from collections.abc import Callable
from typing import Any

from sandbox.wms import quantities
from sandbox.wms.book import Book
from sandbox.wms.orders import OPEN_STATES, Order, open_state
from sandbox.wms.problems import Problem

# What is done to an order for a reason; returns the kind of the ledger's entry.
Deed = Callable[[Order, str | None], str]


def cancel(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """Cancel an order or quantities of its lines; returns ``{outcome}``.

    Quantities are absolute, so a repetition changes nothing. An order still inside a job is
    cancelled when the job comes to it (``pending``). Raises Problem 404, 409, 422.
    """
    external_id = request["external_id"]
    if book.arrivals.newest(external_id):
        book.arrivals.ask_later(external_id, lambda: cancel(book, request))
        return {"outcome": "pending"}
    order = find(book, external_id)
    _check_cancellable(order, request["revision"])
    order.cancelled |= _quantities(order, request.get("lines"))
    order.revision = order.closed_up_to = request["revision"]
    outcome = _close(order)
    book.note_cancelled(order, outcome)
    return {"outcome": outcome}


def hold(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """Stop work on an order that is not packed yet. Raises Problem 404, 409."""
    return _change(book, request, _hold)


def release(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """Let work on a held order go on. Raises Problem 404, 409."""
    return _change(book, request, _release)


def set_ship_by(book: Book, request: dict[str, Any]) -> dict[str, Any]:
    """Give an order another latest shipping time, or none. Raises Problem 404, 409."""
    return _change(book, request, _keep_state)


def find(book: Book, external_id: str) -> Order:
    """The accepted order of that id. Raises Problem 404."""
    order = book.orders.get(external_id)
    if order is None:
        raise Problem(404, "invalid", f"The order {external_id} was never received.")
    return order


def _change(book: Book, request: dict[str, Any], deed: Deed) -> dict[str, Any]:
    """Do something to an order, or ask for it when the order stands in a job still."""
    external_id = request["external_id"]
    if book.arrivals.newest(external_id):
        book.arrivals.ask_later(external_id, lambda: _change(book, request, deed))
        return {"external_id": external_id, "state": "received"}
    order = find(book, external_id)
    if order.state not in OPEN_STATES:
        raise Problem(409, "too-late", f"The order is already {order.state}. Call the warehouse.")
    reason = request.get("reason")
    if "ship_by" in request:
        order.ship_by = request["ship_by"]
    book.note_changed(order, deed(order, reason), reason)
    return {"external_id": external_id, "state": order.state, "ship_by": order.ship_by}


def _hold(order: Order, reason: str | None) -> str:
    order.state, order.hold_reason = "on_hold", reason or order.hold_reason
    return "held"


def _release(order: Order, _: str | None) -> str:
    order.state, order.hold_reason = open_state(order), None
    return "released"


def _keep_state(_: Order, __: str | None) -> str:
    return "ship_by"


def _close(order: Order) -> str:
    order.state = quantities.state(order)
    return "cancelled" if order.state == "cancelled" else "partially_cancelled"


def _check_cancellable(order: Order, revision: int) -> None:
    if revision < order.revision:
        raise Problem(
            409,
            "revision-conflict",
            f"The order is at revision {order.revision} already. Cancel that one.",
        )
    if order.state not in (*OPEN_STATES, "partially_shipped", "cancelled"):
        raise Problem(409, "too-late", f"The order is already {order.state}. Call the warehouse.")


def _check_not_packed(order: Order, wanted: dict[str, int]) -> None:
    packed = quantities.packed(order)
    for line in order.document.lines:
        if line.quantity - wanted.get(line.line_id, 0) < packed[line.line_id]:
            raise Problem(
                409,
                "too-late",
                f"{packed[line.line_id]} of {line.sku} are already packed. Call the warehouse.",
            )


def _quantities(order: Order, lines: list[dict[str, Any]] | None) -> dict[str, int]:
    ordered = {line.line_id: line.quantity for line in order.document.lines}
    if lines is None:
        _check_not_packed(order, ordered)
        return ordered
    wanted = {line["line_id"]: line["cancelled_quantity"] for line in lines}
    for line_id, quantity in wanted.items():
        if not 0 <= quantity <= ordered.get(line_id, -1):
            raise Problem(
                422,
                "invalid",
                f"lines: {quantity} of line {line_id} cannot be cancelled, "
                f"the order has {ordered.get(line_id, 0)}.",
            )
    wanted = {key: max(units, order.cancelled.get(key, 0)) for key, units in wanted.items()}
    _check_not_packed(order, wanted)
    return wanted
