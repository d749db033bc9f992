"""The yardstick of the engine: how many jobs that do nothing RQ gets through with our worker.

``python -m bench.empty_jobs`` is that worker: same class, same application loaded and prepared
before the fork.
"""

import os
import threading
import time

from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

QUEUE = "bench"
_POLL_SECONDS = 0.005
_PATIENCE = 120.0


def nothing() -> None:
    """A job that does nothing."""


def enqueue(client: Redis, queue: str, function: str, count: int, *arguments: object) -> None:
    """Put that many jobs on a queue; they leave no result."""
    target = Queue(queue, connection=client, serializer=JSONSerializer)
    for _ in range(count):
        target.enqueue_call(function, args=arguments, result_ttl=0)


def done(client: Redis) -> int:
    """How many jobs the listening workers have done so far."""
    names = [name.decode() for name in client.smembers("rq:workers")]
    return sum(int(client.hget(name, "successful_job_count") or 0) for name in names)


def seconds_for(client: Redis, count: int, before: int) -> float:
    """How long it takes from now until ``count`` more jobs are done than ``before``.

    Raises TimeoutError when that takes minutes.
    """
    began = time.monotonic()
    while done(client) < before + count:
        if time.monotonic() - began > _PATIENCE:
            raise TimeoutError(f"{done(client) - before} of {count} jobs done.")
        time.sleep(_POLL_SECONDS)
    return time.monotonic() - began


def _work() -> None:
    from app import create_app
    from app.config import Config
    from worker import TagdockWorker, prepare

    app = create_app(Config.from_env(os.environ))
    prepare(app)
    with app.app_context(), Redis.from_url(os.environ["REDIS_URL"]) as client:
        worker = TagdockWorker([QUEUE], connection=client, serializer=JSONSerializer)
        worker.flask_app, worker.stop = app, threading.Event()
        worker.work(logging_level="WARNING")


if __name__ == "__main__":
    _work()
