"""Where a parcel is: Shopify has each of its events once, in order, however the warehouse tells."""

from typing import Any

import pytest
import requests

from app.db import session
from app.models import Connection
from app.sync import shipping
from app.wms.feeds import Shipment
from tests.sync.test_fulfil import TWO_LINES, fulfilled, mails, parcel, sent
from tests.sync.warehouse_hand import at_warehouse, to_shipment
from tests.world import SHOP, World

WAY = ("in_transit", "out_for_delivery", "deliver")
ALL_OF_IT = ["IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"]
WORDS = ["in transit", "out for delivery", "delivered"]
_EVENTS = """query($id: ID!) {
  fulfillment(id: $id) { displayStatus events(first: 50) { nodes { status } } }
}"""


@pytest.fixture
def left(shop: World) -> tuple[str, str]:
    """An order that left the warehouse in one parcel: its gid, and the parcel's number there."""
    gid, external_id = sent(shop, lines=TWO_LINES)
    done = at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    return gid, done["shipments"][0]["id"]


def events(world: World, fulfillment: str) -> list[str]:
    """What Shopify knows of a parcel's way, the first event first."""
    token = world.shopify.ask("POST", f"/sandbox/{SHOP}/tokens")["access_token"]
    answer = requests.post(
        f"{world.shopify.base}/admin/api/2026-10/graphql.json",
        json={"query": _EVENTS, "variables": {"id": fulfillment}},
        headers={"Host": SHOP, "X-Shopify-Access-Token": token},
        timeout=60,
    ).json()
    return [each["status"] for each in answer["data"]["fulfillment"]["events"]["nodes"]]


def look(world: World) -> None:
    """Look at the warehouse's feeds, from where we are and then from the beginning."""
    for expired in (False, True):
        if expired:
            world.wms.ask("POST", "/sandbox/cursors/expire")
        for job in ("export_shipped_orders", "export_delivered_orders"):
            world.api("POST", f"/api/jobs/{job}/run")
            world.settle()


def check_way(world: World, gid: str, wanted: list[str]) -> None:
    """Shopify has these events and no other, and its buyer one e-mail."""
    (made,) = fulfilled(world, gid)
    assert events(world, made["id"]) == wanted
    assert made["displayStatus"] == wanted[-1]
    assert mails(world) == [made["id"]]
    said = [f"Shopify knows: {WORDS[ALL_OF_IT.index(each)]}." for each in wanted]
    assert world.log("told_shopify") == said


@pytest.mark.parametrize(
    "fault",
    [
        None,
        {"where": "callback", "do": "no_callback"},
        {"where": "callback", "do": "duplicate_callback", "value": 3},
        {"where": "shipments", "do": "duplicate_rows"},
    ],
    ids=["callback", "feed alone", "callbacks thrice", "rows twice"],
)
def test_each_step_is_told_once(
    shop: World, left: tuple[str, str], fault: dict[str, Any] | None
) -> None:
    gid, number = left
    shop.warehouse_fails(*([fault | {"times": None}] if fault else []))
    for step in WAY:
        to_shipment(shop, number, step)
        shop.settle()
        look(shop)
    check_way(shop, gid, ALL_OF_IT)


def test_callbacks_that_come_in_the_wrong_order_change_nothing(
    shop: World, left: tuple[str, str]
) -> None:
    gid, number = left
    shop.warehouse_fails({"where": "callback", "do": "reorder_callback", "value": 1, "times": None})
    versions = set()
    for step in WAY:
        done = shop.wms.ask("POST", f"/sandbox/shipments/{number}/{step}")
        versions.add(done["version"])
        shop.settle()
    shop.until(lambda: versions <= called_of(shop, number), "every callback")
    shop.settle()
    look(shop)
    (made,) = fulfilled(shop, gid)
    told = events(shop, made["id"])
    assert told == [each for each in ALL_OF_IT if each in told], "in order, each once"
    assert told[-1] == made["displayStatus"] == "DELIVERED"
    assert mails(shop) == [made["id"]]


def called_of(world: World, number: str) -> set[int]:
    """The versions of a shipment that the warehouse has called for."""
    entries = world.wms.ask("GET", "/sandbox/ledger?kind=callback")
    rows = entries["entries"] if isinstance(entries, dict) else entries
    return {each["data"].get("version") for each in rows if each["data"].get("id") == number}


def test_what_was_true_before_and_comes_late_is_no_news(shop: World, left: tuple[str, str]) -> None:
    gid, number = left
    old = to_shipment(shop, number, "in_transit")
    shop.settle()
    for step in WAY[1:]:
        to_shipment(shop, number, step)
        shop.settle()
    with shop.app.app_context():
        connection = session().query(Connection).one()
        assert shipping.take(connection, Shipment.model_validate(old)) == shipping.KNOWN
        session().commit()
    shop.settle()
    check_way(shop, gid, ALL_OF_IT)


def test_a_parcel_that_goes_back_to_the_depot_is_told_forwards_only(
    shop: World, left: tuple[str, str]
) -> None:
    gid, number = left
    for step in ("in_transit", "out_for_delivery", "in_transit", "out_for_delivery", "deliver"):
        to_shipment(shop, number, step)
        shop.settle()
    check_way(shop, gid, ALL_OF_IT)


def test_of_what_happened_meanwhile_the_last_is_told(shop: World, left: tuple[str, str]) -> None:
    gid, number = left
    for step in WAY:
        to_shipment(shop, number, step)
    shop.settle()
    look(shop)
    check_way(shop, gid, ["DELIVERED"])


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_an_event_whose_answer_is_lost_is_told_once(
    shop: World, left: tuple[str, str], fault: str
) -> None:
    gid, number = left
    rule = {"where": "graphql", "match": "TellFulfillment", "do": fault, "times": 1}
    shop.shopify_fails(rule)
    for step in WAY:
        to_shipment(shop, number, step)
        shop.settle()
    check_way(shop, gid, ALL_OF_IT)


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_parcel_taken_back_whose_answer_is_lost_frees_its_units(
    shop: World, left: tuple[str, str], fault: str
) -> None:
    gid, number = left
    rule = {"where": "graphql", "match": "WithdrawFulfillment", "do": fault, "times": 1}
    shop.shopify_fails(rule)
    to_shipment(shop, number, "cancel")
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert made["status"] == "CANCELLED"
    assert shop.row(gid)["outbound"][0]["fulfilled_lines"] == {}
    assert len(shop.log("withdrawn")) == 1
    assert shop.log("not_fulfilled") == []


def test_a_parcel_that_a_person_took_back_before_is_taken_back(
    shop: World, left: tuple[str, str]
) -> None:
    gid, number = left
    shop.change(gid, "cancel-fulfillment")
    shop.settle()
    to_shipment(shop, number, "cancel")
    shop.settle()
    (made,) = fulfilled(shop, gid)
    assert made["status"] == "CANCELLED"
    assert shop.row(gid)["outbound"][0]["fulfilled_lines"] == {}
    assert shop.log("not_fulfilled") == []
