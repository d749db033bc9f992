"""One store in the middle of its day for all tests in this folder."""

from collections.abc import Callable, Iterator
from functools import cache

import pytest
from playwright.sync_api import Browser, BrowserContext

from sandbox.demo.client import Client
from sandbox.demo.world import World
from tests.e2e.pages.busy_store import BusyStore, fill
from tests.e2e.pages.inspection import Inspection, fits, inspect
from tests.e2e.pages.visit import Visitor
from tests.e2e.store import Store


@pytest.fixture(scope="package")
def busy(world: World, client: Client) -> BusyStore:
    """The store that every page is looked at in. Tests here change nothing in it."""
    return fill(Store(world, client))


@pytest.fixture(scope="package")
def visitors(browser: Browser, busy: BusyStore) -> Iterator[dict[str, Visitor]]:
    """A browser window for each language."""
    made = {language: _visitor(browser, busy, language) for language in ("en", "it")}
    yield made
    for visitor in made.values():
        visitor.close()


@pytest.fixture
def visitor(visitors: dict[str, Visitor]) -> Iterator[Visitor]:
    """Somebody who reads English, at a desk; a script error on a page fails the test."""
    visitors["en"].sit_down()
    yield visitors["en"]
    assert visitors["en"].troubles == []


@pytest.fixture(scope="package")
def inspected(visitors: dict[str, Visitor]) -> Callable[[str], Inspection]:
    """What is known of a page in English; each is visited once, by the first test that asks."""
    return cache(lambda name: inspect(visitors["en"], name))


@pytest.fixture(scope="package")
def in_italian(visitors: dict[str, Visitor]) -> Callable[[str], Inspection]:
    """Whether a page fits in Italian."""
    return cache(lambda name: fits(visitors["it"], name))


def _visitor(browser: Browser, busy: BusyStore, language: str) -> Visitor:
    context: BrowserContext = browser.new_context(locale=language)
    context.set_default_timeout(60_000)
    shopify = busy.store.world.shopify_url
    context.add_cookies([{"name": "admin-language", "value": language, "url": shopify}])
    return Visitor(context.new_page(), busy)
