"""Point 9: announced returns, what staff do with them, their feed and callbacks."""

from typing import Any

import pytest
import requests
from callback_receiver import Receiver, subscribe
from warehouse import Client, Warehouse, external, line, order, until

FIRST, SECOND = "gid://shopify/LineItem/1", "gid://shopify/LineItem/2"
RETURN = "gid://shopify/Return/1"


@pytest.fixture
def shipped(warehouse: Warehouse, client: Client) -> Client:
    """Three and two have left; ten of each SKU were there."""
    rows = [{"sku": sku, "on_hand": 10} for sku in ("TS-1", "TS-2")]
    warehouse.http.put(f"{warehouse.url}/sandbox/stock", json=rows)
    client.results(order(lines=[line(1), line(2, quantity=2)]))
    warehouse.post("orders/ship", external_id=external(1))
    return client


def units(line_id: str, quantity: int, **more: Any) -> dict[str, Any]:
    return {"line_id": line_id, "quantity": quantity} | more


def announce(client: Client, *lines: dict[str, Any], **changes: Any) -> requests.Response:
    body = {"external_id": RETURN, "order_external_id": external(1), "lines": list(lines)}
    answer: requests.Response = client.ask("POST", "/returns", json=body | changes)
    return answer


def do(warehouse: Warehouse, verb: str, *lines: dict[str, Any], **more: Any) -> requests.Response:
    body = {"external_id": RETURN} | ({"lines": list(lines)} if lines else {}) | more
    return warehouse.http.post(f"{warehouse.url}/sandbox/returns/{verb}", json=body)


def feed(client: Client) -> Any:
    return client.ask("GET", "/returns").json()["items"]


def on_hand(client: Client) -> dict[str, int]:
    items = client.ask("GET", "/inventory").json()["items"]
    return {item["sku"]: item["on_hand"] for item in items}


def test_a_return_is_expected_received_and_closed(warehouse: Warehouse, shipped: Client) -> None:
    assert on_hand(shipped) == {"TS-1": 7, "TS-2": 8}
    announced = announce(shipped, units(FIRST, 2, reason="Too small"), units(SECOND, 1))
    assert announced.json() == {
        "external_id": RETURN,
        "version": 1,
        "state": "expected",
        "lines": [units(FIRST, 2, disposition=None), units(SECOND, 1, disposition=None)],
    }
    assert feed(shipped) == [announced.json()]
    lines = [units(FIRST, 1), units(FIRST, 1, disposition="scrap")]
    received = do(warehouse, "receive", *lines).json()
    assert (received["version"], received["state"]) == (2, "received")
    assert received["lines"] == [
        units(FIRST, 1, disposition="restock"),
        units(FIRST, 1, disposition="scrap"),
    ]
    assert on_hand(shipped) == {"TS-1": 8, "TS-2": 8}
    closed = do(warehouse, "close").json()
    assert (closed["version"], closed["state"]) == (3, "closed")
    assert closed["lines"] == received["lines"]
    assert feed(shipped) == [closed]
    assert do(warehouse, "close").status_code == 409
    kinds = [entry["kind"] for entry in warehouse.ledger() if "returned" in entry]
    assert kinds == ["return_expected", "return_received", "return_closed"]


def test_all_that_is_missing_is_restocked(warehouse: Warehouse, shipped: Client) -> None:
    announce(shipped, units(FIRST, 2), units(SECOND, 1))
    do(warehouse, "receive", {"sku": "TS-1", "quantity": 1, "disposition": "quarantine"})
    assert do(warehouse, "receive").status_code == 200
    assert on_hand(shipped) == {"TS-1": 8, "TS-2": 9}
    assert do(warehouse, "receive").status_code == 409


def test_restocked_goods_let_orders_go_on(warehouse: Warehouse, shipped: Client) -> None:
    warehouse.http.put(f"{warehouse.url}/sandbox/stock", json=[{"sku": "TS-1", "on_hand": 0}])
    shipped.results(order(2, lines=[line(1, quantity=2)]))
    announce(shipped, units(FIRST, 2))
    assert shipped.by_reference(2).json()["state"] == "awaiting_stock"
    do(warehouse, "receive")
    assert shipped.by_reference(2).json()["state"] == "picking"


def test_announcing_again_changes_nothing(warehouse: Warehouse, shipped: Client) -> None:
    first = announce(shipped, units(FIRST, 2)).json()
    assert announce(shipped, units(FIRST, 2)).json() == first
    other = announce(shipped, units(FIRST, 3))
    assert (other.status_code, other.json()["code"]) == (409, "revision-conflict")
    do(warehouse, "receive")
    assert announce(shipped, units(FIRST, 2)).json()["state"] == "received"
    assert len(warehouse.ledger("return_expected")) == 1


@pytest.mark.parametrize(
    ("lines", "changes", "status", "words"),
    [
        ([units(FIRST, 4)], {}, 422, "3 are out"),
        ([units("other", 1)], {}, 422, "0 are out"),
        ([units(FIRST, 1), units(FIRST, 1)], {}, 422, "twice"),
        ([], {}, 422, "lines must not be empty"),
        ([units(FIRST, 0)], {}, 422, "quantity is too small"),
        ([units(FIRST, 1)], {"order_external_id": "none"}, 404, "never received"),
    ],
)
def test_what_never_left_does_not_come_back(
    shipped: Client, lines: list, changes: dict, status: int, words: str
) -> None:
    answer = announce(shipped, *lines, **changes)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True)
    assert feed(shipped) == []


def test_two_returns_share_what_is_out(warehouse: Warehouse, shipped: Client) -> None:
    announce(shipped, units(FIRST, 2))
    assert announce(shipped, units(FIRST, 2), external_id="R2").status_code == 422
    do(warehouse, "receive", units(FIRST, 1))
    do(warehouse, "close")
    assert announce(shipped, units(FIRST, 2), external_id="R2").status_code == 200


@pytest.mark.parametrize(
    ("lines", "more", "status"),
    [
        ([units(FIRST, 3)], {}, 422),
        ([units(SECOND, 1)], {}, 422),
        ([{"quantity": 1}], {}, 422),
        ([units(FIRST, 1, disposition="eaten")], {}, 422),
        ([units(FIRST, 1)], {"external_id": "none"}, 404),
        ([units(FIRST, 1)], {"account": "NONE"}, 404),
    ],
)
def test_what_was_not_announced_is_not_received(
    warehouse: Warehouse, shipped: Client, lines: list, more: dict, status: int
) -> None:
    announce(shipped, units(FIRST, 2))
    assert do(warehouse, "receive", *lines, **more).status_code == status
    assert feed(shipped)[0]["state"] == "expected"


def test_the_apps_are_called_with_the_return(
    warehouse: Warehouse, shipped: Client, receiver: Receiver
) -> None:
    subscribe(shipped, receiver, "return.updated")
    announce(shipped, units(FIRST, 2))
    do(warehouse, "receive")
    until(lambda: len(receiver.got) == 2)
    for _, value in receiver.got:
        shipped.contract.check_callback(value)
    assert [value["data"]["state"] for _, value in receiver.got] == ["expected", "received"]
    assert receiver.got[1][1]["data"] == feed(shipped)[0]


def test_a_warehouse_may_take_no_returns(warehouse: Warehouse, shipped: Client) -> None:
    assert shipped.ask("GET", "/connection").json()["capabilities"]["returns"] is True
    warehouse.settings(lacks=["returns"])
    assert announce(shipped, units(FIRST, 1)).status_code == 501
    assert shipped.ask("GET", "/returns").status_code == 501


def test_returns_are_received_by_hand(warehouse: Warehouse, shipped: Client) -> None:
    place = f"{warehouse.url}/returns"
    assert "No returns yet" in warehouse.http.get(place).text
    announce(shipped, units(FIRST, 2, reason="Too small"))
    shown = warehouse.http.get(place).text
    assert [text in shown for text in ("Too small", "/orders/ACME/W-00001")] == [True, True]
    form = {"account": "ACME", "external_id": RETURN, "line_id": FIRST, "units": "1"}
    for disposition in ("restock", "quarantine"):
        warehouse.http.post(f"{place}/receive", data=form | {"disposition": disposition})
    assert [item["disposition"] for item in feed(shipped)[0]["lines"]] == ["restock", "quarantine"]
    wrong = warehouse.http.post(f"{place}/receive", data=form | {"disposition": "eaten"})
    assert wrong.status_code == 422
    assert warehouse.http.post(f"{place}/eat", data=form).status_code == 404
    warehouse.http.post(f"{place}/close", data=form)
    assert warehouse.http.get(f"{warehouse.url}/sandbox/returns").json()[0]["state"] == "closed"
