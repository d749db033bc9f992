"""What Shopify can't have fulfilled any more is explained, and not tried for ever."""

from collections.abc import Sequence

from tests.sync.test_fulfil import TWO_LINES, fulfilled, parcel, sent, shipments
from tests.sync.warehouse_hand import at_warehouse
from tests.world import SHOP, World

EXPORTS = ("export_shipped_orders", "export_delivered_orders")
JOBS = (*EXPORTS, "import_orders", "reconcile")


def silently(world: World, gid: str, deed: str, **body: object) -> None:
    """Do something in Shopify of which no webhook tells."""
    world.shopify.ask("PUT", "/sandbox/settings", webhooks=False)
    world.change(gid, deed, **body)


def attempts(world: World, after: int) -> int:
    """How often a fulfillment was asked for."""
    return [entry["operation"] for entry in world.graphql(after)].count("CreateFulfillment")


def whatever_runs(world: World, jobs: Sequence[str] = JOBS) -> None:
    """Let everything run that runs by itself, several times, webhooks included."""
    world.shopify.ask("PUT", "/sandbox/settings", webhooks=True)
    for _ in range(2):
        for job in jobs:
            world.api("POST", f"/api/jobs/{job}/run")
            world.settle()


def test_a_fulfillment_order_closed_by_hand(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    silently(shop, gid, "fulfil")
    mark = shop.mark()
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    whatever_runs(shop)
    assert attempts(shop, mark) == 1
    assert len(fulfilled(shop, gid)) == 1, "the merchant's own"
    (row,) = shipments(shop)
    assert row.reason == "nothing-left"
    assert "They were fulfilled, cancelled or moved there." in row.message


def test_a_line_fulfilled_by_hand_leaves_the_others(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    mug = shop.shopify_order(gid)["fulfillment_orders"][0]["lines"][0]["id"]
    silently(shop, gid, "fulfil", lines=[{"id": mug, "quantity": 3}])
    mark = shop.mark()
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    whatever_runs(shop)
    assert attempts(shop, mark) == 2
    assert [made["units"] for made in fulfilled(shop, gid)] == [[3], [2]]
    (row,) = shipments(shop)
    assert (row.settled, row.reason) == (True, "")
    assert any(line.startswith("Units that Shopify no longer asks for: 3.") for line in shop.log())


def test_a_location_that_the_app_may_not_fulfil_from(shop: World) -> None:
    gid, external_id = sent(shop, lines=TWO_LINES)
    made = shop.shopify.ask("POST", f"/sandbox/{SHOP}/locations", name="Bologna 3PL", service="3PL")
    silently(shop, gid, "move", location=made["id"])
    mark = shop.mark()
    at_warehouse(shop, "ship", external_id, packages=[parcel("DP-1")])
    shop.settle()
    whatever_runs(shop, EXPORTS)
    assert attempts(shop, mark) == 1
    assert fulfilled(shop, gid) == []
    (row,) = shipments(shop)
    assert row.reason == "nothing-left"
    assert "moved there" in row.message
