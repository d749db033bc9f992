"""Splits, moves, merges and partial edits after sending: no unit is ever at the warehouse twice."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.world import World

UNITS = 5
LINES = [{"sku": "MUG-WHITE", "quantity": UNITS}]


@pytest.fixture
def automatic(automatic: World) -> World:
    """The same with each location at a warehouse of its own."""
    codes = [w["code"] for w in automatic.wms.ask("GET", "/sandbox/warehouses")]
    automatic.choose(locations=dict(zip(automatic.locations().values(), codes, strict=False)))
    return automatic


@pytest.fixture
def sent(automatic: World) -> str:
    """An order for five mugs that is in the first warehouse."""
    gid = automatic.order(lines=LINES, location=here(automatic))
    automatic.settle()
    assert at_rest(automatic, gid) == [UNITS]
    return gid


def here(world: World) -> str:
    return next(iter(world.locations().values()))


def there(world: World) -> str:
    return list(world.locations().values())[1]


def parts(world: World, gid: str) -> list[dict[str, Any]]:
    """The order's open fulfillment orders."""
    found = world.shopify_order(gid)["fulfillment_orders"]
    return [part for part in found if part["status"] == "OPEN"]


def split(world: World, gid: str, quantity: int) -> None:
    """Split some units off the order's only fulfillment order."""
    (part,) = parts(world, gid)
    lines = [{"id": part["lines"][0]["id"], "quantity": quantity}]
    world.change(gid, "split", fulfillment_order=part["id"], lines=lines)
    world.settle()


def at_rest(world: World, gid: str) -> list[int]:
    """The units of each order at the warehouse, when all is said and done."""
    assert world.state_tags(gid) == ["wms-synced"], world.row(gid)
    return sorted(units for units in timeline(world)[-1].values() if units)


def timeline(world: World) -> list[dict[str, int]]:
    """How many units each warehouse order asked for after each change, from the ledger."""
    now: dict[str, int] = {}
    asked: dict[str, int] = {}
    moments = []
    for entry in world.wms.ask("GET", "/sandbox/ledger"):
        if entry["kind"] == "applied":
            now[entry["external_id"]] = asked[entry["external_id"]] = entry["units"]
        elif entry["kind"] == "cancelled":
            name = entry["external_id"]
            now[name] = asked[name] - sum(entry["lines"].values())
        moments.append(dict(now))
    return moments


def most_at_once(world: World) -> int:
    """The most units that were ever at the warehouse."""
    return max(sum(moment.values()) for moment in timeline(world))


def test_a_split_leaves_as_many_units(automatic: World, sent: str) -> None:
    split(automatic, sent, 2)
    assert at_rest(automatic, sent) == [2, 3]
    assert most_at_once(automatic) == UNITS


def test_a_whole_move_cancels_there_before_it_sends_here(automatic: World, sent: str) -> None:
    (part,) = parts(automatic, sent)
    automatic.change(sent, "move", fulfillment_order=part["id"], location=there(automatic))
    automatic.settle()
    assert at_rest(automatic, sent) == [UNITS]
    assert most_at_once(automatic) == UNITS
    old, new = automatic.row(sent)["outbound"]
    assert (old["state"], new["state"]) == ("superseded", "accepted")
    assert new["external_id"] == f"{part['id']}#2"
    assert old["warehouse"] != new["warehouse"]


def test_a_part_moved_to_another_warehouse_reduces_first(automatic: World, sent: str) -> None:
    split(automatic, sent, 2)
    smaller = min(parts(automatic, sent), key=lambda part: part["lines"][0]["remainingQuantity"])
    automatic.change(sent, "move", fulfillment_order=smaller["id"], location=there(automatic))
    automatic.settle()
    assert at_rest(automatic, sent) == [2, 3]
    assert most_at_once(automatic) == UNITS


def test_parts_that_are_merged_stand_in_one_order_again(automatic: World, sent: str) -> None:
    split(automatic, sent, 2)
    ids = [part["id"] for part in parts(automatic, sent)]
    automatic.change(sent, "merge", fulfillment_orders=ids)
    automatic.settle()
    assert at_rest(automatic, sent) == [UNITS]
    assert most_at_once(automatic) == UNITS


def test_fewer_units_after_an_edit_are_taken_back(automatic: World, sent: str) -> None:
    automatic.change(sent, "edit", lines=[{"sku": "MUG-WHITE", "quantity": 3}])
    automatic.settle()
    assert at_rest(automatic, sent) == [3]
    assert most_at_once(automatic) == UNITS


def test_units_fulfilled_by_hand_are_taken_back(automatic: World, sent: str) -> None:
    (part,) = parts(automatic, sent)
    lines = [{"id": part["lines"][0]["id"], "quantity": 2}]
    automatic.change(sent, "fulfil", fulfillment_order=part["id"], lines=lines)
    automatic.settle()
    assert at_rest(automatic, sent) == [3]


def test_a_move_that_comes_too_late_adds_nothing_and_is_an_error(
    automatic: World, sent: str
) -> None:
    (order,) = automatic.wms.ask("GET", "/sandbox/orders")
    packed = {"external_id": order["external_id"], "state": "packed"}
    automatic.wms.ask("PUT", "/sandbox/orders/state", **packed)
    (part,) = parts(automatic, sent)
    automatic.change(sent, "move", fulfillment_order=part["id"], location=there(automatic))
    automatic.settle()
    assert automatic.state_tags(sent) == ["wms-error"]
    assert automatic.row(sent)["reason"] == "cancel-too-late"
    assert most_at_once(automatic) == UNITS
    assert len({name for moment in timeline(automatic) for name in moment}) == 1
    automatic.send(sent)
    automatic.settle()
    assert most_at_once(automatic) == UNITS
    assert not automatic.row(sent)["manual"], "the person has had an answer"


def test_what_vanished_while_it_waited_keeps_nothing_open(automatic: World, sent: str) -> None:
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=True)
    (part,) = parts(automatic, sent)
    lines = [{"id": part["lines"][0]["id"], "quantity": 2}]
    automatic.change(sent, "split", fulfillment_order=part["id"], lines=lines)
    _until(automatic, lambda: any(each["held_back"] for each in outbounds(automatic, sent)))
    fulfilled = outbounds(automatic, sent)[-1]["fulfillment_order"]
    automatic.change(sent, "fulfil", fulfillment_order=fulfilled)
    _until(automatic, lambda: outbounds(automatic, sent)[-1]["state"] == "superseded")
    automatic.wms.ask("PUT", "/sandbox/settings", hold_jobs=False)
    automatic.wms.ask("POST", "/sandbox/jobs/release")
    automatic.settle()
    assert at_rest(automatic, sent) == [UNITS - 2]
    automatic.send(sent)
    automatic.settle()
    assert not automatic.row(sent)["manual"], "nothing is to come"


def outbounds(world: World, gid: str) -> list[dict[str, Any]]:
    """The order's outbound orders."""
    return list(world.row(gid)["outbound"])


def _until(world: World, reached: Callable[[], bool]) -> None:
    """Work until it is so."""
    world.until(lambda: world.drain() or reached(), "it so")
