"""What a WMS that misread the contract answers: a wrong answer to what was done rightly."""

import json
from collections.abc import Callable
from typing import Any

from flask import Response, request

from sandbox.wms.problems import Problem

Body = dict[str, Any]
# What a defect makes of an answer's status and body; None leaves it as it is.
Spoiled = tuple[int, Body] | Response | None
Spoiler = Callable[[int, Body], Spoiled]
FEED = "shipments|inventory|returns|cancellations"


def response(status: int, body: Body) -> Response:
    """An answer of the connector API."""
    kind = "application/json" if status < 400 else "application/problem+json"
    return Response(json.dumps(body), status, content_type=kind)


def _instead_of(status: int, other: int, /, **canned: Any) -> Spoiler:
    """Another status, with a body of its own or the one there is."""
    return lambda found, body: (other, canned or body) if found == status else None


def _without(name: str) -> Spoiler:
    return lambda status, body: (
        (status, {key: value for key, value in body.items() if key != name})
        if status == 200
        else None
    )


def _no_code(status: int, body: Body) -> Spoiled:
    return (status, body | {"code": None}) if status >= 400 else None


def _html(status: int, _: Body) -> Spoiled:
    return Response("<h1>Not found</h1>", 404, content_type="text/html") if status == 404 else None


def _two_defaults(_: int, body: Body) -> Spoiled:
    rows = [row | {"default": True} for row in body.get("warehouses", [])]
    return (200, body | {"warehouses": rows}) if rows else None


def _results(change: Callable[[list[Body]], list[Body]]) -> Spoiler:
    return lambda status, body: (
        (status, body | {"results": change(body["results"])}) if body.get("results") else None
    )


def _each(**changes: Callable[[Body], Any]) -> Callable[[list[Body]], list[Body]]:
    return lambda rows: [row | {key: of(row) for key, of in changes.items()} for row in rows]


def _all_fail(rows: list[Body]) -> list[Body]:
    bad = [row["problem"] for row in rows if row["status"] == "rejected"]
    return [row | {"status": "rejected", "problem": bad[0]} for row in rows] if bad else rows


def _named(was: str, now: str) -> Spoiler:
    """Call one status of a result by another name."""
    return _results(_each(status=lambda row: now if row["status"] == was else row["status"]))


def _silent(row: Body) -> Body | None:
    return None if row["status"] == "rejected" else row.get("problem")


def _items(change: Callable[[Body], Body]) -> Spoiler:
    return lambda status, body: (
        (status, body | {"items": [change(row) for row in body["items"]]})
        if status == 200
        else None
    )


def _no_items(status: int, body: Body) -> Spoiled:
    """A feed that begins with what there is and then goes on without what comes."""
    return (status, body | {"items": []}) if request.args.get("cursor") else None


def _differences(status: int, body: Body) -> Spoiled:
    change = _items(lambda row: row | {"on_hand": 1, "available": 1})
    return change(status, body) if request.args.get("cursor") else None


def _in_a_job(status: int, body: Body) -> Spoiled:
    return _never_received() if (status, body.get("state")) == (200, "received") else None


def _never_received() -> Response:
    return Problem(404, "invalid", "The order was never received.").response()


def _with_secret(status: int, body: Body) -> Spoiled:
    secret = (request.get_json(silent=True) or {}).get("secret")
    return (status, body | {"secret": secret}) if status == 200 else None


# Where they are given, as a pattern of method and path.
BATCH, SENT = "POST /orders/batch", "POST /orders/batch|GET /jobs/[^/]+"
CHANGES = "POST /orders/(hold|release|sla)"
JOB = {"id": "0", "status": "queued", "progress": {"done": 0, "total": 1}, "results": []}
INSTEAD: dict[str, tuple[str, Body]] = {
    "hold_in_name_only": ("POST /orders/hold", {"state": "on_hold"}),
    "release_in_name_only": ("POST /orders/release", {"state": "picking"}),
    "ship_by_in_name_only": ("POST /orders/sla", {"state": "picking"}),
    "cancel_in_name_only": ("POST /orders/cancel", {"outcome": "cancelled"}),
}
ANSWERS: dict[str, tuple[str, Spoiler]] = {
    "no_max_batch": ("GET /connection", _without("max_batch")),
    "two_default_warehouses": ("GET /connection", _two_defaults),
    "wrong_token_403": (".*", _instead_of(401, 403)),
    "errors_as_html": (".*", _html),
    "errors_without_code": (".*", _no_code),
    "no_wms_id": (SENT, _results(_each(wms_id=lambda _: None))),
    "reference_without_job": ("GET /orders/by-ref", _without("job_id")),
    "unknown_order_200": ("GET /orders/by-ref", _instead_of(404, 200, state="unknown")),
    "lost_in_jobs": ("GET /orders/by-ref", _in_a_job),
    "duplicates_created": (SENT, _named("duplicate", "created")),
    "updates_created": (SENT, _named("updated", "created")),
    "one_bad_fails_all": (SENT, _results(_all_fail)),
    "rejects_silently": (SENT, _results(_each(problem=_silent))),
    "takes_nonsense": (BATCH, _instead_of(400, 200, job={"id": "0"}, results=[])),
    "job_without_progress": ("GET /jobs/[^/]+", _without("progress")),
    "unknown_job_200": ("GET /jobs/[^/]+", _instead_of(404, 200, **JOB)),
    "log_without_cursor": ("GET /jobs/[^/]+/log", _without("next_cursor")),
    "log_without_end": (
        "GET /jobs/[^/]+/log",
        lambda status, body: (status, body | {"next_cursor": request.args.get("cursor") or "0"}),
    ),
    "changes_unknown_orders": (CHANGES, _instead_of(404, 200, state="picking")),
    "lacking_404": (".*", _instead_of(501, 404)),
    "cancels_unknown_orders": (
        "POST /orders/cancel",
        _instead_of(404, 200, outcome="cancelled"),
    ),
    "cancels_packed": ("POST /orders/cancel", _instead_of(409, 200, outcome="cancelled")),
    "feeds_without_has_more": (f"GET /({FEED})", _without("has_more")),
    "stock_without_version": (
        "GET /inventory",
        _items(lambda row: {key: value for key, value in row.items() if key != "version"}),
    ),
    "stock_as_differences": ("GET /inventory", _differences),
    "expired_cursor_400": (f"GET /({FEED})", _instead_of(410, 400)),
    "late_shipments_skipped": ("GET /shipments", _no_items),
    "same_version": ("GET /shipments", _items(lambda row: row | {"version": 1})),
    "returns_of_unknown_orders": (
        "POST /returns",
        _instead_of(404, 200, external_id="0", version=1, state="expected", lines=[]),
    ),
    "returns_forgotten": ("GET /returns", _no_items),
    "cancellations_untold": ("GET /cancellations", _no_items),
    "tells_the_secret": ("PUT /callbacks", _with_secret),
}
