"""Checks of sending: batches, revisions, references."""

import uuid

from app.wms.conformance.desk import ACCEPTED, Desk, Order
from app.wms.conformance.findings import Check, NotChecked, Wrong, insist, insist_on_fields
from app.wms.conformance.wire import insist_on_code

_REFERENCE = {
    "external_id": str,
    "revision": int,
    "wms_id": str | None,
    "state": str,
    "job_id": str | None,
    "issues": list,
}


def _created(desk: Desk) -> None:
    result = desk.create("1")
    if not result.get("wms_id"):
        raise Wrong("The result has no wms_id.", "Name your own id of the order.")


def _by_reference(desk: Desk) -> None:
    found = desk.reference("1")
    insist_on_fields("The answer", found, _REFERENCE)
    insist("external_id", found["external_id"], desk.external_id("1"))
    insist("revision", found["revision"], 1)


def _never_received(desk: Desk) -> None:
    params = {"external_id": desk.external_id("never")}
    desk.wire.refuses("GET", "/orders/by-ref", 404, params=params)


def _inside_a_job(desk: Desk) -> None:
    order = desk.order("2")
    answer = desk.post((order,), str(uuid.uuid4()))
    params = {"external_id": order["external_id"]}
    found = desk.wire.ask("GET", "/orders/by-ref", params=params)
    if found.status != 200:
        raise Wrong(
            f"Just after its batch was answered {answer.status}, an order is {found.status}.",
            "Answer 200 with the state received while an order is inside a job. 404 means never.",
        )


def _duplicate(desk: Desk) -> None:
    desk.insist_on_status(desk.order("1"), "duplicate")


def _conflict(desk: Desk) -> None:
    order = desk.order("1", lines=[desk.line(9)])
    result = desk.send(order)[order["external_id"]]
    insist("The result's status", result.get("status"), "rejected")
    code = insist_on_code("The result's problem", result.get("problem"))
    insist("The problem's code", code, "revision-conflict")


def _updated(desk: Desk) -> None:
    desk.capable("order_update")
    order = desk.order("1", 2, lines=[desk.line(3)])
    desk.insist_on_status(order, "updated", "created_with_issues")
    insist("by-ref's revision", desk.reference("1").get("revision"), 2)
    desk.found["updated"] = True


def _lower(desk: Desk) -> None:
    desk.capable("order_update")
    if "updated" not in desk.found:
        raise NotChecked("The order could not be updated.")
    desk.insist_on_status(desk.order("1", 1, lines=[desk.line(7)]), "duplicate")
    insist("by-ref's revision", desk.reference("1").get("revision"), 2)


def _bad(desk: Desk) -> Order:
    """An order that must be rejected whoever the WMS is: it has no lines."""
    return desk.order("5", lines=[])


def _bad_beside_good(desk: Desk) -> None:
    good, bad = desk.order("4"), _bad(desk)
    results = desk.send(bad, good)
    desk.found["rejected"] = results[bad["external_id"]]
    status = results[bad["external_id"]].get("status")
    insist("The status of an order without lines", status, "rejected")
    status = results[good["external_id"]].get("status")
    insist("The status of the good order beside it", status, *ACCEPTED)


def _says_why(desk: Desk) -> None:
    result = desk.found.get("rejected") or {}
    if result.get("status") != "rejected":
        raise NotChecked("No order was rejected.")
    problem = result.get("problem")
    insist_on_code("The problem of a rejected order", problem)
    if not (problem or {}).get("detail"):
        raise Wrong("The problem has no detail.", "Say in a sentence what is wrong with the order.")


def _leaves_no_trace(desk: Desk) -> None:
    desk.insist_on_status(desk.order("6", lines=[]), "rejected")
    params = {"external_id": desk.external_id("6")}
    found = desk.wire.expect("GET", "/orders/by-ref", 200, 404, params=params)
    if found.status == 200:
        insist("by-ref's state of a rejected order", found.body.get("state"), "rejected")
    desk.insist_on_status(desk.order("6"), *ACCEPTED)


def _too_many(desk: Desk) -> None:
    most = int(desk.info["max_batch"])
    orders = [desk.order(f"many-{number}") for number in range(most + 1)]
    desk.sent |= {order["external_id"] for order in orders}
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    desk.wire.refuses("POST", "/orders/batch", 413, json={"orders": orders}, headers=headers)


def _senseless(desk: Desk) -> None:
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    desk.wire.refuses("POST", "/orders/batch", 400, 422, data=b'{"orders": [', headers=headers)


def _unknown_fields(desk: Desk) -> None:
    desk.create("7", something_new={"a": [1]}, method="teleport")


SENDING = (
    Check(5, "A new order is created and has a wms_id", _created),
    Check(6, "GET /orders/by-ref finds an order", _by_reference),
    Check(7, "GET /orders/by-ref of an order never received is 404", _never_received),
    Check(8, "An order is found as soon as its batch is answered", _inside_a_job),
    Check(9, "The same revision under a new key is a duplicate", _duplicate),
    Check(10, "The same revision with other content: revision-conflict", _conflict),
    Check(11, "A higher revision updates the order", _updated),
    Check(12, "A lower revision is a duplicate and changes nothing", _lower),
    Check(13, "One bad order does not fail its batch", _bad_beside_good),
    Check(14, "A rejected order comes with a problem that says why", _says_why),
    Check(15, "A rejected revision leaves no trace and is judged afresh", _leaves_no_trace),
    Check(16, "More orders than max_batch are refused: 413", _too_many),
    Check(17, "A body that makes no sense is refused: 400 or 422", _senseless),
    Check(18, "Unknown fields and values are survived", _unknown_fields),
)
