"""What a fault does to a request: before anything happens, or to the answer."""

import json
import time
from collections.abc import Iterator
from typing import Any

from flask import Response

from sandbox.serve import drop_connection
from sandbox.wms.faults import AFTER, BEFORE, ROWS
from sandbox.wms.problems import Problem

HUGE = 21 * 1024 * 1024
GARBAGE = {"html": "<html><body>Bad gateway</body></html>", "shape": '{"ok": true}'}


class Dropped(Exception):
    """The connection was closed without an answer."""


def strike_before(fault: dict[str, Any] | None) -> Response | None:
    """Do what a fault does before anything happened; an answer of its own, or None to go on."""
    if fault is None or fault["do"] not in BEFORE:
        return None
    if fault["do"] == "drop_before":
        drop()
    if fault["do"] == "expired_cursor":
        sentence = "cursor: it has expired. Start again from empty."
        return Problem(410, "invalid", sentence).response()
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
    if do in ROWS:
        return _rows(do, answer)
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


def _status(fault: dict[str, Any]) -> Response:
    value = fault["value"] if isinstance(fault["value"], dict) else {"status": fault["value"]}
    status = int(value.get("status") or 503)
    headers = {"Retry-After": str(value["retry_after"])} if "retry_after" in value else {}
    if "code" in value:
        return Problem(status, value["code"], str(value.get("detail", ""))).response()
    if status == 429:
        sentence = "Too many requests. Wait, then send again."
        return Problem(429, "rate-limited", sentence, headers=headers).response()
    if status == 409:
        return Problem(409, "too-late", "It is packed.", headers=headers).response()
    return Response(f"Answer {status} on demand\n", status, headers, content_type="text/plain")


def _redirect(fault: dict[str, Any]) -> Response:
    return Response(status=307, headers={"Location": str(fault["value"] or "/elsewhere")})


def _rows(do: str, answer: Response) -> Response:
    """Every row of a page twice, or the page backwards."""
    page = answer.get_json(silent=True)
    if not isinstance(page, dict) or "items" not in page:
        return answer
    items = page["items"]
    page["items"] = [*items, *items] if do == "duplicate_rows" else items[::-1]
    return Response(json.dumps(page), answer.status_code, content_type=answer.content_type)


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
