"""A job of the warehouse that runs for ever: what became of its orders is found out without it."""

import html
from datetime import timedelta
from functools import partial
from typing import Any

import pytest

from app.db import database_now, session
from app.models import Batch, LogLine, Owed
from tests.sync.test_automatic import refusals_are_due
from tests.world import PATIENCE, World, number

SYNCING, SYNCED = ["wms-syncing"], ["wms-synced"]


def told(job: str) -> str:
    """What an order says of a job that takes too long."""
    return (
        "The warehouse has been working on it for more than 30 minutes."
        f" Ask it what became of job {job}."
    )


def warehouse(world: World, **settings: Any) -> None:
    """Change how the warehouse behaves."""
    world.wms.ask("PUT", "/sandbox/settings", **settings)


@pytest.fixture
def hushed(world: World) -> World:
    """A shop that no callback reaches."""
    world.warehouse_fails({"where": "any", "do": "no_callback"})
    return world


def sent(world: World, *lines: str, dies_after: int) -> list[str]:
    """Orders for one SKU each, in one job that dies after so many of them."""
    warehouse(world, jobs_die_after=dies_after)
    gids = [world.order(lines=[{"sku": sku, "quantity": 1}]) for sku in lines]
    world.settle()
    world.send(*gids)
    world.until(lambda: [drained(world, gid) for gid in gids] == [SYNCING] * len(gids), "the job")
    refs = [world.row(gid)["outbound"][0]["external_id"] for gid in gids]
    world.until(lambda: states(world, refs)[:dies_after].count("received") == 0, "its death")
    assert len(world.batches()) == 1
    return gids


def states(world: World, references: list[str]) -> list[str]:
    """How the warehouse says that its orders stand."""
    address = world.connector["app_url"] + "/v1/orders/by-ref"
    key = {"Authorization": f"Bearer {world.connector['token']}"}
    ask = partial(world.http._http.get, address, headers=key, timeout=PATIENCE)
    return [ask(params={"external_id": each}).json()["state"] for each in references]


def drained(world: World, gid: str) -> list[str]:
    """The order's tags after doing what is due."""
    world.drain()
    return world.tags(gid)


def half_an_hour_passes(world: World, *, look: bool = True) -> None:
    """Let the jobs that run have begun so long ago; ``look`` lets the next look be due."""
    with world.app.app_context():
        for batch in session().query(Batch).filter(Batch.answered_at.is_not(None)):
            batch.answered_at -= timedelta(minutes=31)
        session().commit()
    if look:
        looks_are_due(world)


def looks_are_due(world: World) -> None:
    """Do what is due, every look at a job included."""
    with world.app.app_context():
        session().query(Owed).filter_by(effect="confirm").update({"due_at": database_now()})
        session().commit()
    world.drain()


def warnings(world: World) -> list[tuple[str, str]]:
    """The order's name and the job of each line of the log that says that a job takes too long."""
    with world.app.app_context():
        lines = session().query(LogLine).filter_by(event="overdue", level="warning")
        found = [(line.order_name, line.job_id) for line in lines.order_by(LogLine.id)]
        session().rollback()
    return found


def test_before_half_an_hour_only_the_job_is_asked(hushed: World) -> None:
    (gid,) = sent(hushed, "MUG-WHITE", dies_after=1)
    before = looked_up(hushed)
    looks_are_due(hushed)
    assert looked_up(hushed) == before
    assert (hushed.tags(gid), hushed.row(gid)["reason"]) == (SYNCING, "")


def looked_up(world: World) -> int:
    """How often the warehouse was asked by reference."""
    return sum("by-ref" in e["path"] for e in world.wms.ask("GET", "/sandbox/ledger?kind=request"))


def test_orders_that_went_on_are_settled_one_by_one_and_the_others_say_why_not(
    hushed: World,
) -> None:
    done, left = sent(hushed, "MUG-WHITE", "MUG-WHITE", dies_after=1)
    half_an_hour_passes(hushed)
    assert (hushed.tags(done), hushed.tags(left)) == (SYNCED, SYNCING)
    row = hushed.row(left)
    job = row["outbound"][0]["job_id"]
    assert (row["reason"], row["message"]) == ("overdue", told(job))
    assert told(job) in html.unescape(hushed.api_answer("GET", f"/orders/{number(left)}").text)
    assert hushed.api("GET", f"/api/orders/status?id={left}")["message"] == told(job)
    looks_are_due(hushed)
    assert warnings(hushed) == [(row["name"], job)]
    assert len(hushed.batches()) == len(hushed.applied()) == 1


def test_the_late_end_of_the_job_does_no_harm(hushed: World) -> None:
    done, left = sent(hushed, "MUG-WHITE", "MUG-WHITE", dies_after=1)
    half_an_hour_passes(hushed)
    warehouse(hushed, jobs_die_after=None)
    hushed.change(done, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 4}])
    hushed.send(done)
    hushed.until(lambda: hushed.drain() or len(hushed.applied()) == 2, "the edit")
    hushed.until(lambda: drained(hushed, done) == SYNCED, "the edit in the warehouse")
    hushed.wms.ask("POST", "/sandbox/jobs/release")
    hushed.until(lambda: len(hushed.applied()) == 3, "the end of the job")
    hushed.until(lambda: looks_are_due(hushed) or hushed.tags(left) == SYNCED, "its result")
    assert hushed.tags(done) == SYNCED
    assert [hushed.row(gid)["outbound"][0]["confirmed_revision"] for gid in (done, left)] == [2, 1]
    assert (hushed.row(left)["reason"], hushed.row(left)["message"]) == ("", "")
    assert len(hushed.batches()) == 2
    assert len(set(hushed.applied())) == 3


def test_what_is_refused_inside_the_job_is_told_and_may_go_again(hushed: World) -> None:
    refused, left = sent(hushed, "UNKNOWN-1", "MUG-WHITE", dies_after=1)
    half_an_hour_passes(hushed)
    assert hushed.tags(refused) == ["wms-error"]
    assert hushed.row(refused)["reason"] == "sku-unknown"
    warehouse(hushed, jobs_die_after=0, unknown_skus=[])
    refusals_are_due(hushed)
    hushed.send(refused)
    hushed.until(lambda: drained(hushed, refused) == SYNCING, "the second job")
    hushed.wms.ask("POST", "/sandbox/jobs/release")
    hushed.until(lambda: len(hushed.applied()) == 2, "the end of both jobs")
    looks_are_due(hushed)
    hushed.until(lambda: drained(hushed, refused) == drained(hushed, left) == SYNCED, "both")
    assert len(hushed.batches()) == 2


@pytest.mark.parametrize("defects", [[], ["lost_in_jobs"]], ids=["received", "not seen"])
def test_what_is_inside_the_job_or_not_to_be_seen_waits_and_is_not_sent_again(
    hushed: World, defects: list[str]
) -> None:
    (gid,) = sent(hushed, "MUG-WHITE", dies_after=0)
    warehouse(hushed, defects=defects)
    for _ in range(3):
        half_an_hour_passes(hushed)
    assert hushed.tags(gid) == SYNCING
    assert (len(warnings(hushed)), len(hushed.batches()), hushed.applied()) == (1, 1, [])


def test_update_sync_status_looks_the_order_up_then(hushed: World) -> None:
    (gid,) = sent(hushed, "MUG-WHITE", dies_after=1)
    half_an_hour_passes(hushed, look=False)
    assert asked_after(hushed, gid) == ("sent", None)
    assert hushed.tags(gid) == SYNCED


def test_update_sync_status_says_what_to_ask_the_warehouse(hushed: World) -> None:
    (gid,) = sent(hushed, "MUG-WHITE", dies_after=0)
    half_an_hour_passes(hushed, look=False)
    assert asked_after(hushed, gid) == ("waiting", "overdue")
    assert hushed.tags(gid) == SYNCING


def asked_after(world: World, gid: str) -> tuple[str, str | None]:
    """What *Update sync status* says of an order, and why."""
    run = world.api("POST", "/api/orders/status", ids=[gid])["run"]
    world.drain()
    report = world.api("GET", f"/api/runs/{run}")
    assert report["state"] == "done"
    return report["items"][0]["outcome"], report["items"][0]["reason"]


def test_a_read_meanwhile_leaves_what_the_order_says(hushed: World) -> None:
    (gid,) = sent(hushed, "MUG-WHITE", dies_after=0)
    half_an_hour_passes(hushed)
    known = hushed.row(gid)
    hushed.change(gid, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 4}])
    hushed.until(
        lambda: hushed.drain() or hushed.row(gid)["content_hash"] != known["content_hash"], "a read"
    )
    hushed.send(gid)
    hushed.drain()
    row = hushed.row(gid)
    assert (row["reason"], row["message"]) == ("overdue", known["message"])


def test_a_job_whose_beginning_was_not_heard_of_is_told_of_too(hushed: World) -> None:
    warehouse(hushed, jobs_die_after=0)
    hushed.warehouse_fails({"where": "batch", "do": "drop_after", "times": 1})
    gid = hushed.order()
    hushed.settle()
    hushed.send(gid)
    hushed.until(
        lambda: hushed.drain() or hushed.row(gid)["outbound"][0]["job_id"], "the order, looked up"
    )
    half_an_hour_passes(hushed)
    row = hushed.row(gid)
    assert row["message"] == told(row["outbound"][0]["job_id"])
    assert len(warnings(hushed)) == len(hushed.batches()) == 1
