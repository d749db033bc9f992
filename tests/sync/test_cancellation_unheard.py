"""Shopify's answer to a cancellation gets lost, and its webhooks with it: it is cancelled once all
the same, and nobody is told otherwise."""

import pytest

from tests.sync.warehouse_hand import at_warehouse
from tests.world import SHOP, World


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_an_order_whose_cancellation_nobody_heard_of_is_cancelled_once(
    shop: World, fault: str
) -> None:
    shop.choose(seller_cancellation="cancel")
    gid = shop.order()
    shop.settle()
    shop.shopify_fails(
        {"where": "graphql", "match": "CancelOrder", "do": fault, "times": 1},
        {"where": "webhook", "do": "drop_before", "times": None},
    )
    at_warehouse(shop, "cancel", shop.row(gid)["outbound"][0]["external_id"])
    shop.settle()
    order = shop.shopify_order(gid)
    assert order["cancelledAt"] is not None
    assert len(order["refunds"]) == 1
    assert shop.log("wms_cancelled")[1:] == ["Cancelled in Shopify: the warehouse won't ship it."]
    assert shop.row(gid)["message"] == "Cancelled in Shopify: the warehouse won't ship it."
    mails = shop.shopify.ask("GET", f"/sandbox/ledger?kind=email&shop={SHOP}&after=0")
    assert [mail["what"] for mail in mails] == ["cancelled"]
