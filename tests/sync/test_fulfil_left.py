"""A fulfillment whose outcome Shopify won't show holds up nothing of its order for ever."""

from tests.sync.test_fulfil import fulfilled, parcel, sent
from tests.sync.warehouse_hand import at_warehouse
from tests.world import World

LINES = [{"sku": "MUG-WHITE", "quantity": 2}, {"sku": "TSHIRT-BLUE-M", "quantity": 1}]
LOST = {"where": "graphql", "match": "CreateFulfillment", "do": "drop_after", "times": 1}
# Shopify forbids to look what became of it.
UNSEEN = {"where": "graphql", "match": "ReadFulfillments", "do": "status", "value": 403}


def test_reads_go_on_also_after_the_next_parcel(shop: World) -> None:
    gid, external_id = sent(shop, lines=LINES)
    shop.shopify_fails(LOST, UNSEEN)
    mug = [{"sku": "MUG-WHITE", "quantity": 1}]
    at_warehouse(shop, "ship", external_id, lines=mug, packages=[parcel("DP-1")])
    shop.until(
        lambda: shop.drain() or any("Gave up" in line for line in shop.log("gave_up")),
        "the parcel given up",
    )
    shop.shopify_fails()
    at_warehouse(shop, "ship", external_id, lines=mug, packages=[parcel("DP-2")])
    shop.settle()
    assert not shop.row(gid)["fulfilling"]
    shop.change(gid, "edit", note="Ring twice")
    shop.settle()
    assert shop.row(gid)["outbound"][0]["wanted_revision"] == 2, "the edit was read"
    shop.api("POST", "/api/given-up/try-again", all=True)
    shop.settle()
    assert len(fulfilled(shop, gid)) == 2, "each parcel once"
    assert not shop.row(gid)["fulfilling"]
