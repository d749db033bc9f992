"""A whole running Tagdock, and a browser in its store's admin."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from sandbox.demo.client import Client
from sandbox.demo.world import ROOT, World
from tests.e2e.admin import Admin
from tests.e2e.store import Store
from tests.e2e.unanswered import Unanswered


@pytest.fixture(scope="package")
def bundles() -> None:
    """The extensions as the Shopify CLI builds them; without them nothing can be tested here."""
    folders = [file.parent for file in ROOT.glob("app_extensions/*/shopify.extension.toml")]
    missing = [one.name for one in folders if not (one / "dist" / f"{one.name}.js").exists()]
    if missing:
        pytest.fail(f"Build the extensions first: make extensions. Not built: {missing}.")


@pytest.fixture(scope="package")
def world(
    chromium: str, bundles: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """Redis, web, worker, ticker and both stand-ins, each its own process."""
    with World(tmp_path_factory.mktemp("e2e")) as running:
        yield running


@pytest.fixture(scope="package")
def client(world: World) -> Iterator[Client]:
    """A session with the control APIs."""
    found = Client(app_url=world.app_url, shopify_url=world.shopify_url, wms_url=world.wms_url)
    yield found
    found.close()


@pytest.fixture
def bare_store(world: World, client: Client) -> Store:
    """A store that has never heard of the app."""
    if world.parts["web"].process.poll() is not None:
        world.start_web()
    store = Store(world, client)
    store.begin_again()
    return store


@pytest.fixture
def store(bare_store: Store) -> Store:
    """A store that has installed the app and connected its warehouse; nothing goes by itself."""
    bare_store.connect()
    return bare_store


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; a script error in it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(60_000)
    made = context.new_page()
    errors: list[str] = []
    made.on("pageerror", lambda error: errors.append(str(error)))
    asked = Unanswered(made)
    yield made
    asked.wait()
    context.close()
    assert errors == []


@pytest.fixture
def admin(page: Page, world: World) -> Admin:
    """A staff member's browser in the store's admin."""
    return Admin(page, world.shopify_url)


@pytest.fixture(scope="package", autouse=True)
def _nothing_broke_unseen(world: World) -> Iterator[None]:
    """No process may have met an error that it did not expect, even where the tests went well."""
    yield
    logs = sorted(world.folder.glob("*.log"))
    broken = [log.name for log in logs if "Traceback" in log.read_text("utf-8")]
    assert broken == [], f"tracebacks in {broken} under {world.folder}"
