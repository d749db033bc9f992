"""An order that is being fulfilled, or whose worker died over that, is read and sent later; it
holds up no other order."""

import pytest

from app.db import session
from app.models import Order
from tests.world import World


def fulfilling(world: World, gid: str, *, now: bool) -> None:
    """Let an order be fulfilled just now, or no more."""
    with world.app.app_context():
        session().query(Order).filter_by(gid=gid).update({"fulfilling": now})
        session().commit()


@pytest.mark.parametrize("by", ["read", "send"])
def test_another_order_goes_on_meanwhile(shop: World, by: str) -> None:
    busy, other = shop.order(), shop.order()
    shop.settle()
    fulfilling(shop, busy, now=True)
    for gid in (busy, other):
        shop.change(gid, "edit", note="Ring twice")
    if by == "send":
        shop.send(busy, other)
    shop.until(lambda: shop.drain() or _revision(shop, other) == 2, "the other order")
    assert _revision(shop, busy) == 1
    fulfilling(shop, busy, now=False)
    shop.settle()
    assert [_revision(shop, gid) for gid in (busy, other)] == [2, 2]
    assert sorted(revision for _, revision in shop.applied()) == [1, 1, 2, 2]


def _revision(world: World, gid: str) -> int:
    return int(world.row(gid)["outbound"][0]["confirmed_revision"])
