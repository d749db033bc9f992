"""Point 2 of the connector API: batches, keys, identity, judgement."""

import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import Mock

import pytest
import requests
from warehouse import DEADLINE, Client, Warehouse, external, line, order

from sandbox.wms import strikes


def outcome(result: dict) -> tuple:
    return result["status"], result.get("problem", {}).get("code")


def test_sync_mode_answers_with_results(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(mode="sync")
    answer = client.send(order(1), order(2))
    assert answer.status_code == 200
    assert [item["status"] for item in answer.json()["results"]] == ["created", "created"]
    assert client.job(answer.json()["job"]["id"])["status"] == "succeeded"


def test_async_mode_answers_with_a_job(client: Client) -> None:
    answer = client.send(order(1))
    assert answer.status_code == 202
    assert "results" not in answer.json()
    assert str(uuid.UUID(answer.json()["job"]["id"])) == answer.json()["job"]["id"]


def test_results_keep_the_order_and_carry_identity(either: Client) -> None:
    results = either.results(order(3, 7), order(1, 2))
    found = [(item["external_id"], item["revision"]) for item in results]
    assert found == [(external(3), 7), (external(1), 2)]
    assert len({item["wms_id"] for item in results}) == 2


def test_same_key_and_body_gets_the_first_answer_again(
    warehouse: Warehouse, either: Client
) -> None:
    first, second = either.send(order(), key="k"), either.send(order(), key="k")
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    either.finished(first.json()["job"]["id"])
    assert warehouse.applied() == [(external(1), 1)]
    assert [entry["replayed"] for entry in warehouse.ledger("request")][:2] == [False, True]


def test_same_key_with_another_body_is_refused(warehouse: Warehouse, either: Client) -> None:
    either.send(order(), key="k")
    answer = either.send(order(2), key="k")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert either.by_reference(2).status_code == 404


def test_a_key_still_running_answers_409(
    warehouse: Warehouse, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, told = threading.Event(), threading.Event()
    linger = Mock(sleep=lambda _: begun.set() or told.wait(DEADLINE))
    monkeypatch.setattr(strikes, "time", linger)
    warehouse.settings(mode="sync")
    warehouse.fault("batch", "delay")
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(client.send, order(), key="k")
        assert begun.wait(DEADLINE)
        second = client.send(order(), key="k")
        told.set()
        first = running.result()
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["code"] == "duplicate"
    assert client.send(order(), key="k").json() == first.json()


def test_keys_of_another_account_are_other_keys(warehouse: Warehouse, client: Client) -> None:
    client.send(order(1), key="k")
    other = warehouse.connector(label="Other", account="OTHER")
    assert other.send(order(2), key="k").status_code == 202


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_batch_needs_a_key(client: Client, key: str) -> None:
    answer = client.ask(
        "POST", "/orders/batch", json={"orders": [order()]}, headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 400
    assert "Idempotency-Key" in answer.json()["detail"]


def test_more_than_max_batch_is_too_large(client: Client) -> None:
    answer = client.send(*(order(number) for number in range(11)))
    assert (answer.status_code, answer.json()["code"]) == (413, "invalid")
    assert client.by_reference(1).status_code == 404


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"orders": {}}', b'{"orders": []}', b"\xff", b"[" * 50000]
)
def test_a_body_that_holds_no_orders_is_refused(client: Client, body: bytes) -> None:
    headers = {"Idempotency-Key": "k", "Content-Type": "application/json"}
    answer = client.ask("POST", "/orders/batch", data=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


def test_an_equal_revision_with_the_same_content_is_duplicate(either: Client) -> None:
    first = either.results(order())[0]
    second = either.results(dict(reversed(order().items())))[0]
    assert (second["status"], second["wms_id"]) == ("duplicate", first["wms_id"])


def test_a_lower_revision_is_duplicate(warehouse: Warehouse, either: Client) -> None:
    either.results(order(revision=5))
    lower = either.results(order(revision=4, note="older", lines=[line(sku="UNKNOWN-1")]))[0]
    assert (lower["status"], lower["revision"]) == ("duplicate", 4)
    assert either.by_reference().json()["revision"] == 5


def test_an_equal_revision_with_other_content_is_a_conflict(either: Client) -> None:
    either.results(order())
    assert outcome(either.results(order(note="other"))[0]) == ("rejected", "revision-conflict")
    assert outcome(either.results(order())[0]) == ("duplicate", None)


def test_a_higher_revision_updates(warehouse: Warehouse, either: Client) -> None:
    first = either.results(order())[0]
    second = either.results(order(revision=2, lines=[line(quantity=1)]))[0]
    assert (second["status"], second["wms_id"]) == ("updated", first["wms_id"])
    assert warehouse.orders()[0]["lines"][0]["quantity"] == 1
    assert warehouse.applied() == [(external(1), 1), (external(1), 2)]


def test_one_bad_order_never_fails_the_batch(either: Client) -> None:
    bad = order(2, lines=[line(sku="UNKNOWN-1")])
    results = either.results(order(1), bad, order(3))
    assert [item["status"] for item in results] == ["created", "rejected", "created"]
    assert results[1]["problem"]["detail"] == "No item here has SKU UNKNOWN-1."


def test_a_rejected_revision_leaves_no_trace(warehouse: Warehouse, either: Client) -> None:
    bad = order(lines=[line(sku="UNKNOWN-1")])
    assert outcome(either.results(bad)[0]) == ("rejected", "sku-unknown")
    assert warehouse.orders() == []
    warehouse.settings(unknown_skus=[])
    assert outcome(either.results(bad)[0]) == ("created", None)
    assert warehouse.applied() == [(external(1), 1)]


def test_a_rejected_revision_may_come_back_with_other_content(either: Client) -> None:
    either.results(order(lines=[line(sku="UNKNOWN-1")]))
    assert outcome(either.results(order())[0]) == ("created", None)


def test_a_rejected_update_leaves_the_order_as_it_was(warehouse: Warehouse, either: Client) -> None:
    either.results(order())
    either.results(order(revision=2, warehouse="NOWHERE"))
    assert either.by_reference().json()["revision"] == 1
    assert warehouse.orders()[0]["warehouse"] == "WH"


def test_all_skus_can_be_accepted(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(accept_all_skus=True)
    assert outcome(client.results(order(lines=[line(sku="UNKNOWN-1")]))[0]) == ("created", None)


def test_an_unknown_warehouse_is_named(client: Client) -> None:
    result = client.results(order(warehouse="NOWHERE"))[0]
    assert outcome(result) == ("rejected", "warehouse-unknown")
    assert "NOWHERE" in result["problem"]["detail"]


def test_a_shortage_is_an_issue_not_a_refusal(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(out_of_stock_skus=["TS-1"])
    assert outcome(client.results(order())[0]) == ("created_with_issues", "out-of-stock")
    found = client.by_reference().json()
    assert (found["state"], found["issues"][0]["code"]) == ("awaiting_stock", "out-of-stock")


def test_addresses_are_judged(warehouse: Warehouse, client: Client) -> None:
    wrong = order(ship_to={"country_code": "Italy"})
    assert outcome(client.results(wrong)[0]) == ("rejected", "address-invalid")
    warehouse.settings(require_address=True)
    assert outcome(client.results(order(2, ship_to=None))[0]) == ("rejected", "address-invalid")
    assert outcome(client.results(order(3, ship_to=None, method="pickup"))[0]) == ("created", None)
    warehouse.settings(unserved_zips=["07041"])
    far = {"name": "Ada", "zip": "07041", "city": "Alghero", "country_code": "IT"}
    refused = client.results(order(4, ship_to=far))[0]
    assert outcome(refused) == ("rejected", "address-invalid")
    assert refused["problem"]["detail"] == "No carrier goes to 07041 Alghero, for Ada."


def test_a_default_value_that_is_required_must_be_there(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(required_defaults=["payment_terms"])
    declared = client.ask("GET", "/connection").json()["default_fields"]
    assert {each["key"]: each["required"] for each in declared} == {
        "payment_terms": True,
        "customer_number": False,
    }
    bare = client.results(order(defaults={"payment_terms": ""}))[0]
    assert outcome(bare) == ("rejected", "invalid")
    assert "payment terms" in bare["problem"]["detail"]
    told = order(2, defaults={"payment_terms": "30 days"})
    assert outcome(client.results(told)[0]) == ("created", None)


MALFORMED = {
    "revision": {"revision": "1"},
    "revision is": {"revision": 0},
    "lines": {"lines": []},
    "lines[0].quantity": {"lines": [line(quantity="3")]},
    "lines[0].quantity is": {"lines": [line(quantity=0)]},
    "lines[1].sku": {"lines": [line(1), line(2, sku="")]},
    "lines[0].unit_price.amount": {"lines": [line(unit_price={"amount": 1, "currency": "EUR"})]},
    "lines[0].unit_price.currency": {"lines": [line(unit_price={"amount": "1"})]},
    "line_id": {"lines": [line(1), line(1)]},
    "placed_at": {"placed_at": "yesterday"},
    "ship_by": {"ship_by": "2026-11-20"},
    "hold": {"hold": "no"},
    "ship_to": {"ship_to": "Via Roma"},
    "payment.paid": {"payment": {"kind": "cod", "paid": "yes"}},
    "warehouse": {"warehouse": None},
}


@pytest.mark.parametrize("field", MALFORMED)
def test_a_malformed_order_is_rejected_by_name(client: Client, field: str) -> None:
    result = client.results(order(**MALFORMED[field]))[0]
    assert outcome(result) == ("rejected", "invalid")
    assert field in result["problem"]["detail"]


@pytest.mark.parametrize("field", ["external_id", "revision", "number", "lines", "warehouse"])
def test_a_missing_field_is_named(client: Client, field: str) -> None:
    incomplete = {key: value for key, value in order().items() if key != field}
    result = client.results(incomplete)[0]
    assert result["problem"]["detail"].startswith(f"{field} is missing.")


@pytest.mark.parametrize("raw", [5, None, "order", [], {}])
def test_what_is_no_order_at_all_is_rejected(either: Client, raw: object) -> None:
    results = either.results(raw, order())
    assert [item["status"] for item in results] == ["rejected", "created"]
    assert (results[0]["external_id"], results[0]["revision"]) == (None, None)


def test_what_it_does_not_know_it_survives(client: Client) -> None:
    later = order(method="drone", payment={"kind": "barter", "paid": True}, wings=2)
    assert outcome(client.results(later)[0]) == ("created", None)


@pytest.mark.parametrize(
    "text",
    ["\ud800", "\x00", "نص", "😀" * 300],
    ids=["half a pair", "zero", "from the right", "long"],
)
def test_any_text_is_survived(either: Client, text: str) -> None:
    results = either.results(order(note=text), order(2, wings=text), order(3))
    assert [item["status"] for item in results[1:]] == ["created", "created"]


def test_the_same_order_twice_in_a_batch_is_applied_once(
    warehouse: Warehouse, either: Client
) -> None:
    results = either.results(order(), order())
    assert [item["status"] for item in results] == ["created", "duplicate"]
    assert warehouse.applied() == [(external(1), 1)]


def test_concurrent_batches_apply_each_revision_once(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(mode="sync")
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.results(order(1), order(2)), range(16)))
    assert sum(item["status"] == "created" for results in answers for item in results) == 2
    assert sorted(warehouse.applied()) == [(external(1), 1), (external(2), 1)]


def test_the_token_is_needed(client: Client) -> None:
    client.token = "wrong"
    answer = client.ask("GET", "/connection")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    bare = requests.get(f"{client.base}/connection", timeout=DEADLINE)
    assert bare.status_code == 401
    client.contract.check(bare)
