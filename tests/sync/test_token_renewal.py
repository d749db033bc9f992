"""A shop's expiring access token: renewed in time, by one process at a time, lost by none."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from app.db import database_now, session
from app.errors import Rejected, TryLater
from app.models import Shop, ShopToken
from app.sync.outside import access_token
from tests.world import World


def test_a_token_about_to_end_is_renewed_and_work_goes_on(world: World) -> None:
    before = stored(world)
    expire(world)
    gid = world.order()
    world.settle()
    assert world.state_tags(gid) == ["wms-no-sync"]
    after = stored(world)
    assert after != before
    assert all(after)


def test_many_at_once_renew_it_once(world: World) -> None:
    expire(world)
    mark = world.mark()
    with ThreadPoolExecutor(8) as pool:
        outcomes = [future.result() for future in [pool.submit(ask, world) for _ in range(8)]]
    tokens = {outcome for outcome in outcomes if outcome}
    assert len(tokens) <= 2, "the old one while it lasts, and the new one"
    entries = world.shopify.ask("GET", f"/sandbox/ledger?kind=token&after={mark}")
    assert len(entries) == 1
    assert stored(world)[0] in tokens


def test_a_renewal_whose_answer_was_lost_is_simply_made_again(world: World) -> None:
    expire(world)
    world.shopify_fails({"where": "token", "match": "*", "do": "drop_after", "times": 1})
    gid = world.order()
    world.until(lambda: settled(world, gid), "the tag after all", patience=60)


def test_without_a_token_it_says_what_to_do(world: World) -> None:
    with world.app.app_context():
        session().delete(session().query(ShopToken).one())
        session().commit()
        with pytest.raises(Rejected, match="Open it in Shopify"):
            access_token(session().query(Shop).one())
        session().rollback()


def ask(world: World) -> str:
    """The token that one process would use; empty when it is told to wait."""
    with world.app.app_context():
        try:
            return access_token(session().query(Shop).one())
        except TryLater:
            return ""
        finally:
            session().rollback()


def expire(world: World) -> None:
    """Let the token end within the next minute."""
    with world.app.app_context():
        session().query(ShopToken).one().expires_at = database_now() + timedelta(seconds=60)
        session().commit()


def stored(world: World) -> tuple[str | None, str | None]:
    """The pair in the database."""
    with world.app.app_context():
        row = session().query(ShopToken).one()
        pair = (row.access_token, row.refresh_token)
        session().rollback()
        return pair


def settled(world: World, gid: str) -> bool:
    """Whether the order has its first tag."""
    world.drain()
    return world.state_tags(gid) == ["wms-no-sync"]
