"""What the merchant grants while the shop is being read is not lost again."""

from typing import Any

import pytest

from app.db import session
from app.models import Shop
from app.sync import install
from tests.sync.test_each_gate_told import ALL_ORDERS, _scopes
from tests.world import SHOP, World


def scopes(world: World) -> list[str]:
    """What the shop lets the app do, as Tagdock has it."""
    with world.app.app_context():
        found = session().query(Shop.scopes).scalar()
        session().rollback()
    return str(found).split(",")


def change_before_the_reading(
    world: World, monkeypatch: pytest.MonkeyPatch, **change: list[str]
) -> None:
    """Read the shop; when the token for that is chosen, the merchant lets the app do more or less,
    in Shopify and on the app's page."""
    shopify_for, changes = install.shopify_for, [change]

    def chosen(*given: Any, **named: Any) -> Any:
        client = shopify_for(*given, **named)
        session().rollback()
        while changes:
            world.shopify.ask("POST", f"/sandbox/{SHOP}/scopes", **changes.pop())
            world.api("POST", "/api/scopes")
        return client

    monkeypatch.setattr(install, "shopify_for", chosen)
    with world.app.app_context():
        install.read_shop(session().query(Shop).one(), [])


def test_what_is_granted_stays(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.settle()
    assert ALL_ORDERS not in scopes(shop)
    change_before_the_reading(shop, monkeypatch, grant=[ALL_ORDERS])
    assert ALL_ORDERS in scopes(shop)
    shop.settle()
    assert ALL_ORDERS in scopes(shop)


def test_what_is_taken_back_is_gone(shop: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _scopes(shop, granted=True)
    assert ALL_ORDERS in scopes(shop)
    change_before_the_reading(shop, monkeypatch, revoke=[ALL_ORDERS])
    assert ALL_ORDERS not in scopes(shop)
    shop.settle()
    assert ALL_ORDERS not in scopes(shop)
