"""Returns: opened in Shopify, expected at the warehouse, received there, disposed of in Shopify."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from app.db import session
from app.models import Return
from app.shopify import orders as shopify_orders
from app.shopify.tokens import SCOPES
from tests.sync.drift_hand import without_webhooks
from tests.sync.test_fulfil import TWO_LINES, parcel, sent, two_mugs_left
from tests.sync.warehouse_hand import at_warehouse
from tests.world import SHOP, World, number

GRANTED = [*SCOPES, "write_returns"]


def with_returns(world: World) -> World:
    """Install with the permission to see returns, and connect."""
    world.install(scopes=GRANTED)
    world.connect(automatic=True)
    return world


@pytest.fixture
def shop(make_world: Callable[..., World]) -> World:
    """A shop that lets the app see returns, and a warehouse that answers at once."""
    return with_returns(make_world(mode="sync"))


def shipped(world: World, **wishes: Any) -> tuple[str, str]:
    """An order that was shipped whole."""
    gid, external_id = sent(world, lines=TWO_LINES, **wishes)
    at_warehouse(world, "ship", external_id, packages=[parcel("DP-1")])
    world.settle()
    return gid, external_id


def open_return(world: World, gid: str, *lines: tuple[str, int], **wishes: Any) -> str:
    """Open a return in the shop's admin, of all that was shipped unless told."""
    body: dict[str, Any] = {"order": number(gid), **wishes}
    if lines:
        body["lines"] = [
            {"sku": sku, "quantity": units, "reason": "DEFECTIVE"} for sku, units in lines
        ]
    return str(world.shopify.ask("POST", f"/sandbox/{SHOP}/returns", **body)["id"])


def on_return(world: World, return_id: str, deed: str, **body: Any) -> Any:
    """Do something to a return in the shop's admin."""
    path = f"/sandbox/{SHOP}/returns/{number(return_id)}/{deed}"
    return world.shopify.ask("POST", path, **body)


def at_gate(world: World, verb: str, external_id: str, *lines: tuple[str, int, str]) -> Any:
    """Receive goods at the warehouse, or close a return there."""
    body: dict[str, Any] = {"external_id": external_id}
    if lines:
        body["lines"] = [
            {"sku": sku, "quantity": units, "disposition": end} for sku, units, end in lines
        ]
    done = world.wms.ask("POST", f"/sandbox/returns/{verb}", **body)

    def told() -> bool:
        calls = world.wms.ask("GET", "/sandbox/ledger?kind=callback")
        wanted = (done["external_id"], done["version"])
        return wanted in [(c["data"].get("external_id"), c["data"].get("version")) for c in calls]

    world.until(told, "the callback of a return")
    return done


def expected(world: World) -> list[dict[str, Any]]:
    """The returns that the warehouse knows."""
    return list(world.wms.ask("GET", "/sandbox/returns"))


def ends(world: World, gid: str) -> Counter[tuple[str, str]]:
    """What Shopify says became of the units of an order's returns, by SKU and end."""
    order = world.shopify_order(gid)
    found: Counter[tuple[str, str]] = Counter()
    for one in order["returns"]:
        for reverse in one["reverse_fulfillment_orders"]:
            for line in reverse["lines"]:
                for each in line["dispositions"]:
                    found[line["sku"], each["type"]] += each["quantity"]
    return found


def rows(world: World) -> list[Return]:
    """What Tagdock keeps of returns."""
    with world.app.app_context():
        found = session().query(Return).order_by(Return.id).all()
        session().expunge_all()
        session().rollback()
        return found


def available(world: World, sku: str) -> int:
    """How many of a SKU Shopify has to sell."""
    levels = world.shopify.ask("GET", f"/sandbox/{SHOP}/inventory?sku={sku}")
    return sum(level["available"] for level in levels)


def test_a_return_is_expected_received_and_restocked(shop: World) -> None:
    gid, external_id = shipped(shop)
    mugs = available(shop, "MUG-WHITE")
    back = open_return(shop, gid, ("MUG-WHITE", 2), ("TSHIRT-BLUE-M", 1))
    shop.settle()
    (known,) = expected(shop)
    assert (known["external_id"], known["order_external_id"]) == (back, external_id)
    assert known["state"] == "expected"
    at_gate(shop, "receive", back, ("MUG-WHITE", 1, "restock"), ("MUG-WHITE", 1, "scrap"))
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 1, ("MUG-WHITE", "NOT_RESTOCKED"): 1}
    assert not any("Refund it in Shopify" in line for line in shop.log("return"))
    at_gate(shop, "receive", back, ("TSHIRT-BLUE-M", 1, "quarantine"))
    at_gate(shop, "close", back)
    shop.settle()
    assert ends(shop, gid)["TSHIRT-BLUE-M", "PROCESSING_REQUIRED"] == 1
    assert available(shop, "MUG-WHITE") == mugs + 1
    (row,) = rows(shop)
    assert (row.state, row.settled, row.attempt) == ("closed", True, None)
    assert shop.shopify_order(gid)["refunds"] == [], "the merchant refunds"
    assert len(shop.applied()) == 1
    said = shop.log("return")
    assert any("has come. Refund it in Shopify." in line for line in said)
    assert "The warehouse expects the return #1001-R1: 3 units." in [
        line.replace(row.name, "#1001-R1") for line in said
    ]


def test_all_of_it_twice_late_and_out_of_order_is_once(shop: World) -> None:
    gid, _ = shipped(shop)
    shop.warehouse_fails({"where": "any", "do": "duplicate_callback", "times": 50})
    back = open_return(shop, gid)
    shop.settle()
    at_gate(shop, "receive", back)
    shop.settle()
    shop.wms.ask("POST", "/sandbox/cursors/expire")
    shop.api("POST", "/api/jobs/cancellations/run")
    shop.api("POST", "/api/jobs/reconcile/run")
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 3, ("TSHIRT-BLUE-M", "RESTOCKED"): 2}
    assert len(expected(shop)) == 1


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_disposal_whose_answer_is_lost_is_made_once(shop: World, fault: str) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid, ("MUG-WHITE", 2))
    shop.settle()
    shop.shopify_fails(
        {"where": "graphql", "match": "DisposeReturnedGoods", "do": fault, "times": 1}
    )
    at_gate(shop, "receive", back, ("MUG-WHITE", 1, "restock"))
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 1}
    assert sum("1 unit restocked." in line for line in shop.log("return")) == 2, "told and done"


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_an_announcement_whose_answer_is_lost_is_repeated(shop: World, fault: str) -> None:
    gid, _ = shipped(shop)
    shop.warehouse_fails({"where": "returns", "do": fault, "times": 1})
    back = open_return(shop, gid)
    shop.settle()
    assert [one["external_id"] for one in expected(shop)] == [back]
    assert rows(shop)[0].announced_at is not None


def test_what_the_merchant_restocked_already_is_not_restocked_again(shop: World) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid, ("MUG-WHITE", 2))
    shop.settle()
    on_return(shop, back, "dispose")
    at_gate(shop, "receive", back, ("MUG-WHITE", 2, "restock"))
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 2}
    assert rows(shop)[0].settled


def test_a_requested_return_is_announced_once_it_is_approved(shop: World) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid, status="REQUESTED")
    shop.settle()
    assert expected(shop) == []
    on_return(shop, back, "approve")
    shop.settle()
    assert [one["external_id"] for one in expected(shop)] == [back]


def test_a_declined_return_is_never_announced_and_a_cancelled_one_told(shop: World) -> None:
    gid, _ = shipped(shop)
    declined = open_return(shop, gid, ("MUG-WHITE", 1), status="REQUESTED")
    on_return(shop, declined, "decline")
    cancelled = open_return(shop, gid, ("MUG-WHITE", 1))
    shop.settle()
    assert [one["external_id"] for one in expected(shop)] == [cancelled]
    on_return(shop, cancelled, "cancel")
    shop.settle()
    assert any("was canceled in Shopify" in line for line in shop.log("return"))
    shop.change(gid, "tags", add=["gift"])
    shop.settle()
    assert sum("was canceled in Shopify" in line for line in shop.log("return")) == 1


def test_what_the_warehouse_never_shipped_is_not_announced(shop: World) -> None:
    gid, _external_id = sent(shop, lines=TWO_LINES)
    shop.change(gid, "fulfil")
    shop.settle()
    open_return(shop, gid)
    shop.settle()
    assert expected(shop) == []
    (row,) = rows(shop)
    assert (row.outbound_order_id, row.reason) == (None, "not-shipped")
    assert any("the warehouse did not ship these units" in line for line in shop.log("return"))


def test_units_of_two_warehouse_orders_are_announced_to_each_once(shop: World) -> None:
    places = list(shop.locations().values())[:2]
    codes = [each["code"] for each in shop.wms.ask("GET", "/sandbox/warehouses")]
    shop.choose(locations=dict(zip(places, codes, strict=False)))
    lines = [
        {"sku": "MUG-WHITE", "quantity": 1, "location": places[0]},
        {"sku": "TSHIRT-BLUE-M", "quantity": 1, "location": places[1]},
    ]
    gid = shop.order(lines=lines)
    shop.settle()
    outbounds = shop.row(gid)["outbound"]
    assert len(outbounds) == 2
    for outbound in outbounds:
        at_warehouse(shop, "ship", outbound["external_id"], packages=[parcel("DP-1")])
    shop.settle()
    back = open_return(shop, gid)
    shop.settle()
    ids = {outbound["external_id"] for outbound in outbounds}
    assert {one["order_external_id"] for one in expected(shop)} == ids
    assert sorted(one["external_id"] for one in expected(shop)) == [back, f"{back}#2"]
    for external_id in (back, f"{back}#2"):
        at_gate(shop, "receive", external_id)
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 1, ("TSHIRT-BLUE-M", "RESTOCKED"): 1}


def test_a_processed_return_is_no_edit_for_the_warehouse(shop: World) -> None:
    gid, _ = two_mugs_left(shop)
    back = open_return(shop, gid, ("MUG-WHITE", 1))
    shop.settle()
    at_gate(shop, "receive", back)
    shop.settle()
    on_return(shop, back, "process")
    shop.settle()
    mug = next(line for line in shop.shopify_order(gid)["lines"] if line["sku"] == "MUG-WHITE")
    assert mug["currentQuantity"] == 2
    shop.change(gid, "tags", add=["wms-no-sync"])
    shop.settle()
    assert len(shop.applied()) == 1, "nothing is sent again while the rest is still to ship"
    assert shop.wms.ask("GET", "/sandbox/ledger?kind=cancelled") == []
    assert shop.state_tags(gid) == ["wms-synced"]


def test_a_warehouse_without_returns_is_told_of_once(shop: World) -> None:
    gid, _ = shipped(shop)
    shop.wms.ask("PUT", "/sandbox/settings", lacks=["returns"])
    open_return(shop, gid)
    shop.settle()
    shop.api("POST", "/api/jobs/cancellations/run")
    shop.settle()
    (row,) = rows(shop)
    assert (row.reason, row.announced_at) == ("unsupported", None)
    assert sum("takes no announcements of returns" in line for line in shop.log("return")) == 1


def test_a_closed_return_says_what_to_do_and_goes_on_when_it_is_open_again(shop: World) -> None:
    gid, _ = shipped(shop)
    back = open_return(shop, gid, ("MUG-WHITE", 1))
    shop.settle()
    on_return(shop, back, "close")
    at_gate(shop, "receive", back)
    shop.settle()
    assert ends(shop, gid) == {}
    (row,) = rows(shop)
    assert row.reason == "not-open"
    on_return(shop, back, "reopen")
    shop.api("POST", "/api/jobs/cancellations/run")
    shop.settle()
    assert ends(shop, gid) == {("MUG-WHITE", "RESTOCKED"): 1}


def test_without_the_scope_nothing_is_asked_and_once_granted_it_is_found(
    make_world: Callable[..., World],
) -> None:
    world = make_world(mode="sync")
    world.install()
    world.connect(automatic=True)
    world.shopify.ask("PUT", "/sandbox/settings", search_lag=0)
    gid, _ = shipped(world)
    mark = world.mark()
    back = open_return(world, gid)
    world.settle()
    world.api("POST", "/api/jobs/cancellations/run")
    world.settle()
    assert not [each for each in world.graphql(mark) if "Return" in each["operation"]]
    world.shopify.ask("POST", f"/sandbox/{SHOP}/uninstall")
    world.settle()
    world.install(scopes=GRANTED)
    world.settle()
    world.api("POST", "/api/jobs/cancellations/run")
    world.settle()
    assert [one["external_id"] for one in expected(world)] == [back]


def test_returns_nobody_told_of_are_found_behind_many_known_ones(
    shop: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.shopify.ask("PUT", "/sandbox/settings", search_lag=0)
    gids = [shipped(shop)[0] for _ in range(6)]
    without_webhooks(shop)
    for gid in gids:
        open_return(shop, gid, ("MUG-WHITE", 1))
    listed = partial(shopify_orders.list_orders, first=1)
    monkeypatch.setattr(shopify_orders, "list_orders", listed)
    shop.api("POST", "/api/jobs/cancellations/run")
    shop.settle()
    assert len(expected(shop)) == 6


def test_an_order_that_nothing_was_shipped_of_costs_no_look(shop: World) -> None:
    gid, _ = sent(shop, lines=TWO_LINES)
    mark = shop.mark()
    shop.change(gid, "tags", add=["gift"])
    shop.settle()
    assert not [each for each in shop.graphql(mark) if "Return" in each["operation"]]
