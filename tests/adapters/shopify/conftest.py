"""A shop's client, its bucket in a real Redis, and the sandbox's Shopify."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask, request
from redis import Redis
from shop_identity import API_KEY, SECRET, SHOP, make_config

from app.config import Config
from app.shopify.bucket import Bucket
from app.shopify.client import Shopify, dispose
from sandbox.serve import serve
from sandbox.services import Server
from sandbox.shopify import create_app

ROOT = Path(__file__).parents[3]


@pytest.fixture
def config() -> Config:
    return make_config()


@pytest.fixture
def redis(redis_server: Server) -> Iterator[Redis]:
    with Redis.from_url(redis_server.url) as connection:
        yield connection


@pytest.fixture
def bucket(redis: Redis) -> Bucket:
    """A bucket nobody has touched."""
    return Bucket(redis, SHOP, uuid.uuid4().hex)


@pytest.fixture
def client(config: Config, bucket: Bucket) -> Iterator[Shopify]:
    """A client of a shop that ``responses`` plays."""
    yield Shopify(SHOP, "shpat_secret", config=config, bucket=bucket)
    dispose()


class World:
    """The sandbox's Shopify, for a test's own hand on it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = requests.Session()

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Use the control API and return its JSON."""
        response = self._http.request(method, f"{self.url}/sandbox/{path}", json=body, timeout=60)
        response.raise_for_status()
        return response.json()

    def post(self, path: str, body: object = None) -> Any:
        return self.call("POST", path, body)

    def get(self, path: str) -> Any:
        return self.call("GET", path)

    def put(self, path: str, body: object) -> Any:
        return self.call("PUT", path, body)

    def create(self, **order: object) -> list[str]:
        """Create orders in the shop, wait until they are routed, return their ids."""
        ids: list[str] = self.post(f"{SHOP}/orders", order)["ids"]
        self.settle()
        return ids

    def settle(self) -> None:
        """Wait until every order is routed."""
        deadline = time.monotonic() + 60
        while not self.get("quiet")["quiet"]:
            assert time.monotonic() < deadline, "the sandbox does not come to rest"

    def act(self, order_id: str, deed: str, **body: object) -> Any:
        """Do something to an order as the merchant."""
        return self.post(f"{SHOP}/orders/{order_id.rpartition('/')[2]}/{deed}", body)

    def shown(self, order_id: str) -> Any:
        """Return everything about an order."""
        return self.get(f"{SHOP}/orders/{order_id.rpartition('/')[2]}")

    def requests(self, after: int) -> list[dict[str, Any]]:
        """Return the GraphQL requests since a mark."""
        entries: list[dict[str, Any]] = self.get(f"ledger?kind=graphql&after={after}")
        return entries

    def close(self) -> None:
        self._http.close()


Delivery = tuple[dict[str, str], bytes]


@pytest.fixture(scope="session")
def mailbox() -> list[Delivery]:
    """The headers and bodies of all webhooks delivered."""
    return []


@pytest.fixture(scope="session")
def app_url(mailbox: list[Delivery]) -> Iterator[str]:
    """Where an app listens that only takes webhooks in."""
    app = Flask("receiver")

    @app.post("/webhooks")
    def receive() -> str:
        mailbox.append((dict(request.headers), request.get_data()))
        return ""

    with serve(app) as server:
        yield server.url


@pytest.fixture(scope="session")
def shopify_url(app_url: str) -> Iterator[str]:
    """Where the session's sandbox Shopify is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SHOPIFY_API_KEY", API_KEY)
        patch.setenv("SHOPIFY_API_SECRET", SECRET)
        app = create_app(app_url, ROOT)
    with serve(app) as server:
        yield server.url


@pytest.fixture
def world(shopify_url: str) -> Iterator[World]:
    """A freshly seeded Shopify with the app installed and its webhooks off."""
    world = World(shopify_url)
    world.post("reset", {"seed": "demo"})
    world.put("settings", {"webhooks": False, "search_lag": 0, "routing_seconds": 0})
    world.post(f"{SHOP}/install")
    yield world
    world.close()


@pytest.fixture
def sandbox_config(world: World) -> Config:
    return make_config(tagdock_env="sandbox", shopify_origin=world.url)


@pytest.fixture
def shopify(world: World, sandbox_config: Config, bucket: Bucket) -> Iterator[Shopify]:
    """A client of the sandbox's shop, with a token of the scopes it grants."""
    token = world.post(f"{SHOP}/tokens")["access_token"]
    yield Shopify(SHOP, token, config=sandbox_config, bucket=bucket, priority=0)
    dispose()
