"""An older custom app: its fixed token takes a store in, and works like any other."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result

from app.db import session
from app.models import Shop, ShopToken
from app.shopify.tokens import SCOPES
from tests.sync.test_preparing import prepared
from tests.world import SHOP, World


def fixed_token(world: World, *scopes: str) -> str:
    """The token that the store's admin shows for its custom app."""
    wanted = {"scopes": ",".join(scopes or SCOPES)}
    return str(world.shopify.ask("POST", f"/sandbox/{SHOP}/tokens", **wanted)["access_token"])


def take_in(world: World, token: str, *options: str, **more: Any) -> Result:
    """Run the command."""
    runner = world.app.test_cli_runner()
    return runner.invoke(args=["custom-app", SHOP, *options], env={"ADMIN_TOKEN": token}, **more)


def test_orders_of_such_a_store_go_as_prepared(make_world: Callable[..., World]) -> None:
    world = prepared(make_world, settings={})
    token = fixed_token(world)
    done = take_in(world, token)
    assert (done.exit_code, done.output) == (0, f"{SHOP} is installed.\n")
    world.settle()
    gid = world.order()
    world.settle()
    assert world.state_tags(gid) == ["wms-synced"]
    assert len(world.applied()) == 1
    with world.app.app_context():
        stored = session().query(ShopToken).one()
        assert (stored.access_token, stored.expires_at, stored.refresh_token) == (token, None, None)
        session().rollback()


def test_missing_permissions_are_named(make_world: Callable[..., World]) -> None:
    world = make_world()
    kept = [scope for scope in SCOPES if scope != "read_products"]
    done = take_in(world, fixed_token(world, *kept))
    assert done.exit_code == 0
    assert done.output.splitlines()[1] == "The token lacks permissions: read_products."


def test_a_new_token_takes_the_old_ones_place(make_world: Callable[..., World]) -> None:
    world = make_world()
    take_in(world, fixed_token(world))
    world.shopify.call("DELETE", f"/sandbox/{SHOP}/tokens")
    token = fixed_token(world)
    assert take_in(world, token).exit_code == 0
    with world.app.app_context():
        assert session().query(Shop).count() == 1
        assert session().query(ShopToken).one().access_token == token
        session().rollback()


def test_a_token_that_shopify_refuses_is_not_kept(make_world: Callable[..., World]) -> None:
    world = make_world()
    fixed_token(world)
    done = take_in(world, "shpat_wrong")
    assert done.exit_code == 1
    assert done.output.startswith("Error: ")
    assert "shpat_wrong" not in done.output
    with world.app.app_context():
        assert session().query(Shop).count() == 0
        session().rollback()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_makes_no_sense_is_refused(make_world: Callable[..., World]) -> None:
    runner = make_world().app.test_cli_runner()
    done = runner.invoke(args=["custom-app", "example.com"], env={"ADMIN_TOKEN": "shpat_1"})
    assert done.exit_code == 2
    assert "name.myshopify.com" in done.output
    done = runner.invoke(args=["custom-app", SHOP])
    assert done.exit_code == 2
    assert done.output == "Error: No token was given. Set ADMIN_TOKEN, or give --token.\n"
