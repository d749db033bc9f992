"""The connector API, version 1, under ``/c/<connector id>/v1``."""

from typing import Any

from flask import Blueprint, jsonify, request

from sandbox.wms import batches, changes, cursors, misreadings, outflow
from sandbox.wms.bodies import Cancellation, Change, Deadline, Subscription, checked
from sandbox.wms.callbacks import Endpoint
from sandbox.wms.capabilities import need, offered
from sandbox.wms.gate import account, connector, guard, place, world
from sandbox.wms.jobs import Job
from sandbox.wms.problems import Problem
from sandbox.wms.settings import DEFAULT_FIELDS

api = Blueprint("connector_api", __name__, url_prefix="/c/<connector_id>/v1")
guard(api)
batches.register(api)
outflow.register(api)


@api.get("/connection")
@place("connection")
def connection() -> Any:
    """Point 1: who answers here and what it can do."""
    settings = world().settings
    return jsonify(
        api_version="1",
        system={"name": "Reference WMS", "version": "1.0"},
        account=connector().account,
        capabilities=offered(settings),
        max_batch=settings.max_batch,
        warehouses=settings.warehouses,
        carriers=settings.carriers,
        default_fields=[
            {"key": key, "label": label, "required": key in settings.required_defaults}
            for key, label in DEFAULT_FIELDS.items()
        ],
        metadata_fields=settings.metadata_fields,
    )


@api.get("/orders/by-ref")
@place("by-ref")
def by_reference() -> Any:
    """Point 3: what became of an order."""
    external_id = request.args.get("external_id", "")
    if not external_id:
        raise Problem(400, "invalid", "external_id: this parameter is required.")
    with account().lock:
        found = account().book.by_reference(external_id)
    if found is None:
        raise Problem(404, "invalid", f"The order {external_id} was never received.")
    return jsonify(found)


@api.post("/orders/cancel")
@place("cancel")
def cancel() -> Any:
    """Point 4."""
    need(world().settings, "cancel")
    wanted = checked(Cancellation)
    if "lines" in wanted:
        need(world().settings, "cancel_lines")
    with account().lock:
        wanted = misreadings.cancellation(world().settings, account().book, wanted)
        return jsonify(changes.cancel(account().book, wanted))


@api.post("/orders/hold")
@place("hold")
def hold() -> Any:
    """Point 5."""
    need(world().settings, "hold")
    wanted = checked(Change)
    with account().lock:
        return jsonify(changes.hold(account().book, wanted))


@api.post("/orders/release")
@place("release")
def release() -> Any:
    """Point 5."""
    need(world().settings, "hold")
    wanted = checked(Change)
    with account().lock:
        return jsonify(changes.release(account().book, wanted))


@api.post("/orders/sla")
@place("sla")
def sla() -> Any:
    """Point 5."""
    need(world().settings, "sla")
    wanted = checked(Deadline)
    with account().lock:
        return jsonify(changes.set_ship_by(account().book, wanted))


@api.get("/jobs/<job_id>")
@place("job")
def job(job_id: str) -> Any:
    """Point 6: a job's progress and results so far."""
    with account().lock:
        return jsonify(_job(job_id).snapshot())


@api.get("/jobs/<job_id>/log")
@place("job")
def job_log(job_id: str) -> Any:
    """Point 6: a page of a job's queue log; ``next_cursor`` is null when nothing follows yet."""
    feed, size = f"log-{job_id}", cursors.limit(request.args.get("limit", ""))
    position = cursors.decode(world().epoch, feed, request.args.get("cursor", ""))
    with account().lock:
        items, end, more = cursors.page(list(_job(job_id).log), position, size)
    following = cursors.encode(world().epoch, feed, end) if more else None
    return jsonify(items=items, next_cursor=following)


@api.put("/callbacks")
@place("callbacks")
def callbacks() -> Any:
    """Point 12: where callbacks go from now on."""
    need(world().settings, "callbacks")
    wanted = checked(Subscription)
    connector().endpoint = Endpoint(
        wanted["url"], wanted["secret"], tuple(wanted.get("events") or ())
    )
    return jsonify(url=wanted["url"], events=wanted.get("events", []))


@api.route("/<path:rest>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@place("any")
def unknown(rest: str) -> Any:
    """Whatever else is asked for."""
    raise Problem(404, "unsupported", f"There is no {request.method} /{rest} in version 1.")


def _job(job_id: str) -> Job:
    found = account().jobs.by_id.get(job_id)
    if found is None:
        raise Problem(404, "invalid", f"There is no job {job_id}.")
    return found
