"""A shipment that the warehouse takes back and then ships after all, under the id that it had, is
fulfilled anew: once, and its buyer hears of each fulfillment once."""

from typing import Any

import pytest

from app.db import session
from app.models import Connection, Shipment
from app.sync import shipping
from app.wms.feeds import Shipment as Told
from tests.sync.drift_hand import compared, repaired
from tests.sync.test_fulfil import TWO_LINES, fulfilled, mails, parcel, sent, shipments
from tests.sync.warehouse_hand import at_warehouse, to_shipment
from tests.world import World


@pytest.fixture
def taken_back(shop: World) -> tuple[str, Told]:
    """An order that was fulfilled when it was packed, then unpacked: its gid, and its shipment as
    the warehouse told it last."""
    shop.choose(fulfil_on="packed")
    gid, external_id = sent(shop, lines=TWO_LINES)
    done = at_warehouse(shop, "pack", external_id, packages=[parcel("DP-1")])
    shop.settle()
    to_shipment(shop, done["shipments"][0]["id"], "cancel")
    shop.settle()
    (row,) = shipments(shop)
    assert [made["status"] for made in fulfilled(shop, gid)] == ["CANCELLED"]
    return gid, _told(row, external_id)


def _told(row: Shipment, external_id: str) -> Told:
    packages = [
        {"carrier": {"code": each["code"], "name": each["name"]}}
        | {"tracking_number": each["number"], "tracking_url": each["url"]}
        for each in row.packages
    ]
    lines = [{"line_id": line, "sku": "", "quantity": n} for line, n in row.lines.items()]
    known: dict[str, Any] = {"id": row.number, "version": row.told_version, "state": row.state}
    return Told(**known, external_id=external_id, lines=lines, packages=packages)


def _tell(world: World, told: Told, state: str, more: int) -> str:
    """The warehouse tells a later version of a shipment, or an earlier one."""
    with world.app.app_context():
        connection = session().query(Connection).one()
        news = told.model_copy(update={"state": state, "version": told.version + more})
        found = shipping.take(connection, news)
        session().commit()
    world.settle()
    return found


def _check_anew(world: World, gid: str) -> None:
    """It is fulfilled once more, as a whole, and nothing waits for a person."""
    first, second = fulfilled(world, gid)
    assert [each["status"] for each in (first, second)] == ["CANCELLED", "SUCCESS"]
    assert second["units"] == [2, 3]
    assert [info["number"] for info in second["trackingInfo"]] == ["DP-1"]
    assert mails(world) == [first["id"], second["id"]]
    (row,) = shipments(world)
    assert (row.fulfillment, row.reason, row.settled) == (second["id"], "", True)
    order = world.row(gid)
    assert (order["returned"], order["fulfilling"]) == (False, False)
    assert sum(order["outbound"][0]["fulfilled_lines"].values()) == 5


@pytest.mark.parametrize("fault", ["", "drop_before", "drop_after"])
def test_it_is_fulfilled_anew_once(shop: World, taken_back: tuple[str, Told], fault: str) -> None:
    gid, told = taken_back
    rule = {"where": "graphql", "match": "CreateFulfillment", "do": fault, "times": 1}
    shop.shopify_fails(*([rule] if fault else []))
    assert _tell(shop, told, "shipped", 1) == shipping.CHANGED
    _check_anew(shop, gid)
    for state, more in (("cancelled", 0), ("packed", -1), ("shipped", 1), ("cancelled", 1)):
        assert _tell(shop, told, state, more) == shipping.KNOWN
    _check_anew(shop, gid)
    assert compared(shop) == []


def test_it_is_taken_back_again(shop: World, taken_back: tuple[str, Told]) -> None:
    gid, told = taken_back
    _tell(shop, told, "packed", 1)
    _tell(shop, told, "cancelled", 2)
    assert [made["status"] for made in fulfilled(shop, gid)] == ["CANCELLED", "CANCELLED"]
    assert shop.row(gid)["outbound"][0]["fulfilled_lines"] == {}
    assert len(mails(shop)) == 2


def test_only_packed_it_waits_until_it_leaves(shop: World, taken_back: tuple[str, Told]) -> None:
    gid, told = taken_back
    shop.choose(fulfil_on="shipped")
    _tell(shop, told, "packed", 1)
    assert [made["status"] for made in fulfilled(shop, gid)] == ["CANCELLED"]
    _tell(shop, told, "shipped", 2)
    _check_anew(shop, gid)


def test_the_drift_report_finds_one_that_was_left(
    shop: World, taken_back: tuple[str, Told]
) -> None:
    gid, _ = taken_back
    with shop.app.app_context():
        session().query(Shipment).one().state = "shipped"
        session().commit()
    (row,) = compared(shop)
    assert (row["kind"], row["repair"]) == ("missing", "fulfil")
    assert repaired(shop, row) == []
    _check_anew(shop, gid)
