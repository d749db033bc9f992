"""POST /orders/batch: the key first, then the orders, at once or by a job."""

from typing import Any
from uuid import uuid4

from flask import Blueprint, g, jsonify, request

from sandbox.wms.bodies import json_object
from sandbox.wms.defects import has
from sandbox.wms.gate import account, connector, place, world
from sandbox.wms.jobs import Job
from sandbox.wms.problems import Problem
from sandbox.wms.strikes import linger

Answer = tuple[int, dict[str, Any]]
# Seconds in which a second request finds that the first has not kept its key yet.
OVERLAP = 0.1


def register(api: Blueprint) -> None:
    """Add the route."""
    api.post("/orders/batch")(place("batch", waits=False)(batch))


def batch() -> Any:
    """Take a batch in and answer 200 with results or 202 with a job, once per key."""
    orders = _orders()
    key = _key()
    answers = account().answers
    careless = has(world().settings, "keys_kept_late")
    first = answers.begin(key, _fingerprinted(), careless=careless)
    if first:
        g.replayed = True
        return jsonify(first.body), first.status
    try:
        linger({"do": "delay", "value": OVERLAP} if careless else g.fault)
        status, body = _take_in(orders)
    except BaseException:
        answers.forget(key)
        raise
    answers.finish(key, status, body)
    return jsonify(body), status


def _orders() -> list[Any]:
    orders = json_object().get("orders")
    if not isinstance(orders, list) or not orders:
        raise Problem(400, "invalid", "orders: it must be a list of at least one order.")
    most = world().settings.max_batch
    if len(orders) > most and not has(world().settings, "no_limit"):
        raise Problem(413, "invalid", f"orders: {len(orders)} are too many, send at most {most}.")
    return orders


def _key() -> str:
    key = request.headers.get("Idempotency-Key", "")
    if not key.strip() or len(key) > 255:
        raise Problem(400, "invalid", "Idempotency-Key: this header is required.")
    return str(uuid4()) if has(world().settings, "ignores_keys") else key


def _fingerprinted() -> bytes:
    """What a repetition must have in common with the first request."""
    return b"" if has(world().settings, "keys_without_body") else request.get_data()


def _take_in(orders: list[Any]) -> Answer:
    jobs = account().jobs
    job = jobs.receive(connector().id, orders)
    if world().settings.mode == "sync":
        jobs.run(job)
        return 200, {"job": {"id": job.id}, "results": job.results}
    if g.fault and g.fault["do"] == "callback_before_answer":
        _finish_first(job)
    else:
        jobs.schedule(job, world().settings.job_seconds)
    return 202, {"job": {"id": job.id}}


def _finish_first(job: Job) -> None:
    account().jobs.run(job, tell=False)
    message = world().finish_message(job)
    if message:
        world().courier.deliver(message)
