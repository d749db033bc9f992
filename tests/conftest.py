"""Fixtures that every test may use: real Redis, real PostgreSQL, a real browser's path."""

import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser, expect, sync_playwright
from sqlalchemy import Engine, event

from app import create_app
from app.db import db
from sandbox.browser import ARGUMENTS, find_chromium
from sandbox.services import Server, postgres, redis
from tests.compiled_once import compile_once, let_go
from tests.databases import Databases
from tests.receiver import Receiver
from tests.world import config_for

pytest_plugins = ["tests.asked_fixtures", "tests.side_by_side", "tests.told_figures"]


@pytest.fixture(scope="session", autouse=True)
def _apps_are_compiled_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        compile_once(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def _no_order_that_nobody_asked_for() -> Iterator[None]:
    """SQLite gives rows backwards where a query names no order: PostgreSQL promises none."""
    event.listen(Engine, "connect", _backwards)
    yield
    event.remove(Engine, "connect", _backwards)


def _backwards(connection: Any, _record: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA reverse_unordered_selects=ON")


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Server]:
    """One Redis for the whole session."""
    with redis() as server:
        yield server


@pytest.fixture(scope="session")
def redis_url(redis_server: Server) -> str:
    """The address of the session's Redis. Tests that need it empty empty it themselves."""
    return redis_server.url


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """One PostgreSQL for the whole session, to make databases on."""
    with postgres() as server:
        yield Databases(server)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The SQLAlchemy address of an empty database of this test's own, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'tagdock.db'}"
        return
    made: Databases = request.getfixturevalue("databases")
    address = made.create()
    yield address
    made.drop(address)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a migrated database without rows, on each kind in turn. Every test has the
    same, so that its statements are compiled already."""
    if request.param == "sqlite":
        file: Path = request.getfixturevalue("used_file")
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite:///{file}"
        let_go()
        for left in file.parent.iterdir():
            left.unlink(missing_ok=True)
        return
    address: str = request.getfixturevalue("used_database")
    yield address
    let_go()
    request.getfixturevalue("databases").empty(address)


@pytest.fixture(scope="session")
def used_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each test finds its SQLite file."""
    return tmp_path_factory.mktemp("used") / "tagdock.db"


@pytest.fixture(scope="session")
def used_database(databases: Databases, migrated_database: str) -> str:
    """A migrated PostgreSQL database, which each test leaves empty: faster than a new copy."""
    return databases.create(template=migrated_database)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to copy."""
    file = tmp_path_factory.mktemp("migrated") / "tagdock.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_database(databases: Databases) -> str:
    """The name of a PostgreSQL database with all tables, to copy."""
    address = databases.create()
    _migrate(address)
    return address.rsplit("/", 1)[1]


def _migrate(address: str) -> None:
    app = create_app(config_for(database_url=address))
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A web address that keeps what is posted to it."""
    receiver = Receiver()
    receiver.start()
    yield receiver
    receiver.stop()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on PATH: install it from your system's packages")
    return str(program)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the whole session; what a test expects of a page may take a minute: some
    parts of pages look after themselves twice in that time."""
    expect.set_options(timeout=60_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield running
        running.close()
