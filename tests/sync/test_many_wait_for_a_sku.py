"""A product gets its SKU: every order that waited for it goes, however many there are."""

import pytest

from app.db import session
from app.models import InboxItem, Run, Shop
from app.sync import handlers
from tests.world import SHOP, World, number


@pytest.fixture
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only two orders are looked at within the webhook's own work."""
    monkeypatch.setattr(handlers, "_AT_MOST", 2)


def waiting(world: World, count: int) -> tuple[list[str], str]:
    """So many orders of a product without a SKU, and the product's variant."""
    first = world.order(lines=[{"sku": "", "title": "Sample"}])
    (line,) = world.shopify_order(first)["lines"]
    variant = str(line["variant"]["id"])
    gids = [first, *(world.order(lines=[{"variant": variant}]) for _ in range(count - 1))]
    world.settle()
    assert {world.row(gid)["reason"] for gid in gids} == {"sku"}
    return gids, variant


def name_product(world: World, variant: str) -> None:
    """Give a product its SKU."""
    path = f"/sandbox/{SHOP}/products/{number(variant)}"
    world.shopify.ask("POST", path, sku="SAMPLE-1")


def looks(world: World) -> dict[str, bool]:
    """The runs that look at waiting orders, and whether each is over."""
    with world.app.app_context():
        rows = session().query(Run.id, Run.finished_at).filter_by(kind="look_again").all()
        session().rollback()
    return {row.id: row.finished_at is not None for row in rows}


def begun_since(world: World, before: dict[str, bool]) -> list[bool]:
    """Of the runs that weren't there before, whether each is over."""
    return [over for run, over in looks(world).items() if run not in before]


@pytest.mark.usefixtures("few_at_once")
def test_every_order_that_waited_goes(shop: World) -> None:
    gids, variant = waiting(shop, 5)
    before = looks(shop)
    name_product(shop, variant)
    shop.settle()
    assert [shop.state_tags(gid) for gid in gids] == [["wms-synced"]] * 5
    assert begun_since(shop, before) == [True]


@pytest.mark.usefixtures("few_at_once")
def test_many_changed_products_owe_one_look(shop: World) -> None:
    _, variant = waiting(shop, 3)
    before = looks(shop)
    with shop.app.app_context():
        asker = session().query(Shop).filter_by(domain=SHOP).one()
        for _ in range(3):
            handlers.product_changed(asker, InboxItem())
        session().commit()
    assert begun_since(shop, before) == [False]
    name_product(shop, variant)
    shop.settle()
    assert set(looks(shop).values()) == {True}


def test_where_few_wait_only_these_are_looked_at(shop: World) -> None:
    gids, variant = waiting(shop, 2)
    before = looks(shop)
    name_product(shop, variant)
    shop.settle()
    assert [shop.state_tags(gid) for gid in gids] == [["wms-synced"]] * 2
    assert begun_since(shop, before) == []
