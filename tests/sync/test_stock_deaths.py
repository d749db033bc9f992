"""A worker dies after each of its commits around stock. What it began is ended, and done once."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from app.db import database_now, session
from app.models import Connection, Owed, Run, Shop, StockLevel, WarehouseStock
from app.sync import stock_calls
from app.sync.engine import atomically
from app.sync.stock_judge import due_levels, judge
from tests.sync.drift_hand import without_webhooks
from tests.sync.test_stock_daily import begin_day
from tests.sync.warehouse_stock import count, level, product, stocked, switch_on, there, with_stock
from tests.world import World

SKUS = ("CUP", "JAR", "POT")
# The commits that it takes at least: of the claims, of the feed's page, of what is judged and set.
LEAST = 8


class Death(BaseException):
    """The process is gone: nothing it would have done next is done."""


@pytest.fixture
def shop(make_world: Any) -> World:
    """A shop that sets its stock; the pots were never stocked in Milano."""
    world = with_stock(make_world(mode="sync"))
    product(world, "CUP", available=5)
    product(world, "JAR", available=5)
    product(world, "POT", available={"Roma": 5})
    count(world, *({"sku": sku, "on_hand": 0} for sku in SKUS))
    switch_on(world)
    return world


@contextmanager
def dying(after: int) -> Iterator[None]:
    """Die after so many commits of this worker."""
    left, mine, commit = [after], threading.get_ident(), Session.commit

    def commit_and_die(self: Session) -> None:
        commit(self)
        left[0] -= threading.get_ident() == mine
        if left[0] == 0:
            left[0] = -1
            raise Death

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Session, "commit", commit_and_die)
        yield


def lapse(world: World) -> None:
    """The leases of the dead run out."""
    with world.app.app_context():
        past = database_now() - timedelta(seconds=1)
        leased = session().query(Owed).filter(Owed.lease_until.is_not(None))
        leased.update({"lease_until": past}, synchronize_session=False)
        session().commit()


def rests(world: World) -> bool:
    """Whether nothing is due, and no run waits."""
    with world.app.app_context():
        open_runs = session().query(Run).filter_by(finished_at=None).count()
        levels = session().query(StockLevel).filter_by(due=True).count()
        lines = session().query(WarehouseStock).filter_by(due=True).count()
        session().rollback()
        return (open_runs, levels, lines) == (0, 0, 0)


def changes(world: World, after: int) -> list[tuple[str, str]]:
    """What the app changed in Shopify since a mark: the item and location of each."""
    answer = world.shopify.ask("GET", f"/sandbox/ledger?kind=inventory&after={after}")
    entries = answer["entries"] if isinstance(answer, dict) else answer
    return [(each["item"], each["location"]) for each in entries if each["source"] == "app"]


def dies(world: World, after: int) -> bool:
    """Let a worker do what is owed, and die after so many commits; then let another one go on.
    False: it was done before."""
    try:
        with dying(after):
            world.settle()
    except Death:
        lapse(world)
        world.settle()
        return True
    return False


def test_after_each_commit_of_setting_stock(shop: World) -> None:
    commits, died = 0, True
    while died:
        commits += 1
        mark = shop.mark()
        rows = [{"sku": sku, "on_hand": 10 * commits + at} for at, sku in enumerate(SKUS)]
        count(shop, *rows)
        died = dies(shop, commits)
        assert [level(shop, sku) for sku in SKUS] == [there(shop, sku) for sku in SKUS], commits
        made = changes(shop, mark)
        assert len(made) == len(set(made)) == len(SKUS), "each was set once"
        assert rests(shop)
    assert commits > LEAST
    assert not shop.log("stock_changed")


def test_after_each_commit_of_a_day(shop: World, database_url: str) -> None:
    """Every other one on each kind of database."""
    without_webhooks(shop)
    commits, died = int(database_url.startswith("sqlite")), True
    while died:
        commits += 2
        stocked(shop, "JAR", 100 + commits)
        begin_day(shop)
        died = dies(shop, commits)
        assert level(shop, "JAR") == 0, commits
        assert rests(shop)
    assert commits > LEAST


def test_who_slept_through_its_lease_has_it_judged_again(shop: World) -> None:
    """Another worker has set something newer meanwhile, to what it was before."""
    count(shop, {"sku": "CUP", "on_hand": 12})
    shop.settle()
    with shop.app.app_context():
        found, connection = session().query(Shop).one(), session().query(Connection).one()
        cup = session().query(StockLevel).filter_by(wanted=12).one()
        cup.due = True
        session().commit()
        (ours,) = judge(found, connection, due_levels(found, 0, 5), {})
        session().query(StockLevel).filter_by(id=cup.id).update(
            {"wanted": 7, "due": False, "version": StockLevel.version + 3}
        )
        session().commit()
        atomically(lambda: stock_calls._note_set(found, [ours]))
        assert session().get_one(StockLevel, ours.id, populate_existing=True).due
        session().rollback()
