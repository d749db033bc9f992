"""The control API, and the process that serves it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from warehouse import DEADLINE, Client, Warehouse, external, order

ROOT = Path(__file__).parents[3]


def test_a_connector_has_an_address_and_a_token(warehouse: Warehouse) -> None:
    made = warehouse.post("connectors", label="My shop", account="BETA")
    assert made["app_url"] == f"{warehouse.url}/c/{made['id']}"
    assert (made["label"], made["account"]) == ("My shop", "BETA")
    assert len(made["token"]) > 30
    assert warehouse.http.get(f"{warehouse.url}/sandbox/connectors").json() == [made]


@pytest.mark.parametrize("body", [{"label": ""}, {"label": 5}, {"account": " "}])
def test_a_connector_needs_a_name(warehouse: Warehouse, body: dict) -> None:
    answer = warehouse.http.post(f"{warehouse.url}/sandbox/connectors", json=body)
    assert answer.status_code == 422
    assert next(iter(body)) in answer.json()["detail"]


def test_a_rotated_token_ends_the_old_one(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    token = warehouse.post(f"connectors/{client.id}/rotate-token")["token"]
    assert client.ask("GET", "/connection").status_code == 401
    client.token = token
    assert client.by_reference().json()["revision"] == 1


def test_a_connector_can_be_switched_off_and_removed(warehouse: Warehouse, client: Client) -> None:
    place = f"{warehouse.url}/sandbox/connectors/{client.id}"
    warehouse.http.patch(place, json={"enabled": False})
    assert client.ask("GET", "/connection").status_code == 403
    assert warehouse.http.delete(place).status_code == 204
    assert client.ask("GET", "/connection").status_code == 404
    assert warehouse.http.delete(place).status_code == 404


def test_a_removed_connectors_account_keeps_its_orders(warehouse: Warehouse) -> None:
    first = warehouse.connector(account="BETA", label="First")
    first.results(order())
    warehouse.http.delete(f"{warehouse.url}/sandbox/connectors/{first.id}")
    assert warehouse.connector(account="BETA", label="Again").by_reference().status_code == 200


def test_reset_begins_from_nothing(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    warehouse.settings(mode="sync", max_batch=3)
    warehouse.fault("any", "delay", 5)
    warehouse.post("reset")
    assert warehouse.orders() == []
    assert warehouse.ledger() == []
    assert client.ask("GET", "/connection").status_code == 404
    settings = warehouse.http.get(f"{warehouse.url}/sandbox/settings").json()
    assert (settings["mode"], settings["max_batch"]) == ("async", 10)


@pytest.mark.parametrize(
    "changes",
    [
        {"mode": "dream"},
        {"max_batch": 0},
        {"max_batch": 101},
        {"job_seconds": -1},
        {"job_seconds": True},
        {"hold_jobs": "yes"},
        {"jobs_die_after": -1},
        {"unknown_skus": "X"},
        {"warehouses": [{"code": "WH"}]},
        {"carriers": [{"code": "dhl"}]},
        {"metadata_fields": [{"key": "gift", "label": ""}]},
        {"defects": ["laziness"]},
        {"defects": "no_limit"},
        {"retry_seconds": -1},
        {"speed": 1},
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(warehouse: Warehouse, changes: dict) -> None:
    before = warehouse.http.get(f"{warehouse.url}/sandbox/settings").json()
    answer = warehouse.put("settings", **changes)
    assert answer.status_code == 422
    assert next(iter(changes)) in answer.json()["detail"]
    assert warehouse.http.get(f"{warehouse.url}/sandbox/settings").json() == before


def test_settings_show_in_the_connection(warehouse: Warehouse, client: Client) -> None:
    only = {"code": "X", "name": "Only", "default": True}
    carrier, field = {"code": "x", "name": "Ex"}, {"key": "ink", "label": "Ink", "type": "text"}
    warehouse.settings(max_batch=25, warehouses=[only], carriers=[carrier], metadata_fields=[field])
    found = client.ask("GET", "/connection").json()
    assert (found["max_batch"], found["warehouses"]) == (25, [only])
    assert (found["carriers"], found["metadata_fields"]) == ([carrier], [field])


def test_the_ledger_tells_every_request(warehouse: Warehouse, client: Client) -> None:
    mark = warehouse.post("ledger/mark")["seq"]
    client.send(order(1), order(2, 3), key="k")
    entry = warehouse.ledger("request", after=mark)[0]
    assert (entry["method"], entry["status"], entry["key"]) == ("POST", 202, "k")
    assert entry["path"].endswith("/v1/orders/batch")
    assert entry["orders"] == [[external(1), 1], [external(2), 3]]
    assert client.token not in str(entry)


def test_the_ledger_tells_every_applied_revision(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    client.results(order())
    client.results(order(revision=2))
    kinds = [entry["kind"] for entry in warehouse.ledger() if entry["kind"] != "request"]
    assert kinds == ["applied", "duplicate", "applied"]
    first, second = warehouse.ledger("applied")
    assert first["wms_id"] == second["wms_id"]
    assert first["content_hash"] == second["content_hash"]
    seqs = [entry["seq"] for entry in warehouse.ledger()]
    assert seqs == list(range(1, len(seqs) + 1))


def test_the_ledger_refuses_a_strange_mark(warehouse: Warehouse) -> None:
    answer = warehouse.http.get(f"{warehouse.url}/sandbox/ledger", params={"after": "x"})
    assert answer.status_code == 400


def test_orders_show_what_the_warehouse_holds(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    found = warehouse.orders()[0]
    assert (found["external_id"], found["revision"]) == (external(1), 1)
    assert (found["state"], found["number"]) == ("picking", "#1001")
    assert found["lines"][0]["sku"] == "TS-1"
    assert warehouse.http.get(f"{warehouse.url}/sandbox/jobs").json()[0]["id"] == found["job_id"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"external_id": "gone", "state": "packed"}, 404),
        ({"external_id": external(1), "state": "eaten"}, 422),
        ({"external_id": external(1), "state": "packed", "account": "NONE"}, 404),
    ],
)
def test_states_are_set_only_where_they_make_sense(
    warehouse: Warehouse, client: Client, body: dict, status: int
) -> None:
    client.results(order())
    assert warehouse.put("orders/state", **body).status_code == status


def test_the_process_says_when_it_is_ready_and_stops_cleanly() -> None:
    command = [sys.executable, "-m", "sandbox", "wms", "--port", "0", "--mode", "sync"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        word, url = process.stdout.readline().split()
        assert word == "ready"
        assert requests.get(f"{url}/healthz", timeout=DEADLINE).json() == {"ok": True}
        assert requests.get(f"{url}/sandbox/settings", timeout=DEADLINE).json()["mode"] == "sync"
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=DEADLINE) == 0
