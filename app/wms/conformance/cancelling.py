"""Checks of cancelling, and of tidying up afterwards."""

from app.wms.conformance.desk import ACCEPTED, Desk
from app.wms.conformance.findings import Check, NotChecked, Wrong, insist
from app.wms.conformance.wire import Answer, insist_on_code


def _units(desk: Desk) -> None:
    desk.capable("cancel", "cancel_lines")
    desk.create_once("13")
    lines = [{"line_id": "line-1", "cancelled_quantity": 1}]
    for words in ("of one of two units", "said again, of the same unit"):
        outcome = _cancel(desk, desk.cancellation("13", lines=lines)).body.get("outcome")
        insist(f"The outcome {words}", outcome, "partially_cancelled", "pending")
    if desk.reference("13").get("state") == "cancelled":
        raise Wrong(
            "Cancelling one unit twice cancelled the order of two.",
            "Take cancelled_quantity as the line's total so far, not as so many more.",
        )


def _whole(desk: Desk) -> None:
    desk.capable("cancel")
    desk.create_once("14")
    for _ in range(2):
        answer = _cancel(desk, desk.cancellation("14"))
        insist("The outcome", answer.body.get("outcome"), "cancelled", "pending")
    if answer.body.get("outcome") == "cancelled":
        insist("The cancelled order's state", desk.reference("14").get("state"), "cancelled")
        desk.found["cancelled"] = True


def _covered(desk: Desk) -> None:
    _need_a_cancelled_order(desk)
    desk.insist_on_status(desk.order("14"), "duplicate")
    insist("The cancelled order's state", desk.reference("14").get("state"), "cancelled")


def _reopened(desk: Desk) -> None:
    _need_a_cancelled_order(desk)
    order = desk.order("14", 10)
    result = desk.send(order)[order["external_id"]]
    insist("The result's status", result.get("status"), "updated", *ACCEPTED, "rejected")
    if result.get("status") == "rejected":
        code = insist_on_code("The result's problem", result.get("problem"))
        insist("The problem's code", code, "too-late", "unsupported")


def _older(desk: Desk) -> None:
    desk.capable("cancel", "order_update")
    desk.create_once("15")
    desk.insist_on_status(desk.order("15", 3, lines=[desk.line(3)]), "updated", *ACCEPTED)
    body = desk.cancellation("15", 2)
    code = desk.wire.refuses("POST", "/orders/cancel", 409, json=body)
    insist("The code", code, "revision-conflict")


def _unknown(desk: Desk) -> None:
    desk.capable("cancel")
    desk.wire.refuses("POST", "/orders/cancel", 404, json=desk.cancellation("never"))


def _clean_up(desk: Desk) -> None:
    desk.capable("cancel")
    left = [external_id for external_id in sorted(desk.sent) if not _is_gone(desk, external_id)]
    if left:
        raise Wrong(
            f"{len(left)} test orders are still open: {', '.join(left[:5])}.",
            "Let orders be cancelled that are not packed, and answer by-ref cancelled then.",
        )


def _is_gone(desk: Desk, external_id: str) -> bool:
    """Cancel an order; what was shipped for the checks stays as it is."""
    if external_id in desk.shipped:
        return True
    body = desk.cancellation("never", 99) | {"external_id": external_id}
    answer = desk.wire.ask("POST", "/orders/cancel", json=body)
    if answer.status == 404:
        return True
    outcome = answer.body.get("outcome") if isinstance(answer.body, dict) else None
    if answer.status != 200 or outcome == "pending":
        return outcome == "pending"
    params = {"external_id": external_id}
    found = desk.wire.ask("GET", "/orders/by-ref", params=params)
    state = found.body.get("state") if isinstance(found.body, dict) else None
    return found.status == 404 or state in ("cancelled", "rejected")


def _cancel(desk: Desk, body: dict[str, object]) -> Answer:
    return desk.wire.expect("POST", "/orders/cancel", 200, json=body)


def _need_a_cancelled_order(desk: Desk) -> None:
    desk.capable("cancel")
    if "cancelled" not in desk.found:
        raise NotChecked("No order was cancelled at once.")


CANCELLING = (
    Check(30, "Units can be cancelled, and saying it again changes nothing", _units),
    Check(31, "An order can be cancelled, and saying it again changes nothing", _whole),
    Check(32, "A cancelled order's revisions are duplicates", _covered),
    Check(33, "A higher revision reopens a cancelled order or is too-late", _reopened),
    Check(34, "Cancelling an older revision is refused: revision-conflict", _older),
    Check(35, "Cancelling an order never received is 404", _unknown),
)
CLEANING = (Check(54, "The test orders can be cancelled at the end", _clean_up),)
