"""Processes that are asked to end (SIGTERM) finish what they have in hand, so that nobody waits for
a lease of theirs.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.campaign import Campaign

# Seconds that a request takes at least, so that it is in hand for sure.
_LONG = 3.0


def _workers(campaign: Campaign) -> list[str]:
    return [name for name in campaign.fleet.parts if name.startswith("worker")]


def _in_hand(campaign: Campaign) -> bool:
    """Whether the warehouse has the request that was to be delayed."""
    return not campaign.client.wms("GET", "/faults")


def _end(campaign: Campaign, name: str, *, with_forks: bool = False) -> int:
    """Ask a part to end once it listens; returns its exit code."""
    campaign.until(lambda: campaign.fleet.hears(name), f"{name} to listen")
    return campaign.fleet.ask_to_end(name, with_forks=with_forks)


@pytest.fixture
def alone(campaign: Campaign) -> str:
    """The only worker there is; all others were asked to end while they had nothing to do."""
    campaign.settle()
    ended = [_end(campaign, name) for name in _workers(campaign)]
    assert set(ended) <= {0}
    campaign.fleet.start_worker("worker")
    return "worker"


@pytest.mark.parametrize("with_forks", [False, True], ids=["it alone", "all it forked"])
def test_a_worker_ends_the_post_it_has_in_hand(
    campaign: Campaign, alone: str, *, with_forks: bool
) -> None:
    before = len(campaign.batches())
    campaign.wms_fault("delay", value=_LONG)
    campaign.place(3)
    campaign.until(lambda: _in_hand(campaign), "the post")
    assert len(campaign.batches()) == before, "it is not answered yet"
    campaign.struck()
    assert _end(campaign, alone, with_forks=with_forks) == 0
    assert len(campaign.batches()) > before, "it was answered, and perhaps what came meanwhile"
    assert not campaign.books.leases()
    assert not campaign.books.is_posting()
    campaign.fleet.launch_worker()
    campaign.prove()


def test_the_web_answers_the_request_it_has_in_hand(campaign: Campaign) -> None:
    campaign.wms_fault("delay", where="connection", value=_LONG)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(campaign.client.app, "POST", "/api/connection/test")
        campaign.until(lambda: _in_hand(campaign), "the question")
        assert not asked.done()
        assert _end(campaign, "web") == 0
        assert asked.result()["ok"]
    campaign.fleet.launch_web()
    campaign.fleet.wait_for_web()
    campaign.place(1)
    campaign.prove()


def test_the_ticker_ends_at_once(campaign: Campaign) -> None:
    (name,) = (name for name in campaign.fleet.parts if name.startswith("ticker"))
    assert _end(campaign, name) == 0
    campaign.fleet.launch_ticker()
    campaign.place(1)
    campaign.prove()
