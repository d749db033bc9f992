"""Point 7: packing and shipping in parts, the shipments feed, its callbacks and documents."""

from typing import Any

import pytest
import requests
from callback_receiver import Receiver, subscribe
from warehouse import DEADLINE, Client, Warehouse, external, line, order, until

FIRST, SECOND = "gid://shopify/LineItem/1", "gid://shopify/LineItem/2"
PARCEL = {
    "carrier": {"code": "demopost", "name": "DemoPost"},
    "tracking_number": "DP1",
    "tracking_url": "https://demopost.example/track/DP1",
}


@pytest.fixture
def ordered(warehouse: Warehouse, client: Client) -> Client:
    """An order of three and two is being picked."""
    client.results(order(lines=[line(1), line(2, quantity=2)]))
    return client


def do(warehouse: Warehouse, verb: str, **more: Any) -> Any:
    answer = attempt(warehouse, verb, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


def attempt(warehouse: Warehouse, verb: str, **more: Any) -> requests.Response:
    body = {"external_id": external(1)} | more
    return warehouse.http.post(f"{warehouse.url}/sandbox/orders/{verb}", json=body)


def step(warehouse: Warehouse, shipment: str, verb: str, **body: Any) -> requests.Response:
    place = f"{warehouse.url}/sandbox/shipments/{shipment}/{verb}"
    return warehouse.http.post(place, json=body) if body else warehouse.http.post(place)


def units(line_id: str, quantity: int) -> dict[str, Any]:
    return {"line_id": line_id, "quantity": quantity}


def feed(client: Client, cursor: str = "", **query: str) -> Any:
    answer = client.ask("GET", "/shipments", params={"cursor": cursor} | query)
    assert answer.status_code == 200
    return answer.json()


def state(client: Client) -> Any:
    return client.by_reference().json()["state"]


def test_an_order_is_packed_shipped_and_delivered(warehouse: Warehouse, ordered: Client) -> None:
    done = do(warehouse, "pack")
    assert (done["state"], state(ordered)) == ("packed", "packed")
    packed = feed(ordered)["items"][0]
    assert (packed["id"], packed["version"], packed["state"]) == ("S-00001", 1, "packed")
    assert packed["external_id"] == external(1)
    assert [(item["line_id"], item["sku"], item["quantity"]) for item in packed["lines"]] == [
        (FIRST, "TS-1", 3),
        (SECOND, "TS-2", 2),
    ]
    assert (packed["packages"], packed["shipped_at"]) == ([], None)
    assert do(warehouse, "ship")["state"] == "shipped"
    shipped = feed(ordered)["items"][0]
    assert (shipped["id"], shipped["version"], shipped["state"]) == ("S-00001", 2, "shipped")
    assert shipped["packages"][0]["tracking_number"] == "DP0000000001"
    assert do(warehouse, "deliver")["state"] == "delivered"
    delivered = feed(ordered)["items"]
    assert [(item["version"], item["state"]) for item in delivered] == [(3, "delivered")]
    assert delivered[0]["packed_at"] <= delivered[0]["shipped_at"] <= delivered[0]["delivered_at"]


def test_an_order_leaves_in_parts(warehouse: Warehouse, ordered: Client) -> None:
    first = do(warehouse, "ship", lines=[units(FIRST, 2)], packages=[PARCEL])
    assert first["state"] == "partially_shipped"
    assert first["shipments"][0]["packages"] == [PARCEL]
    second = do(warehouse, "ship", lines=[units(FIRST, 1), units(SECOND, 1)], packages=[PARCEL] * 2)
    assert second["state"] == "partially_shipped"
    assert do(warehouse, "ship")["state"] == "shipped"
    items = feed(ordered)["items"]
    assert [[(one["line_id"], one["quantity"]) for one in item["lines"]] for item in items] == [
        [(FIRST, 2)],
        [(FIRST, 1), (SECOND, 1)],
        [(SECOND, 1)],
    ]
    assert [len(item["packages"]) for item in items] == [1, 2, 1]
    step(warehouse, items[0]["id"], "deliver")
    assert state(ordered) == "shipped"
    assert do(warehouse, "deliver")["state"] == "delivered"


def test_part_of_an_order_is_packed(warehouse: Warehouse, ordered: Client) -> None:
    assert do(warehouse, "pack", lines=[units(FIRST, 2)])["state"] == "picking"
    assert do(warehouse, "pack")["state"] == "packed"
    assert [shipment["state"] for shipment in do(warehouse, "ship")["shipments"]] == ["shipped"] * 2


def test_what_is_packed_and_what_is_not_leave_together(
    warehouse: Warehouse, ordered: Client
) -> None:
    do(warehouse, "pack", lines=[units(FIRST, 2)])
    done = do(warehouse, "ship")
    assert (done["state"], len(done["shipments"])) == ("shipped", 2)


def test_a_sku_stands_for_all_its_lines(warehouse: Warehouse, client: Client) -> None:
    client.results(order(lines=[line(1, sku="MUG"), line(2, sku="MUG")]))
    done = do(warehouse, "ship", lines=[{"sku": "MUG", "quantity": 4}])
    found = [(item["line_id"], item["quantity"]) for item in done["shipments"][0]["lines"]]
    assert found == [(FIRST, 3), (SECOND, 1)]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({"lines": [units(FIRST, 4)]}, 422, "4 of gid://shopify/LineItem/1 are too many, 3 are"),
        ({"lines": [units(FIRST, 2), units(FIRST, 2)]}, 422, "too many, 1 are"),
        ({"lines": [units("other", 1)]}, 422, "no line other"),
        ({"lines": [{"sku": "OTHER", "quantity": 1}]}, 422, "no line OTHER"),
        ({"lines": [{"quantity": 1}]}, 422, "no line"),
        ({"lines": [units(FIRST, 0)]}, 422, "quantity is too small"),
        ({"lines": []}, 422, "lines must not be empty"),
        ({"packages": [{"carrier": 5}]}, 422, "carrier must be an object"),
        ({"external_id": "none"}, 404, "never received"),
        ({"account": "NONE"}, 404, "no account NONE"),
    ],
)
@pytest.mark.parametrize("verb", ["pack", "ship"])
def test_what_cannot_leave_is_refused_in_words(
    warehouse: Warehouse, ordered: Client, verb: str, body: dict, status: int, words: str
) -> None:
    answer = attempt(warehouse, verb, **body)
    assert (answer.status_code, words in answer.json()["detail"]) == (status, True)
    assert feed(ordered)["items"] == []
    assert state(ordered) == "picking"


def test_cancelled_units_do_not_leave(warehouse: Warehouse, ordered: Client) -> None:
    ordered.cancel(lines=[{"line_id": FIRST, "cancelled_quantity": 2}])
    assert attempt(warehouse, "ship", lines=[units(FIRST, 2)]).status_code == 422
    assert do(warehouse, "ship")["state"] == "shipped"
    assert [item["quantity"] for item in feed(ordered)["items"][0]["lines"]] == [1, 2]
    assert attempt(warehouse, "ship").status_code == 409


def test_an_order_on_hold_is_not_packed(warehouse: Warehouse, ordered: Client) -> None:
    ordered.change("hold")
    assert attempt(warehouse, "ship").json()["detail"].startswith("The order is on hold")


def test_of_an_order_that_waits_only_what_is_there_leaves(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(out_of_stock_skus=["TS-2"])
    client.results(order(lines=[line(1), line(2)]))
    refused = attempt(warehouse, "ship")
    assert (refused.status_code, refused.json()["code"]) == (409, "out-of-stock")
    assert do(warehouse, "ship", lines=[units(FIRST, 3)])["state"] == "partially_shipped"


def test_what_is_packed_is_neither_changed_nor_cancelled(
    warehouse: Warehouse, ordered: Client
) -> None:
    do(warehouse, "pack", lines=[units(FIRST, 2)])
    late = ordered.results(order(revision=2))[0]
    assert (late["status"], late["problem"]["code"]) == ("rejected", "too-late")
    assert ordered.cancel().json()["code"] == "too-late"
    for quantity, status in ((2, 409), (1, 200)):
        lines = [{"line_id": FIRST, "cancelled_quantity": quantity}]
        assert ordered.cancel(lines=lines).status_code == status


def test_the_rest_of_an_order_may_be_cancelled(warehouse: Warehouse, ordered: Client) -> None:
    do(warehouse, "ship", lines=[units(FIRST, 3)])
    lines = [{"line_id": SECOND, "cancelled_quantity": 2}]
    assert ordered.cancel(lines=lines).json() == {"outcome": "partially_cancelled"}
    assert state(ordered) == "shipped"


def test_a_parcel_goes_its_way(warehouse: Warehouse, ordered: Client) -> None:
    shipment = do(warehouse, "ship")["shipments"][0]["id"]
    for verb, name in (
        ("in_transit", "in_transit"),
        ("out_for_delivery", "out_for_delivery"),
        ("ready_for_pickup", "ready_for_pickup"),
        ("deliver", "delivered"),
    ):
        assert step(warehouse, shipment, verb).json()["state"] == name
    assert feed(ordered)["items"][0]["version"] == 5
    kinds = [entry["kind"] for entry in warehouse.ledger() if "shipment" in entry]
    assert kinds[1:] == ["in_transit", "out_for_delivery", "ready_for_pickup", "delivered"]


def test_a_parcel_is_fetched_at_the_warehouse(warehouse: Warehouse, ordered: Client) -> None:
    shipment = do(warehouse, "pack")["shipments"][0]["id"]
    step(warehouse, shipment, "ready_for_pickup")
    assert state(ordered) == "packed"
    fetched = step(warehouse, shipment, "deliver").json()
    assert (fetched["packages"], fetched["shipped_at"]) == ([], fetched["delivered_at"])
    assert state(ordered) == "delivered"


@pytest.mark.parametrize(
    ("verb", "status"), [("deliver", 409), ("in_transit", 409), ("fly", 404), ("cancel", 200)]
)
def test_steps_have_their_order(
    warehouse: Warehouse, ordered: Client, verb: str, status: int
) -> None:
    do(warehouse, "pack")
    assert step(warehouse, "S-00001", verb).status_code == status
    assert step(warehouse, "S-9", verb).status_code == 404


def test_tracking_is_corrected(warehouse: Warehouse, ordered: Client) -> None:
    shipment = do(warehouse, "ship")["shipments"][0]["id"]
    other = {"carrier": {"code": "rapido"}, "tracking_number": "R 7"}
    packages = step(warehouse, shipment, "track", packages=[other, {}]).json()["packages"]
    assert packages == [
        {
            "carrier": {"code": "rapido", "name": "Corriere Rapido"},
            "tracking_number": "R 7",
            "tracking_url": "https://rapido.example/track/R%207",
        },
        {"carrier": None, "tracking_number": None, "tracking_url": None},
    ]
    changed = feed(ordered)["items"][0]
    assert (changed["version"], changed["state"]) == (2, "shipped")


def test_a_cancelled_shipment_gives_its_units_back(warehouse: Warehouse, ordered: Client) -> None:
    shipment = do(warehouse, "ship", lines=[units(FIRST, 3)])["shipments"][0]["id"]
    assert step(warehouse, shipment, "cancel").json()["state"] == "cancelled"
    assert state(ordered) == "picking"
    assert step(warehouse, shipment, "track", packages=[PARCEL]).status_code == 409
    assert do(warehouse, "ship")["state"] == "shipped"
    found = [(item["id"], item["version"], item["state"]) for item in feed(ordered)["items"]]
    assert found == [("S-00001", 2, "cancelled"), ("S-00002", 1, "shipped")]


def test_the_feed_is_read_in_pages_and_repeats_what_changed(
    warehouse: Warehouse, client: Client
) -> None:
    for number in range(1, 6):
        client.results(order(number))
        do(warehouse, "pack", external_id=external(number))
    first = feed(client, limit="2")
    assert ([item["id"] for item in first["items"]], first["has_more"]) == (
        ["S-00001", "S-00002"],
        True,
    )
    step(warehouse, "S-00001", "ship")
    rest = feed(client, first["next_cursor"])
    assert [(item["id"], item["version"]) for item in rest["items"]] == [
        ("S-00003", 1),
        ("S-00004", 1),
        ("S-00005", 1),
        ("S-00001", 2),
    ]
    assert rest["has_more"] is False
    assert feed(client, rest["next_cursor"])["items"] == []
    step(warehouse, "S-00004", "ship")
    assert [item["id"] for item in feed(client, rest["next_cursor"])["items"]] == ["S-00004"]


def test_a_cursor_expires_when_told_to(warehouse: Warehouse, ordered: Client) -> None:
    cursor = feed(ordered)["next_cursor"]
    warehouse.post("cursors/expire")
    answer = ordered.ask("GET", "/shipments", params={"cursor": cursor})
    assert answer.status_code == 410
    do(warehouse, "pack")
    assert len(feed(ordered)["items"]) == 1


def test_accounts_see_their_own_shipments_only(warehouse: Warehouse, ordered: Client) -> None:
    other = warehouse.connector(label="Other", account="OTHER")
    other.results(order())
    do(warehouse, "ship")
    assert feed(other)["items"] == []
    do(warehouse, "ship", account="OTHER")
    assert [item["id"] for item in feed(other)["items"]] == ["S-00002"]
    cursor = feed(ordered)["next_cursor"]
    assert other.ask("GET", "/shipments", params={"cursor": cursor}).status_code == 410
    listed = warehouse.http.get(f"{warehouse.url}/sandbox/shipments").json()
    assert [(item["account"], item["id"]) for item in listed] == [
        ("ACME", "S-00001"),
        ("OTHER", "S-00002"),
    ]


def test_apps_are_called_with_the_feeds_item(
    warehouse: Warehouse, ordered: Client, receiver: Receiver
) -> None:
    subscribe(ordered, receiver, "shipment.updated", "order.state_changed")
    do(warehouse, "ship", lines=[units(FIRST, 3)])
    until(lambda: len(receiver.got) == 2)
    for _, value in receiver.got:
        ordered.contract.check_callback(value)
    (_, shipment), (_, changed) = receiver.got
    assert (shipment["type"], changed["type"]) == ("shipment.updated", "order.state_changed")
    assert shipment["data"] == feed(ordered)["items"][0]
    assert changed["data"] == ordered.by_reference().json()
    step(warehouse, "S-00001", "track", packages=[PARCEL])
    until(lambda: len(receiver.got) == 3)
    assert receiver.got[2][1]["data"]["version"] == 2


def test_documents_are_served_as_pdf(warehouse: Warehouse, ordered: Client) -> None:
    do(warehouse, "pack")
    assert [item["kind"] for item in feed(ordered)["items"][0]["documents"]] == [
        "packing_slip",
        "invoice",
    ]
    do(warehouse, "ship")
    documents = feed(ordered)["items"][0]["documents"]
    assert [item["kind"] for item in documents] == ["label", "packing_slip", "invoice"]
    for item in documents:
        answer = requests.get(item["url"], timeout=DEADLINE)
        assert answer.headers["Content-Type"] == item["media_type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-1.4\n")
        assert answer.content.endswith(b"%%EOF\n")
    assert b"Zo\xeb \xc5lund" in requests.get(documents[0]["url"], timeout=DEADLINE).content
    guessed = documents[0]["url"].replace("/S-00001/", "/S-00001/x")
    assert requests.get(guessed, timeout=DEADLINE).status_code == 404


@pytest.mark.parametrize("name", ["packed_event", "delivered_event", "partial_shipments"])
def test_the_connection_tells_what_is_lacking(
    warehouse: Warehouse, client: Client, name: str
) -> None:
    assert client.ask("GET", "/connection").json()["capabilities"][name] is True
    warehouse.settings(lacks=[name])
    assert client.ask("GET", "/connection").json()["capabilities"][name] is False


def test_a_warehouse_may_ship_whole_orders_only(warehouse: Warehouse, ordered: Client) -> None:
    warehouse.settings(lacks=["partial_shipments"])
    for verb in ("pack", "ship"):
        answer = attempt(warehouse, verb, lines=[units(FIRST, 1)])
        assert (answer.status_code, answer.json()["code"]) == (501, "unsupported")
    assert do(warehouse, "ship")["state"] == "shipped"


def test_a_warehouse_may_say_nothing_of_packing(warehouse: Warehouse, ordered: Client) -> None:
    warehouse.settings(lacks=["packed_event"])
    do(warehouse, "pack")
    step(warehouse, "S-00001", "cancel")
    do(warehouse, "pack")
    assert feed(ordered)["items"] == []
    do(warehouse, "ship")
    assert [item["id"] for item in feed(ordered)["items"]] == ["S-00002"]


def test_a_warehouse_may_know_nothing_of_deliveries(warehouse: Warehouse, ordered: Client) -> None:
    warehouse.settings(lacks=["delivered_event"])
    do(warehouse, "ship")
    assert attempt(warehouse, "deliver").status_code == 501
    assert step(warehouse, "S-00001", "in_transit").status_code == 501
    assert state(ordered) == "shipped"


def test_a_warehouse_may_show_no_documents(warehouse: Warehouse, ordered: Client) -> None:
    warehouse.settings(lacks=["documents"])
    do(warehouse, "ship")
    assert feed(ordered)["items"][0]["documents"] == []
