"""Webhooks that can't be judged yet, as while an order's fulfillment is under way, hold up nothing
behind them."""

from app.db import database_now, session
from app.models import InboxItem, Order
from tests.world import World

MANY = 60


def fulfilling(world: World, gid: str, *, under_way: bool) -> None:
    """Set whether a fulfillment of the order is under way."""
    with world.app.app_context():
        session().query(Order).filter_by(gid=gid).one().fulfilling = under_way
        session().commit()


def waiting(world: World) -> int:
    """How many webhooks wait."""
    with world.app.app_context():
        number = session().query(InboxItem).filter_by(done_at=None).count()
        session().rollback()
        return number


def test_however_many_wait_the_rest_goes_on(world: World) -> None:
    first = world.order()
    world.settle()
    fulfilling(world, first, under_way=True)
    with world.app.app_context():
        session().add_all(
            InboxItem(
                shop_id=1,
                source="shopify",
                message_id=f"waits-{number}",
                topic="fulfillments/update",
                subject=first,
                facts={},
                received_at=database_now(),
            )
            for number in range(MANY)
        )
        session().commit()
    second = world.order()
    world.until(
        lambda: world.drain() or world.state_tags(second) == ["wms-no-sync"], "the other order"
    )
    assert waiting(world) >= MANY
    fulfilling(world, first, under_way=False)
    world.settle()
    assert waiting(world) == 0
