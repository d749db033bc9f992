"""A shop's client, its bucket in a real Redis, and settings to make them with."""

import uuid
from collections.abc import Iterator

import pytest
from redis import Redis
from shop_identity import SHOP, make_config

from app.config import Config
from app.shopify.bucket import Bucket
from app.shopify.client import Shopify, dispose
from sandbox.services import Server


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
