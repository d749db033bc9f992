"""The Cloud App's buttons for shipments: whole orders, parts, packages, steps, tracking."""

from typing import Any

import requests
from warehouse import Client, Warehouse, line, order

ORDER = "/orders/ACME/W-00001"


def press(warehouse: Warehouse, path: str, **form: str) -> requests.Response:
    return warehouse.http.post(f"{warehouse.url}{path}", data=form)


def shipments(client: Client) -> Any:
    return client.ask("GET", "/shipments").json()["items"]


def two_lines(client: Client) -> None:
    client.results(order(lines=[line(1), line(2, sku="MUG", quantity=2)]))


def test_a_whole_order_leaves_by_buttons(warehouse: Warehouse, client: Client) -> None:
    two_lines(client)
    assert "packed" in press(warehouse, f"{ORDER}/pack").text
    assert "DP0000000001" in press(warehouse, f"{ORDER}/ship").text
    delivered = press(warehouse, f"{ORDER}/deliver")
    assert delivered.url == f"{warehouse.url}{ORDER}"
    assert client.by_reference().json()["state"] == "delivered"
    assert f"{ORDER}/ship" not in delivered.text


def test_a_part_leaves_in_several_packages(warehouse: Warehouse, client: Client) -> None:
    two_lines(client)
    form = {"units-0": "2", "units-1": "", "carrier": "rapido", "numbers": "R1, R2,"}
    shown = press(warehouse, f"{ORDER}/ship", **form)
    assert "https://rapido.example/track/R2" in shown.text
    (shipment,) = shipments(client)
    assert [(item["sku"], item["quantity"]) for item in shipment["lines"]] == [("TS-1", 2)]
    assert [item["tracking_number"] for item in shipment["packages"]] == ["R1", "R2"]
    assert client.by_reference().json()["state"] == "partially_shipped"


def test_wrong_units_are_refused_in_words(warehouse: Warehouse, client: Client) -> None:
    two_lines(client)
    for form, words in (
        ({"units-0": "0", "units-1": ""}, "at least one"),
        ({"units-0": "-1"}, "at least one"),
        ({"units-0": "many"}, "many is not a whole number."),
        ({"units-0": "9"}, "too many"),
    ):
        answer = press(warehouse, f"{ORDER}/ship", **form)
        assert (answer.status_code, words in answer.text) == (422, True)
    assert shipments(client) == []


def test_a_shipment_goes_on_by_buttons(warehouse: Warehouse, client: Client) -> None:
    two_lines(client)
    press(warehouse, f"{ORDER}/pack")
    for step in ("ship", "in_transit", "deliver"):
        press(warehouse, f"/shipments/S-00001/{step}")
    assert shipments(client)[0]["state"] == "delivered"
    press(warehouse, "/shipments/S-00001/track", carrier="demopost", numbers="X 1")
    assert shipments(client)[0]["packages"][0]["tracking_number"] == "X 1"
    assert press(warehouse, "/shipments/S-00001/ship").status_code == 409
    assert press(warehouse, "/shipments/S-2/ship").status_code == 404


def test_an_order_on_hold_offers_nothing_to_pack(warehouse: Warehouse, client: Client) -> None:
    two_lines(client)
    held = press(warehouse, f"{ORDER}/hold", reason="Wait").text
    assert [f'{ORDER}/{verb}"' in held for verb in ("pack", "ship", "release")] == [
        False,
        False,
        True,
    ]
