"""The background processes: `python worker.py work` does jobs, `python worker.py tick` rings.

Any number of either may run. Both stop on SIGTERM and SIGINT: the worker after the job in hand.
"""

import gc
import os
import signal
import sys
import threading
import time
from contextlib import suppress
from types import FrameType

import structlog
from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Worker
from rq.exceptions import StopRequested
from rq.serializers import JSONSerializer
from sqlalchemy.exc import SQLAlchemyError

from app import create_app
from app.config import Config, ConfigError
from app.db import db
from app.shopify import client as shopify_client
from app.shopify.documents import load_all
from app.sync import alerts, endings, outside, ring, schedule, secret_keys
from app.sync.rehearsal import rehearse
from app.sync.tag_prefix import hold_at_boot

_log = structlog.get_logger()
_TICK_SECONDS = 1.0
_SLOT_SECONDS = 5.0
_RECONNECT_SECONDS = 1.0


def work(app: Flask) -> None:
    """Do jobs until told to stop. RQ's worker ends when it loses Redis at a bad moment: then a new
    one takes its place."""
    stop = _stop_event()
    prepare(app)
    while not stop.is_set():
        try:
            with app.app_context(), suppress(StopRequested):
                _worker(app, stop).work(logging_level="WARNING")
        except RedisError as error:
            _log.warning("redis_lost", error=str(error))
        stop.wait(_RECONNECT_SECONDS)


def prepare(app: Flask) -> None:
    """Do what every job would do first, before jobs are forked."""
    with app.app_context():
        rehearse()
    load_all()
    # What is here now stays: no child need look it through for garbage, nor copy it for that.
    gc.collect()
    gc.freeze()


def _worker(app: Flask, stop: threading.Event) -> "TagdockWorker":
    """RQ's worker on a connection of its own: it gives that one timeouts of many minutes."""
    worker = TagdockWorker(
        list(ring.QUEUES),
        connection=Redis.from_url(outside.settings().redis_url),
        serializer=JSONSerializer,
        job_class=ring.BellJob,
    )
    worker.flask_app, worker.stop = app, stop
    return worker


class TagdockWorker(Worker):
    """RQ's forking worker with the application loaded before the fork.

    The child opens its own connections: what the parent holds is left to the parent.
    """

    flask_app: Flask
    stop: threading.Event
    # Redis is looked for again after 1, 2, then every 4 seconds.
    max_connection_wait_time = 4.0

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """End after the job in hand, and for good."""
        self.stop.set()
        super().request_stop(signum, frame)

    def setup_work_horse_signals(self) -> None:
        """Let the job in hand go on to its end, also where all processes are asked to end at once,
        as systemd does. A second request to the parent ends it by force."""
        super().setup_work_horse_signals()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)

    def main_work_horse(self, *args: object, **kwargs: object) -> None:
        """Run one job in the child."""
        db.engine.dispose(close=False)
        outside.redis().connection_pool.reset()
        shopify_client.dispose()
        with self.flask_app.app_context():
            super().main_work_horse(*args, **kwargs)


def tick(app: Flask) -> None:
    """Ring for what is due every second, and start scheduled runs; survives a lost database."""
    stop, slots_at = _stop_event(), 0.0
    while not stop.wait(_TICK_SECONDS):
        with app.app_context():
            try:
                if time.monotonic() >= slots_at:
                    schedule.start_due()
                    alerts.watch()
                    endings.tell()
                    slots_at = time.monotonic() + _SLOT_SECONDS
                for shop_id, lane in schedule.due_shops():
                    ring.ring(shop_id, lane)
            except SQLAlchemyError as error:
                _log.warning("tick_failed", error=str(error).splitlines()[0])


def _stop_event() -> threading.Event:
    """An event that is set when the process is asked to end."""
    stop = threading.Event()

    def ask(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, ask)
    return stop


def main(arguments: list[str]) -> None:
    """Start the process the arguments name; exit with a sentence when they are wrong."""
    verbs = {"work": work, "tick": tick}
    if len(arguments) != 1 or arguments[0] not in verbs:
        sys.exit("Usage: python worker.py {work|tick}")
    try:
        app = create_app(Config.from_env(os.environ))
        with app.app_context():
            hold_at_boot()
            secret_keys.tell_at_boot()
    except ConfigError as error:
        sys.exit(f"Tagdock can't start. {error}")
    verbs[arguments[0]](app)


if __name__ == "__main__":
    main(sys.argv[1:])
