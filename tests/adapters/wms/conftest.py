"""Adapters and odd servers, all ended after the test."""

from collections.abc import Callable, Iterator

import pytest
from wire import LOOPBACK, TOKEN, Speak, Wire

from app.wms.http import ConnectorApi


@pytest.fixture
def wire() -> Iterator[Callable[[Speak | bytes], Wire]]:
    """Start wires that say the given bytes, or do the given thing, after every request."""
    started: list[Wire] = []

    def start(speak: Speak | bytes) -> Wire:
        action = (
            (lambda connection: connection.sendall(speak)) if isinstance(speak, bytes) else speak
        )
        started.append(Wire(action))
        return started[-1]

    yield start
    for one in started:
        one.stop()


@pytest.fixture
def connect() -> Iterator[Callable[..., ConnectorApi]]:
    """Make adapters that are closed afterwards; loopback is allowed unless said otherwise."""
    made: list[ConnectorApi] = []

    def open_at(url: str, token: str = TOKEN, **options: object) -> ConnectorApi:
        made.append(ConnectorApi(url, token, **({"allowed_hosts": LOOPBACK} | options)))
        return made[-1]

    yield open_at
    for api in made:
        api.close()
