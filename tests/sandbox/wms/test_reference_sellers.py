"""Point 10 and what else staff do by their own hand: seller cancellations, holds, ship-by."""

from typing import Any

import pytest
from callback_receiver import Receiver, subscribe
from warehouse import Client, Warehouse, external, line, order, until

FIRST, SECOND = "gid://shopify/LineItem/1", "gid://shopify/LineItem/2"
SOON = "2026-12-01T12:00:00Z"


@pytest.fixture
def ordered(client: Client) -> Client:
    """An order of three and two is being picked."""
    client.results(order(lines=[line(1), line(2, quantity=2)]))
    return client


def do(warehouse: Warehouse, verb: str, **more: Any) -> Any:
    body = {"external_id": external(1)} | more
    return warehouse.http.post(f"{warehouse.url}/sandbox/orders/{verb}", json=body)


def feed(client: Client, **query: str) -> Any:
    return client.ask("GET", "/cancellations", params=query).json()


def state(client: Client) -> Any:
    return client.by_reference().json()["state"]


def test_the_seller_cancels_a_whole_order(warehouse: Warehouse, ordered: Client) -> None:
    item = do(warehouse, "cancel", reason="Broken").json()
    assert (item["initiator"], item["reason"], "lines" in item) == ("seller", "Broken", False)
    assert (item["id"], item["external_id"]) == ("C-00001", external(1))
    assert feed(ordered)["items"] == [item]
    assert state(ordered) == "cancelled"
    assert do(warehouse, "cancel").status_code == 409
    entry = warehouse.ledger("seller_cancelled")[0]
    assert entry["lines"] == {FIRST: 3, SECOND: 2}


def test_the_seller_cancels_units_and_tells_totals(warehouse: Warehouse, ordered: Client) -> None:
    ordered.cancel(lines=[{"line_id": FIRST, "cancelled_quantity": 1}])
    item = do(warehouse, "cancel", lines=[{"sku": "TS-1", "quantity": 1}]).json()
    assert item["lines"] == [{"line_id": FIRST, "cancelled_quantity": 2}]
    assert state(ordered) == "picking"
    too_many = do(warehouse, "cancel", lines=[{"sku": "TS-1", "quantity": 2}])
    assert (too_many.status_code, "too many" in too_many.json()["detail"]) == (422, True)
    rest = do(warehouse, "cancel").json()
    assert "lines" not in rest
    assert state(ordered) == "cancelled"
    pages = feed(ordered, limit="1")
    assert [entry["id"] for entry in pages["items"]] == ["C-00001"]
    assert feed(ordered, cursor=pages["next_cursor"])["items"] == [rest]


def test_what_has_left_stays_when_the_rest_is_cancelled(
    warehouse: Warehouse, ordered: Client
) -> None:
    do(warehouse, "ship", lines=[{"line_id": FIRST, "quantity": 2}])
    item = do(warehouse, "cancel").json()
    assert item["lines"] == [
        {"line_id": FIRST, "cancelled_quantity": 1},
        {"line_id": SECOND, "cancelled_quantity": 2},
    ]
    assert state(ordered) == "shipped"
    assert do(warehouse, "deliver").json()["state"] == "delivered"


def test_what_is_packed_is_not_cancelled(warehouse: Warehouse, ordered: Client) -> None:
    do(warehouse, "pack")
    assert do(warehouse, "cancel").status_code == 409
    assert feed(ordered)["items"] == []


def test_a_higher_revision_reopens_what_the_seller_cancelled(
    warehouse: Warehouse, ordered: Client
) -> None:
    do(warehouse, "cancel")
    assert ordered.results(order(revision=1, lines=[line(1), line(2, quantity=2)]))[0][
        "status"
    ] == ("duplicate")
    assert ordered.results(order(revision=2))[0]["status"] == "updated"
    assert state(ordered) == "picking"


def test_the_apps_are_called(warehouse: Warehouse, ordered: Client, receiver: Receiver) -> None:
    subscribe(ordered, receiver)
    item = do(warehouse, "cancel").json()
    until(lambda: len(receiver.got) == 2)
    for _, value in receiver.got:
        ordered.contract.check_callback(value)
    (_, cancelled), (_, changed) = receiver.got
    assert (cancelled["type"], cancelled["data"]) == ("order.cancelled", item)
    assert (changed["type"], changed["data"]["state"]) == ("order.state_changed", "cancelled")


def test_holds_and_ship_by_are_told(
    warehouse: Warehouse, ordered: Client, receiver: Receiver
) -> None:
    subscribe(ordered, receiver, "order.state_changed")
    assert do(warehouse, "hold", reason="Damaged").json()["state"] == "on_hold"
    assert do(warehouse, "release").json()["state"] == "picking"
    assert do(warehouse, "ship-by", ship_by=SOON).json()["ship_by"] == SOON
    until(lambda: len(receiver.got) == 3)
    told = [value["data"] for _, value in receiver.got]
    assert [(one["state"], one["hold_reason"], one["ship_by"]) for one in told] == [
        ("on_hold", "Damaged", None),
        ("picking", None, None),
        ("picking", None, SOON),
    ]
    assert told[-1] == ordered.by_reference().json()
    kinds = [entry["kind"] for entry in warehouse.ledger()]
    deeds = [kind for kind in kinds if kind not in ("request", "callback", "applied")]
    assert deeds == ["held", "released", "ship_by"]


@pytest.mark.parametrize(
    ("verb", "body", "status"),
    [
        ("hold", {"external_id": "none"}, 404),
        ("ship-by", {}, 422),
        ("ship-by", {"ship_by": "soon"}, 422),
        ("cancel", {"lines": [{"sku": "NONE", "quantity": 1}]}, 422),
        ("cancel", {"external_id": "none"}, 404),
        ("release", {"account": "NONE"}, 404),
    ],
)
def test_what_makes_no_sense_is_refused(
    warehouse: Warehouse, ordered: Client, verb: str, body: dict, status: int
) -> None:
    assert do(warehouse, verb, **body).status_code == status


def test_the_buttons_do_the_same(warehouse: Warehouse, ordered: Client) -> None:
    there = f"{warehouse.url}/orders/ACME/W-00001"
    warehouse.http.post(f"{there}/ship_by", data={"ship_by": "2026-12-01T12:00"})
    assert ordered.by_reference().json()["ship_by"] == SOON
    wrong = warehouse.http.post(f"{there}/ship_by", data={"ship_by": "soon"})
    assert (wrong.status_code, "soon is not a day and time." in wrong.text) == (422, True)
    warehouse.http.post(f"{there}/cancel", data={"units-0": "1", "reason": "Broken"})
    assert feed(ordered)["items"][0]["reason"] == "Broken"
    shown = warehouse.http.post(f"{there}/cancel")
    assert ("seller cancelled" in shown.text, state(ordered)) == (True, "cancelled")
