"""Defects on demand: what a WMS does that misread the contract, one name each.

Most are a wrong answer to a request that was done rightly, or was not done at all. Those that lie
``DEEPER`` are asked for by ``has`` where they lie.
"""

import re
from typing import TYPE_CHECKING

from flask import Response, request

from sandbox.wms.spoilers import ANSWERS, INSTEAD, Spoiler, response

if TYPE_CHECKING:
    from sandbox.wms.settings import Settings

DEEPER = (
    *("open_door", "any_token"),
    *("overwrites_revisions", "takes_lower_revisions", "keeps_rejected", "refuses_new_fields"),
    *("no_limit", "ignores_keys", "keys_without_body", "keys_kept_late"),
    *("cancels_relatively", "cancels_older_revisions", "cancel_forgotten", "never_reopens"),
    *("ignores_limit", "starts_over", "passes_over", "any_cursor"),
    *("no_callbacks", "unsigned_callbacks", "wrongly_signed_callbacks", "callbacks_once"),
    *("callbacks_renamed", "no_shipment_callbacks"),
)
NAMES = (*INSTEAD, *ANSWERS, *DEEPER)


def has(settings: "Settings", name: str) -> bool:
    """Whether the warehouse has a defect now."""
    return name in settings.defects


def instead(settings: "Settings") -> Response | None:
    """What is answered without doing anything, if a defect answers so here."""
    for name, (place, canned) in INSTEAD.items():
        if has(settings, name) and re.fullmatch(place, _place()):
            body = request.get_json(silent=True) or {}
            return response(200, {"external_id": body.get("external_id")} | canned)
    return None


def spoil(settings: "Settings", answer: Response) -> Response:
    """An answer as the defects in force leave it."""
    for name, (place, spoiler) in ANSWERS.items():
        if has(settings, name) and re.fullmatch(place, _place()):
            answer = _spoilt(spoiler, answer)
    return answer


def _spoilt(spoiler: Spoiler, answer: Response) -> Response:
    body = answer.get_json(silent=True)
    found = spoiler(answer.status_code, body if isinstance(body, dict) else {})
    if found is None:
        return answer
    return found if isinstance(found, Response) else response(*found)


def _place() -> str:
    """The method and the path behind the version: ``GET /jobs/1``."""
    return f"{request.method} {request.path.partition('/v1')[2]}"
