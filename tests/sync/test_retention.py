"""What is old is let go of, what is needed stays."""

from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.domain import people
from app.models import (
    Batch,
    BatchMember,
    InboxItem,
    LogLine,
    Revision,
    Run,
    RunItem,
    ScheduleSlot,
    Shop,
    Tally,
)
from app.sync import retention
from tests.world import World

OLD, FRESH = timedelta(days=40), timedelta(days=20)


@pytest.fixture
def kept(world: World) -> World:
    """A shop that keeps a month."""
    with world.app.app_context():
        session().query(Shop).one().settings = {"retention_days": 30}
        session().commit()
    return world


def prune(world: World) -> None:
    """Let the day's tidying up begin, and do it."""
    with world.app.app_context():
        slot = session().query(ScheduleSlot).filter_by(job=retention.PRUNE).one()
        slot.next_at = database_now()
        session().commit()
    world.tick()
    world.settle()


def write(world: World, *rows: Any) -> None:
    """Put rows of the shop in the database."""
    with world.app.app_context():
        shop_id = session().query(Shop.id).scalar()
        for row in rows:
            if hasattr(row, "shop_id"):
                row.shop_id = shop_id
            session().add(row)
            session().flush()
        session().commit()


def ids(world: World, table: Any) -> set[Any]:
    """What is left of a table."""
    with world.app.app_context():
        found = {key for (key,) in session().query(table.id)}
        session().rollback()
        return found


def now(world: World) -> Any:
    """The database's moment."""
    with world.app.app_context():
        moment = database_now()
        session().rollback()
        return moment


def line(at: Any, **values: Any) -> LogLine:
    """A line of the log."""
    return LogLine(at=at, level="info", event="sent", message="x", details={}, **values)


def test_every_installed_shop_has_the_daily_slot(world: World) -> None:
    with world.app.app_context():
        slot = session().query(ScheduleSlot).filter_by(job=retention.PRUNE).one()
        assert timedelta(hours=20) < slot.next_at - database_now() <= timedelta(days=1)


def test_old_lines_go_however_many(kept: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 10)
    moment = now(kept)
    write(kept, *[line(moment - OLD, id=10_000 + n) for n in range(35)])
    write(kept, line(moment - FRESH, id=20_000))
    prune(kept)
    left = ids(kept, LogLine)
    assert not left & set(range(10_000, 10_035))
    assert 20_000 in left
    with kept.app.app_context():
        run = session().query(Run).filter_by(kind=retention.PRUNE).one()
        assert run.counts == {"lines": 35}
        assert run.finished_at is not None


def test_a_webhooks_id_is_known_for_five_days_and_what_waits_stays(kept: World) -> None:
    moment = now(kept)

    def item(name: str, received: timedelta, *, done: bool = True) -> InboxItem:
        at = moment - received
        known = {"source": "wms", "topic": "job", "facts": {}, "message_id": name}
        return InboxItem(received_at=at, done_at=at if done else None, outcome="waiting", **known)

    write(kept, item("old", OLD), item("waits", OLD, done=False), item("new", timedelta(days=5)))
    prune(kept)
    with kept.app.app_context():
        names = {name for (name,) in session().query(InboxItem.message_id)}
        assert "old" not in names
        assert {"waits", "new"} <= names


def test_old_runs_go_but_for_the_last_of_each_job(kept: World) -> None:
    gid = kept.order()
    kept.settle()
    moment = now(kept)

    def run(name: str, ago: timedelta, *, done: bool = True, kind: str = "send") -> Run:
        at = moment - ago
        return Run(
            id=name, kind=kind, started_by="7", started_at=at, finished_at=at if done else None
        )

    order = kept.row(gid)["id"]
    write(
        kept,
        run("old", OLD),
        run("under-way", OLD, done=False),
        run("fresh", FRESH),
        run("last", OLD, kind="reconcile"),
        *[RunItem(run_id=name, order_id=order, final=True) for name in ("old", "fresh")],
    )
    prune(kept)
    left = ids(kept, Run)
    assert "old" not in left
    assert {"under-way", "fresh", "last"} <= left
    with kept.app.app_context():
        assert [name for (name,) in session().query(RunItem.run_id)] == ["fresh"]


def age_batches(world: World) -> None:
    """Let all batches be of long ago."""
    with world.app.app_context():
        session().query(Batch).update({"created_at": now(world) - OLD})
        session().commit()


def test_people_go_from_old_documents_and_what_the_order_page_shows_stays(kept: World) -> None:
    kept.send(kept.order(note="Ring twice"))
    kept.settle()
    with kept.app.app_context():
        before = session().query(Revision).one().document
        session().rollback()
    age_batches(kept)
    prune(kept)
    with kept.app.app_context():
        batch, revision = session().query(Batch).one(), session().query(Revision).one()
        assert (batch.body, batch.state) == (b"", "answered")
        assert batch.emptied_at is not None
        assert session().query(BatchMember).one().answer["status"] == "created"
        left = revision.document
        assert left == people.without_people(before) != before
        assert (left["note"], left["ship_to"]["name"]) == ("[removed]", "[removed]")
        assert left["lines"] == before["lines"]
        session().rollback()


def test_younger_documents_keep_their_people(kept: World) -> None:
    kept.send(kept.order(note="Ring twice"))
    kept.settle()
    prune(kept)
    with kept.app.app_context():
        assert session().query(Revision).one().document["note"] == "Ring twice"
        session().rollback()


def test_an_order_whose_document_is_old_is_updated_as_ever(kept: World) -> None:
    gid = kept.order()
    kept.send(gid)
    kept.settle()
    age_batches(kept)
    prune(kept)
    line = kept.shopify_order(gid)["lines"][0]["id"]
    kept.change(gid, "edit", lines=[{"line_id": line, "quantity": 3}])
    kept.send(gid)
    kept.settle()
    assert [revision for _, revision in kept.applied()] == [1, 2]
    (order,) = kept.wms.ask("GET", "/sandbox/orders")
    assert [each["quantity"] for each in order["lines"]] == [3]


def test_a_batch_that_may_be_sent_again_keeps_its_bytes(kept: World) -> None:
    old = now(kept) - OLD
    with kept.app.app_context():
        connection = session().query(Shop).one().id
    for state in ("posting", "running"):
        known = {"connection_id": str(connection), "generation": 1, "body": b"{}"}
        write(kept, Batch(id=state, state=state, created_at=old, **known))
    prune(kept)
    with kept.app.app_context():
        assert {bytes(body) for (body,) in session().query(Batch.body)} == {b"{}"}


def test_days_that_are_over_are_folded_into_one_row(kept: World) -> None:
    today = now(kept).date()
    past = today - timedelta(days=3)
    write(kept, *[Tally(day=past, kind="sent", number=2) for _ in range(5)])
    write(kept, *[Tally(day=today, kind="sent", number=1) for _ in range(2)])
    prune(kept)
    with kept.app.app_context():
        rows = session().query(Tally.day, Tally.number).order_by(Tally.day, Tally.id)
        assert [tuple(row) for row in rows] == [(past, 10), (today, 1), (today, 1)]


def test_nothing_old_is_no_news(kept: World) -> None:
    prune(kept)
    with kept.app.app_context():
        told = session().query(LogLine).filter_by(kind=retention.PRUNE).one()
        assert told.code == "idle"
