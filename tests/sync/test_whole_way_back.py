"""One order's whole way: sent, shipped in parts, corrected, cancelled for the rest, delivered."""

from tests.sync.test_fulfil import fulfilled, parcel, two_mugs_left
from tests.sync.warehouse_hand import at_warehouse, to_shipment
from tests.world import SHOP, World

_EVENTS = ("told", "fulfilled", "tracked", "wms_cancelled", "told_shopify", "archived")


def test_an_order_comes_all_the_way_back(shop: World) -> None:
    """Ordered 3 + 2; shipped 2, then 1 + 1 in two packages, whose tracking is corrected; the last
    unit is cancelled by the warehouse; everything is delivered."""
    shop.choose(archive=True, seller_cancellation="cancel")
    gid, external_id = two_mugs_left(shop)
    both = [{"sku": "MUG-WHITE", "quantity": 1}, {"sku": "TSHIRT-BLUE-M", "quantity": 1}]
    packages = [parcel("DP-2"), parcel("DP-3")]
    done = at_warehouse(shop, "ship", external_id, lines=both, packages=packages)
    shop.settle()
    number = done["shipments"][0]["id"]
    to_shipment(shop, number, "track", packages=[parcel("DP-2"), parcel("DP-4")])
    shop.settle()
    assert shop.shopify_order(gid)["closedAt"] is None, "one unit is still to come"
    at_warehouse(shop, "cancel", external_id, reason="Broken")
    shop.settle()
    at_warehouse(shop, "deliver", external_id)
    shop.settle()

    first, second = fulfilled(shop, gid)
    assert (first["units"], second["units"]) == ([2], [1, 1])
    assert [info["number"] for info in first["trackingInfo"]] == ["DP-1"]
    assert [info["number"] for info in second["trackingInfo"]] == ["DP-2", "DP-4"]
    assert [made["displayStatus"] for made in (first, second)] == ["DELIVERED", "DELIVERED"]
    letters = shop.shopify.ask("GET", f"/sandbox/ledger?kind=email&shop={SHOP}&after=0")
    parcels = [each for each in letters if each.get("fulfillment")]
    assert [each["fulfillment"] for each in parcels] == [first["id"], second["id"]]
    assert [each["what"] for each in letters if each not in parcels] == ["refund"]

    order = shop.shopify_order(gid)
    (refund,) = order["refunds"]
    shirt = next(line["id"] for line in order["lines"] if line["sku"] == "TSHIRT-BLUE-M")
    assert refund["lines"] == [{"line_id": shirt, "quantity": 1, "restock": "CANCEL"}]
    assert order["cancelledAt"] is None
    assert order["closedAt"] is not None
    assert shop.state_tags(gid) == ["wms-synced"]
    assert len(shop.applied()) == 1, "nothing of it went back to the warehouse as an edit"
    assert shop.wms.ask("GET", "/sandbox/ledger?kind=cancelled") == []
    assert _told(shop) == [
        *("told", "fulfilled"),
        *("told", "fulfilled"),
        *("told", "tracked"),
        *("wms_cancelled", "wms_cancelled", "archived"),
    ]
    assert sorted(_told(shop, behind=9)) == ["told", "told", "told_shopify", "told_shopify"]


def _told(world: World, behind: int = 0) -> list[str]:
    """What the order's log tells of its way back, in order: the first nine events, or the rest."""
    from app.db import session
    from app.models import LogLine

    with world.app.app_context():
        lines = session().query(LogLine.event).order_by(LogLine.id)
        found = [event for (event,) in lines if event in _EVENTS]
        session().rollback()
    return found[behind:] if behind else found[:9]
