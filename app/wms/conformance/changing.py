"""Checks of what may be done to an order afterwards: hold, release, ship by."""

from datetime import datetime

from app.wms.conformance.desk import Desk
from app.wms.conformance.findings import Check, NotChecked, Wrong, insist, insist_on_fields

_SHIP_BY = "2030-01-15T10:00:00Z"


def _hold(desk: Desk) -> None:
    desk.capable("hold")
    _change(desk, "hold", reason="Test")
    insist("The held order's state", desk.reference("12").get("state"), "on_hold")


def _release(desk: Desk) -> None:
    desk.capable("hold")
    _change(desk, "release")
    if desk.reference("12").get("state") == "on_hold":
        raise Wrong("It is still on hold.", "Let a released order go on.")


def _ship_by(desk: Desk) -> None:
    desk.capable("sla")
    _change(desk, "sla", ship_by=_SHIP_BY)
    found = desk.reference("12")
    if "ship_by" in found and not _same_moment(found["ship_by"], _SHIP_BY):
        raise Wrong(f"by-ref's ship_by is {found['ship_by']}.", f"Keep what was set: {_SHIP_BY}.")


def _change(desk: Desk, verb: str, **more: str) -> None:
    body = {"external_id": desk.create_once("12")} | more
    answer = desk.wire.expect("POST", f"/orders/{verb}", 200, json=body)
    insist_on_fields("The answer", answer.body, {"external_id": str, "state": str})


def _unknown(desk: Desk) -> None:
    body = {"external_id": desk.external_id("never"), "ship_by": _SHIP_BY}
    offered = desk.info["capabilities"]
    paths = [path for path, name in _PATHS.items() if offered.get(name) and path != "cancel"]
    if not paths:
        raise NotChecked("The WMS says that it lacks hold and sla.")
    for path in paths:
        desk.wire.refuses("POST", f"/orders/{path}", 404, json=body)


def _lacking(desk: Desk) -> None:
    body = desk.cancellation("never") | {"ship_by": _SHIP_BY}
    lacking = [path for path, name in _PATHS.items() if not desk.info["capabilities"].get(name)]
    for path in lacking:
        desk.wire.refuses("POST", f"/orders/{path}", 501, json=body)
    for name in ("inventory", "returns"):
        if not desk.info["capabilities"].get(name):
            desk.wire.refuses("GET", f"/{name}", 501)


def _same_moment(one: object, other: str) -> bool:
    try:
        return datetime.fromisoformat(str(one)) == datetime.fromisoformat(other)
    except (ValueError, TypeError):
        return False


# What is posted under /orders/, and the capability it needs.
_PATHS = {"cancel": "cancel", "hold": "hold", "release": "hold", "sla": "sla"}
CHANGING = (
    Check(25, "An order can be held", _hold),
    Check(26, "A held order can be released", _release),
    Check(27, "An order's latest shipping time can be set", _ship_by),
    Check(28, "Hold, release and sla of an order never received are 404", _unknown),
    Check(29, "What the WMS lacks is answered 501", _lacking),
)
