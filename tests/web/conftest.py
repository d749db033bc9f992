"""The app on a migrated database of each kind, and shops whose people send ID tokens."""

import base64
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import redis
import time_machine
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from app.config import Config
from app.db import db
from app.models import Connection, Order, OutboundOrder, Shop
from app.shopify.values import TokenSet
from app.sync.install import install
from app.sync.order_terms import keep_terms
from app.web import budget, limits
from tests.web.signing import KEY, SECRET, SHOP_A, id_token

ENCRYPTION_KEY = Fernet.generate_key().decode()
ACCESS_TOKEN, WMS_TOKEN = "shpat_0123456789abcdef", "wms-token-never-shown"
CALLBACK_SECRET = "whsec_" + base64.b64encode(b"0" * 32).decode()


def make_config(database_url: str, redis_url: str, **changes: Any) -> Config:
    """Settings of a test's app."""
    values: dict[str, Any] = {
        "app_url": "http://127.0.0.1:5000",
        "secret_key": "a-secret-key-for-tests",
        "shopify_api_key": KEY,
        "shopify_api_secret": SECRET,
        "encryption_keys": (ENCRYPTION_KEY,),
        "database_url": database_url,
        "redis_url": redis_url,
        "tagdock_env": "sandbox",
        "shopify_origin": "http://127.0.0.1:9",
        "wms_allowed_hosts": frozenset({"127.0.0.1", "localhost"}),
    }
    return Config(**{**values, **changes})


def stop(app: Flask) -> None:
    """Close what an app keeps open."""
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    app.extensions["tagdock_limiter"].storage.storage.close()


@pytest.fixture
def today() -> Iterator[None]:
    """Time stands still: today does not end before the test does."""
    with time_machine.travel(datetime.now(UTC), tick=False):
        yield


@pytest.fixture(autouse=True)
def _redis_may_be_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Calls are counted in Redis, and once, however long a busy machine takes for it."""
    patience = {"socket_connect_timeout": 60, "socket_timeout": 60}
    monkeypatch.setattr(limits, "_PATIENCE", patience)
    monkeypatch.setattr(budget, "_PATIENCE", 60)


@pytest.fixture
def config(database_url: str, redis_url: str) -> Config:
    """The settings of the test's app."""
    return make_config(database_url, redis_url)


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The app, with an empty Redis."""
    with redis.Redis.from_url(config.redis_url) as client:
        client.flushdb()
    made = create_app(config)
    yield made
    stop(made)


@pytest.fixture
def world_with(app: Flask, config: Config) -> Iterator[Callable[..., "World"]]:
    """Returns a function that makes the app anew, with some settings changed."""
    worlds: list[World] = []

    def make(**changes: Any) -> World:
        worlds.append(World(create_app(replace(config, **changes))))
        return worlds[-1]

    yield make
    for world in worlds:
        stop(world.app)


@dataclass
class World:
    """What a test of the web asks of the app and of its database."""

    app: Flask

    @property
    def client(self) -> FlaskClient:
        """A browser without cookies."""
        return self.app.test_client()

    def install(self, domain: str = SHOP_A) -> int:
        """A shop that has installed the app; returns its row's id."""
        with self.app.app_context():
            shop = install(domain, TokenSet(ACCESS_TOKEN, None, None, None, "write_orders"))
            shop.timezone = "Europe/Rome"
            db.session.commit()
            return shop.id

    def connect(self, domain: str = SHOP_A, **values: Any) -> str:
        """A tested connection of a shop; returns its id."""
        known = {
            "label": "Acme WMS",
            "app_url": "http://127.0.0.1:9/c/1",
            "token": WMS_TOKEN,
            "status": "established",
            "account": "ACME",
            "default_warehouse": "WH",
            "callback_secret": CALLBACK_SECRET,
            "status_since": datetime.now(UTC),
        }
        with self.app.app_context():
            shop_id = db.session.query(Shop.id).filter_by(domain=domain).scalar()
            connection = Connection(id=str(uuid.uuid4()), shop_id=shop_id, **{**known, **values})
            db.session.add(connection)
            db.session.commit()
            return connection.id

    def order(self, number: int, domain: str = SHOP_A, **values: Any) -> int:
        """An order that Tagdock knows; returns its row's id."""
        now = datetime.now(UTC)
        known: dict[str, Any] = {
            "gid": f"gid://shopify/Order/{number}",
            "name": f"#{number}",
            "placed_at": now - timedelta(hours=1),
            "first_seen_at": now,
            "tracked": True,
            "tag_state": "no_sync",
        }
        with self.app.app_context():
            shop_id = db.session.query(Shop.id).filter_by(domain=domain).scalar()
            order = Order(shop_id=shop_id, **{**known, **values})
            db.session.add(order)
            db.session.flush()
            keep_terms(order, frozenset())
            db.session.commit()
            return order.id

    def outbound(self, order_id: int, connection_id: str, **values: Any) -> None:
        """A warehouse order of an order."""
        with self.app.app_context():
            order = db.session.get_one(Order, order_id)
            gid = f"gid://shopify/FulfillmentOrder/{order_id}"
            known = {
                "shop_id": order.shop_id,
                "order_id": order_id,
                "connection_id": connection_id,
                "generation": 1,
                "fulfillment_order": gid,
                "external_id": gid,
                "warehouse": "WH-1",
            }
            db.session.add(OutboundOrder(**{**known, **values}))
            db.session.commit()

    def ask(
        self,
        method: str,
        path: str,
        *,
        shop: str = SHOP_A,
        json: Any = None,
        headers: dict[str, str] | None = None,
        data: bytes | None = None,
    ) -> TestResponse:
        """A request with a good ID token of a person of ``shop``."""
        given = {"Authorization": f"Bearer {id_token(shop)}", **(headers or {})}
        return self.client.open(path, method=method, json=json, data=data, headers=given)

    def get(self, path: str, shop: str = SHOP_A, **options: Any) -> TestResponse:
        """A page or API read by a person of ``shop``."""
        return self.ask("GET", path, shop=shop, **options)


@pytest.fixture
def world(app: Flask) -> World:
    """The app with nothing installed."""
    return World(app)


@pytest.fixture
def shop_a(world: World) -> World:
    """The app with shop A installed and connected."""
    world.install(SHOP_A)
    world.connect(SHOP_A)
    return world
