"""Points 1, 3, 6, 7–11: the connection, orders by reference, jobs, feeds, cursors."""

import uuid

import pytest
import requests
from warehouse import DEADLINE, Client, Warehouse, external, line, order, until


def test_the_connection_tells_what_the_warehouse_can_do(client: Client) -> None:
    found = client.ask("GET", "/connection").json()
    assert found["account"] == "ACME"
    assert found["max_batch"] == 10
    assert [item["code"] for item in found["warehouses"] if item["default"]] == ["WH"]
    for verb in ("cancel", "hold", "order_update", "callbacks"):
        assert found["capabilities"][verb] is True


def test_the_connection_offers_all_there_is(client: Client) -> None:
    found = client.ask("GET", "/connection").json()["capabilities"]
    assert found.pop("inventory_keys") == ["sku", "inventory_item_id"]
    assert found == dict.fromkeys(found, True)


def test_unknown_places_answer_problems(warehouse: Warehouse, client: Client) -> None:
    for method, path in (("GET", "/nothing"), ("DELETE", "/connection"), ("GET", "/orders/batch")):
        answer = client.ask(method, path, checked=False)
        assert answer.status_code == 404
        assert answer.headers["Content-Type"] == "application/problem+json"
    answer = requests.get(f"{warehouse.url}/c/nobody/v1/connection", timeout=DEADLINE)
    assert (answer.status_code, answer.json()["code"]) == (404, "invalid")


def test_an_order_never_received_is_404(client: Client) -> None:
    answer = client.by_reference(404)
    assert (answer.status_code, answer.json()["code"]) == (404, "invalid")


def test_by_reference_needs_an_id(client: Client) -> None:
    assert client.ask("GET", "/orders/by-ref").status_code == 400


def test_an_order_inside_a_job_is_received(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(hold_jobs=True)
    job_id = client.send(order(revision=4)).json()["job"]["id"]
    found = client.by_reference().json()
    assert (found["state"], found["revision"]) == ("received", 4)
    assert (found["job_id"], found["wms_id"]) == (job_id, None)


def test_a_newer_revision_inside_a_job_is_received(warehouse: Warehouse, client: Client) -> None:
    wms_id = client.results(order())[0]["wms_id"]
    warehouse.settings(hold_jobs=True)
    client.send(order(revision=2))
    found = client.by_reference().json()
    assert (found["state"], found["revision"], found["wms_id"]) == ("received", 2, wms_id)


def test_an_accepted_order_is_found(either: Client) -> None:
    wms_id = either.results(order())[0]["wms_id"]
    found = either.by_reference().json()
    assert (found["state"], found["revision"], found["wms_id"]) == ("picking", 1, wms_id)
    assert found["issues"] == []


def test_a_held_order_is_on_hold(client: Client) -> None:
    client.results(order(hold=True))
    assert client.by_reference().json()["state"] == "on_hold"


def test_a_refused_order_was_received_and_says_why(client: Client) -> None:
    client.results(order(lines=[line(sku="UNKNOWN-1")]))
    found = client.by_reference().json()
    assert (found["state"], found["wms_id"]) == ("rejected", None)
    assert found["issues"][0]["code"] == "sku-unknown"


def test_connectors_of_one_account_share_orders(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    same = warehouse.connector(label="Same", account="ACME")
    other = warehouse.connector(label="Other", account="OTHER")
    assert same.by_reference().status_code == 200
    assert other.by_reference().status_code == 404
    job_id = client.by_reference().json()["job_id"]
    assert same.ask("GET", f"/jobs/{job_id}").status_code == 200
    assert other.ask("GET", f"/jobs/{job_id}").status_code == 404


def test_a_job_tells_its_progress(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(hold_jobs=True)
    job_id = client.send(order(1), order(2)).json()["job"]["id"]
    running = until(lambda: (job := client.job(job_id))["status"] == "running" and job)
    assert running["progress"] == {"done": 0, "total": 2}
    assert warehouse.post("jobs/release") == {"released": [job_id]}
    done = client.finished(job_id)
    assert (done["status"], done["progress"]) == ("succeeded", {"done": 2, "total": 2})


def test_letting_go_of_held_jobs_finishes_them(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(hold_jobs=True)
    job_id = client.send(order()).json()["job"]["id"]
    warehouse.settings(hold_jobs=False)
    assert client.finished(job_id)["status"] == "succeeded"


def test_a_job_that_died_runs_for_ever_while_its_orders_go_their_way(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(jobs_die_after=1)
    job_id = client.send(order(1), order(2)).json()["job"]["id"]
    until(lambda: client.by_reference(1).json()["state"] == "picking")
    warehouse.settings(jobs_die_after=None)
    job = client.job(job_id)
    assert (job["status"], job["progress"]["done"], job["results"]) == ("running", 0, [])
    assert client.by_reference(2).json()["state"] == "received"
    warehouse.post("jobs/release")
    assert [each["status"] for each in client.finished(job_id)["results"]] == ["created"] * 2


def test_other_settings_leave_running_jobs_alone(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(job_seconds=60)
    job_id = client.send(order()).json()["job"]["id"]
    warehouse.settings(max_batch=5)
    assert client.job(job_id)["status"] == "queued"
    warehouse.post("jobs/release")
    assert client.finished(job_id)["status"] == "succeeded"


def test_a_connector_worked_by_hand_waits_for_its_run(warehouse: Warehouse, client: Client) -> None:
    patched = warehouse.http.patch(
        f"{warehouse.url}/sandbox/connectors/{client.id}", json={"automatic": False}
    )
    assert patched.json()["automatic"] is False
    job_id = client.send(order()).json()["job"]["id"]
    until(lambda: client.job(job_id)["status"] == "running")
    warehouse.settings(hold_jobs=False)
    assert client.job(job_id)["status"] == "running"
    assert warehouse.post(f"connectors/{client.id}/run") == {"released": [job_id]}
    assert client.finished(job_id)["status"] == "succeeded"


@pytest.mark.parametrize(
    ("skus", "status"),
    [
        (["A", "B"], "succeeded"),
        (["A", "UNKNOWN-1"], "partial"),
        (["UNKNOWN-1", "UNKNOWN-1"], "failed"),
    ],
)
def test_a_job_ends_as_its_orders_did(client: Client, skus: list[str], status: str) -> None:
    orders = [order(number, lines=[line(sku=sku)]) for number, sku in enumerate(skus)]
    job = client.finished(client.send(*orders).json()["job"]["id"])
    assert (job["status"], len(job["results"])) == (status, 2)


def test_a_job_that_never_was_is_404(client: Client) -> None:
    for path in (f"/jobs/{uuid.uuid4()}", "/jobs/x", f"/jobs/{uuid.uuid4()}/log"):
        assert client.ask("GET", path).status_code == 404


def test_the_queue_log_tells_each_order(client: Client) -> None:
    bad = order(2, lines=[line(sku="UNKNOWN-1")])
    job_id = client.send(order(1), bad).json()["job"]["id"]
    client.finished(job_id)
    page = client.ask("GET", f"/jobs/{job_id}/log").json()
    assert [item["seq"] for item in page["items"]] == [1, 2, 3, 4, 5]
    assert page["next_cursor"] is None
    told = {item.get("external_id"): (item["level"], item["message"]) for item in page["items"]}
    assert told[external(1)] == ("info", "Created as W-00001, revision 1.")
    assert told[external(2)][0] == "error"
    assert "UNKNOWN-1" in told[external(2)][1]


def test_the_queue_log_comes_in_pages(client: Client) -> None:
    job_id = client.send(order(1), order(2)).json()["job"]["id"]
    client.finished(job_id)
    seen, cursor = [], ""
    while cursor is not None:
        query = {"cursor": cursor, "limit": "2"}
        page = client.ask("GET", f"/jobs/{job_id}/log", params=query).json()
        seen += [item["seq"] for item in page["items"]]
        cursor = page["next_cursor"]
    assert seen == [1, 2, 3, 4, 5]


FEEDS = ["shipments", "inventory", "returns", "cancellations"]


@pytest.mark.parametrize("feed", FEEDS)
def test_feeds_are_empty_and_can_be_continued(client: Client, feed: str) -> None:
    first = client.ask("GET", f"/{feed}", params={"limit": "200"}).json()
    assert (first["items"], first["has_more"]) == ([], False)
    again = client.ask("GET", f"/{feed}", params={"cursor": first["next_cursor"]})
    assert again.json() == first


@pytest.mark.parametrize("feed", FEEDS)
@pytest.mark.parametrize("limit", ["0", "201", "-1", "many"])
def test_limits_are_kept(client: Client, feed: str, limit: str) -> None:
    assert client.ask("GET", f"/{feed}", params={"limit": limit}).status_code == 400


def test_a_cursor_of_another_life_has_expired(warehouse: Warehouse, client: Client) -> None:
    cursor = client.ask("GET", "/shipments").json()["next_cursor"]
    assert client.ask("GET", "/inventory", params={"cursor": cursor}).status_code == 400
    assert client.ask("GET", "/shipments", params={"cursor": "nonsense"}).status_code == 400
    warehouse.post("reset")
    born_again = warehouse.connector(label="Shop")
    answer = born_again.ask("GET", "/shipments", params={"cursor": cursor})
    assert answer.status_code == 410
