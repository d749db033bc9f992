"""When the warehouse is quiet, and what of its work is forgotten."""

import threading
from collections.abc import Iterator

import pytest
from callback_receiver import Receiver, subscribe
from warehouse import Client, Warehouse, external, order, until

from sandbox.wms.scheduler import Scheduler

PATIENCE = 60


@pytest.fixture
def slow(receiver: Receiver) -> Iterator[threading.Event]:
    """The app's receiver answers callbacks when this is set."""
    answered = threading.Event()

    def wait() -> None:
        assert answered.wait(PATIENCE)

    receiver.before = wait
    yield answered
    answered.set()


def is_quiet(warehouse: Warehouse) -> bool:
    answer = warehouse.http.get(f"{warehouse.url}/sandbox/quiet", timeout=PATIENCE)
    return bool(answer.json()["quiet"])


def test_it_is_quiet_once_its_callbacks_are_answered(
    warehouse: Warehouse, client: Client, receiver: Receiver, slow: threading.Event
) -> None:
    client.results(order())
    until(lambda: is_quiet(warehouse))
    subscribe(client, receiver, "shipment.updated")
    warehouse.post("orders/pack", external_id=external(1))
    assert not is_quiet(warehouse)
    slow.set()
    until(lambda: is_quiet(warehouse))
    assert receiver.got


def test_what_comes_later_does_not_count(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    client.results(order())
    subscribe(client, receiver, "shipment.updated")
    warehouse.fault("shipments", "late_callback", 3600)
    warehouse.post("orders/pack", external_id=external(1))
    until(lambda: is_quiet(warehouse))
    assert receiver.got == []


def test_what_began_before_all_was_forgotten_begins_nothing_more() -> None:
    scheduler, begun, forgotten = Scheduler("test"), threading.Event(), threading.Event()
    told: list[str] = []

    def deed() -> None:
        begun.set()
        assert forgotten.wait(PATIENCE)
        scheduler.after(0, lambda: told.append("of before"))

    scheduler.after(0, deed)
    assert begun.wait(PATIENCE)
    scheduler.clear()
    forgotten.set()
    until(lambda: scheduler.is_quiet(PATIENCE))
    scheduler.after(0, lambda: scheduler.after(0, lambda: told.append("of now")))
    until(lambda: told)
    assert told == ["of now"]
