"""Faults on demand: each does to a client what its name says, and says so in the ledger."""

import socket
import time

import pytest
import requests
from warehouse import Client, Warehouse, external, order


def last(warehouse: Warehouse) -> dict:
    return warehouse.ledger("request")[-1]


def test_drop_before_does_nothing(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("batch", "drop_before")
    with pytest.raises(requests.ConnectionError):
        client.send(order(), key="k")
    assert client.by_reference().status_code == 404
    dropped = warehouse.ledger("request")[0]
    assert (dropped["status"], dropped["fault"]) == (None, "drop_before")
    assert dropped["orders"] == [[external(1), 1]]


def test_drop_after_has_done_it(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(mode="sync")
    warehouse.fault("batch", "drop_after")
    with pytest.raises(requests.ConnectionError):
        client.send(order(), key="k")
    assert client.by_reference().json()["state"] == "picking"
    again = client.send(order(), key="k")
    assert again.json()["results"][0]["status"] == "created"
    assert warehouse.applied() == [(external(1), 1)]


def test_delay_answers_late(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("connection", "delay", 0.2)
    begun = time.monotonic()
    assert client.ask("GET", "/connection").status_code == 200
    assert time.monotonic() - begun >= 0.2


def test_status_answers_without_doing(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("batch", "status", {"status": 429, "retry_after": 7}, times=2)
    for _ in range(2):
        answer = client.send(order(), key="k")
        assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
        assert answer.json()["code"] == "rate-limited"
    assert client.send(order(), key="k").status_code == 202


def test_status_refuses_in_words_of_its_own(warehouse: Warehouse, client: Client) -> None:
    refusal = {"status": 422, "code": "invalid", "detail": "Wave 7 is closed."}
    warehouse.fault("batch", "status", refusal)
    answer = client.send(order(), key="k")
    assert answer.status_code == 422
    assert (answer.json()["code"], answer.json()["detail"]) == ("invalid", "Wave 7 is closed.")


def test_a_broken_server_answers_no_problem_document(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("by-ref", "status", 502)
    answer = client.ask("GET", "/orders/by-ref?external_id=x", checked=False)
    assert (answer.status_code, answer.headers["Content-Type"][:10]) == (502, "text/plain")


@pytest.mark.parametrize(("value", "text"), [(None, "<html>"), ("shape", '{"ok": true}')])
def test_garbage_is_not_the_contract(
    warehouse: Warehouse, client: Client, value: str | None, text: str
) -> None:
    warehouse.settings(mode="sync")
    warehouse.fault("batch", "garbage", value)
    assert client.send(order(), checked=False).text.startswith(text)
    assert warehouse.applied() == [(external(1), 1)]


def test_redirect_leads_elsewhere(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("any", "redirect", "http://127.0.0.1:9/")
    answer = client.ask("GET", "/connection", checked=False, allow_redirects=False)
    assert (answer.status_code, answer.headers["Location"]) == (307, "http://127.0.0.1:9/")


def test_huge_is_more_than_twenty_megabytes(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("job", "huge")
    size = 0
    with client.ask("GET", "/jobs/x", checked=False, stream=True) as answer:
        for block in answer.iter_content(1 << 20):
            size += len(block)
    assert size > 20 * 1024 * 1024


def test_slow_drip_comes_byte_by_byte(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("connection", "slow_drip", 30)
    with client.ask("GET", "/connection", checked=False, stream=True) as answer:
        assert answer.status_code == 200
        assert next(answer.iter_content(1)) == b"{"
    warehouse.http.close()
    assert warehouse.http.get(f"{warehouse.url}/healthz").status_code == 200


def test_a_fault_strikes_only_where_it_stands(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("batch", "drop_before", times=None)
    assert client.ask("GET", "/connection").status_code == 200
    other = warehouse.connector(label="Other", account="OTHER")
    rule = {"where": "any", "do": "status", "value": 500, "connector": client.id}
    warehouse.http.put(f"{warehouse.url}/sandbox/faults", json=[rule])
    assert client.ask("GET", "/connection", checked=False).status_code == 500
    assert other.ask("GET", "/connection").status_code == 200


def test_a_fault_strikes_only_requests_that_match(warehouse: Warehouse, client: Client) -> None:
    rule = {"where": "cancel", "do": "status", "value": 500, "match": "gid://it/2"}
    warehouse.http.put(f"{warehouse.url}/sandbox/faults", json=[rule])
    asked = [
        client.ask("POST", "/orders/cancel", checked=False, json={"external_id": f"gid://it/{n}"})
        for n in (1, 2)
    ]
    assert [answer.status_code for answer in asked] == [422, 500]


def test_times_count_down(warehouse: Warehouse, client: Client) -> None:
    warehouse.fault("connection", "status", 503, times=2)
    client.ask("GET", "/connection", checked=False)
    left = warehouse.http.get(f"{warehouse.url}/sandbox/faults").json()
    assert [rule["times"] for rule in left] == [1]
    client.ask("GET", "/connection", checked=False)
    assert warehouse.http.get(f"{warehouse.url}/sandbox/faults").json() == []


@pytest.mark.parametrize(
    "rules",
    [
        None,
        {},
        [5],
        [{"do": "explode"}],
        [{"where": "nowhere", "do": "delay"}],
        [{"do": "delay", "times": 0}],
        [{"do": "delay", "times": "two"}],
        [{"do": "delay", "value": "long"}],
        [{"do": "status", "value": "bad"}],
        [{"do": "status", "value": {"status": 42}}],
        [{"do": "status", "value": {"status": 422, "code": "of-our-own"}}],
    ],
)
def test_a_fault_that_makes_no_sense_is_refused(warehouse: Warehouse, rules: object) -> None:
    answer = warehouse.http.put(f"{warehouse.url}/sandbox/faults", json=rules)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_a_client_that_leaves_harms_nobody(warehouse: Warehouse, client: Client) -> None:
    host, port = warehouse.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(b"GET /c/x/v1/connection HTTP/1.1\r\n")
    assert client.ask("GET", "/connection").status_code == 200
