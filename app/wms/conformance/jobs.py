"""Checks of jobs and their logs."""

import uuid
from typing import Any

from app.wms.conformance.desk import Desk, job_of
from app.wms.conformance.findings import Check, Wrong, insist, insist_on_fields

_MOST_PAGES = 50
_JOB = {"id": str, "status": str, "progress": dict, "results": list}
_LINE = {"seq": int, "time": str, "level": str, "message": str}


def _job(desk: Desk) -> None:
    desk.found["job"] = job_id = job_of(desk.post((desk.order("11"),), str(uuid.uuid4())))
    job = desk.job(job_id)
    insist_on_fields("The job", job, _JOB)
    insist_on_fields("The job's progress", job["progress"], {"done": int, "total": int})
    insist("The job's id", job["id"], job_id)
    insist("Its status", job["status"], "succeeded")
    insist("progress.done of a batch of one order", job["progress"]["done"], 1)
    told = [row.get("external_id") for row in job["results"] if isinstance(row, dict)]
    insist("The results' external ids", told, [desk.external_id("11")])


def _unknown_job(desk: Desk) -> None:
    desk.wire.refuses("GET", f"/jobs/{uuid.uuid4()}", 404)


def _log(desk: Desk) -> None:
    cursor, seen = "", {""}
    for _ in range(_MOST_PAGES):
        page = _page(desk, cursor)
        for line in page["items"]:
            insist_on_fields("A line of the log", line, _LINE)
        cursor = page["next_cursor"] or ""
        if not cursor:
            return
        if cursor in seen:
            raise Wrong("The next_cursor leads nowhere new.", "Give null when nothing follows.")
        seen.add(cursor)


def _page(desk: Desk, cursor: str) -> dict[str, Any]:
    job_id = desk.found.get("job") or job_of(desk.post((desk.order("11"),), str(uuid.uuid4())))
    params = {"cursor": cursor} if cursor else {}
    page: dict[str, Any] = desk.wire.expect("GET", f"/jobs/{job_id}/log", 200, params=params).body
    insist_on_fields("The log", page, {"items": list, "next_cursor": str | None})
    return page


JOBS = (
    Check(22, "GET /jobs/{id} tells status, progress and results", _job),
    Check(23, "An unknown job is 404", _unknown_job),
    Check(24, "GET /jobs/{id}/log gives lines, page by page, and ends", _log),
)
