"""Point 5 to the letter: hold, release, ship-by, their ledger, and a warehouse that lacks them."""

from typing import Any

import pytest
from warehouse import Client, Warehouse, external, line, order

SOON, LATER = "2026-12-01T12:00:00Z", "2026-12-05T12:00:00Z"
KINDS = ("held", "released", "ship_by")


def changes(warehouse: Warehouse) -> list[tuple[Any, ...]]:
    return [
        (entry["kind"], entry["external_id"], entry["state"], entry["ship_by"], entry["reason"])
        for entry in warehouse.ledger()
        if entry["kind"] in KINDS
    ]


def test_the_ledger_tells_every_change_with_its_reason(
    warehouse: Warehouse, client: Client
) -> None:
    client.results(order())
    client.change("hold", reason="edited in the shop")
    client.change("sla", ship_by=SOON)
    client.change("release")
    assert changes(warehouse) == [
        ("held", external(1), "on_hold", None, "edited in the shop"),
        ("ship_by", external(1), "on_hold", SOON, None),
        ("released", external(1), "picking", SOON, None),
    ]


def test_a_repeated_hold_changes_nothing_but_is_told(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    for _ in range(2):
        assert client.change("hold", reason="once").json()["state"] == "on_hold"
    assert [kind for kind, *_ in changes(warehouse)] == ["held", "held"]
    assert warehouse.orders()[0]["hold_reason"] == "once"


def test_a_refused_change_leaves_no_trace(warehouse: Warehouse, client: Client) -> None:
    client.results(order(ship_by=SOON))
    warehouse.put("orders/state", external_id=external(1), state="packed")
    for verb in ("hold", "release", "sla"):
        answer = client.change(verb, ship_by=LATER)
        assert (answer.status_code, answer.json()["code"]) == (409, "too-late")
    assert changes(warehouse) == []
    assert (warehouse.orders()[0]["state"], warehouse.orders()[0]["ship_by"]) == ("packed", SOON)


def test_a_cancelled_order_is_not_held(warehouse: Warehouse, client: Client) -> None:
    client.results(order())
    client.cancel()
    assert client.change("hold").status_code == 409
    assert warehouse.orders()[0]["state"] == "cancelled"


def test_a_released_order_without_stock_waits_for_it(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(out_of_stock_skus=["TS-1"])
    client.results(order(hold=True))
    assert client.change("release").json()["state"] == "awaiting_stock"
    warehouse.settings(out_of_stock_skus=[])
    found = client.by_reference().json()
    assert (found["state"], found["issues"]) == ("picking", [])


def test_stock_that_comes_releases_no_hold(warehouse: Warehouse, client: Client) -> None:
    warehouse.settings(out_of_stock_skus=["TS-1"])
    client.results(order())
    client.change("hold")
    warehouse.settings(out_of_stock_skus=[])
    assert client.by_reference().json()["state"] == "on_hold"
    assert client.change("release").json()["state"] == "picking"


def test_a_hold_inside_a_job_keeps_its_reason_and_its_ledger(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(hold_jobs=True)
    job_id = client.send(order()).json()["job"]["id"]
    client.change("hold", reason="wait")
    assert changes(warehouse) == []
    warehouse.settings(hold_jobs=False)
    client.finished(job_id)
    assert changes(warehouse) == [("held", external(1), "on_hold", None, "wait")]


def test_a_new_revision_says_itself_whether_it_is_held(
    warehouse: Warehouse, client: Client
) -> None:
    client.results(order())
    client.change("hold", reason="old")
    client.results(order(revision=2))
    assert (warehouse.orders()[0]["state"], warehouse.orders()[0]["hold_reason"]) == (
        "picking",
        None,
    )
    client.results(order(revision=3, hold=True))
    assert client.by_reference().json()["state"] == "on_hold"
    assert warehouse.orders()[0]["hold_reason"] is None


def test_a_hold_that_a_new_revision_keeps_keeps_its_reason(
    warehouse: Warehouse, client: Client
) -> None:
    client.results(order())
    client.change("hold", reason="Count first")
    client.results(order(revision=2, hold=True))
    assert (warehouse.orders()[0]["state"], warehouse.orders()[0]["hold_reason"]) == (
        "on_hold",
        "Count first",
    )


@pytest.mark.parametrize(
    ("lacking", "verb", "body"),
    [
        ("hold", "hold", {}),
        ("hold", "release", {}),
        ("sla", "sla", {"ship_by": SOON}),
        ("cancel", "cancel", {"revision": 1, "initiator": "seller"}),
        (
            "cancel_lines",
            "cancel",
            {
                "revision": 1,
                "initiator": "seller",
                "lines": [{"line_id": "gid://shopify/LineItem/1", "cancelled_quantity": 1}],
            },
        ),
    ],
)
def test_what_a_warehouse_lacks_answers_501(
    warehouse: Warehouse, client: Client, lacking: str, verb: str, body: dict[str, Any]
) -> None:
    client.results(order())
    before = warehouse.orders()
    warehouse.settings(lacks=[lacking])
    assert client.ask("GET", "/connection").json()["capabilities"][lacking] is False
    answer = client.change(verb, **body)
    assert (answer.status_code, answer.json()["code"]) == (501, "unsupported")
    assert warehouse.orders() == before
    warehouse.settings(lacks=[])
    assert client.ask("GET", "/connection").json()["capabilities"][lacking] is True
    assert client.change(verb, **body).status_code == 200


def test_a_warehouse_without_line_cancellation_cancels_whole_orders(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(lacks=["cancel_lines"])
    client.results(order())
    assert client.cancel().json() == {"outcome": "cancelled"}


def test_a_warehouse_without_updates_refuses_new_revisions(
    warehouse: Warehouse, client: Client
) -> None:
    client.results(order())
    warehouse.settings(lacks=["order_update"])
    late = client.results(order(revision=2, lines=[line(quantity=9)]))[0]
    assert (late["status"], late["problem"]["code"]) == ("rejected", "unsupported")
    assert client.results(order())[0]["status"] == "duplicate"
    assert client.by_reference().json()["revision"] == 1


def test_a_warehouse_without_holds_refuses_a_held_order(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(lacks=["hold"])
    refused = client.results(order(hold=True))[0]
    assert (refused["status"], refused["problem"]["code"]) == ("rejected", "unsupported")
    assert client.results(order())[0]["status"] == "created"


def test_a_warehouse_without_callbacks_takes_no_address(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(lacks=["callbacks"])
    body = {"url": "http://127.0.0.1:9/x", "secret": "whsec_c2VjcmV0c2VjcmV0", "events": []}
    assert client.ask("PUT", "/callbacks", json=body).status_code == 501


def test_a_warehouse_may_lack_its_cancellations_which_no_capability_tells(
    warehouse: Warehouse, client: Client
) -> None:
    warehouse.settings(lacks=["cancellations"])
    answer = client.ask("GET", "/cancellations")
    assert (answer.status_code, answer.json()["code"]) == (501, "unsupported")
    assert "cancellations" not in client.ask("GET", "/connection").json()["capabilities"]


def test_only_known_capabilities_can_lack(warehouse: Warehouse) -> None:
    for wrong in (["flying"], "hold", [["hold"]]):
        answer = warehouse.put("settings", lacks=wrong)
        assert (answer.status_code, "lacks" in answer.json()["detail"]) == (422, True)
