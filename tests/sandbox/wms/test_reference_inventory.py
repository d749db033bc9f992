"""Point 8: real stock that follows counting, orders and shipments, its feed and its callbacks."""

import time
from typing import Any

import pytest
import requests
from callback_receiver import Receiver, subscribe
from warehouse import Client, Warehouse, external, line, order, until

from tests.at_best import at_best

FIRST = "gid://shopify/LineItem/1"
ITEM = "gid://shopify/InventoryItem/7"


def count(warehouse: Warehouse, *rows: dict[str, Any], account: str = "ACME") -> Any:
    answer = counting(warehouse, list(rows), account)
    assert answer.status_code == 200, answer.text
    return answer.json()["changed"]


def counting(warehouse: Warehouse, rows: Any, account: str = "ACME") -> requests.Response:
    place = f"{warehouse.url}/sandbox/stock"
    return warehouse.http.put(place, json=rows, params={"account": account})


def feed(client: Client, **query: str) -> Any:
    answer = client.ask("GET", "/inventory", params=query)
    assert answer.status_code == 200
    return answer.json()


def level(client: Client, sku: str = "TS-1", warehouse: str = "WH") -> tuple[int, int, int]:
    """On hand, available and version of a row of the feed."""
    for item in feed(client, limit="200")["items"]:
        if (item["sku"], item["warehouse"]) == (sku, warehouse):
            return item["on_hand"], item["available"], item["version"]
    raise AssertionError(f"no {sku} in {warehouse}")


def do(warehouse: Warehouse, verb: str, **more: Any) -> requests.Response:
    body = {"external_id": external(1)} | more
    return warehouse.http.post(f"{warehouse.url}/sandbox/orders/{verb}", json=body)


def state(client: Client, number: int = 1) -> Any:
    return client.by_reference(number).json()["state"]


def test_stock_is_counted_and_adjusted(warehouse: Warehouse, client: Client) -> None:
    assert count(warehouse, {"sku": "TS-1", "on_hand": 10, "incoming": 5}) == 1
    item = feed(client)["items"][0]
    assert item.pop("as_of")
    assert item == {
        "sku": "TS-1",
        "inventory_item_id": None,
        "warehouse": "WH",
        "on_hand": 10,
        "available": 10,
        "incoming": 5,
        "version": 1,
    }
    assert count(warehouse, {"sku": "TS-1", "on_hand": 10}) == 0
    row = {"sku": "TS-1", "adjust": -3}
    assert count(warehouse, row, row, {"sku": "TS-1", "warehouse": "WH-2", "on_hand": 1}) == 2
    assert (level(client), level(client, warehouse="WH-2")) == ((4, 4, 2), (1, 1, 1))
    assert feed(client)["items"][0]["incoming"] == 5


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "the body must not be empty"),
        ({}, "the body must be a list"),
        ([{"on_hand": 1}], "[0].sku is missing"),
        ([{"sku": "A", "on_hand": -1}], "[0].on_hand is too small"),
        ([{"sku": "A", "on_hand": "1"}], "[0].on_hand must be a whole number"),
        ([{"sku": "A", "on_hand": 1}, {"sku": "B", "adjust": -1}], "B: -1 cannot be in WH"),
        ([{"sku": "A", "on_hand": 1}, {"sku": "B", "warehouse": "X"}], "no warehouse X"),
    ],
)
def test_a_wrong_row_changes_nothing(
    warehouse: Warehouse, client: Client, rows: Any, words: str
) -> None:
    answer = counting(warehouse, rows)
    assert (answer.status_code, words in answer.json()["detail"]) == (422, True), answer.json()
    assert feed(client)["items"] == []
    assert counting(warehouse, [{"sku": "A"}], account="NONE").status_code == 404


def test_orders_reduce_what_is_available_and_shipping_what_is_there(
    warehouse: Warehouse, client: Client
) -> None:
    count(warehouse, {"sku": "TS-1", "on_hand": 10})
    client.results(order())
    assert level(client) == (10, 7, 2)
    do(warehouse, "pack", lines=[{"sku": "TS-1", "quantity": 2}])
    assert level(client) == (10, 7, 2)
    do(warehouse, "ship")
    assert level(client)[:2] == (7, 7)
    client.results(order(2))
    client.cancel(2)
    assert level(client)[:2] == (7, 7)
    step = f"{warehouse.url}/sandbox/shipments/S-00001/cancel"
    assert warehouse.http.post(step).status_code == 200
    assert level(client)[:2] == (9, 7)


def test_a_revision_and_a_sellers_cancellation_change_what_is_promised(
    warehouse: Warehouse, client: Client
) -> None:
    count(warehouse, *({"sku": sku, "on_hand": 10} for sku in ("TS-1", "TS-2")))
    client.results(order())
    client.results(order(revision=2, lines=[line(1, quantity=1), line(2, quantity=4)]))
    assert (level(client)[:2], level(client, "TS-2")[:2]) == ((10, 9), (10, 6))
    do(warehouse, "cancel", lines=[{"sku": "TS-2", "quantity": 3}])
    assert level(client, "TS-2")[:2] == (10, 9)
    do(warehouse, "forget")
    assert (level(client)[:2], level(client, "TS-2")[:2]) == ((10, 10), (10, 10))


def test_an_order_set_by_hand_takes_its_promise_along(warehouse: Warehouse, client: Client) -> None:
    count(warehouse, {"sku": "TS-1", "on_hand": 10})
    client.results(order())
    warehouse.put("orders/state", external_id=external(1), state="cancelled")
    assert level(client)[:2] == (10, 10)


def test_a_lost_order_leaves_what_it_shipped_away(warehouse: Warehouse, client: Client) -> None:
    count(warehouse, {"sku": "TS-1", "on_hand": 10})
    client.results(order())
    do(warehouse, "ship")
    do(warehouse, "forget")
    client.results(order())
    assert level(client)[:2] == (7, 4)


def test_an_order_without_goods_waits_its_turn(warehouse: Warehouse, client: Client) -> None:
    count(warehouse, {"sku": "TS-1", "on_hand": 4})
    statuses = [client.results(order(number))[0]["status"] for number in (1, 2, 3)]
    assert statuses == ["created", "created_with_issues", "created_with_issues"]
    assert level(client)[:2] == (4, -5)
    assert do(warehouse, "ship", external_id=external(2)).status_code == 409
    count(warehouse, {"sku": "TS-1", "adjust": 2})
    assert [state(client, number) for number in (1, 2, 3)] == [
        "picking",
        "picking",
        "awaiting_stock",
    ]
    do(warehouse, "cancel")
    assert state(client, 3) == "picking"


def test_two_lines_of_a_sku_count_together(warehouse: Warehouse, client: Client) -> None:
    count(warehouse, {"sku": "MUG", "on_hand": 5})
    lines = [line(1, sku="MUG"), line(2, sku="MUG")]
    assert client.results(order(lines=lines))[0]["status"] == "created_with_issues"
    assert len(client.by_reference().json()["issues"]) == 2


def test_what_is_not_there_is_not_packed(warehouse: Warehouse, client: Client) -> None:
    count(warehouse, {"sku": "TS-1", "on_hand": 3})
    client.results(order())
    count(warehouse, {"sku": "TS-1", "on_hand": 2})
    refused = do(warehouse, "pack")
    assert (refused.status_code, refused.json()["code"]) == (409, "out-of-stock")
    assert do(warehouse, "pack", lines=[{"sku": "TS-1", "quantity": 2}]).status_code == 200
    answer = counting(warehouse, [{"sku": "TS-1", "on_hand": 1}])
    assert "2 stand packed" in answer.json()["detail"]


def test_the_shops_id_is_learnt(warehouse: Warehouse, client: Client) -> None:
    count(warehouse, {"sku": "TS-1", "on_hand": 9}, {"sku": "MUG", "inventory_item_id": "gid://9"})
    client.results(order())
    found = {item["sku"]: item["inventory_item_id"] for item in feed(client)["items"]}
    assert found == {"MUG": "gid://9", "TS-1": ITEM}
    warehouse.settings(lacks=["inventory_item_id"])
    keys = client.ask("GET", "/connection").json()["capabilities"]["inventory_keys"]
    assert keys == ["sku"]
    count(warehouse, {"sku": "TS-1", "on_hand": 8})
    assert "inventory_item_id" not in feed(client)["items"][-1]


@pytest.mark.alone
def test_twenty_thousand_rows_take_no_time(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    subscribe(client, receiver, "inventory.changed")
    counts: list[dict[str, int]] = []
    assert at_best(lambda: _seconds_for_a_count(warehouse, counts), 2) < 2
    seen, cursor, more = {}, "", True
    while more:
        answer = client.ask(
            "GET", "/inventory", checked=False, params={"cursor": cursor, "limit": "200"}
        ).json()
        seen |= {item["sku"]: item["on_hand"] for item in answer["items"]}
        cursor, more = answer["next_cursor"], answer["has_more"]
    assert seen == counts[-1]
    until(lambda: len(receiver.got) == 100 * len(counts))
    assert "Showing the first 100 of 20001." in warehouse.http.get(f"{warehouse.url}/stock").text


def _seconds_for_a_count(warehouse: Warehouse, counts: list[dict[str, int]]) -> float:
    """Count anew, all of it other than before; adds what was counted to ``counts``."""
    counts.append({f"SKU-{number}": number + len(counts) for number in range(20_000)})
    rows = [
        {"sku": sku, "on_hand": units, "inventory_item_id": f"gid://{sku}"}
        for sku, units in counts[-1].items()
    ]
    begun = time.monotonic()
    assert count(warehouse, *rows) == 20_000
    return time.monotonic() - begun


def test_the_feed_repeats_a_row_that_changed(warehouse: Warehouse, client: Client) -> None:
    count(warehouse, *({"sku": f"S-{number}", "on_hand": 1} for number in range(3)))
    first = feed(client, limit="1")
    count(warehouse, {"sku": "S-0", "on_hand": 7})
    rest = feed(client, cursor=first["next_cursor"])["items"]
    assert [(item["sku"], item["version"]) for item in rest] == [("S-1", 1), ("S-2", 1), ("S-0", 2)]


def test_the_apps_are_called_with_the_row(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    subscribe(client, receiver, "inventory.changed")
    count(warehouse, {"sku": "TS-1", "on_hand": 10})
    until(lambda: receiver.got)
    _, value = receiver.got[0]
    client.contract.check_callback(value)
    assert (value["type"], value["data"]) == ("inventory.changed", feed(client)["items"][0])


def test_an_order_that_goes_on_is_told(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    count(warehouse, {"sku": "TS-1", "on_hand": 0})
    client.results(order())
    subscribe(client, receiver, "order.state_changed")
    count(warehouse, {"sku": "TS-1", "on_hand": 3})
    until(lambda: receiver.got)
    assert receiver.got[0][1]["data"]["state"] == "picking"


def test_a_warehouse_may_tell_nothing_of_its_stock(
    warehouse: Warehouse, client: Client, receiver: Receiver
) -> None:
    warehouse.settings(lacks=["inventory"])
    subscribe(client, receiver)
    count(warehouse, {"sku": "TS-1", "on_hand": 10})
    assert client.ask("GET", "/inventory").status_code == 501
    found = client.ask("GET", "/connection").json()["capabilities"]
    assert (found["inventory"], found["inventory_keys"]) == (False, [])
    client.results(order())
    until(lambda: receiver.got)
    assert {value["type"] for _, value in receiver.got} == {"job.finished"}


def test_stock_is_counted_by_hand(warehouse: Warehouse, client: Client) -> None:
    form = {"sku": "TS-1", "warehouse": "WH-2", "on_hand": "8", "incoming": "", "account": "ACME"}
    shown = warehouse.http.post(f"{warehouse.url}/stock/count", data=form)
    assert 'value="8"' in shown.text
    assert level(client, warehouse="WH-2")[:2] == (8, 8)
    wrong = warehouse.http.post(f"{warehouse.url}/stock/count", data=form | {"on_hand": "-2"})
    assert wrong.status_code == 422


def test_another_database_begins_to_count_anew(warehouse: Warehouse, client: Client) -> None:
    for units in (1, 2, 3):
        count(warehouse, {"sku": "TS-1", "on_hand": units})
    count(warehouse, {"sku": "TS-2", "on_hand": 9})
    cursor = feed(client)["next_cursor"]
    mark = warehouse.post("ledger/mark")["seq"]
    assert warehouse.post("stock/replace") == {"rows": 2}
    assert (level(client), level(client, "TS-2")) == ((3, 3, 1), (9, 9, 1))
    assert feed(client, cursor=cursor)["items"] == [], "it is taken for a place behind all of them"
    assert warehouse.ledger("callback", mark) == []
    count(warehouse, {"sku": "TS-1", "on_hand": 4})
    assert level(client) == (4, 4, 2)
