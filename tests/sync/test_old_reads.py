"""A read that is older than what we know: its tags are not what a person wants now."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app.db import session
from app.models import Order, Owed, Shop
from app.sync.absorb import absorb
from app.sync.engine import atomically
from app.sync.outside import shopify_for
from app.sync.reading import read_orders
from app.sync.situations import connection_of
from tests.world import World

_AS_LONG_AGO = timedelta(seconds=1)


def take_in(world: World, gid: str, tags: tuple[str, ...], earlier: timedelta) -> None:
    """Take in the order as Shopify has it, but with other tags, as of some time before."""
    with world.app.app_context():
        shop = session().query(Shop).one()
        read = read_orders(shop, shopify_for(shop), [gid])[gid]
        assert read is not None
        old = replace(read, tags=tags, updated_at=read.updated_at - earlier)

        def work() -> None:
            order = session().query(Order).filter_by(gid=gid).one()
            absorb(order, old, shop, connection_of(shop))

        atomically(work)


def owed(world: World) -> set[str]:
    """What is owed to orders."""
    with world.app.app_context():
        rows = session().query(Owed.effect).filter_by(subject_type="order").all()
        session().rollback()
        return {row.effect for row in rows}


@pytest.mark.parametrize("tags", [(), ("wms-no-sync",), ("wms-error", "wms-synced")])
def test_tags_of_before_our_last_look_are_nobody_s_wish(shop: World, tags: tuple[str, ...]) -> None:
    gid = shop.order()
    shop.settle()
    known = shop.row(gid)
    take_in(shop, gid, tags, _AS_LONG_AGO)
    row = shop.row(gid)
    kept = ("order_updated_at", "tags_seen", "tags_written", "tracked", "taken_out", "tag_state")
    assert [row[name] for name in kept] == [known[name] for name in kept]
    assert owed(shop) == set()
    assert not shop.log("tagged") + shop.log("untagged")


def test_tags_of_the_same_second_are(shop: World) -> None:
    gid = shop.order()
    shop.settle()
    take_in(shop, gid, (), timedelta(0))
    row = shop.row(gid)
    assert (row["tags_seen"], row["tracked"], row["taken_out"]) == ([], False, True)
