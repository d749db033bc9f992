"""Is the process alive, can it work, and how much is owed. No shop is named."""

from collections.abc import Iterator

import redis
from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError
from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from app.db import reading, session
from app.models import Owed
from app.sync import secret_keys
from app.web.current import config
from app.web.migrated import is_migrated

blueprint = Blueprint("health", __name__)
_OK, _UNREACHABLE = "ok", "unreachable"
LANES = ("staff", "default", "bulk")


@blueprint.get("/healthz")
def alive() -> ResponseReturnValue:
    """The process answers."""
    return jsonify(status="ok")


@blueprint.get("/readyz")
def ready() -> ResponseReturnValue:
    """The process can work: 503 names what it can't reach or read, or that migrations are to be
    run."""
    parts = {"database": _database(), "redis": _OK if _redis_answers() else _UNREACHABLE}
    if parts["database"] == _OK:
        parts["secrets"] = _secrets()
    return jsonify(parts), 200 if set(parts.values()) == {_OK} else 503


@blueprint.get("/metrics")
def metrics() -> ResponseReturnValue:
    """What is owed and what waits, for Prometheus."""
    registry = CollectorRegistry()
    registry.register(_Work())
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class _Work(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Count at the moment of the question; what can't be counted is left out."""
        try:
            with reading():
                yield from _owed()
        except SQLAlchemyError:
            session().rollback()
        try:
            yield _queues()
        except RedisError:
            return


def _owed() -> Iterator[GaugeMetricFamily]:
    alive_rows = GaugeMetricFamily("tagdock_owed", "Effects owed", labels=["effect"])
    dead_rows = GaugeMetricFamily("tagdock_dead_letters", "Effects given up", labels=["effect"])
    dead = Owed.dead_at.is_not(None)
    query = select(Owed.effect, dead, func.count()).group_by(Owed.effect, dead)
    for effect, is_dead, count in session().execute(query):
        (dead_rows if is_dead else alive_rows).add_metric([effect], count)
    yield alive_rows
    yield dead_rows
    oldest = session().scalar(
        select(func.min(Owed.due_at)).where(~dead, Owed.lease_token.is_(None))
    )
    late = GaugeMetricFamily("tagdock_oldest_due_timestamp_seconds", "When the oldest was due")
    if oldest is not None:
        late.add_metric([], oldest.timestamp())
    yield late


def _queues() -> GaugeMetricFamily:
    depth = GaugeMetricFamily("tagdock_queue_depth", "Jobs waiting in RQ", labels=["queue"])
    with _redis() as client:
        for lane in LANES:
            depth.add_metric([lane], float(client.llen(f"rq:queue:{lane}")))
    return depth


def _database() -> str:
    """How the database is. Once it is migrated it is asked for a sign of life alone."""
    try:
        with reading():
            session().execute(text("SELECT 1"))
        session().rollback()
        return _OK if is_migrated() else "not migrated"
    except SQLAlchemyError:
        return _UNREACHABLE
    finally:
        session().rollback()


def _secrets() -> str:
    """Whether ENCRYPTION_KEYS opens what is stored."""
    column = secret_keys.lost()
    return secret_keys.said_of(column) if column else _OK


def _redis_answers() -> bool:
    try:
        with _redis() as client:
            return bool(client.ping())
    except RedisError:
        return False


def _redis() -> redis.Redis:
    return redis.Redis.from_url(config().redis_url, socket_connect_timeout=1, socket_timeout=1)
