"""A shop that has left: Shopify's privacy topics still reach it."""

from app.db import session
from app.models import Shop
from tests.world import SHOP, World


def test_a_shop_that_left_is_removed_when_shopify_asks(world: World) -> None:
    world.order()
    world.settle()
    world.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    world.until(lambda: world.drain() or not shops(world, installed=True), "the uninstall")
    world.shopify.ask("POST", f"/sandbox/{SHOP}/redact")
    world.until(lambda: world.drain() or not shops(world), "the removal")


def shops(world: World, **conditions: bool) -> int:
    """How many rows the shop has that meet some conditions."""
    with world.app.app_context():
        found = session().query(Shop).filter_by(domain=SHOP, **conditions).count()
        session().rollback()
        return found
