"""The warehouse holds, releases and hurries orders, tells each of it twice and in the wrong order,
and is asked besides, while workers die. The end is the same, and nothing of it goes back there.
"""

import random
from typing import Any

from tests.faults.both_sides import at_warehouse, in_warehouse, only_part
from tests.faults.calls import Call
from tests.faults.campaign import Campaign
from tests.faults.deaths import KILLS, strike_down

SEEDS = range(6)
_CALLS = (Call("PlaceHold"), Call("SetDeadline"), Call("by-ref", at_wms=True))
_FIRST, _LAST = "2091-12-01T10:00:00Z", "2091-12-02T10:00:00Z"
_KEPT, _LET_GO = ("ON_HOLD", [True]), ("OPEN", [])


def test_holds_end_the_same_however_they_are_told(
    campaign: Campaign, database_address: str
) -> None:
    """Six seeds, half of them on each kind of database."""
    half = 0 if database_address.startswith("sqlite") else 1
    seeds = [seed for seed in SEEDS if seed % 2 == half]
    kept, let_go = campaign.place(len(seeds)), campaign.place(len(seeds))
    campaign.settle()
    for seed, stays, goes in zip(seeds, kept, let_go, strict=True):
        _strike(campaign, seed, stays, goes)
    ends = dict.fromkeys(kept, _KEPT) | dict.fromkeys(let_go, _LET_GO)
    campaign.until(lambda: {gid: _held(campaign, gid) for gid in ends} == ends, "the holds")
    campaign.until(lambda: {_leaves_by(campaign, gid) for gid in ends} == {_LAST}, "the deadlines")
    campaign.prove()
    assert {gid: _held(campaign, gid) for gid in ends} == ends
    assert {_leaves_by(campaign, gid) for gid in ends} == {_LAST}
    done = [_done(campaign, gid) for gid in (*kept, *let_go)]
    assert done == [(2, 1, 2, 1)] * len(kept) + [(2, 2, 2, 1)] * len(let_go)


def _strike(campaign: Campaign, seed: int, stays: str, goes: str) -> None:
    """Let the warehouse work on two orders, the seed's call taking long; kill while it does."""
    chance = random.Random(f"{seed} holds")
    call = _CALLS[seed // 2 % len(_CALLS)]
    _spoil(campaign, call, chance.uniform(0.3, 1.2))
    for moment in (_FIRST, _LAST):
        for gid in (stays, goes):
            at_warehouse(campaign, gid, "hold", reason="Count first")
            at_warehouse(campaign, gid, "ship-by", ship_by=moment)
            if gid == goes or moment == _FIRST:
                at_warehouse(campaign, gid, "release")
        campaign.client.app("POST", "/api/jobs/sync_status/run")
    campaign.until(lambda: not _is_to_come(campaign), "the call")
    strike_down(campaign, chance.choice(KILLS))
    campaign.no_faults()
    campaign.notes[f"A worker dies at {call.name}."] += 1


def _spoil(campaign: Campaign, call: Call, seconds: float) -> None:
    twice = {"where": "any", "do": "duplicate_callback", "value": 2, "times": 1}
    later = {"where": "any", "do": "reorder_callback", "value": 1, "times": 1}
    slow = {"where": call.name, "do": "delay", "value": seconds, "times": 1}
    campaign.client.wms("PUT", "/faults", [twice, later] * 5 + ([slow] if call.at_wms else []))
    if not call.at_wms:
        call.fails(campaign, "delay", seconds)


def _is_to_come(campaign: Campaign) -> bool:
    rules = [*campaign.client.wms("GET", "/faults"), *campaign.client.shopify("GET", "/faults")]
    return any(rule["do"] == "delay" and rule["times"] for rule in rules)


def _held(campaign: Campaign, gid: str) -> tuple[str, list[bool]]:
    """How an order stands in Shopify, and of each hold whether it is ours."""
    part = only_part(campaign, gid)
    return part["status"], [each["heldByRequestingApp"] for each in part["fulfillmentHolds"]]


def _leaves_by(campaign: Campaign, gid: str) -> Any:
    return only_part(campaign, gid)["fulfillBy"]


def _done(campaign: Campaign, gid: str) -> tuple[int, ...]:
    """How often the warehouse held, released, hurried and took in an order, whoever asked."""
    external_id = in_warehouse(campaign, gid)["external_id"]
    entries = campaign.client.wms("GET", "/ledger")
    kinds = [entry["kind"] for entry in entries if entry.get("external_id") == external_id]
    return tuple(kinds.count(kind) for kind in ("held", "released", "ship_by", "applied"))
