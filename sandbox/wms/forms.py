"""What staff typed into a form of the Cloud App."""

import json
from datetime import datetime
from typing import Any

from flask import request

from sandbox.wms.orders import Order
from sandbox.wms.problems import Problem


def value(text: str) -> Any:
    """What was typed into a fault's value: JSON if it is, else the text, else nothing."""
    try:
        return json.loads(text)
    except ValueError:
        return text or None


def number(name: str) -> float:
    """A number typed into a form. Raises Problem 422 naming the field."""
    try:
        return float(request.form.get(name, ""))
    except ValueError:
        raise Problem(422, "invalid", f"{name} must be a number.") from None


def whole(name: str) -> int:
    """A whole number typed into a form; nothing typed is 0. Raises Problem 422."""
    typed = request.form.get(name, "").strip() or "0"
    try:
        return int(typed)
    except ValueError:
        raise Problem(422, "invalid", f"{typed} is not a whole number.") from None


def about(order: Order) -> dict[str, Any]:
    """What a button says about an order: its reason, units by line, and packages, as far as given.

    Raises Problem 422 for units that are no numbers, or when none were chosen.
    """
    found: dict[str, Any] = {"external_id": order.external_id}
    reason = request.form.get("reason", "").strip()
    if reason:
        found["reason"] = reason
    if "ship_by" in request.form:
        found["ship_by"] = _moment(request.form["ship_by"].strip())
    if any(name.startswith("units-") for name in request.form):
        found["lines"] = _units(order)
    if request.form.get("numbers", "").strip():
        found["packages"] = packages()
    return found


def packages() -> list[dict[str, Any]]:
    """A package of the chosen carrier for each tracking number typed."""
    carrier = {"code": request.form.get("carrier", "")}
    numbers = [text.strip() for text in request.form.get("numbers", "").split(",")]
    return [{"carrier": carrier, "tracking_number": text} for text in numbers if text]


def _moment(typed: str) -> str | None:
    """A day and time in UTC as browsers send them, in RFC 3339; None for nothing typed."""
    if not typed:
        return None
    try:
        return f"{datetime.fromisoformat(typed):%Y-%m-%dT%H:%M:00Z}"
    except ValueError:
        raise Problem(422, "invalid", f"{typed} is not a day and time.") from None


def _units(order: Order) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [
        {"line_id": line.line_id, "quantity": whole(f"units-{place}")}
        for place, line in enumerate(order.document.lines)
    ]
    wanted = [line for line in lines if line["quantity"]]
    if not wanted or any(line["quantity"] < 0 for line in wanted):
        raise Problem(422, "invalid", "Say how many units, at least one.")
    return wanted
