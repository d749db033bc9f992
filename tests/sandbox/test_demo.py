"""The demo's words: what it makes of the ledger, and what it prints."""

from dataclasses import fields

import pytest

from app.config import Config
from sandbox.demo.journey import Journey, state_tags
from sandbox.demo.report import table
from sandbox.demo.settings import app_environment
from sandbox.migration import next_number

ORDER = "gid://shopify/Order/1"


def write(seq: int, after: list[str], at: float, order: str = ORDER) -> dict[str, object]:
    return {"seq": seq, "kind": "tags", "order": order, "before": [], "after": after, "at": at}


def test_a_journey_passes_every_state_once() -> None:
    journey = Journey(ORDER, "#1001", ["wms-no-sync"], sent_at=100.0)
    entries = [
        write(1, ["vip", "wms-no-sync", "wms-syncing"], 100.5),
        write(2, ["vip", "wms-syncing"], 100.6),
        write(3, ["vip", "wms-syncing"], 100.7),
        write(4, ["wms-error"], 100.8, order="gid://shopify/Order/2"),
        write(5, ["vip", "wms-synced"], 102.5),
    ]
    journey.follow(entries[:3])
    assert not journey.over
    journey.follow(entries)
    assert journey.tags == ["wms-no-sync", "wms-syncing", "wms-synced"]
    assert journey.seconds == 2.5
    assert journey.synced


def test_two_tags_at_once_are_not_an_arrival() -> None:
    journey = Journey(ORDER, "#1001", ["wms-syncing"], sent_at=0.0)
    journey.follow([write(1, ["wms-syncing", "wms-synced"], 1.0)])
    assert journey.tags[-1] == "wms-synced + wms-syncing"
    assert not journey.over


def test_an_error_ends_a_journey_without_success() -> None:
    journey = Journey(ORDER, "#1001", ["(none)"], sent_at=0.0)
    journey.follow([write(1, ["wms-error"], 1.0)])
    assert journey.over
    assert not journey.synced


def test_only_state_tags_are_shown() -> None:
    assert state_tags(["vip", "summer"]) == "(none)"
    assert state_tags(["vip", "acme-synced"]) == "acme-synced"


def test_the_table_aligns_and_names_the_job() -> None:
    job = "0b9c8a52-5b0e-4a4e-9d3b-3f8a1f2f9a10"
    done = Journey(ORDER, "#1001", ["(none)", "wms-synced"], 0.0, seconds=1.84, job=job)
    lines = table([done]).splitlines()
    assert lines[0].split() == ["Order", "Tags,", "before", "→", "after", "WMS", "job", "Seconds"]
    assert lines[2].split() == ["#1001", "(none)", "→", "wms-synced", job, "1.8"]


def demo_environment() -> dict[str, str]:
    return app_environment(
        app_url="http://127.0.0.1:1",
        database_url="sqlite:////srv/demo.db",
        redis_url="redis://127.0.0.1:1",
        shopify_url="http://127.0.0.1:2",
    )


def test_a_deployments_settings_stay_out_of_the_demo(monkeypatch) -> None:
    known = {setting.name.upper() for setting in fields(Config)}
    for name in known:
        monkeypatch.setenv(name, "of-a-real-shop")
    made = demo_environment()
    kept = {name for name in known if "of-a-real-shop" in made.get(name, "")}
    assert kept == {"WMS_ALLOWED_HOSTS"}
    assert made["SHOPIFY_API_SECRET"] == "tagdock-sandbox-secret-of-32-bytes-or-more"
    assert made["SHOPIFY_CDN"] == "http://127.0.0.1:2/cdn"


@pytest.mark.parametrize("given", ["", "wms.local, 10.0.0.5"])
def test_a_wms_of_ones_own_may_be_on_ones_own_network(monkeypatch, given: str) -> None:
    monkeypatch.setenv("WMS_ALLOWED_HOSTS", given)
    hosts = Config.from_env(demo_environment()).wms_allowed_hosts
    assert hosts == {"127.0.0.1", "localhost", "::1", *filter(None, given.split(", "))}


def test_the_next_migration_has_the_next_number() -> None:
    assert int(next_number()) > 1
    assert len(next_number()) == 4
