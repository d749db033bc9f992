"""From *syncing* to settled: the job's end, the schedule, a person's question, the callback."""

from datetime import timedelta

import pytest

from app.db import database_now, session
from app.domain.states import Effect
from app.models import Owed
from tests.sync.test_automatic import run
from tests.world import World


@pytest.fixture
def syncing(world: World) -> str:
    """An order whose job the warehouse holds back; no callbacks come."""
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    world.warehouse_fails({"where": "any", "do": "no_callback"})
    gid = world.order()
    world.settle()
    world.send(gid)
    world.until(lambda: drained(world, gid) == ["wms-syncing"], "syncing")
    assert world.row(gid)["outbound"][0]["job_id"]
    return gid


def ask_in_an_hour(world: World) -> None:
    """Nobody asks after the job for an hour, unless something happens."""
    with world.app.app_context():
        (asking,) = session().query(Owed).filter_by(effect=Effect.CONFIRM)
        asking.due_at = database_now() + timedelta(hours=1)
        session().commit()


def release(world: World) -> None:
    """Let the warehouse finish its jobs."""
    world.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    world.wms.ask("POST", "/sandbox/jobs/release")
    world.until(
        lambda: all(
            job["status"] in ("succeeded", "partial", "failed")
            for job in world.wms.ask("GET", "/sandbox/jobs")
        ),
        "the end of the jobs",
    )


def test_it_stays_syncing_until_the_job_ends(world: World, syncing: str) -> None:
    for _ in range(3):
        world.drain()
    assert world.tags(syncing) == ["wms-syncing"]
    assert world.applied() == []


def test_update_sync_status_settles_it_at_once(world: World, syncing: str) -> None:
    release(world)
    receipt = world.api("POST", "/api/orders/status", ids=[syncing])
    world.drain()
    assert world.tags(syncing) == ["wms-synced"]
    report = world.api("GET", f"/api/runs/{receipt['run']}")
    assert (report["state"], report["items"][0]["outcome"]) == ("done", "sent")


def test_update_sync_status_says_when_it_is_still_running(world: World, syncing: str) -> None:
    receipt = world.api("POST", "/api/orders/status", ids=[syncing])
    world.drain()
    report = world.api("GET", f"/api/runs/{receipt['run']}")
    assert (report["state"], report["items"][0]["outcome"]) == ("done", "waiting")
    assert world.tags(syncing) == ["wms-syncing"]


def test_the_schedule_settles_it(world: World, syncing: str) -> None:
    release(world)
    run(world, "sync_status", by_schedule=True)
    assert world.tags(syncing) == ["wms-synced"]


def test_the_callback_settles_it_at_once(world: World, syncing: str) -> None:
    world.warehouse_fails()
    ask_in_an_hour(world)
    release(world)
    world.until(lambda: drained(world, syncing) == ["wms-synced"], "synced")


def test_a_callback_before_the_answer_loses_nothing(world: World) -> None:
    world.warehouse_fails({"where": "batch", "do": "callback_before_answer"})
    gid = world.order()
    world.settle()
    world.send(gid)
    world.settle()
    assert world.tags(gid) == ["wms-synced"]
    assert len(world.applied()) == 1


@pytest.mark.parametrize("fault", ["drop_after", "drop_before", "garbage", "status"])
def test_a_lost_or_senseless_answer_is_looked_up_before_anything_is_sent_again(
    world: World, fault: str
) -> None:
    gid = world.order()
    world.settle()
    value = 502 if fault == "status" else None
    world.warehouse_fails({"where": "batch", "do": fault, "value": value, "times": 1})
    world.send(gid)
    world.settle()
    assert world.tags(gid) == ["wms-synced"]
    assert len(world.applied()) == 1
    paths = [e["path"] for e in world.wms.ask("GET", "/sandbox/ledger?kind=request")]
    posts = [n for n, path in enumerate(paths) if path.endswith("/orders/batch")]
    looks = [n for n, path in enumerate(paths) if "by-ref" in path]
    assert looks, "it was looked up"
    assert len(posts) == 1 or looks[0] < posts[1], "before it was sent again"
    assert len({batch["key"] for batch in world.batches()}) == 1, "under the same key"


def drained(world: World, gid: str) -> list[str]:
    """The order's tags after doing what is due."""
    world.drain()
    return world.tags(gid)
