"""Point 11: a reader that follows the cursors misses nothing, whoever writes meanwhile."""

import base64
import threading
from typing import Any

import pytest
import requests
from warehouse import DEADLINE, Client, Warehouse, external, line, order

WRITERS, ROUNDS, SKUS = 4, 25, 10


def test_a_reader_misses_nothing_that_is_written_meanwhile(
    warehouse: Warehouse, client: Client
) -> None:
    def write(name: int) -> None:
        with requests.Session() as http:
            for turn in range(ROUNDS):
                row = {"sku": f"S-{(turn + name) % SKUS}", "on_hand": turn * WRITERS + name}
                http.put(f"{warehouse.url}/sandbox/stock", json=[row], timeout=DEADLINE)

    threads = [threading.Thread(target=write, args=(name,)) for name in range(WRITERS)]
    for thread in threads:
        thread.start()
    seen: dict[str, int] = {}
    cursor, writing = "", True
    while writing:
        writing = any(thread.is_alive() for thread in threads)
        cursor = _read_on(client, cursor, seen)
    whole: dict[str, int] = {}
    _read_on(client, "", whole)
    assert seen == whole
    assert len(whole) == SKUS


def _read_on(client: Client, cursor: str, seen: dict[str, int]) -> str:
    more = True
    while more:
        query = {"cursor": cursor, "limit": "3"}
        page: Any = client.ask("GET", "/inventory", params=query).json()
        for item in page["items"]:
            assert item["version"] > seen.get(item["sku"], 0)
            seen[item["sku"]] = item["version"]
        cursor, more = page["next_cursor"], page["has_more"]
    return cursor


def test_an_order_goes_its_whole_way(warehouse: Warehouse, client: Client) -> None:
    """Three and two ordered; two leave, then one and one in two packages; the rest is cancelled."""
    first, second = "gid://shopify/LineItem/1", "gid://shopify/LineItem/2"
    client.results(order(lines=[line(1), line(2, quantity=2)]))
    about = {"external_id": external(1)}
    warehouse.post("orders/ship", **about, lines=[{"line_id": first, "quantity": 2}])
    ones = [{"line_id": name, "quantity": 1} for name in (first, second)]
    parcels = [{"carrier": {"code": "rapido"}, "tracking_number": f"R{n}"} for n in (1, 2)]
    warehouse.post("orders/ship", **about, lines=ones, packages=parcels)
    warehouse.post(
        "shipments/S-00002/track", packages=[*parcels[:1], parcels[1] | {"tracking_number": "R3"}]
    )
    warehouse.post("orders/cancel", **about, reason="Broken")
    assert client.by_reference().json()["state"] == "shipped"
    assert warehouse.post("orders/deliver", **about)["state"] == "delivered"
    items = client.ask("GET", "/shipments").json()["items"]
    assert [(item["version"], item["state"]) for item in items] == [
        (2, "delivered"),
        (3, "delivered"),
    ]
    assert [one["tracking_number"] for one in items[1]["packages"]] == ["R1", "R3"]
    (cancelled,) = client.ask("GET", "/cancellations").json()["items"]
    assert cancelled["lines"] == [{"line_id": second, "cancelled_quantity": 1}]


@pytest.mark.parametrize("position", ["-1", "-3", "", "one", "1.5"])
@pytest.mark.parametrize("feed", ["shipments", "inventory", "cancellations", "returns"])
def test_a_cursor_of_no_position_is_unknown(client: Client, feed: str, position: str) -> None:
    given = client.ask("GET", f"/{feed}").json()["next_cursor"]
    made = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode()
    crafted = base64.urlsafe_b64encode(f"{made.rsplit('.', 1)[0]}.{position}".encode()).decode()
    answer = client.ask("GET", f"/{feed}", params={"cursor": crafted.rstrip("=")})
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")
    assert "cursor" in answer.json()["detail"]
