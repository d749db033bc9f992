"""Owed effects: counted, claimed for a lease, fenced, buried, brought back."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask

from app import create_app
from app.db import database_now, db, session
from app.domain.states import Effect
from app.models import Owed, Shop
from app.sync.claims import LEASE, LeaseLost, bury, claim, finish, postpone
from app.sync.owing import owe
from tests.world import config_for

SUBJECT = ("order", "1")


@pytest.fixture
def app(database_url: str) -> Iterator[Flask]:
    """The application on an empty database with one shop."""
    app = create_app(config_for(database_url=database_url))
    with app.app_context():
        session().add(Shop(id=1, domain="a.myshopify.com", installed_at=database_now()))
        session().commit()
        yield app
        session().remove()
        db.engine.dispose()


def row() -> Owed | None:
    """The only row there is, as the database has it."""
    session().expire_all()
    return session().query(Owed).one_or_none()


@pytest.mark.usefixtures("app")
def test_owing_twice_is_doing_once() -> None:
    owe(1, SUBJECT, Effect.TAG)
    owe(1, SUBJECT, Effect.TAG)
    session().commit()
    claims = claim(1, Effect.TAG, 10)
    assert len(claims) == 1
    assert claim(1, Effect.TAG, 10) == []
    finish(claims)
    session().commit()
    assert row() is None


@pytest.mark.usefixtures("app")
def test_what_is_owed_again_while_it_is_done_stays_owed() -> None:
    owe(1, SUBJECT, Effect.TAG)
    session().commit()
    claims = claim(1, Effect.TAG, 10)
    owe(1, SUBJECT, Effect.TAG)
    session().commit()
    finish(claims)
    session().commit()
    again = claim(1, Effect.TAG, 10)
    assert [(c.attempts, c.unfinished) for c in again] == [(1, False)]


@pytest.mark.usefixtures("app")
def test_what_owes_itself_for_later_waits_unless_news_come() -> None:
    owe(1, SUBJECT, Effect.READ)
    session().commit()
    claims = claim(1, Effect.READ, 10)
    owe(1, SUBJECT, Effect.READ, wait=60.0)
    finish(claims)
    session().commit()
    assert claim(1, Effect.READ, 10) == []
    owe(1, SUBJECT, Effect.READ)
    session().commit()
    claims = claim(1, Effect.READ, 10)
    assert len(claims) == 1
    owe(1, SUBJECT, Effect.READ)
    owe(1, SUBJECT, Effect.READ, wait=60.0)
    finish(claims)
    session().commit()
    assert len(claim(1, Effect.READ, 10)) == 1


@pytest.mark.usefixtures("app")
def test_a_lapsed_lease_is_claimed_as_unfinished_and_fences_its_first_holder() -> None:
    owe(1, SUBJECT, Effect.TAG)
    session().commit()
    lost = claim(1, Effect.TAG, 10)
    found = row()
    assert found is not None
    found.lease_until = database_now() - timedelta(seconds=1)
    session().commit()
    taken = claim(1, Effect.TAG, 10)
    assert [(c.attempts, c.unfinished) for c in taken] == [(2, True)]
    with pytest.raises(LeaseLost):
        finish(lost)
    finish(taken)
    session().commit()
    assert row() is None


@pytest.mark.usefixtures("app")
def test_a_hold_keeps_even_what_is_owed_again() -> None:
    owe(1, SUBJECT, Effect.TAG)
    session().commit()
    postpone(claim(1, Effect.TAG, 1), 60.0, "Busy.", hold=60.0, counts=False)
    owe(1, SUBJECT, Effect.TAG)
    session().commit()
    assert claim(1, Effect.TAG, 1) == []


@pytest.mark.usefixtures("app")
def test_a_wait_without_a_hold_is_cut_short_by_news() -> None:
    owe(1, SUBJECT, Effect.TAG)
    session().commit()
    postpone(claim(1, Effect.TAG, 1), 60.0, "Failed.", hold=0.0, counts=True)
    session().commit()
    assert claim(1, Effect.TAG, 1) == []
    owe(1, SUBJECT, Effect.TAG)
    session().commit()
    assert len(claim(1, Effect.TAG, 1)) == 1


@pytest.mark.usefixtures("app")
def test_a_dead_letter_rests_until_it_is_owed_again() -> None:
    owe(1, SUBJECT, Effect.SEND)
    session().commit()
    bury(claim(1, Effect.SEND, 1), "Gave up.")
    session().commit()
    assert claim(1, Effect.SEND, 1) == []
    owe(1, SUBJECT, Effect.SEND)
    session().commit()
    assert [c.attempts for c in claim(1, Effect.SEND, 1)] == [1]


@pytest.mark.usefixtures("app")
def test_staff_go_first_then_the_oldest() -> None:
    for number, lane in enumerate(("bulk", "default", "staff", "default")):
        owe(1, ("order", str(number)), Effect.SEND, lane=lane)
    session().commit()
    taken = [claim(1, Effect.SEND, 1)[0].subject_id for _ in range(4)]
    assert taken == ["2", "1", "3", "0"]


def test_many_workers_share_the_work_without_overlap(app: Flask) -> None:
    for number in range(100):
        owe(1, ("order", str(number)), Effect.SEND)
    session().commit()

    def work() -> list[str]:
        with app.app_context():
            mine: list[str] = []
            while claims := claim(1, Effect.SEND, 7):
                mine += [claimed.subject_id for claimed in claims]
                finish(claims)
                session().commit()
            session().remove()
            return mine

    with ThreadPoolExecutor(4) as pool:
        parts = [future.result() for future in [pool.submit(work) for _ in range(4)]]
    assert sorted(itertools.chain(*parts), key=int) == [str(number) for number in range(100)]
    assert row() is None


@pytest.mark.usefixtures("app")
def test_a_lease_outlasts_a_job() -> None:
    from app.jobs import DRAIN_SECONDS
    from app.sync.ring import JOB_TIMEOUT

    assert DRAIN_SECONDS < JOB_TIMEOUT < LEASE.total_seconds()
