"""The shared bucket against a Shopify bucket of the published kind, on a real Redis."""

import threading
import time

import pytest
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.shopify.bucket import Bucket
from sandbox.services import free_port
from sandbox.shopify.bucket import Bucket as ShopifyBucket
from tests.at_best import at_best

# Next to nothing is restored, however slowly a test goes.
TOLD = {"maximumAvailable": 2000.0, "restoreRate": 0.001}


def told(available: float, **changes: float) -> dict[str, float]:
    return TOLD | {"currentlyAvailable": available} | changes


@pytest.fixture
def still(bucket):
    """A full bucket to which nothing comes back by itself."""
    bucket.take(1, 0)
    bucket.settle(1, 0, told(2000))
    return bucket


def test_a_full_bucket_grants_its_capacity_and_then_asks_for_patience(bucket):
    began = time.monotonic()
    assert [bucket.take(500, 0) for _ in range(4)] == [0.0] * 4
    wait = bucket.take(500, 0)
    assert 4.99 - (time.monotonic() - began) <= wait <= 6.0


def test_what_was_not_used_comes_back(still):
    for _ in range(4):
        still.take(500, 0)
    still.settle(500, 20, None)
    assert still.take(480, 0) == 0.0
    assert still.take(1, 0) > 0


def test_imports_leave_a_reserve_that_staff_may_use(still):
    still.take(1600, 2)
    assert still.take(100, 2) > 0
    assert still.take(100, 1) == 0.0
    assert still.take(290, 0) == 0.0


def test_a_request_dearer_than_the_reserve_allows_is_not_refused_for_ever(still):
    still.take(1, 0)
    still.settle(1, 1, told(500, maximumAvailable=500.0))
    assert still.take(490, 2) == 0.0


def test_shopifys_own_count_lowers_ours(still):
    still.take(100, 0)
    still.settle(100, 100, told(50))
    assert still.take(100, 0) > 0


def test_shopifys_own_count_raises_ours_when_nothing_else_is_under_way(still):
    for _ in range(3):
        still.take(600, 0)
        still.settle(600, 600, None)
    assert still.take(600, 0) > 0
    assert still.take(100, 0) == 0.0
    still.settle(100, 10, told(1990))
    assert still.take(1900, 0) == 0.0


def test_shopifys_own_count_does_not_forget_requests_under_way(still):
    still.take(1500, 0)
    still.take(100, 0)
    still.settle(100, 10, told(1990))
    assert still.take(600, 0) > 0


def test_shopifys_count_does_not_forget_what_was_used_while_it_travelled(still):
    still.take(400, 0)
    still.take(1500, 0)
    still.settle(1500, 1500, told(450))
    still.settle(400, 10, told(1990))
    assert still.take(700, 0) > 0


def test_a_request_whose_worker_died_is_given_up_after_a_while(bucket, redis):
    bucket.take(2000, 0)
    (flight,) = redis.keys(f"{bucket._key}:flight")
    (member,) = redis.zrange(flight, 0, -1)
    redis.zincrby(flight, -60, member)
    assert bucket.take(2000, 0) == 0.0


def test_a_richer_plan_is_learned(bucket):
    bucket.take(10, 0)
    began = time.monotonic()
    bucket.settle(10, 10, told(19_990, maximumAvailable=20_000.0, restoreRate=1000.0))
    assert bucket.take(15_000, 0) == 0.0
    wait = bucket.take(10_000, 0)
    assert 5.0 - (time.monotonic() - began) <= wait <= 6.1


def test_shops_and_apps_do_not_share(redis):
    name = f"test-{time.monotonic_ns()}"
    Bucket(redis, "a.myshopify.com", name).take(2000, 0)
    assert Bucket(redis, "b.myshopify.com", name).take(2000, 0) == 0.0
    assert Bucket(redis, "a.myshopify.com", f"{name}2").take(2000, 0) == 0.0


def test_without_redis_everything_is_granted():
    nowhere = Redis(port=free_port(), retry=Retry(NoBackoff(), 0))
    bucket = Bucket(nowhere, "a.myshopify.com", "key")
    assert bucket.take(1000, 2) == 0.0
    bucket.settle(1000, 1000, told(0))


class Drain:
    """Workers spending a small, fast Shopify bucket's points for some seconds."""

    def __init__(self, bucket: Bucket, shopify: ShopifyBucket, seconds: float) -> None:
        self.bucket, self.shopify = bucket, shopify
        self.until = time.monotonic() + seconds
        self.lock = threading.Lock()
        self.used, self.sent, self.throttled = 0.0, 0, 0

    def work(self, requested: int, actual: int) -> None:
        while time.monotonic() < self.until:
            wait = self.bucket.take(requested, 0)
            if wait:
                time.sleep(min(wait, 0.2))
            else:
                self.request(requested, actual)

    def request(self, requested: int, actual: int) -> None:
        granted = self.shopify.take(requested)
        time.sleep(0.002)
        if granted:
            self.shopify.refund(requested - actual)
        with self.lock:
            self.sent += 1
            self.throttled += not granted
            self.used += actual * granted
        self.bucket.settle(requested, actual * granted, self.shopify.status())


@pytest.mark.alone
def test_workers_together_use_nearly_all_and_are_hardly_ever_throttled(bucket):
    """Eight workers: at least 0.9 of what is restored is used, at most 1 % THROTTLED."""
    assert at_best(lambda: _amiss(bucket), 1.0) <= 1.0


def _amiss(bucket: Bucket) -> float:
    """How much is left unused or is THROTTLED, in parts of the most that may be."""
    shopify = ShopifyBucket(capacity=400, restore_rate=2000)
    bucket.take(1, 0)
    bucket.settle(1, 0, shopify.status())
    drain, began = Drain(bucket, shopify, seconds=3.0), time.monotonic()
    kinds = [(120, 20), (50, 50)] * 4
    workers = [threading.Thread(target=drain.work, args=kind) for kind in kinds]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    possible = 400 + 2000 * (time.monotonic() - began)
    return max((1 - drain.used / possible) / 0.1, drain.throttled / drain.sent / 0.01)
