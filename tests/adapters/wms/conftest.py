"""Adapters and odd servers, all ended after the test."""

from collections.abc import Callable, Iterator

import pytest
from reference import Reference
from wire import LOOPBACK, TOKEN, Speak, Wire

from app.wms.http import ConnectorApi
from sandbox.serve import serve
from sandbox.wms import create_app


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


@pytest.fixture
def reference() -> Iterator[Reference]:
    """A running reference WMS whose jobs take no time."""
    with serve(create_app(mode="async", job_seconds=0.02)) as server:
        running = Reference(server)
        yield running
        running.http.close()


@pytest.fixture
def api(reference: Reference, connect: Callable[..., ConnectorApi]) -> ConnectorApi:
    """An adapter connected to it."""
    return connect(reference.connector["app_url"], reference.connector["token"])
