"""The Cloud App's pages: every button does what it says, every word has its Italian."""

import re
from pathlib import Path
from typing import Any

import pytest
import requests
from warehouse import Client, Warehouse, external, line, order, until

import sandbox.wms
from sandbox.wms.words import ITALIAN

PACKAGE = Path(sandbox.wms.__file__).parent


def page(warehouse: Warehouse, path: str, **options: str) -> str:
    answer = warehouse.http.get(f"{warehouse.url}{path}", **options)
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    return answer.text


def press(warehouse: Warehouse, path: str, **form: str) -> requests.Response:
    return warehouse.http.post(f"{warehouse.url}{path}", data=form)


def test_a_connector_is_added_by_hand(warehouse: Warehouse) -> None:
    assert "No connectors yet" in page(warehouse, "/")
    assert "Save and continue" in page(warehouse, "/connectors/new")
    shown = press(
        warehouse, "/connectors", label="My shop", technology="Shopify via Tagdock", account="ACME"
    )
    made = warehouse.http.get(f"{warehouse.url}/sandbox/connectors").json()[0]
    assert shown.url == f"{warehouse.url}/connectors/{made['id']}"
    for text in (made["token"], made["app_url"], "My shop", "Milano", "Run a job immediately"):
        assert text in shown.text
    assert "My shop" in page(warehouse, "/")


def test_a_connector_without_a_label_is_refused_in_words(warehouse: Warehouse) -> None:
    shown = press(warehouse, "/connectors", label=" ", technology="x", account="ACME")
    assert shown.status_code == 422
    assert "label must not be empty." in shown.text


def test_a_connectors_buttons(warehouse: Warehouse, client: Client) -> None:
    place = f"/connectors/{client.id}"
    press(warehouse, f"{place}/token")
    assert client.ask("GET", "/connection").status_code == 401
    client.token = warehouse.http.get(f"{warehouse.url}/sandbox/connectors").json()[0]["token"]
    press(warehouse, f"{place}/switch")
    assert client.ask("GET", "/connection").status_code == 403
    press(warehouse, f"{place}/remove")
    assert client.ask("GET", "/connection").status_code == 404


def test_automatic_processes_off_waits_for_the_button(warehouse: Warehouse, client: Client) -> None:
    press(warehouse, f"/connectors/{client.id}/advanced", job_seconds="0")
    job_id = client.send(order()).json()["job"]["id"]
    until(lambda: client.job(job_id)["status"] == "running")
    assert "Process received orders (1)" in page(warehouse, f"/connectors/{client.id}")
    press(warehouse, f"/connectors/{client.id}/run")
    assert client.finished(job_id)["status"] == "succeeded"


def test_orders_can_be_found_and_opened(warehouse: Warehouse, client: Client) -> None:
    assert "No orders yet" in page(warehouse, "/orders")
    client.results(order(1), order(2, lines=[line(sku="ODD<b>")]))
    client.results(order(1, 2))
    assert "#1001" in page(warehouse, "/orders")
    found = page(warehouse, "/orders?q=odd%3Cb")
    assert "#1002" in found
    assert "#1001" not in found
    assert "ODD<b>" not in found
    assert "Nothing matches." in page(warehouse, "/orders?state=shipped")
    opened = page(warehouse, "/orders/ACME/W-00001")
    assert opened.count("applied") >= 2
    assert external(1) in opened


def test_a_refused_order_is_mended_by_a_button(warehouse: Warehouse, client: Client) -> None:
    bad = order(lines=[line(sku="UNKNOWN-1")])
    client.results(bad)
    shown = page(warehouse, "/orders")
    assert "No item here has SKU UNKNOWN-1." in shown
    assert 'value="UNKNOWN-1"' in shown
    press(warehouse, "/stock/add", sku="UNKNOWN-1")
    assert client.results(bad)[0]["status"] == "created"
    assert "Refused" not in page(warehouse, "/orders")


def test_a_sku_can_be_forgotten(warehouse: Warehouse, client: Client) -> None:
    assert "<code>TS-1</code>" in press(warehouse, "/stock/forget", sku=" TS-1 ").text
    assert client.results(order())[0]["status"] == "rejected"


def test_stock_tells_what_orders_want_and_what_is_missing(
    warehouse: Warehouse, client: Client
) -> None:
    client.results(order(1), order(2, lines=[line(sku="MUG")]))
    assert [(row["sku"], row["wanted"]) for row in rows(warehouse, "stock")] == [
        ("MUG", 3),
        ("TS-1", 3),
        ("UNKNOWN-1", 0),
    ]
    press(warehouse, "/stock/missing", sku="TS-1")
    assert client.results(order(3))[0]["status"] == "created_with_issues"
    assert "Out of stock" in page(warehouse, "/stock?q=ts-1")
    assert "MUG" not in page(warehouse, "/stock?q=ts-1")
    press(warehouse, "/stock/arrived", sku="TS-1")
    assert client.by_reference(3).json()["state"] == "picking"
    assert press(warehouse, "/stock/burn", sku="TS-1").status_code == 404


def rows(warehouse: Warehouse, path: str) -> Any:
    return warehouse.http.get(f"{warehouse.url}/sandbox/{path}").json()


def test_a_warehouse_is_added_made_default_and_removed(
    warehouse: Warehouse, client: Client
) -> None:
    shown = press(warehouse, "/warehouses", code=" WH-3 ", name="Torino")
    assert "WH-3" in shown.text
    assert client.results(order(warehouse="WH-3"))[0]["status"] == "created"
    assert rows(warehouse, "warehouses")[-1]["open"] == 1
    press(warehouse, "/warehouses/default", code="WH-3")
    found = client.ask("GET", "/connection").json()["warehouses"]
    assert [item["code"] for item in found if item["default"]] == ["WH-3"]
    press(warehouse, "/warehouses/remove", code="WH")
    assert client.results(order(2))[0]["problem"]["code"] == "warehouse-unknown"


@pytest.mark.parametrize(
    ("path", "form", "status"),
    [
        ("/warehouses", {"code": "WH", "name": "Again"}, 422),
        ("/warehouses", {"code": "", "name": "Nameless"}, 422),
        ("/warehouses/remove", {"code": "WH"}, 409),
        ("/warehouses/remove", {"code": "NONE"}, 404),
        ("/warehouses/sell", {"code": "WH-2"}, 404),
    ],
)
def test_a_warehouse_that_makes_no_sense_is_refused(
    warehouse: Warehouse, path: str, form: dict, status: int
) -> None:
    before = rows(warehouse, "warehouses")
    assert press(warehouse, path, **form).status_code == status
    assert rows(warehouse, "warehouses") == before


def test_warehouses_change_through_the_control_api(warehouse: Warehouse) -> None:
    made = warehouse.post("warehouses", code="WH-3", name="Torino")
    assert [item["code"] for item in made] == ["WH", "WH-2", "WH-3"]
    place = f"{warehouse.url}/sandbox/warehouses"
    assert warehouse.http.delete(f"{place}/WH-2").status_code == 204
    assert warehouse.http.delete(f"{place}/WH").status_code == 409
    assert [item["code"] for item in rows(warehouse, "warehouses")] == ["WH", "WH-3"]


def test_staff_hold_release_and_pack_an_order(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    there = "/orders/ACME/W-00001"
    held = press(warehouse, f"{there}/hold", reason="Damaged <box>")
    assert "This order is on hold." in held.text
    assert "Damaged &lt;box&gt;" in held.text
    assert client.by_reference().json()["state"] == "on_hold"
    assert press(warehouse, f"{there}/pack").status_code == 409
    assert "This order is on hold." not in press(warehouse, f"{there}/release").text
    packed = press(warehouse, f"{there}/pack")
    assert [word in packed.text for word in ("held", "released", "packed")] == [True] * 3
    assert press(warehouse, f"{there}/hold").status_code == 409
    assert press(warehouse, f"{there}/eat").status_code == 404
    assert client.by_reference().json()["state"] == "packed"


def test_the_order_page_shows_what_the_app_sent(warehouse: Warehouse, client: Client) -> None:
    cod = {"kind": "cod", "paid": False, "cod_amount": {"amount": "59.70", "currency": "EUR"}}
    defaults = {"print_pick_sheet": "yes", "dock": "3"}
    client.results(order(payment=cod, ship_by="2026-12-01T12:00:00Z", defaults=defaults))
    shown = page(warehouse, "/orders/ACME/W-00001")
    for text in ("Cash on delivery: 59.70 EUR", "2026-12-01T12:00:00Z", "Ring twice", "gift"):
        assert text in shown
    assert "Print pick sheet <bdi>yes</bdi>" in shown
    assert "<code>dock</code> <bdi>3</bdi>" in shown


def test_the_queue_log_shows_a_jobs_orders_and_lines(warehouse: Warehouse, client: Client) -> None:
    assert "No jobs yet" in page(warehouse, "/log")
    job_id = client.send(order(), order(2, lines=[line(sku="UNKNOWN-1")])).json()["job"]["id"]
    client.finished(job_id)
    listed = page(warehouse, "/log")
    for text in (job_id, "partial", "1 created", "1 rejected"):
        assert text in listed
    opened = page(warehouse, f"/log/{job_id}")
    for text in ("Created as W-00001, revision 1.", "/orders/ACME/W-00001", external(2)):
        assert text in opened
    assert opened.count("No item here has SKU UNKNOWN-1.") == 2
    assert "POST /orders/batch" in page(warehouse, "/log/requests")
    assert "No callbacks yet." in page(warehouse, "/log/callbacks")


def test_the_queue_log_is_searched_by_job_order_and_state(
    warehouse: Warehouse, client: Client
) -> None:
    jobs = [client.send(order(number)).json()["job"]["id"] for number in (1, 2)]
    for job_id in jobs:
        client.finished(job_id)
    for query in (f"q={jobs[0]}", f"q={jobs[0][:13].upper()}", f"q={external(1)}"):
        found = page(warehouse, f"/log?{query}")
        assert [job_id in found for job_id in jobs] == [True, False]
    assert "Nothing matches." in page(warehouse, "/log?status=failed")
    assert jobs[1] in page(warehouse, "/log?status=succeeded")


def test_an_unfinished_job_refreshes_itself(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(hold_jobs=True)
    job_id = client.send(order()).json()["job"]["id"]
    assert 'http-equiv="refresh"' in page(warehouse, f"/log/{job_id}")
    assert "1 received orders wait in jobs." in page(warehouse, "/orders")


def test_faults_are_set_and_removed_by_hand(warehouse: Warehouse, client: Client) -> None:
    place = f"{warehouse.url}/sandbox/faults"
    press(warehouse, "/faults", where="batch", do="delay", value="0.1", times="2")
    press(warehouse, "/faults", where="any", do="redirect", value="http://x", times="")
    rules = warehouse.http.get(place).json()
    assert [(rule["value"], rule["times"]) for rule in rules] == [(0.1, 2), ("http://x", None)]
    press(warehouse, "/faults/remove", index="0")
    assert [rule["do"] for rule in warehouse.http.get(place).json()] == ["redirect"]
    press(warehouse, "/faults/remove")
    assert warehouse.http.get(place).json() == []
    assert "Everything works as it should" in page(warehouse, "/faults")


def test_behaviour_is_changed_by_hand(warehouse: Warehouse, client: Client) -> None:
    press(warehouse, "/behaviour", mode="sync", job_seconds="0", max_batch="3", lacks="sla")
    assert client.ask("GET", "/connection").json()["capabilities"]["sla"] is False
    assert client.ask("GET", "/connection").json()["max_batch"] == 3
    assert client.send(order()).status_code == 200
    wrong = press(warehouse, "/behaviour", mode="sync", job_seconds="0", max_batch="many")
    assert (wrong.status_code, "max_batch must be a number." in wrong.text) == (422, True)


def test_long_lists_say_how_much_they_leave_out(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(mode="sync", max_batch=100)
    client.results(*(order(number) for number in range(70)))
    client.results(*(order(number) for number in range(70, 130)))
    assert "Showing the newest 100 of 130." in page(warehouse, "/orders")


@pytest.mark.parametrize("path", ["/orders/ACME/W-9", "/log/none", "/connectors/none"])
def test_what_is_not_there_says_so(warehouse: Warehouse, path: str) -> None:
    answer = warehouse.http.get(f"{warehouse.url}{path}")
    assert answer.status_code == 404
    assert "There is no" in answer.text


def test_foreign_pages_cannot_press_buttons(warehouse: Warehouse, client: Client) -> None:
    answer = warehouse.http.post(
        f"{warehouse.url}/connectors/{client.id}/remove", headers={"Origin": "https://evil.example"}
    )
    assert answer.status_code == 403
    assert client.ask("GET", "/connection").status_code == 200


def test_the_language_follows_browser_and_choice(warehouse: Warehouse) -> None:
    italian = {"Accept-Language": "it-IT,it;q=0.9"}
    shown = warehouse.http.get(f"{warehouse.url}/", headers=italian).text
    assert '<html lang="it">' in shown
    assert "Ambiente di prova. Nessun ordine reale" in shown
    page(warehouse, "/language/en")
    chosen = warehouse.http.get(f"{warehouse.url}/", headers=italian).text
    assert "Sandbox. No real orders" in chosen


def test_every_word_has_its_italian() -> None:
    templates = [path.read_text() for path in (PACKAGE / "templates").glob("*.html")]
    pattern = re.compile(r'\bt\(["\'](.+?)["\'][),]')
    used = {phrase for text in templates for phrase in pattern.findall(text)}
    assert used - ITALIAN.keys() == set()
