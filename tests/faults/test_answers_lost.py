"""Both sides do what they were asked, and nobody hears of it: answers lost, spoilt or doubled."""

from collections.abc import Iterator
from typing import Any

import pytest

from sandbox.serve import serve
from tests.faults.campaign import Campaign
from tests.faults.gateway import Gateway

ON_SQLITE = pytest.mark.parametrize("database_address", ["sqlite"], indirect=True, scope="session")
_AFTER_COMMIT: tuple[dict[str, Any], ...] = (
    {"do": "drop_after"},
    {"do": "garbage", "value": "html"},
    {"do": "garbage", "value": "shape"},
    {"do": "callback_before_answer"},
)
# Begins the names of the document that reads one order and of that which reads several.
_READING = "ReadOrder"
_BEFORE_COMMIT: tuple[dict[str, Any], ...] = (
    {"do": "drop_before"},
    {"do": "status", "value": 500},
    {"do": "status", "value": {"status": 503, "retry_after": 1}},
    {"do": "status", "value": 429},
)


@pytest.fixture
def gateway(campaign: Campaign) -> Iterator[Gateway]:
    """The shop's connection leads through a gateway for the time of a test."""
    found = Gateway(campaign.fleet.wms_url)
    with serve(found.app) as server:
        campaign.connect(through=server.url)
        yield found
        campaign.connect()
    found.close()


def _strike_wms(campaign: Campaign, fault: dict[str, Any]) -> None:
    campaign.wms_fault(**fault)
    campaign.place(2)
    campaign.until(lambda: not campaign.client.wms("GET", "/faults"), "the post")
    campaign.struck()


@ON_SQLITE
@pytest.mark.parametrize("mode", ["async", "sync"])
def test_the_answer_to_a_batch_is_lost(campaign: Campaign, mode: str) -> None:
    campaign.client.wms("PUT", "/settings", {"mode": mode})
    for fault in _AFTER_COMMIT if mode == "async" else _AFTER_COMMIT[:3]:
        _strike_wms(campaign, fault)
    campaign.prove()
    campaign.client.wms("PUT", "/settings", {"mode": "async"})


@ON_SQLITE
def test_a_batch_never_arrives(campaign: Campaign) -> None:
    for fault in _BEFORE_COMMIT:
        _strike_wms(campaign, fault)
    campaign.prove()


@ON_SQLITE
def test_a_gateway_reports_a_fault_although_the_warehouse_took_the_batch(
    campaign: Campaign, gateway: Gateway
) -> None:
    for fault in (500, 502, 504, "twice"):
        gateway.plan = [fault]
        campaign.place(2)
        campaign.until(lambda: not gateway.plan, "the post")
        campaign.struck()
    campaign.prove()


@ON_SQLITE
def test_looking_up_fails_too(campaign: Campaign) -> None:
    rules = [
        {"where": "batch", "do": "drop_after", "times": 1},
        {"where": "by-ref", "do": "drop_before", "times": 1},
        {"where": "by-ref", "do": "garbage", "value": "html", "times": 1},
    ]
    campaign.client.wms("PUT", "/faults", rules)
    campaign.place(2)
    campaign.until(lambda: not campaign.client.wms("GET", "/faults"), "the faults")
    campaign.struck()
    campaign.prove()


@ON_SQLITE
@pytest.mark.parametrize("match", ["WriteTags", _READING])
def test_shopify_does_not_answer(campaign: Campaign, match: str) -> None:
    for fault in ("drop_after", "drop_before", "status", "throttle", "ignore_tags"):
        campaign.shopify_fault(fault, match)
        campaign.place(2)
        campaign.until_taken(campaign.client.shopify)
        campaign.struck()
    campaign.prove()
