"""Faults on demand: what a network or a poor server does, at a chosen place, a number of times."""

import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

from flask import Response

from sandbox.serve import drop_connection
from sandbox.wms.problems import Problem

PLACES = (
    *("batch", "by-ref", "job", "connection", "cancel", "hold", "release", "sla", "callbacks"),
    *("shipments", "inventory", "returns", "cancellations", "callback", "any"),
)
DELIVERY = ("duplicate_callback", "no_callback")
BEFORE = ("drop_before", "status", "redirect")
AFTER = ("drop_after", "garbage", "huge", "slow_drip")
NUMERIC = ("delay", "huge", "slow_drip", "duplicate_callback")
DEEDS = (*BEFORE, *AFTER, "delay", "callback_before_answer", *DELIVERY)
HUGE = 21 * 1024 * 1024
GARBAGE = {"html": "<html><body>Bad gateway</body></html>", "shape": '{"ok": true}'}


class Dropped(Exception):
    """The connection was closed without an answer."""


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

    def take(self, where: str, connector: str) -> dict[str, Any] | None:
        """The fault that strikes a request at that place now, if any."""
        return self._take(
            connector,
            lambda rule: rule["do"] not in DELIVERY and rule["where"] in (where, "any"),
        )

    def take_delivery(self, connector: str) -> dict[str, Any] | None:
        """The fault that strikes the next callback, wherever the rule says it stands."""
        return self._take(connector, lambda rule: rule["do"] in DELIVERY)

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


def strike_before(fault: dict[str, Any] | None) -> Response | None:
    """Do what a fault does before anything happened; an answer of its own, or None to go on."""
    if fault is None or fault["do"] not in BEFORE:
        return None
    if fault["do"] == "drop_before":
        drop()
    return _redirect(fault) if fault["do"] == "redirect" else _status(fault)


def linger(fault: dict[str, Any] | None) -> None:
    """Wait as long as a delay asks for (``value`` in seconds)."""
    if fault and fault["do"] == "delay":
        time.sleep(float(fault["value"] or 1))


def strike_after(fault: dict[str, Any] | None, answer: Response) -> Response:
    """Spoil the answer to what has been done."""
    do = fault["do"] if fault else ""
    if fault is None or do not in AFTER:
        return answer
    if do == "drop_after":
        drop()
    if do == "huge":
        return Response(_huge(int(fault["value"] or HUGE)), content_type="application/json")
    if do == "slow_drip":
        return _drip(answer, float(fault["value"] or 60))
    text = GARBAGE.get(str(fault["value"]), GARBAGE["html"])
    return Response(text, content_type="application/json")


def drop() -> None:
    """Close the client's connection without an answer. Raises Dropped."""
    drop_connection()
    raise Dropped


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
    }


def _check_value(do: str, value: Any) -> None:
    if do in NUMERIC and not isinstance(value, int | float | None):
        raise Problem(422, "invalid", f"value of {do} must be a number.")
    if do == "status":
        status = value.get("status", 503) if isinstance(value, dict) else value or 503
        if type(status) is not int or not 200 <= status <= 599:
            raise Problem(422, "invalid", "value of status must be from 200 to 599.")


def _status(fault: dict[str, Any]) -> Response:
    value = fault["value"] if isinstance(fault["value"], dict) else {"status": fault["value"]}
    status = int(value.get("status") or 503)
    headers = {"Retry-After": str(value["retry_after"])} if "retry_after" in value else {}
    if status == 429:
        sentence = "Too many requests. Wait, then send again."
        return Problem(429, "rate-limited", sentence, headers=headers).response()
    return Response(f"Answer {status} on demand\n", status, headers, content_type="text/plain")


def _redirect(fault: dict[str, Any]) -> Response:
    return Response(status=307, headers={"Location": str(fault["value"] or "/elsewhere")})


def _huge(size: int) -> Iterator[bytes]:
    block = b"x" * 65536
    yield b'{"results": "'
    for _ in range(0, size, len(block)):
        yield block
    yield b'"}'


def _drip(answer: Response, seconds: float) -> Response:
    body = answer.get_data()
    pause = seconds / max(len(body), 1)

    def bytewise() -> Iterator[bytes]:
        for byte in body:
            time.sleep(pause)
            yield bytes([byte])

    return Response(bytewise(), answer.status_code, content_type=answer.content_type)
