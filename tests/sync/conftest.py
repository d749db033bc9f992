"""The world that tests of the engine run in, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from tests.world import World, open_world


@pytest.fixture
def make_world(database_url: str, redis_url: str) -> Iterator[Callable[..., World]]:
    """Opens a world with the warehouse and the seed a test wants."""
    with ExitStack() as stack:
        yield lambda **wishes: stack.enter_context(open_world(database_url, redis_url, **wishes))


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """A shop with the app installed and connected, automatic processes off, no orders."""
    found = make_world()
    found.install()
    found.connect()
    return found


@pytest.fixture
def automatic(make_world: Callable[..., World]) -> World:
    """A shop whose automatic processes are on."""
    world = make_world()
    world.install()
    world.connect(automatic=True)
    return world


@pytest.fixture
def shop(make_world: Callable[..., World]) -> World:
    """A shop with automatic processes on and a warehouse that answers at once."""
    world = make_world(mode="sync")
    world.install()
    world.connect(automatic=True)
    return world


def pytest_make_parametrize_id(val: Any) -> str | None:
    """Short names for what tests are parametrised with."""
    return str(val) if isinstance(val, str) else None
