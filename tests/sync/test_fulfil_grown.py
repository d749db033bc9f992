"""A shipment gains units after Shopify has its fulfillment: they get one of their own."""

import pytest

from app.db import session
from app.models import Connection, Shipment
from app.sync import shipping
from app.wms import feeds
from tests.sync.test_fulfil import TWO_LINES, fulfilled, mails, parcel, sent, shipments
from tests.world import World


def tell(
    world: World, gid: str, external_id: str, version: int, state: str, units: list[int]
) -> None:
    """The warehouse tells how one shipment stands now: its units, line by line of the order."""
    lines = world.shopify_order(gid)["lines"]
    told = feeds.Shipment.model_validate(
        {
            "id": "S-77",
            "version": version,
            "external_id": external_id,
            "state": state,
            "lines": [
                {"line_id": line["id"], "quantity": number}
                for line, number in zip(lines, units, strict=True)
            ],
            "packages": [parcel("DP-1")] if state != "packed" else [],
        }
    )
    with world.app.app_context():
        shipping.take(session().query(Connection).one(), told)
        session().commit()
    world.settle()


def units(world: World) -> list[int]:
    """How many units each shipment has that Tagdock keeps."""
    return [sum(row.lines.values()) for row in shipments(world)]


def ledger(world: World) -> list[int]:
    """The units that Tagdock counts as fulfilled, by line."""
    with world.app.app_context():
        row = session().query(Shipment).order_by(Shipment.id).limit(1).one()
        found = sorted(row.outbound_order.fulfilled_lines.values())
        session().rollback()
        return found


def test_units_added_after_packing_are_fulfilled_too(shop: World) -> None:
    shop.choose(fulfil_on="packed")
    gid, external_id = sent(shop, lines=TWO_LINES)
    tell(shop, gid, external_id, 1, "packed", [3, 0])
    tell(shop, gid, external_id, 2, "shipped", [3, 2])
    tell(shop, gid, external_id, 3, "delivered", [3, 2])
    found = fulfilled(shop, gid)
    assert [made["units"] for made in found] == [[3], [2]]
    assert [made["displayStatus"] for made in found] == ["DELIVERED", "DELIVERED"]
    assert [made["trackingInfo"][0]["number"] for made in found] == ["DP-1", "DP-1"]
    assert ledger(shop) == [2, 3]
    assert all(row.settled and not row.reason for row in shipments(shop))
    assert len(shop.applied()) == 1, "nothing is sent again"
    assert len(mails(shop)) == 2


def test_a_line_that_grows_again_and_again(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    for version, told in enumerate(([1, 0], [2, 0], [2, 1], [3, 2], [3, 2]), start=1):
        tell(shop, gid, external_id, version, "shipped", told)
        assert sum(units(shop)) == sum(told)
        assert sum(sum(made["units"]) for made in fulfilled(shop, gid)) == sum(told)
    assert ledger(shop) == [2, 3]
    assert units(shop)[0] == 1, "what its fulfillment has stays with it"


def test_units_that_were_added_by_mistake_are_taken_back_alone(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    tell(shop, gid, external_id, 1, "shipped", [2, 0])
    tell(shop, gid, external_id, 2, "shipped", [3, 2])
    assert [made["units"] for made in fulfilled(shop, gid)] == [[2], [1, 2]]
    tell(shop, gid, external_id, 3, "shipped", [2, 0])
    standing = [made["units"] for made in fulfilled(shop, gid) if made["status"] != "CANCELLED"]
    assert standing == [[2]]
    assert ledger(shop) == [2]


def test_added_units_that_shopify_asks_for_no_more_stay_where_they_are(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    tell(shop, gid, external_id, 1, "shipped", [3, 0])
    shop.change(gid, "fulfil")
    shop.settle()
    tell(shop, gid, external_id, 2, "shipped", [3, 2])
    assert len(fulfilled(shop, gid)) == 2, "the merchant's own besides ours"
    (row,) = shipments(shop)
    assert row.settled
    assert (sum(row.lines.values()), sum(row.pushed["units"].values())) == (5, 3)


def test_added_units_wait_as_long_as_shopify_holds_them(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    tell(shop, gid, external_id, 1, "shipped", [3, 0])
    shop.change(gid, "hold", reason="OTHER")
    shop.settle()
    tell(shop, gid, external_id, 2, "shipped", [3, 2])
    assert [made["units"] for made in fulfilled(shop, gid)] == [[3]]
    assert [row.reason for row in shipments(shop)] == ["", "on-hold"]
    shop.change(gid, "release")
    shop.settle()
    assert [made["units"] for made in fulfilled(shop, gid)] == [[3], [2]]


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_answer_about_added_units_is_looked_up(shop: World, fault: str) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    tell(shop, gid, external_id, 1, "shipped", [2, 0])
    shop.shopify_fails({"where": "graphql", "match": "CreateFulfillment", "do": fault, "times": 1})
    tell(shop, gid, external_id, 2, "shipped", [3, 2])
    assert [made["units"] for made in fulfilled(shop, gid)] == [[2], [1, 2]]
    assert units(shop) == [2, 3]
    assert ledger(shop) == [2, 3]
