"""What an operator prepared is taken over by the install, through the doors that people use."""

from collections.abc import Callable
from typing import Any

from app.db import session
from app.models import Connection, LogLine, PreparedStore, Shop
from app.sync.preparing import Preparation, prepare
from tests.world import SHOP, World


def prepared(make_world: Callable[..., World], **changes: Any) -> World:
    """A world in which a store is prepared that has never heard of the app."""
    world = make_world()
    world.connector = world.wms.ask("POST", "/sandbox/connectors", label="Test", account="ACME")
    prepare_again(world, **changes)
    return world


def prepare_again(world: World, **changes: Any) -> None:
    """Prepare the store."""
    values = {
        "domain": SHOP,
        "label": "Prepared warehouse",
        "app_url": world.connector["app_url"],
        "token": world.connector["token"],
        "automatic": True,
        "settings": {"require_payment": True, "retention_days": 30},
    }
    with world.app.app_context():
        assert prepare(Preparation(**{**values, **changes})) is None
        session().commit()


def one(world: World, wanted: Any) -> Any:
    """The one value of a column."""
    with world.app.app_context():
        value = session().query(wanted).one()[0]
        session().rollback()
        return value


def requests_to_the_warehouse(world: World) -> int:
    """How many requests the warehouse has seen."""
    answer = world.wms.ask("GET", "/sandbox/ledger?kind=request")
    return len(answer["entries"] if isinstance(answer, dict) else answer)


def test_the_merchant_finds_setup_done(make_world: Callable[..., World]) -> None:
    world = prepared(make_world)
    before = requests_to_the_warehouse(world)
    world.install()
    assert requests_to_the_warehouse(world) == before, "the install itself asks nobody"
    world.settle()
    assert one(world, Shop.setup_done_at) is not None
    assert one(world, Connection.status) == "established"
    assert one(world, Connection.label) == "Prepared warehouse"
    settings = world.api("GET", "/api/settings")
    assert (settings["require_payment"], settings["retention_days"]) == (True, 30)
    gid = world.order()
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    assert len(world.applied()) == 1


def test_what_was_taken_over_is_gone_from_where_it_waited(
    make_world: Callable[..., World],
) -> None:
    world = prepared(make_world)
    world.install()
    assert one(world, PreparedStore.state) == "taken"
    assert one(world, PreparedStore.token) is None
    world.settle()
    with world.app.app_context():
        lines = session().query(LogLine).filter_by(actor="operator").all()
        told = {line.event: line.message for line in lines}
        session().rollback()
    assert {"prepared", "settings"} <= set(told)
    assert world.connector["token"] not in str(told)


def test_a_warehouse_that_is_away_is_tested_until_it_answers(
    make_world: Callable[..., World],
) -> None:
    world = prepared(make_world)
    world.warehouse_fails({"where": "connection", "do": "drop_before"})
    world.install()
    world.drain()
    assert one(world, Connection.status) == "never_tested"
    world.warehouse_fails()
    world.until(lambda: world.drain() or one(world, Connection.status) == "established", "the test")


def test_a_refused_token_is_told_and_not_tried_again(make_world: Callable[..., World]) -> None:
    world = prepared(make_world, token="wrong")
    world.install()
    world.settle()
    assert one(world, Connection.status) == "refused"
    assert world.owed_soon() == []


def test_a_store_that_comes_back_is_given_what_waits_too(
    make_world: Callable[..., World],
) -> None:
    world = prepared(make_world)
    world.install()
    world.settle()
    gid = world.order()
    world.settle()
    world.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    world.until(lambda: world.drain() or not one(world, Shop.installed), "the uninstall")
    prepare_again(world, label="New name", settings={"retention_days": 60})
    world.install()
    world.settle()
    assert one(world, Connection.label) == "New name"
    settings = world.api("GET", "/api/settings")
    assert (settings["require_payment"], settings["retention_days"]) == (True, 60)
    assert world.state_tags(gid) == ["wms-synced"]
    assert len(world.applied()) == 1


def test_a_removed_shop_takes_along_what_it_took_over(make_world: Callable[..., World]) -> None:
    world = prepared(make_world)
    world.install()
    world.settle()
    world.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    world.until(lambda: world.drain() or not one(world, Shop.installed), "the uninstall")
    world.shopify.ask("POST", f"/sandbox/{SHOP}/redact")
    world.until(lambda: world.drain() or not count(world, Shop), "the removal")
    assert count(world, PreparedStore) == 0


def count(world: World, table: Any) -> int:
    """How many rows a table has."""
    with world.app.app_context():
        found = session().query(table).count()
        session().rollback()
        return int(found)
