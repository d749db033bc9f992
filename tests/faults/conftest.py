"""Fixtures of the fault campaign: one deployment of real processes for each kind of database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.demo.client import Client
from tests.faults.books import Books
from tests.faults.campaign import Campaign
from tests.faults.fleet import Fleet
from tests.told_figures import TOLD

HERE = Path(__file__).parent
_MOST_SECONDS = 600
_fleets: list[Fleet] = []


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever is patiently waited for, a test here has the time for it."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.timeout(_MOST_SECONDS))


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def database_address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """An empty database for a whole campaign, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('faults') / 'tagdock.db'}"
        return
    databases = request.getfixturevalue("databases")
    address = databases.create()
    yield address
    databases.drop(address)


@pytest.fixture(scope="session")
def fleet(database_address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Redis, web, worker, ticker and both stand-ins, each its own process."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("the fault campaign finds forked processes in /proc, which only Linux has")
    found = Fleet(tmp_path_factory.mktemp("fleet"), database_url=database_address)
    _fleets.append(found)
    try:
        found.start()
        yield found
    finally:
        found.end()


@pytest.fixture(scope="session")
def running(fleet: Fleet) -> Iterator[Campaign]:
    """A shop that has installed the app and connected it, at rest."""
    client = Client(app_url=fleet.app_url, shopify_url=fleet.shopify_url, wms_url=fleet.wms_url)
    books = Books(fleet.environment["DATABASE_URL"])
    found = Campaign(fleet, books, client)
    found.open_shop()
    found.settle()
    yield found
    client.close()
    books.close()


@pytest.fixture
def campaign(running: Campaign, request: pytest.FixtureRequest) -> Iterator[Campaign]:
    """The running campaign for one more test, which leaves nothing broken; its times are noted."""
    running.make_whole()
    known = set(running.orders)
    yield running
    running.no_faults()
    times = running.settling_times()
    mine = [seconds for gid, seconds in times.items() if gid not in known]
    told = [f"the slowest order settled in {max(mine, default=0.0):.1f} s"]
    told += [f"{times} × {note}" for note, times in running.notes.items()]
    request.node.user_properties += [(TOLD, words) for words in told]
    running.notes.clear()


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """End all processes with the campaign's last test: the tests that follow want the machine."""
    if nextitem is None or nextitem.path.parent != item.path.parent:
        for fleet in _fleets:
            fleet.end()
