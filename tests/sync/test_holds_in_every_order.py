"""Holds of both sides and an edit, in every order: each side's hold is on both until that side ends
it, and nobody else's deed does."""

from itertools import permutations
from typing import Any

import pytest

from tests.sync.warehouse_hand import by_hand
from tests.world import World

_HOLDS, _RELEASES = "the warehouse holds", "the warehouse releases"
_HELD, _FREED, _EDITED = "the merchant holds", "the merchant releases", "the merchant edits"
_DEEDS = (_HOLDS, _RELEASES, _HELD, _FREED, _EDITED)
ORDERS = [
    each
    for each in permutations(_DEEDS)
    if each.index(_HOLDS) < each.index(_RELEASES) and each.index(_HELD) < each.index(_FREED)
]
EDITS: dict[str, list[dict[str, Any]]] = {
    "more of it": [{"sku": "MUG-WHITE", "quantity": 2}],
    "another article": [{"sku": "TEA-GREEN", "quantity": 1}],
}


def first_part(world: World, gid: str) -> dict[str, Any]:
    """The fulfillment order that there was from the start."""
    return dict(world.shopify_order(gid)["fulfillment_orders"][0])


def name_of(world: World, gid: str) -> str:
    """The warehouse's name for that part of the order."""
    return str(world.row(gid)["outbound"][0]["external_id"])


def do(world: World, gid: str, deed: str, edit: str, *, told: bool = True) -> None:
    """Let one thing happen to an order. ``told``: the warehouse calls back."""
    part = first_part(world, gid)
    at_warehouse = by_hand if told else unheard
    if deed == _HOLDS:
        at_warehouse(world, "hold", name_of(world, gid), reason="Count first")
    elif deed == _RELEASES:
        at_warehouse(world, "release", name_of(world, gid))
    elif deed == _HELD:
        world.change(gid, "hold", reason="OTHER", fulfillment_order=part["id"])
    elif deed == _FREED:
        theirs = [each["id"] for each in part["fulfillmentHolds"] if each["handle"] is None]
        world.change(gid, "release", fulfillment_order=part["id"], holds=theirs)
    else:
        world.change(gid, "edit", lines=EDITS[edit])


def unheard(world: World, verb: str, external_id: str, **body: Any) -> None:
    """Let the warehouse hold or release an order without a word to us."""
    world.wms.ask("POST", f"/sandbox/orders/{verb}", external_id=external_id, **body)


def found(world: World, gid: str, held: dict[str, dict[str, Any]]) -> tuple[bool, bool, bool, bool]:
    """Whether it is held at the warehouse, in Shopify for the warehouse, in Shopify by a person,
    and whether we believe the warehouse to hold it for itself."""
    holds = [each["handle"] for each in first_part(world, gid)["fulfillmentHolds"]]
    outbound = world.row(gid)["outbound"][0]
    state = held[outbound["external_id"]]["state"]
    return state == "on_hold", "tagdock-warehouse" in holds, None in holds, outbound["wms_held"]


def wanted(past: tuple[str, ...]) -> tuple[bool, bool, bool, bool]:
    """What should be so after these deeds."""
    warehouse = _HOLDS in past and _RELEASES not in past
    merchant = _HELD in past and _FREED not in past
    return warehouse or merchant, warehouse, merchant, warehouse


def orders_at_warehouse(world: World) -> dict[str, dict[str, Any]]:
    """What the warehouse has, by its name."""
    return {each["external_id"]: each for each in world.wms.ask("GET", "/sandbox/orders")}


def check(world: World, pasts: dict[str, tuple[str, ...]]) -> None:
    """Hold every order against what has happened to it."""
    there = orders_at_warehouse(world)
    wrong = {
        past: found(world, gid, there)
        for gid, past in pasts.items()
        if found(world, gid, there) != wanted(past)
    }
    assert wrong == {}


def open_shop(world: World, orders: int) -> list[str]:
    """A shop with automatic processes on, and so many orders at the warehouse."""
    world.install()
    world.connect(automatic=True)
    gids = [world.order() for _ in range(orders)]
    world.settle()
    return gids


@pytest.mark.parametrize(("mode", "edit"), [("async", "more of it"), ("sync", "another article")])
@pytest.mark.parametrize("first", [_HOLDS, _HELD, _EDITED])
def test_each_sides_hold_is_on_both_until_that_side_ends_it(
    make_world: Any, first: str, mode: str, edit: str
) -> None:
    world: World = make_world(mode=mode)
    orders = [each for each in ORDERS if each[0] == first]
    plans = dict(zip(open_shop(world, len(orders)), orders, strict=True))
    for step in range(len(_DEEDS)):
        for gid, deeds in plans.items():
            do(world, gid, deeds[step], edit)
        world.settle()
        check(world, {gid: deeds[: step + 1] for gid, deeds in plans.items()})


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
def test_what_happens_before_we_look_loses_no_hold(make_world: Any, told: bool) -> None:
    world: World = make_world(mode="sync")
    pasts = sorted({each[:length] for each in ORDERS for length in (2, 3)})
    plans = dict(zip(open_shop(world, len(pasts)), pasts, strict=True))
    if not told:
        world.warehouse_fails({"where": "any", "do": "no_callback", "times": None})
    for gid, deeds in plans.items():
        for deed in deeds:
            do(world, gid, deed, "another article", told=told)
    world.settle()
    world.api("POST", "/api/jobs/sync_status/run")
    world.settle()
    check(world, plans)
