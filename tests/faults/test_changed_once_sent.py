"""A worker dies by SIGKILL at every moment around what becomes of orders after they were sent:
cancelled by the buyer, by the warehouse in whole and in part, held, released and hurried by either
side. At rest each of it was done once, and both sides say the same.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sandbox.demo.client import SHOP
from tests.faults.both_sides import (
    at_warehouse,
    in_admin,
    in_shopify,
    in_warehouse,
    log_of,
    only_part,
)
from tests.faults.calls import MOMENTS, Call
from tests.faults.campaign import SKU, Campaign
from tests.faults.deaths import KILLS, strike_down

FIRST, SECOND = "2091-12-01T10:00:00Z", "2091-12-02T10:00:00Z"
# Of each order, so that a part of it can be cancelled.
_UNITS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody does to an order (``begin``) and what the end of that is on both sides
    (``prove``); ``call`` is what tells the other side. ``before`` was done to it earlier."""

    call: Call
    begin: Callable[[Campaign, str], None]
    prove: Callable[[Campaign, str], None]
    before: Callable[[Campaign, str], None] | None = None


def test_a_killed_worker_changes_everything_once(campaign: Campaign, database_address: str) -> None:
    """Each change at each moment once; half of that on each kind of database."""
    half = 0 if database_address.startswith("sqlite") else 1
    cells = [(change, moment) for moment in range(len(MOMENTS)) for change in CHANGES]
    seeds = [seed for seed in range(len(cells)) if seed % 2 == half]
    with _cancelled_in_shopify(campaign):
        gids = dict(zip(seeds, campaign.place(len(seeds), quantity=_UNITS), strict=True))
        campaign.settle()
        for seed, gid in gids.items():
            if (before := cells[seed][0].before) is not None:
                before(campaign, gid)
        campaign.settle()
        shelf = _available(campaign)
        for seed, gid in gids.items():
            _strike(campaign, seed, gid, *cells[seed])
        campaign.cancelled |= {gids[seed] for seed in seeds if cells[seed][0] in _CANCELLING}
        campaign.prove()
    for seed, gid in gids.items():
        cells[seed][0].prove(campaign, gid)
    back = [_BACK.get(cells[seed][0].prove, 0) for seed in seeds]
    assert _available(campaign) - shelf == sum(back), "each unit is back on the shelf once"


def _strike(campaign: Campaign, seed: int, gid: str, change: Change, moment: int) -> None:
    """Begin a change, wait for the seed's moment, kill."""
    chance = random.Random(f"{seed} change")
    MOMENTS[moment](campaign, chance, change.call, lambda: change.begin(campaign, gid))
    strike_down(campaign, chance.choice(KILLS))
    campaign.no_faults()
    campaign.notes[f"A worker dies at {change.call.name}."] += 1


@contextmanager
def _cancelled_in_shopify(campaign: Campaign) -> Iterator[None]:
    """What the warehouse cancels is cancelled in Shopify too."""
    _choose(campaign, "cancel")
    yield
    _choose(campaign, "notice")


def _choose(campaign: Campaign, what: str) -> None:
    version = campaign.client.app("GET", "/api/settings")["version"]
    wanted = {"version": version, "seller_cancellation": what}
    campaign.client.app("PUT", "/api/settings", wanted)


# --- Doing --------------------------------------------------------------------------------------


def _in_shopify(deed: str, **body: Any) -> Callable[[Campaign, str], None]:
    return lambda campaign, gid: in_admin(campaign, gid, deed, **body)


def _at_warehouse(verb: str, **body: Any) -> Callable[[Campaign, str], None]:
    """Each of it is told twice, and looked for besides."""

    def begin(campaign: Campaign, gid: str) -> None:
        rule = {"where": "any", "do": "duplicate_callback", "value": 2, "times": 1}
        campaign.client.wms("PUT", "/faults", [rule])
        at_warehouse(campaign, gid, verb, **body)

    return begin


def _hurry_in_shopify(campaign: Campaign, gid: str) -> None:
    """No topic tells of that alone; something else makes Tagdock read the order."""
    in_admin(campaign, gid, "deadline", fulfill_by=SECOND)
    in_admin(campaign, gid, "risk", recommendation="ACCEPT")


# --- Looking ------------------------------------------------------------------------------------


def _mails(campaign: Campaign, gid: str, what: str) -> int:
    sent = campaign.client.shopify("GET", f"/ledger?kind=email&shop={SHOP}")
    return sum((mail["order"], mail["what"]) == (gid, what) for mail in sent)


def _asked(campaign: Campaign, gid: str, kind: str) -> list[dict[str, Any]]:
    """What the warehouse was asked for and did, of one kind."""
    external_id = in_warehouse(campaign, gid)["external_id"]
    done = campaign.client.wms("GET", f"/ledger?kind={kind}")
    return [entry for entry in done if entry["external_id"] == external_id]


def _available(campaign: Campaign) -> int:
    rows = campaign.client.shopify("GET", f"/{SHOP}/inventory?sku={SKU}")
    return sum(row["available"] for row in rows)


# --- Proving ------------------------------------------------------------------------------------


def _is_cancelled_on_both_sides(campaign: Campaign, gid: str) -> None:
    order, there = in_shopify(campaign, gid), in_warehouse(campaign, gid)
    assert order["cancelledAt"] is not None
    assert len(order["refunds"]) == 1
    assert there["state"] == "cancelled"
    assert [line["cancelled_quantity"] for line in there["lines"]] == [_UNITS]


def _buyer_cancelled(campaign: Campaign, gid: str) -> None:
    _is_cancelled_on_both_sides(campaign, gid)
    assert log_of(campaign, gid, "cancelled") == ["The warehouse has cancelled it."]
    assert log_of(campaign, gid, "wms_cancelled") == []
    asked = _asked(campaign, gid, "cancelled")
    assert {(each["revision"], each["outcome"]) for each in asked} == {(1, "cancelled")}


def _warehouse_cancelled(campaign: Campaign, gid: str) -> None:
    _is_cancelled_on_both_sides(campaign, gid)
    assert _mails(campaign, gid, "cancelled") == 1
    told, *done = log_of(campaign, gid, "wms_cancelled")
    assert told.startswith("The warehouse cancelled it: Broken.")
    assert _is_once(done, "Cancelled in Shopify: the warehouse won't ship it.")
    assert not _asked(campaign, gid, "cancelled")


def _warehouse_cancelled_a_part(campaign: Campaign, gid: str) -> None:
    order, there = in_shopify(campaign, gid), in_warehouse(campaign, gid)
    assert order["cancelledAt"] is None
    (refund,) = order["refunds"]
    assert [(line["quantity"], line["restock"]) for line in refund["lines"]] == [(1, "CANCEL")]
    assert _mails(campaign, gid, "refund") == 1
    assert [line["cancelled_quantity"] for line in there["lines"]] == [1]
    assert (there["revision"], _asked(campaign, gid, "cancelled")) == (1, [])
    assert len(log_of(campaign, gid, "wms_cancelled")) == 2


def _is_once(said: list[str], message: str) -> bool:
    """Whether this is said once, or by nobody: Shopify's webhook may tell what the dead could not
    write down, and that is no news then."""
    return said in ([message], [])


def _held(campaign: Campaign, gid: str, *, by_app: bool) -> None:
    """Both hold it, each once."""
    part = only_part(campaign, gid)
    assert part["status"] == "ON_HOLD"
    assert [each["heldByRequestingApp"] for each in part["fulfillmentHolds"]] == [by_app]
    assert in_warehouse(campaign, gid)["state"] == "on_hold"


def _shopify_held(campaign: Campaign, gid: str) -> None:
    _held(campaign, gid, by_app=False)
    assert log_of(campaign, gid, "held") == ["The warehouse holds it: it is on hold in Shopify."]
    asked = _asked(campaign, gid, "held")
    assert {each["reason"] for each in asked} == {"On hold in Shopify"}


def _warehouse_held(campaign: Campaign, gid: str) -> None:
    _held(campaign, gid, by_app=True)
    told, *done = log_of(campaign, gid, "held")
    assert told == "The warehouse holds it. It says: “Count first”."
    assert _is_once(done, "Held in Shopify too, because the warehouse holds it.")
    assert len(_asked(campaign, gid, "held")) == 1


def _goes_on(campaign: Campaign, gid: str) -> None:
    """Nobody holds it any more."""
    part = only_part(campaign, gid)
    assert (part["status"], part["fulfillmentHolds"]) == ("OPEN", [])
    assert in_warehouse(campaign, gid)["state"] == "picking"
    assert len(_asked(campaign, gid, "held")) == 1


def _shopify_released(campaign: Campaign, gid: str) -> None:
    _goes_on(campaign, gid)
    assert log_of(campaign, gid, "held")[1:] == ["The warehouse goes on with it."]


def _warehouse_released(campaign: Campaign, gid: str) -> None:
    _goes_on(campaign, gid)
    told, *done = log_of(campaign, gid, "held")[2:]
    assert told == "The warehouse goes on with it."
    assert _is_once(done, "The warehouse's hold is gone from Shopify.")
    assert len(_asked(campaign, gid, "released")) == 1


def _leaves_by(campaign: Campaign, gid: str) -> None:
    assert only_part(campaign, gid)["fulfillBy"] == SECOND
    there = in_warehouse(campaign, gid)
    assert (there["ship_by"], there["revision"]) == (SECOND, 1)


def _shopify_hurried(campaign: Campaign, gid: str) -> None:
    _leaves_by(campaign, gid)
    assert log_of(campaign, gid, "ship_by")[2:] == [
        "The warehouse knows: ship by 2091-12-02 10:00 UTC.",
    ]


def _warehouse_hurried(campaign: Campaign, gid: str) -> None:
    _leaves_by(campaign, gid)
    told, *done = log_of(campaign, gid, "ship_by")[2:]
    assert told == "The warehouse has set the latest shipping time: 2091-12-02 10:00 UTC."
    assert _is_once(done, "Shopify knows: ship by 2091-12-02 10:00 UTC.")
    assert len(_asked(campaign, gid, "ship_by")) == 2


_HOLD_THERE = _at_warehouse("hold", reason="Count first")
_HOLD_HERE = _in_shopify("hold", reason="OTHER")
_BY_FIRST = _at_warehouse("ship-by", ship_by=FIRST)
_CANCELLING = (
    Change(Call("cancel", at_wms=True), _in_shopify("cancel"), _buyer_cancelled),
    Change(Call("CancelOrder"), _at_warehouse("cancel", reason="Broken"), _warehouse_cancelled),
    Change(
        Call("CreateRefund"),
        _at_warehouse("cancel", lines=[{"sku": SKU, "quantity": 1}]),
        _warehouse_cancelled_a_part,
    ),
)
CHANGES = (
    *_CANCELLING,
    Change(Call("hold", at_wms=True), _HOLD_HERE, _shopify_held),
    Change(Call("release", at_wms=True), _in_shopify("release"), _shopify_released, _HOLD_HERE),
    Change(Call("PlaceHold"), _HOLD_THERE, _warehouse_held),
    Change(Call("ReleaseHold"), _at_warehouse("release"), _warehouse_released, _HOLD_THERE),
    Change(Call("sla", at_wms=True), _hurry_in_shopify, _shopify_hurried, _BY_FIRST),
    Change(
        Call("SetDeadline"),
        _at_warehouse("ship-by", ship_by=SECOND),
        _warehouse_hurried,
        _BY_FIRST,
    ),
)
# How many units each puts back on the shelf.
_BACK = {_buyer_cancelled: _UNITS, _warehouse_cancelled: _UNITS, _warehouse_cancelled_a_part: 1}
