"""Fixtures that every test may use: real Redis, real PostgreSQL, a real browser's path."""

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from flask_migrate import upgrade
from playwright.sync_api import Browser, expect, sync_playwright

from app import create_app
from app.db import db
from sandbox.browser import ARGUMENTS, find_chromium
from sandbox.services import Server, postgres, redis
from tests.world import config_for


class Databases:
    """Makes and removes databases on a PostgreSQL server."""

    def __init__(self, server: Server) -> None:
        self._address = server.url.replace("postgresql+psycopg://", "postgresql://", 1)

    def create(self, template: str = "template0") -> str:
        """Make a database, empty or a copy of ``template``; returns its SQLAlchemy address."""
        name = f"test_{uuid.uuid4().hex[:12]}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        base = self._address.rsplit("/", 1)[0].replace("postgresql://", "postgresql+psycopg://", 1)
        return f"{base}/{name}"

    def drop(self, address: str) -> None:
        """Remove a database made here, whoever is still connected."""
        name = address.rsplit("/", 1)[1]
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._address, autocommit=True) as connection:
            connection.execute(statement)


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
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a migrated database of this test's own, on each kind in turn."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "tagdock.db")
        yield f"sqlite:///{tmp_path / 'tagdock.db'}"
        return
    made: Databases = request.getfixturevalue("databases")
    address = made.create(template=request.getfixturevalue("migrated_database"))
    yield address
    made.drop(address)


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


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium; without one the test is skipped."""
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on PATH: install it from your system's packages")
    return str(program)


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """One Chromium for the whole session; what a test expects of a page may take ten seconds."""
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        yield running
        running.close()
