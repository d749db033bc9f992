"""An app of the merchant's own, from the Dev Dashboard: it takes its store in by its client id and
secret, and lives on by them, for such a token has no refresh token."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from app.db import database_now, session
from app.models import Shop, ShopToken
from tests.sync.test_fixed_token import take_in
from tests.sync.test_preparing import prepared
from tests.world import SHOP, World

ALL_ORDERS = "read_all_orders"
FLAG = "--client-credentials"


@pytest.fixture
def own(make_world: Callable[..., World]) -> World:
    """A prepared store in which the app is installed and that was taken in by its credentials."""
    world = prepared(make_world, settings={})
    world.shopify.ask("POST", f"/sandbox/{SHOP}/install")
    done = take_in(world, "", FLAG)
    assert done.exit_code == 0
    assert done.output.splitlines()[-1] == f"{SHOP} is installed."
    world.settle()
    return world


def _token(world: World) -> tuple[Any, ...]:
    with world.app.app_context():
        row = session().query(ShopToken).one()
        found = (row.access_token, row.refresh_token, row.expires_at)
        session().rollback()
        return found


def _let_it_end(world: World) -> None:
    """The token ends: Shopify takes it no more, and by our clock it is over."""
    world.shopify.call("DELETE", f"/sandbox/{SHOP}/tokens")
    with world.app.app_context():
        session().query(ShopToken).one().expires_at = database_now() - timedelta(seconds=1)
        session().commit()


def _sent(world: World) -> None:
    gid = world.order()
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]


def _grants(world: World) -> list[str]:
    entries = world.shopify.ask("GET", "/sandbox/ledger?kind=token")
    found = entries["entries"] if isinstance(entries, dict) else entries
    return [each["grant"] for each in found]


def test_a_store_lives_on_by_client_credentials_alone(own: World) -> None:
    _sent(own)
    first = _token(own)
    assert first[1] is None
    assert first[2] is not None
    _let_it_end(own)
    _sent(own)
    second = _token(own)
    assert second[0] != first[0]
    assert second[1] is None
    assert second[2] > _now(own)
    assert _grants(own) == ["client_credentials"] * 2
    assert len(own.applied()) == 2


def _now(world: World) -> Any:
    with world.app.app_context():
        now = database_now()
        session().rollback()
        return now


def test_what_is_granted_later_comes_with_the_next_token(own: World) -> None:
    own.shopify.ask("POST", f"/sandbox/{SHOP}/scopes", grant=[ALL_ORDERS])
    own.settle()
    assert ALL_ORDERS not in _scopes(own)
    _let_it_end(own)
    _sent(own)
    own.settle()
    assert ALL_ORDERS in _scopes(own)


def _scopes(world: World) -> list[str]:
    with world.app.app_context():
        found = session().query(Shop).one().scopes.split(",")
        session().rollback()
        return found


def test_a_store_that_has_not_the_app_is_not_kept(make_world: Callable[..., World]) -> None:
    world = make_world()
    done = take_in(world, "", FLAG)
    assert done.exit_code == 1
    said = done.output.splitlines()[-1]
    assert said.startswith("Error: Shopify gives this app no access to the store. Install the app")
    with world.app.app_context():
        assert session().query(Shop).count() == 0
        session().rollback()
