"""Faults on demand: what a network or a poor server does, at a chosen place, a number of times."""

import threading
from collections.abc import Callable
from typing import Any

from sandbox.wms.problems import TITLES, Problem

PLACES = (
    *("batch", "by-ref", "job", "connection", "cancel", "hold", "release", "sla", "callbacks"),
    *("shipments", "inventory", "returns", "cancellations", "callback", "any"),
)
# The places whose callbacks a rule may strike; "callback" and "any" mean all of them.
CALLBACK_PLACES = {
    "job.finished": ("job", "batch"),
    "order.state_changed": ("by-ref",),
    "order.cancelled": ("cancellations",),
    "shipment.updated": ("shipments",),
    "inventory.changed": ("inventory",),
    "return.updated": ("returns",),
}
DELIVERY = ("duplicate_callback", "no_callback", "late_callback", "reorder_callback")
BEFORE = ("drop_before", "status", "redirect", "expired_cursor")
ROWS = ("duplicate_rows", "reorder_rows")
AFTER = ("drop_after", "garbage", "huge", "slow_drip", *ROWS)
NUMERIC = (
    *("delay", "huge", "slow_drip"),
    *("duplicate_callback", "late_callback", "reorder_callback"),
)
DEEDS = (*BEFORE, *AFTER, "delay", "callback_before_answer", *DELIVERY)


class Faults:
    """The rules in force, in order; a rule with ``times`` counts down and goes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rules: list[dict[str, Any]] = []

    def replace(self, rules: Any) -> None:
        """Set the rules. Raises Problem 422 naming what is wrong with one."""
        if not isinstance(rules, list):
            raise Problem(422, "invalid", "Faults are a list of {where, do, value, times}.")
        checked = [_checked(rule) for rule in rules]
        with self._lock:
            self._rules = checked

    def rules(self) -> list[dict[str, Any]]:
        """The rules still in force with the times they have left."""
        with self._lock:
            return [dict(rule) for rule in self._rules]

    def take(self, where: str, connector: str, asked: str = "") -> dict[str, Any] | None:
        """The fault that strikes a request at that place now, if any. ``asked``: its query and
        body."""
        return self._take(
            connector,
            lambda rule: (
                rule["do"] not in DELIVERY
                and rule["where"] in (where, "any")
                and rule["match"] in asked
            ),
        )

    def take_delivery(self, event: str, connector: str) -> dict[str, Any] | None:
        """The fault that strikes the next callback of that type, if any."""
        places = (*CALLBACK_PLACES[event], "callback", "any")
        return self._take(
            connector, lambda rule: rule["do"] in DELIVERY and rule["where"] in places
        )

    def _take(
        self, connector: str, fits: Callable[[dict[str, Any]], bool]
    ) -> dict[str, Any] | None:
        with self._lock:
            for rule in self._rules:
                if fits(rule) and rule["connector"] in (None, connector):
                    return self._use(rule)
        return None

    def _use(self, rule: dict[str, Any]) -> dict[str, Any]:
        if rule["times"] is not None:
            rule["times"] -= 1
            if not rule["times"]:
                self._rules.remove(rule)
        return dict(rule)


def _checked(rule: Any) -> dict[str, Any]:
    if not isinstance(rule, dict):
        raise Problem(422, "invalid", "A fault is an object {where, do, value, times}.")
    where, do = rule.get("where", "any"), rule.get("do")
    if where not in PLACES:
        raise Problem(422, "invalid", f"where must be one of {', '.join(PLACES)}.")
    if do not in DEEDS:
        raise Problem(422, "invalid", f"do must be one of {', '.join(DEEDS)}.")
    times = rule.get("times")
    if times is not None and (type(times) is not int or times < 1):
        raise Problem(422, "invalid", "times must be a whole number from 1, or null for ever.")
    value = rule.get("value")
    _check_value(do, value)
    return {
        "where": where,
        "do": do,
        "value": value,
        "times": times,
        "connector": rule.get("connector"),
        "match": str(rule.get("match") or ""),
    }


def _check_value(do: str, value: Any) -> None:
    if do in NUMERIC and not isinstance(value, int | float | None):
        raise Problem(422, "invalid", f"value of {do} must be a number.")
    if do == "status":
        status = value.get("status", 503) if isinstance(value, dict) else value or 503
        if type(status) is not int or not 200 <= status <= 599:
            raise Problem(422, "invalid", "value of status must be from 200 to 599.")
        if isinstance(value, dict) and value.get("code", "invalid") not in TITLES:
            raise Problem(422, "invalid", "code of status must be one of the connector API's.")
