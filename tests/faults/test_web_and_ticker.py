"""The web dies, also between its commit and its ring; the ticker dies, or two of them run."""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import pytest
import requests
from redis import Redis

from sandbox.demo.client import SHOP
from tests.faults.campaign import Campaign
from tests.faults.proof import STATE_TAGS
from tests.faults.way_back import News, news_of_every_kind

ON_POSTGRESQL = pytest.mark.parametrize(
    "database_address", ["postgresql"], indirect=True, scope="session"
)

# A worker that has just heard a ring looks idle until it has forked.
_LOOKS = 5
_LATER = "UPDATE schedule_slots SET next_at = now() + interval '1 hour'"


@contextmanager
def _no_bell(campaign: Campaign) -> Iterator[None]:
    """Redis hangs, so that a process that has committed stays in the midst of its ring. No worker
    was rung before, and no job is due meanwhile: nobody else takes up what is committed."""
    campaign.books.change(_LATER)
    with Redis.from_url(campaign.fleet.redis_url) as redis:
        idle = partial(_is_idle, campaign, redis)
        campaign.until(lambda: all(idle() for _ in range(_LOOKS)), "idle workers")
    campaign.fleet.signal_redis(signal.SIGSTOP)
    try:
        yield
    finally:
        campaign.fleet.signal_redis(signal.SIGCONT)


def _is_idle(campaign: Campaign, redis: Redis) -> bool:
    """Whether nothing is due soon, no ring waits and no worker is at work."""
    return not (
        _due(campaign, seconds=20)
        or any(redis.scan_iter("rq:queue:*", _type="list"))
        or campaign.fleet.busy()
    )


def _due(campaign: Campaign, *, seconds: int) -> int:
    """How much is owed within so many seconds."""
    soon = f"due_at < now() + interval '{seconds} seconds'"
    return campaign.books.count(f"SELECT count(*) FROM owed WHERE dead_at IS NULL AND {soon}")


def _is_heard(campaign: Campaign, news: News) -> bool:
    """Whether the callback has come; other things may be owed as well, such as late webhooks."""
    wanted = f"effect = '{news.owes}' AND dead_at IS NULL AND due_at <= now()"
    return campaign.books.count(f"SELECT count(*) FROM owed WHERE {wanted}") > 0


def _undone(campaign: Campaign) -> int:
    return campaign.books.count("SELECT count(*) FROM inbox WHERE done_at IS NULL")


def _kill_web(campaign: Campaign) -> None:
    campaign.fleet.kill("web")
    campaign.struck()


def _start_web(campaign: Campaign) -> None:
    campaign.fleet.launch_web()
    campaign.fleet.wait_for_web()
    campaign.struck()


@ON_POSTGRESQL
def test_the_web_dies_between_the_commit_of_a_webhook_and_the_ring(campaign: Campaign) -> None:
    with _no_bell(campaign):
        campaign.place(2)
        campaign.until(lambda: _undone(campaign), "a webhook in the inbox")
        _kill_web(campaign)
        assert _undone(campaign)
    campaign.until(lambda: not _undone(campaign), "the inbox empty without a ring")
    _start_web(campaign)
    campaign.prove()


@ON_POSTGRESQL
def test_the_web_dies_between_the_commit_of_a_click_and_the_ring(campaign: Campaign) -> None:
    campaign.connect(automatic=False)
    gids = campaign.place(3)
    campaign.until(lambda: _states(campaign, gids) == [["wms-no-sync"]] * 3, "orders that wait")
    with _no_bell(campaign):
        click = threading.Thread(target=_click, args=(campaign, gids))
        click.start()
        campaign.until(lambda: _sends_owed(campaign) == 3, "the click in the database")
        _kill_web(campaign)
        click.join()
    campaign.until(lambda: _states(campaign, gids) == [["wms-synced"]] * 3, "all without a ring")
    _start_web(campaign)
    campaign.connect()
    campaign.prove()


def _click(campaign: Campaign, gids: list[str]) -> None:
    with pytest.raises(requests.ConnectionError):
        campaign.client.app("POST", "/api/orders/send", {"ids": gids})


def _sends_owed(campaign: Campaign) -> int:
    return campaign.books.count("SELECT count(*) FROM owed WHERE effect = 'send'")


def _states(campaign: Campaign, gids: list[str]) -> list[list[str]]:
    orders = campaign.client.shopify("GET", f"/{SHOP}/orders")
    return [sorted(STATE_TAGS & set(order["tags"])) for order in orders if order["id"] in gids]


@ON_POSTGRESQL
def test_the_web_dies_between_the_commit_of_a_callback_and_the_ring(campaign: Campaign) -> None:
    news = news_of_every_kind(campaign)
    for each in news:
        with _no_bell(campaign):
            each.begin()
            campaign.until(partial(_is_heard, campaign, each), "a callback in the database")
            _kill_web(campaign)
            assert _is_heard(campaign, each)
            assert not each.arrived()
        campaign.until(each.arrived, f"{each.name} without a ring")
        _start_web(campaign)
    campaign.prove()
    assert all(each.arrived() for each in news)
    campaign.client.app("POST", "/api/stock/off")


@ON_POSTGRESQL
def test_the_web_is_restarted_while_orders_flow(campaign: Campaign) -> None:
    for _ in range(2):
        campaign.place(3)
        campaign.until(campaign.fleet.busy, "a worker at work")
        _kill_web(campaign)
        campaign.place(2)
        _start_web(campaign)
    campaign.prove()


@ON_POSTGRESQL
def test_the_ticker_dies_and_two_follow_it(campaign: Campaign) -> None:
    campaign.fleet.kill("ticker")
    campaign.place(4)
    campaign.until(campaign.fleet.busy, "a worker at work")
    campaign.struck()
    for name in ("ticker", "ticker-too"):
        campaign.fleet.launch_ticker(name)
    campaign.prove()
    for _ in range(3):
        _make_due_and_wait(campaign)
    campaign.prove()
    campaign.fleet.kill("ticker-too")


def _make_due_and_wait(campaign: Campaign) -> None:
    """Make every scheduled job due; each must start once, however many tickers look. None of them
    comes due by itself just now, and what a ticker had in hand is counted before."""
    campaign.books.change(_LATER)
    campaign.until(lambda: not campaign.books.owed(), "the end of what was begun")
    jobs, before = _slots(campaign), _runs(campaign)
    assert jobs
    campaign.books.change("UPDATE schedule_slots SET next_at = now() - interval '1 second'")
    wanted = {**before, **{job: before.get(job, 0) + 1 for job in jobs}}
    campaign.until(lambda: _runs(campaign) == wanted, f"{wanted}, at first {before}")
    campaign.until(lambda: not campaign.books.owed(), "the runs' end")
    assert _runs(campaign) == wanted


def _slots(campaign: Campaign) -> list[str]:
    """The jobs that have a slot; the look for troubles has one too, and starts no run."""
    found = campaign.books.rows("SELECT job FROM schedule_slots WHERE job <> 'alerts'")
    return [row["job"] for row in found]


def _runs(campaign: Campaign) -> dict[str, int]:
    found = campaign.books.rows(
        "SELECT kind, count(*) AS n FROM runs WHERE started_by = 'schedule' GROUP BY kind"
    )
    return {row["kind"]: row["n"] for row in found}
