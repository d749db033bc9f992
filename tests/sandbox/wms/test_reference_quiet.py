"""When the warehouse is quiet, and what of its work is forgotten."""

import threading
from collections.abc import Iterator

import pytest
from callback_receiver import Receiver, subscribe
from warehouse import DEADLINE, Client, Warehouse, external, order, until

from sandbox.wms.scheduler import Scheduler


@pytest.fixture
def slow(receiver: Receiver) -> Iterator[threading.Event]:
    """The app's receiver answers callbacks when this is set."""
    answered = threading.Event()

    def wait() -> None:
        assert answered.wait(DEADLINE)

    receiver.before = wait
    yield answered
    answered.set()


def test_it_is_quiet_once_its_callbacks_are_answered(
    warehouse: Warehouse, client: Client, receiver: Receiver, slow: threading.Event
) -> None:
    client.results(order())
    until(warehouse.is_quiet)
    subscribe(client, receiver, "shipment.updated")
    warehouse.post("orders/pack", external_id=external(1))
    assert not warehouse.is_quiet()
    slow.set()
    until(warehouse.is_quiet)
    assert receiver.got


def test_what_comes_later_does_not_count(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    client.results(order())
    subscribe(client, receiver, "shipment.updated")
    warehouse.fault("shipments", "late_callback", 3600)
    warehouse.post("orders/pack", external_id=external(1))
    until(warehouse.is_quiet)
    assert receiver.got == []


def test_what_began_before_all_was_forgotten_begins_nothing_more() -> None:
    scheduler, begun, forgotten = Scheduler("test"), threading.Event(), threading.Event()
    told: list[str] = []

    def deed() -> None:
        begun.set()
        assert forgotten.wait(DEADLINE)
        scheduler.after(0, lambda: told.append("of before"))

    scheduler.after(0, deed)
    assert begun.wait(DEADLINE)
    scheduler.clear()
    forgotten.set()
    until(lambda: scheduler.is_quiet(DEADLINE))
    scheduler.after(0, lambda: scheduler.after(0, lambda: told.append("of now")))
    until(lambda: told)
    assert told == ["of now"]
