"""The bell: only a drain is rung for, and a ring that comes during a drain is not lost."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from app import jobs
from app.sync import ring
from app.sync.owing import DEFAULT, STAFF
from tests.world import World

_SHOP = 1


@pytest.fixture
def bell(world: World, redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Redis]:
    """Redis, without any ring. A moment takes as long as it may."""
    monkeypatch.setattr(ring, "_QUIET_SECONDS", 3600)
    with world.app.app_context(), Redis.from_url(redis_url) as connection:
        connection.flushall()
        yield connection


def queue(connection: Redis, lane: str = DEFAULT) -> Queue:
    """A lane as a worker sees it."""
    known = {"serializer": JSONSerializer, "job_class": ring.BellJob}
    return Queue(lane, connection=connection, **known)


def work(connection: Redis) -> None:
    """Do what is rung for, as a worker does."""
    known = {"serializer": JSONSerializer, "job_class": ring.BellJob}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        SimpleWorker([queue(connection)], connection=connection, **known).work(burst=True)


@pytest.mark.parametrize("what", ["os.mkdir", "app.jobs.ring.take_mark", "app.sync.drain.drain"])
def test_nothing_but_a_drain_is_done(bell: Redis, tmp_path: Path, what: str) -> None:
    made = tmp_path / "made"
    job = queue(bell).enqueue_call(what, args=(str(made),), failure_ttl=60)
    with pytest.raises(ValueError, match="is not a job of Tagdock"):
        _ = job.func
    work(bell)
    assert not made.exists()
    assert job.get_status(refresh=True) == "failed"


def test_a_ring_is_for_a_drain(bell: Redis) -> None:
    ring.ring(_SHOP, DEFAULT)
    (job,) = queue(bell).jobs
    assert job.func is jobs.drain
    assert list(job.args) == [_SHOP, DEFAULT]


def test_rings_of_a_moment_are_one_until_somebody_looks(bell: Redis) -> None:
    for _ in range(3):
        ring.ring(_SHOP, DEFAULT)
    ring.ring(_SHOP, STAFF)
    ring.ring(_SHOP + 1, DEFAULT)
    assert (len(queue(bell)), len(queue(bell, STAFF))) == (2, 1)
    ring.take_mark(_SHOP, DEFAULT)
    for lane in (DEFAULT, STAFF):
        ring.ring(_SHOP, lane)
    ring.ring(_SHOP + 1, DEFAULT)
    assert (len(queue(bell)), len(queue(bell, STAFF))) == (3, 1)


def test_a_ring_during_a_drain_is_not_lost(bell: Redis, monkeypatch: pytest.MonkeyPatch) -> None:
    def drain(shop_id: int, _seconds: float) -> bool:
        ring.ring(shop_id, DEFAULT)
        return True

    monkeypatch.setattr(jobs.drains, "drain", drain)
    ring.ring(_SHOP, DEFAULT)
    jobs.drain(_SHOP, DEFAULT)
    assert len(queue(bell)) == 2
