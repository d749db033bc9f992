"""Fixtures that every test may use: real Redis, real PostgreSQL, a real browser's path."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from sandbox.browser import ARGUMENTS, find_chromium
from sandbox.services import Server, postgres, redis


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
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The SQLAlchemy address of an empty database of this test's own, on each kind in turn."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'tagdock.db'}"
        return
    made: Databases = request.getfixturevalue("databases")
    address = made.create()
    yield address
    made.drop(address)


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
