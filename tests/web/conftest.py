"""The app on a migrated database of each kind, and shops whose people send ID tokens."""

import base64
import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade
from werkzeug.test import TestResponse

from app import create_app
from app.config import Config
from app.db import db
from app.models import Connection, Order, OutboundOrder, Shop
from app.shopify.values import TokenSet
from app.sync.install import install
from app.sync.order_terms import keep_terms
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


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory, redis_url: str) -> Path:
    """A migrated SQLite file."""
    file = tmp_path_factory.mktemp("template") / "tagdock.db"
    _migrate(f"sqlite:///{file}", redis_url)
    return file


@pytest.fixture(scope="session")
def postgres_address(databases: Any, redis_url: str) -> str:
    """A migrated PostgreSQL database, which each test leaves empty."""
    address: str = databases.create()
    _migrate(address, redis_url)
    return address


def _empty(address: str) -> None:
    tables = ", ".join(table.name for table in db.metadata.sorted_tables)
    plain = address.replace("postgresql+psycopg://", "postgresql://", 1)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def _migrate(database_url: str, redis_url: str) -> None:
    app = create_app(make_config(database_url, redis_url))
    with app.app_context():
        upgrade()
    stop(app)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated database of the test's own, on each kind in turn."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "tagdock.db")
        yield f"sqlite:///{tmp_path / 'tagdock.db'}"
        return
    address: str = request.getfixturevalue("postgres_address")
    yield address
    _empty(address)


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
