"""The warehouse tells everything twice, in the wrong order, while its feeds are read and workers
die: shipped, tracking corrected, on its way, delivered, cancelled. The end is the same.
"""

import random
from typing import Any

from sandbox.demo.client import SHOP
from tests.faults.campaign import Campaign
from tests.faults.deaths import KILLS, strike_down

SEEDS = range(8)
_MUTATIONS = ("CreateFulfillment", "TrackFulfillment", "TellFulfillment")
_JOBS = ("export_shipped_orders", "export_delivered_orders", "cancellations")


def test_the_end_is_the_same_however_it_is_told(campaign: Campaign, database_address: str) -> None:
    """Eight seeds, half of them on each kind of database."""
    half = 0 if database_address.startswith("sqlite") else 1
    shipped: list[str] = []
    cancelled: list[str] = []
    for seed in SEEDS:
        if seed % 2 == half:
            gids = _strike(campaign, seed)
            shipped += gids[:-1]
            cancelled += gids[-1:]
    campaign.prove()
    for gid in shipped:
        assert _way_back(campaign, gid) == ([f"RIGHT-{gid[-4:]}"], "DELIVERED")
    mails = campaign.client.shopify("GET", f"/ledger?kind=email&shop={SHOP}&after=0")
    made = [_fulfillment(campaign, gid)["id"] for gid in shipped]
    sent = [mail["fulfillment"] for mail in mails if mail["what"] == "shipped"]
    assert [sent.count(one) for one in made] == [1] * len(made)
    told = campaign.books.rows("SELECT order_id FROM log_lines WHERE event = 'wms_cancelled'")
    assert len(told) == len({row["order_id"] for row in told}) == len(cancelled)
    assert not campaign.books.rows("SELECT id FROM shipments WHERE NOT settled")


def _strike(campaign: Campaign, seed: int) -> list[str]:
    """Let the warehouse work on new orders, with the seed's step in Shopify taking long; kill while
    it does. Returns the orders; the last one is cancelled there."""
    chance = random.Random(f"{seed} all")
    gids = campaign.place(3)
    campaign.until(lambda: set(gids) <= _synced(campaign), "new orders")
    mutation = _MUTATIONS[seed // 2 % len(_MUTATIONS)]
    campaign.shopify_fault("delay", mutation, value=chance.uniform(0.3, 1.2))
    twice_and_reversed = [
        {"where": "any", "do": "duplicate_callback", "value": 2, "times": 6},
        {"where": "any", "do": "reorder_callback", "value": 1, "times": 6},
    ]
    campaign.client.wms("PUT", "/faults", twice_and_reversed)
    _work(campaign, gids, made_first=mutation != _MUTATIONS[0])
    campaign.until_taken(campaign.client.shopify)
    strike_down(campaign, chance.choice(KILLS))
    campaign.no_faults()
    campaign.notes[f"A worker dies at {mutation}."] += 1
    return gids


def _work(campaign: Campaign, gids: list[str], *, made_first: bool) -> None:
    """Ship all but the last order, correct the numbers, bring the parcels; cancel the last one. The
    feeds are asked for in between. ``made_first``: Shopify has the parcel before its number is
    corrected."""
    held = {
        order["order_ref"]: order["external_id"] for order in campaign.client.wms("GET", "/orders")
    }
    for gid in gids[:-1]:
        packages = [{"tracking_number": f"WRONG-{gid[-4:]}"}]
        body = {"external_id": held[gid], "packages": packages}
        (parcel,) = campaign.client.wms("POST", "/orders/ship", body)["shipments"]
        campaign.client.app("POST", f"/api/jobs/{_JOBS[0]}/run")
        if made_first:
            campaign.until(lambda gid=gid: _order(campaign, gid)["fulfillments"], "a parcel")
        packages = [{"tracking_number": f"RIGHT-{gid[-4:]}"}]
        campaign.client.wms("POST", f"/shipments/{parcel['id']}/track", {"packages": packages})
        for verb in ("in_transit", "deliver"):
            campaign.client.wms("POST", f"/shipments/{parcel['id']}/{verb}")
    campaign.client.wms("POST", "/orders/cancel", {"external_id": held[gids[-1]]})
    for job in _JOBS:
        campaign.client.app("POST", f"/api/jobs/{job}/run")


def _synced(campaign: Campaign) -> set[str]:
    rows = campaign.books.rows("SELECT gid FROM orders WHERE tag_state = 'synced'")
    return {row["gid"] for row in rows}


def _order(campaign: Campaign, gid: str) -> dict[str, Any]:
    return dict(campaign.client.shopify("GET", f"/{SHOP}/orders/{gid.rsplit('/', 1)[1]}"))


def _fulfillment(campaign: Campaign, gid: str) -> dict[str, Any]:
    (made,) = _order(campaign, gid)["fulfillments"]
    return dict(made)


def _way_back(campaign: Campaign, gid: str) -> tuple[list[str], str]:
    """What Shopify knows of an order's one parcel: its numbers, and where it is."""
    made = _fulfillment(campaign, gid)
    return [each["number"] for each in made["trackingInfo"]], made["displayStatus"]
