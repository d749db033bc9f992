"""Faults of what flows back: callbacks late, swapped, doubled, lost; rows doubled; old cursors."""

from typing import Any
from unittest.mock import Mock

import pytest
from callback_receiver import Receiver, subscribe
from warehouse import Client, Warehouse, external, line, order, until

from sandbox.wms import scheduler


@pytest.fixture
def ordered(client: Client) -> Client:
    """An order of three and two is being picked."""
    client.results(order(lines=[line(1), line(2, quantity=2)]))
    return client


def pack(warehouse: Warehouse, sku: str) -> None:
    lines = [{"sku": sku, "quantity": 1}]
    warehouse.post("orders/pack", external_id=external(1), lines=lines)


def told(receiver: Receiver) -> list[str]:
    return [value["data"]["id"] for _, value in receiver.got]


def test_callbacks_change_places(warehouse: Warehouse, ordered: Client, receiver: Receiver) -> None:
    subscribe(ordered, receiver, "shipment.updated")
    warehouse.fault("shipments", "reorder_callback", 600, times=2)
    for sku in ("TS-1", "TS-1", "TS-2"):
        pack(warehouse, sku)
    until(lambda: len(receiver.got) == 3)
    assert told(receiver) == ["S-00003", "S-00002", "S-00001"]


def test_a_callback_kept_back_comes_by_itself(
    warehouse: Warehouse, ordered: Client, receiver: Receiver
) -> None:
    subscribe(ordered, receiver, "shipment.updated")
    warehouse.fault("shipments", "reorder_callback", 0.05)
    pack(warehouse, "TS-1")
    assert until(lambda: told(receiver)) == ["S-00001"]


def test_a_callback_comes_late(
    warehouse: Warehouse, ordered: Client, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Mock(monotonic=Mock(return_value=0.0))
    monkeypatch.setattr(scheduler, "time", clock)
    subscribe(ordered, receiver, "shipment.updated")
    warehouse.fault("shipments", "late_callback", 1.5)
    pack(warehouse, "TS-1")
    clock.monotonic.return_value = 1.4
    pack(warehouse, "TS-2")
    until(lambda: told(receiver) == ["S-00002"])
    clock.monotonic.return_value = 1.5
    until(lambda: told(receiver) == ["S-00002", "S-00001"])


@pytest.mark.parametrize(
    ("where", "event"),
    [
        ("shipments", "shipment.updated"),
        ("inventory", "inventory.changed"),
        ("cancellations", "order.cancelled"),
        ("returns", "return.updated"),
        ("by-ref", "order.state_changed"),
    ],
)
def test_a_fault_strikes_the_callbacks_of_its_place_only(
    warehouse: Warehouse, ordered: Client, receiver: Receiver, where: str, event: str
) -> None:
    warehouse.http.put(f"{warehouse.url}/sandbox/stock", json=[{"sku": "TS-1", "on_hand": 9}])
    subscribe(ordered, receiver)
    warehouse.fault(where, "no_callback", times=None)
    warehouse.post("orders/ship", external_id=external(1), lines=[{"sku": "TS-1", "quantity": 1}])
    warehouse.post("orders/cancel", external_id=external(1))
    body = {
        "external_id": "R",
        "order_external_id": external(1),
        "lines": [{"line_id": "gid://shopify/LineItem/1", "quantity": 1}],
    }
    ordered.ask("POST", "/returns", json=body)
    others = {
        "shipment.updated",
        "inventory.changed",
        "order.cancelled",
        "return.updated",
        "order.state_changed",
    } - {event}
    until(lambda: others <= {value["type"] for _, value in receiver.got})
    assert event not in {value["type"] for _, value in receiver.got}


def test_a_callback_may_come_twice(
    warehouse: Warehouse, ordered: Client, receiver: Receiver
) -> None:
    subscribe(ordered, receiver, "shipment.updated")
    warehouse.fault("shipments", "duplicate_callback", 2)
    pack(warehouse, "TS-1")
    until(lambda: len(receiver.got) == 2)
    assert len({identity for identity, _ in receiver.got}) == 1


def test_rows_come_twice_or_backwards(warehouse: Warehouse, ordered: Client) -> None:
    pack(warehouse, "TS-1")
    pack(warehouse, "TS-2")

    def ids() -> list[Any]:
        return [item["id"] for item in ordered.ask("GET", "/shipments").json()["items"]]

    for do, wanted in (
        ("duplicate_rows", ["S-00001", "S-00002", "S-00001", "S-00002"]),
        ("reorder_rows", ["S-00002", "S-00001"]),
    ):
        warehouse.fault("shipments", do)
        assert (ids(), ids()) == (wanted, ["S-00001", "S-00002"])


@pytest.mark.parametrize("where", ["shipments", "inventory", "returns", "cancellations"])
def test_faults_strike_every_feed(warehouse: Warehouse, client: Client, where: str) -> None:
    warehouse.fault(where, "expired_cursor")
    assert client.ask("GET", f"/{where}").status_code == 410
    warehouse.fault(where, "status", 503)
    assert client.ask("GET", f"/{where}", checked=False).status_code == 503
    assert client.ask("GET", f"/{where}").status_code == 200


def test_rows_are_only_doubled_where_there_are_rows(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("connection", "duplicate_rows")
    assert client.ask("GET", "/connection").status_code == 200
