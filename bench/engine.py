"""How many orders a second one worker gets through, beside RQ's own jobs that do nothing.

Shopify's throttle is off and the WMS answers at once. Whatever is to be done is there before the
worker, frozen until then, may begin. The stand-ins run beside it on the same cores. The target is
for the engine alone, without webhooks; with them the echoes of its tags come back meanwhile, and
the web process, which takes them in, needs the same cores.
"""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis

from bench import empty_jobs
from bench.deployment import Deployment, deployment
from bench.figure import Line
from sandbox.services import stop

ORDERS = 200
JOBS = 200
TIMES = 3.0


def measure(database: str) -> list[Line]:
    """Orders a second with and without webhooks, and the jobs a second of both yardsticks."""
    with deployment(mode="sync", database=database) as shop:
        rates = {webhooks: _orders(shop, webhooks=webhooks) for webhooks in (True, False)}
        bells = _bells(shop)
        empty = _empty(shop)
    return [
        _line("webhooks off", rates[False], empty, demanded=True),
        _line("webhooks on", rates[True], empty, demanded=False),
        Line("RQ, drains of a shop that owes nothing", f"{bells:.1f} jobs/s"),
    ]


def _line(what: str, rate: float, empty: float, *, demanded: bool) -> Line:
    return Line(
        f"Orders a second, one worker, {what}",
        f"{rate:.1f} = {rate / empty:.1f} ×",
        f"RQ's empty jobs {empty:.1f}/s",
        f"≥ {TIMES:.0f} ×" if demanded else "",
        rate >= TIMES * empty if demanded else None,
    )


def _orders(shop: Deployment, *, webhooks: bool) -> float:
    shop.shopify("PUT", "/settings", {"webhooks": True})
    ids = shop.place(ORDERS)
    shop.shopify("PUT", "/settings", {"webhooks": webhooks})
    mark = shop.mark()
    with _frozen(shop, "worker"):
        shop.click(ids)
    began = time.time()
    rate = ORDERS / (shop.all_synced(ids, mark) - began)
    shop.rest()
    return rate


def _bells(shop: Deployment) -> float:
    """Real rings of a shop at rest, done by the real worker."""
    with Redis.from_url(shop.world.redis_url) as client:
        before = empty_jobs.done(client)
        with _frozen(shop, "worker"):
            empty_jobs.enqueue(client, "default", "app.jobs.drain", JOBS, 1, "default")
        return JOBS / empty_jobs.seconds_for(client, JOBS, before)


def _empty(shop: Deployment) -> float:
    """Jobs that do nothing, done by a worker of the same class."""
    stop(shop.world.parts.pop("worker").process)
    with Redis.from_url(shop.world.redis_url) as client:
        listening = client.smembers("rq:workers")
        shop.world.launch("empty", "-m", "bench.empty_jobs")
        shop.until(lambda: client.smembers("rq:workers") - listening, "the empty worker", 30)
        before = empty_jobs.done(client)
        with _frozen(shop, "empty"):
            enqueued = "bench.empty_jobs.nothing"
            empty_jobs.enqueue(client, empty_jobs.QUEUE, enqueued, JOBS)
        return JOBS / empty_jobs.seconds_for(client, JOBS, before)


@contextmanager
def _frozen(shop: Deployment, name: str) -> Iterator[None]:
    """Stop an idle part in its tracks while something is prepared for it."""
    process = shop.world.parts[name].process
    os.kill(process.pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process.pid, signal.SIGCONT)
