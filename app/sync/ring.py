"""Rings RQ's bell. A ring carries no work, only a shop's id: a lost one costs a second."""

import structlog
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue
from rq.job import Job
from rq.serializers import JSONSerializer

from app.sync.outside import redis
from app.sync.owing import BULK, DEFAULT, STAFF

QUEUES = (STAFF, DEFAULT, BULK)
# One ring a shop and lane within this many seconds; a drain takes the mark away before it claims.
_QUIET_SECONDS = 5
# A drain works for some 14 s and then lets its last requests end. Less than a lease.
JOB_TIMEOUT = 30
_FAILURE_TTL = 86_400
# A ring that no worker hears is no use later: the ticker rings again.
_RING_TTL = 60
_log = structlog.get_logger()


def ring(shop_id: int, lane: str) -> None:
    """Have some worker drain what a shop is owed. Never raises: the ticker rings again.

    Call it after the commit, or the worker may look before there is anything to see.
    """
    try:
        _ring(redis(), shop_id, lane)
    except RedisError as error:
        _log.warning("not_rung", shop=shop_id, lane=lane, error=type(error).__name__)


def _ring(connection: Redis, shop_id: int, lane: str) -> None:
    if not connection.set(_mark(shop_id, lane), 1, nx=True, ex=_QUIET_SECONDS):
        return
    queue = Queue(lane, connection=connection, serializer=JSONSerializer, job_class=BellJob)
    queue.enqueue_call(
        "app.jobs.drain",
        args=(shop_id, lane),
        timeout=JOB_TIMEOUT,
        result_ttl=0,
        ttl=_RING_TTL,
        failure_ttl=_FAILURE_TTL,
    )


def take_mark(shop_id: int, lane: str) -> None:
    """Let the next ring through: from now on new work may have come after our look."""
    try:
        redis().delete(_mark(shop_id, lane))
    except RedisError as error:
        _log.warning("mark_stays", shop=shop_id, lane=lane, error=type(error).__name__)


def _mark(shop_id: int, lane: str) -> str:
    return f"ring:{shop_id}:{lane}"


class BellJob(Job):
    """An RQ job that runs the functions of app/jobs.py and nothing else, whatever Redis says."""

    _ALLOWED = frozenset({"app.jobs.drain"})

    @property
    def func(self) -> object:
        """The function to run; raise ValueError for one that is not ours."""
        if self.func_name not in self._ALLOWED:
            raise ValueError(f"{self.func_name} is not a job of Tagdock.")
        return super().func
