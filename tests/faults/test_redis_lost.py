"""Redis is emptied, dies, or hangs: it only rings bells, so nothing is lost with it."""

import signal

import pytest
from redis import Redis

from tests.faults.campaign import Campaign
from tests.faults.way_back import News, news_of_every_kind

ON_POSTGRESQL = pytest.mark.parametrize(
    "database_address", ["postgresql"], indirect=True, scope="session"
)


def _heard(campaign: Campaign, of: str = "shopify") -> int:
    return campaign.books.count("SELECT count(*) FROM inbox WHERE source = :of", of=of)


def _place_and_hear(campaign: Campaign) -> None:
    """Place orders and wait until the web process has taken in what Shopify tells of them."""
    before = _heard(campaign)
    campaign.place(3)
    campaign.until(lambda: _heard(campaign) >= before + 3, "webhooks")


@ON_POSTGRESQL
def test_redis_is_emptied_while_orders_flow(campaign: Campaign) -> None:
    with Redis.from_url(campaign.fleet.redis_url) as redis:
        for _ in range(5):
            campaign.place(3)
            campaign.until(campaign.fleet.busy, "a worker at work")
            redis.flushall()
            campaign.struck()
    campaign.prove()


@ON_POSTGRESQL
def test_redis_dies_and_comes_back_empty(campaign: Campaign) -> None:
    campaign.place(6)
    campaign.until(campaign.fleet.busy, "a worker at work")
    campaign.fleet.kill_redis()
    _place_and_hear(campaign)
    campaign.until(lambda: not campaign.fleet.busy(), "the job in hand to end")
    campaign.fleet.start_redis()
    campaign.struck()
    campaign.prove()


@ON_POSTGRESQL
def test_redis_hangs_for_a_while(campaign: Campaign) -> None:
    campaign.place(3)
    campaign.until(campaign.fleet.busy, "a worker at work")
    campaign.fleet.signal_redis(signal.SIGSTOP)
    try:
        _place_and_hear(campaign)
    finally:
        campaign.fleet.signal_redis(signal.SIGCONT)
    campaign.struck()
    campaign.prove()


@ON_POSTGRESQL
def test_redis_is_emptied_while_the_warehouse_tells(campaign: Campaign) -> None:
    news = news_of_every_kind(campaign)
    with Redis.from_url(campaign.fleet.redis_url) as redis:
        for each in news:
            each.begin()
            campaign.until(lambda each=each: campaign.books.owed() or each.arrived(), each.name)
            redis.flushall()
            campaign.struck()
    _prove_all_arrived(campaign, news)


@ON_POSTGRESQL
def test_redis_comes_back_empty_after_the_warehouse_has_told(campaign: Campaign) -> None:
    news = news_of_every_kind(campaign)
    before = _heard(campaign, "wms")
    campaign.fleet.kill_redis()
    for each in news:
        each.begin()
    campaign.until(lambda: _heard(campaign, "wms") >= before + len(news), "callbacks")
    campaign.fleet.start_redis()
    campaign.struck()
    _prove_all_arrived(campaign, news)


def _prove_all_arrived(campaign: Campaign, news: list[News]) -> None:
    for each in news:
        campaign.until(each.arrived, each.name)
    campaign.prove()
    assert [each.name for each in news if not each.arrived()] == []
    campaign.client.app("POST", "/api/stock/off")
