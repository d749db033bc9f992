"""Lets a person put orders into automation; it takes up where a tag by hand would."""

from collections.abc import Sequence

from app.db import session
from app.domain.states import Event
from app.models import Order, Shop
from app.sync import journal, runs
from app.sync.engine import record, settle
from app.sync.hands import put_in
from app.sync.owing import STAFF

ADD = "add"


def add(shop: Shop, ids: Sequence[str], actor: str) -> str:
    """Put orders we know into automation; return the run's id. They are sent as the rules say.
    The caller commits, then rings."""
    run = runs.begin(shop.id, ADD, actor)
    orders = session().query(Order).filter(Order.shop_id == shop.id, Order.gid.in_(ids)).all()
    for order in orders:
        put_in(order)
        record(order, Event.TAGGED_NO_SYNC, lane=STAFF)
        settle(order, gates_open=False)
        journal.write(shop.id, "tagged", "Put into automation.", order=order, actor=actor)
    runs.finish(run, counts={"added": len(orders)})
    return run.id
