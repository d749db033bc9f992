"""A reference WMS a test, fast and without waiting."""

from collections.abc import Iterator

import pytest
from callback_receiver import Receiver
from warehouse import Client, Warehouse

from sandbox.serve import serve
from sandbox.wms import create_app


@pytest.fixture
def warehouse() -> Iterator[Warehouse]:
    """A running reference WMS whose jobs take no time."""
    with serve(create_app(job_seconds=0.02)) as server:
        running = Warehouse(server)
        yield running
        running.http.close()


@pytest.fixture
def client(warehouse: Warehouse) -> Client:
    """A connector of account ACME."""
    return warehouse.connector(label="Shop")


@pytest.fixture(params=["sync", "async"])
def either(warehouse: Warehouse, client: Client, request: pytest.FixtureRequest) -> Client:
    """The client, once answered at once and once by jobs."""
    warehouse.settings(mode=request.param)
    return client


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """An app that takes callbacks."""
    found = Receiver()
    with serve(found.app) as server:
        found.url = f"{server.url}/wms/callbacks/1"
        yield found
