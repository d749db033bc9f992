"""Redis is away: nothing that a person does fails for it."""

from collections.abc import Callable, Iterator

import pytest

from app.db import db
from app.models import InboxItem, Run
from app.sync import outside
from tests.web.conftest import World
from tests.web.signing import order_body, webhook_headers


@pytest.fixture
def lonely(world_with: Callable[..., World]) -> Iterator[World]:
    """A connected shop whose app has no Redis to talk to."""
    outside.redis.cache_clear()
    world = world_with(redis_url="redis://127.0.0.1:9/0")
    world.install()
    world.connect()
    yield world
    outside.redis.cache_clear()


def test_sending_and_pages_work(lonely: World) -> None:
    answer = lonely.ask("POST", "/api/orders/send", json={"ids": ["gid://shopify/Order/1"]})
    assert answer.status_code == 202
    assert lonely.get("/").status_code == 200
    with lonely.app.app_context():
        assert db.session.query(Run).filter_by(kind="send").count() == 1


def test_webhooks_are_kept(lonely: World) -> None:
    raw = order_body()
    headers = webhook_headers(raw, topic="orders/create")
    assert lonely.client.post("/webhooks", data=raw, headers=headers).status_code == 200
    with lonely.app.app_context():
        assert db.session.query(InboxItem).count() == 1


def test_it_is_not_ready_and_says_why(lonely: World) -> None:
    answer = lonely.client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {"database": "ok", "redis": "unreachable", "secrets": "ok"}
    assert lonely.client.get("/healthz").status_code == 200
    assert "tagdock_owed" in lonely.client.get("/metrics").text
