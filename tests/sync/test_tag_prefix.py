"""TAG_PREFIX: free until there are orders, then no process begins with another one."""

from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.config import ConfigError
from app.db import database_now, db, session
from app.jobs import drain
from app.models import Deployment, Order, Shop
from app.sync.tag_prefix import hold, hold_at_boot
from tests.sync.processes import WEB, begin_process
from tests.world import config_for

SENTENCE = "TAG_PREFIX is acme, but orders carry tags that begin with wms-. Set TAG_PREFIX=wms."


def app_with(database_url: str, prefix: str, **more: Any) -> Flask:
    """A process's app that is set to a prefix."""
    return create_app(config_for(database_url=database_url, tag_prefix=prefix, **more))


def begin(database_url: str, prefix: str) -> str:
    """Begin as every process does; returns the prefix that is written down then."""
    with app_with(database_url, prefix).app_context():
        hold_at_boot()
        kept = str(session().query(Deployment.tag_prefix).scalar())
        session().rollback()
        return kept


def place_an_order(database_url: str) -> int:
    """An order that Tagdock knows; returns its shop's id."""
    with app_with(database_url, "wms").app_context():
        now = database_now()
        shop = Shop(domain="a.myshopify.com", installed_at=now)
        session().add(shop)
        session().flush()
        session().add(Order(shop_id=shop.id, gid="gid://shopify/Order/1", first_seen_at=now))
        session().commit()
        found = shop.id
        session().remove()
        return found


def test_without_orders_the_prefix_may_change(database_url: str) -> None:
    assert begin(database_url, "wms") == "wms"
    assert begin(database_url, "acme") == "acme"


def test_with_orders_another_prefix_is_refused_in_one_sentence(database_url: str) -> None:
    begin(database_url, "wms")
    place_an_order(database_url)
    with pytest.raises(ConfigError) as refused:
        begin(database_url, "acme")
    assert str(refused.value) == SENTENCE
    assert begin(database_url, "wms") == "wms"


def test_a_database_from_before_takes_the_prefix_that_is_set(database_url: str) -> None:
    place_an_order(database_url)
    assert begin(database_url, "acme") == "acme"
    with pytest.raises(ConfigError):
        begin(database_url, "wms")


def test_a_job_of_a_process_that_could_not_look_looks(database_url: str, redis_url: str) -> None:
    begin(database_url, "wms")
    shop_id = place_an_order(database_url)
    with app_with(database_url, "acme", redis_url=redis_url).app_context():
        with pytest.raises(ConfigError, match="Set TAG_PREFIX=wms"):
            drain(shop_id, "default")
        session().remove()


def test_a_process_looks_once(database_url: str) -> None:
    app = app_with(database_url, "wms")
    with app.app_context():
        hold()
        session().query(Deployment).update({"tag_prefix": "acme"})
        session().commit()
        hold()
        session().remove()


def test_a_database_without_tables_is_no_reason_not_to_begin(empty_database_url: str) -> None:
    with app_with(empty_database_url, "wms").app_context():
        hold_at_boot()
        db.engine.dispose()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "command",
    [("worker.py", "work"), ("worker.py", "tick"), WEB],
    ids=["worker", "ticker", "web"],
)
def test_no_process_begins_with_another_prefix(
    database_url: str, redis_url: str, command: tuple[str, ...]
) -> None:
    begin(database_url, "wms")
    place_an_order(database_url)
    done = begin_process(command, database_url, redis_url, TAG_PREFIX="acme")
    assert done.returncode == 1
    assert done.stderr.strip().splitlines() == [f"Tagdock can't start. {SENTENCE}"]
