"""Points 4 and 5: cancel, hold, release, ship-by."""

from typing import Any

import pytest
from warehouse import Client, Warehouse, external, line, order

LINE = "gid://shopify/LineItem/1"


def state(client: Client) -> Any:
    return client.by_reference().json()["state"]


def test_an_order_is_cancelled(client: Client) -> None:
    client.results(order())
    answer = client.cancel()
    assert (answer.status_code, answer.json()) == (200, {"outcome": "cancelled"})
    assert state(client) == "cancelled"


def test_cancelling_again_changes_nothing(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    assert client.cancel().json() == client.cancel().json()
    assert [entry["outcome"] for entry in warehouse.ledger("cancelled")] == ["cancelled"] * 2


def test_quantities_are_absolute(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    for _ in range(2):
        part = client.cancel(lines=[{"line_id": LINE, "cancelled_quantity": 2}])
        assert part.json() == {"outcome": "partially_cancelled"}
    assert warehouse.orders()[0]["lines"][0]["cancelled_quantity"] == 2
    rest = client.cancel(lines=[{"line_id": LINE, "cancelled_quantity": 3}])
    assert rest.json() == {"outcome": "cancelled"}


@pytest.mark.parametrize(("line_id", "quantity"), [(LINE, 4), ("gid://shopify/LineItem/9", 1)])
def test_more_than_there_is_cannot_be_cancelled(
    client: Client, line_id: str, quantity: int
) -> None:
    client.results(order())
    answer = client.cancel(lines=[{"line_id": line_id, "cancelled_quantity": quantity}])
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert state(client) == "picking"


def test_after_cancelling_lower_revisions_are_duplicates(client: Client) -> None:
    client.results(order(revision=2))
    client.cancel(revision=4)
    for revision in (1, 2, 3, 4):
        late = client.results(order(revision=revision, note="other"))[0]
        assert (late["status"], late["revision"]) == ("duplicate", revision)
    assert state(client) == "cancelled"


def test_a_higher_revision_reopens(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    client.cancel(revision=1)
    assert client.results(order(revision=2))[0]["status"] == "updated"
    assert state(client) == "picking"
    assert warehouse.orders()[0]["lines"][0]["cancelled_quantity"] == 0


def test_an_old_cancellation_does_not_touch_a_newer_revision(client: Client) -> None:
    client.results(order(revision=3))
    answer = client.cancel(revision=2)
    assert (answer.status_code, answer.json()["code"]) == (409, "revision-conflict")
    assert state(client) == "picking"


def test_what_is_packed_is_too_late(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    warehouse.put("orders/state", external_id=external(1), state="packed")
    for answer in (client.cancel(), client.change("hold"), client.change("sla", ship_by=None)):
        assert (answer.status_code, answer.json()["code"]) == (409, "too-late")
    late = client.results(order(revision=2))[0]
    assert (late["status"], late["problem"]["code"]) == ("rejected", "too-late")


def test_an_order_never_received_cannot_be_changed(client: Client) -> None:
    for answer in (client.cancel(), client.change("hold"), client.change("release")):
        assert answer.status_code == 404


def test_cancelling_inside_a_job_is_pending(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(hold_jobs=True)
    job_id = client.send(order()).json()["job"]["id"]
    assert client.cancel().json() == {"outcome": "pending"}
    warehouse.post("jobs/release")
    assert client.finished(job_id)["results"][0]["status"] == "created"
    assert state(client) == "cancelled"


def test_a_pending_change_that_comes_too_late_stops_no_job(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(hold_jobs=True)
    job_id = client.send(order(1, 5), order(2)).json()["job"]["id"]
    assert client.cancel(1, revision=4).json() == {"outcome": "pending"}
    warehouse.settings(hold_jobs=False)
    assert client.finished(job_id)["status"] == "succeeded"
    assert state(client) == "picking"
    assert warehouse.ledger("change_refused")[0]["code"] == "revision-conflict"


def test_a_pending_change_to_a_refused_order_is_forgotten(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(hold_jobs=True)
    job_id = client.send(order(lines=[line(sku="UNKNOWN-1")])).json()["job"]["id"]
    client.cancel()
    warehouse.settings(hold_jobs=False)
    client.finished(job_id)
    assert client.results(order())[0]["status"] == "created"
    assert state(client) == "picking"


def test_hold_and_release(client: Client) -> None:
    client.results(order())
    assert client.change("hold", reason="fraud check").json()["state"] == "on_hold"
    assert client.change("hold").json()["state"] == "on_hold"
    assert client.change("release").json()["state"] == "picking"
    assert state(client) == "picking"


def test_holding_inside_a_job_takes_effect_with_it(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(hold_jobs=True)
    job_id = client.send(order()).json()["job"]["id"]
    assert client.change("hold").json()["state"] == "received"
    warehouse.settings(hold_jobs=False)
    client.finished(job_id)
    assert state(client) == "on_hold"


def test_ship_by_changes(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    answer = client.change("sla", ship_by="2026-12-01T12:00:00Z")
    assert answer.json()["ship_by"] == "2026-12-01T12:00:00Z"
    assert warehouse.orders()[0]["ship_by"] == "2026-12-01T12:00:00Z"


@pytest.mark.parametrize(
    ("verb", "body", "field"),
    [
        ("cancel", {"external_id": "x", "initiator": "seller"}, "revision"),
        ("cancel", {"external_id": "x", "revision": 1}, "initiator"),
        (
            "cancel",
            {"external_id": "x", "revision": 1, "initiator": "seller", "lines": []},
            "lines",
        ),
        ("hold", {}, "external_id"),
        ("sla", {"external_id": "x"}, "ship_by"),
        ("sla", {"external_id": "x", "ship_by": "soon"}, "ship_by"),
    ],
)
def test_a_malformed_request_is_refused_by_name(
    client: Client, verb: str, body: dict, field: str
) -> None:
    answer = client.ask("POST", f"/orders/{verb}", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert field in answer.json()["detail"]
