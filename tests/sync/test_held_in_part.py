"""An order of which only a part is on hold in Shopify: the rest is in the warehouse, and the order
says what the part waits for."""

import pytest

from tests.sync.test_automatic import run
from tests.world import World

MUG, SHIRT = {"sku": "MUG-WHITE", "quantity": 5}, {"sku": "TS-BLUE-M", "quantity": 1}
WAITS = pytest.mark.parametrize(
    ("later", "words", "free"),
    [
        ("", "Fulfilment is on hold in Shopify: ", 5),
        ("2027-03-01T10:00:00Z", "Fulfilment is scheduled for later in Shopify.", 1),
    ],
    ids=["held", "scheduled"],
)


def in_two_parts(world: World, later: str = "") -> tuple[str, str]:
    """An order of which a part waits in Shopify, all at rest, with that part's id: its second one
    is on hold, or its first one is for later."""
    gid = world.order(lines=[MUG, SHIRT], routed=False, fulfill_at=later or None)
    world.change(gid, "route")
    (first,) = world.shopify_order(gid)["fulfillment_orders"]
    lines = [{"id": first["lines"][1]["id"], "quantity": 1}]
    world.change(gid, "split", fulfillment_order=first["id"], lines=lines)
    second = world.shopify_order(gid)["fulfillment_orders"][-1]
    if not later:
        hold(world, gid, second["id"])
    world.settle()
    return gid, str(first["id"] if later else second["id"])


def hold(world: World, gid: str, part: str) -> None:
    """Put a part of an order on hold."""
    world.change(gid, "hold", fulfillment_order=part, reason="INVENTORY_OUT_OF_STOCK")


def units_there(world: World) -> list[int]:
    """How many units each warehouse order asks for."""
    orders = world.wms.ask("GET", "/sandbox/orders")
    return sorted(sum(line["quantity"] for line in each["lines"]) for each in orders)


def closed_gates(world: World, gid: str) -> list[str]:
    """The gates that are closed for an order, as the block on Shopify's page shows."""
    found = world.api("GET", f"/api/orders/status?id={gid}")["gates"]
    return [gate["gate"] for gate in found if not gate["ok"]]


def assert_waits(world: World, gid: str, words: str, free: int = 5) -> None:
    """A part of it is in the warehouse, and the order waits with the reason why not all is."""
    assert units_there(world) == [free]
    assert world.state_tags(gid) == ["wms-no-sync"]
    row = world.row(gid)
    assert row["reason"] == "hold"
    assert row["message"].startswith(words)
    assert closed_gates(world, gid) == ["hold"]
    assert any(line.startswith(f"Not sent. {words}") for line in world.log("waiting"))


@WAITS
def test_the_order_says_what_its_part_waits_for_and_is_not_sent_in_vain(
    shop: World, later: str, words: str, free: int
) -> None:
    gid, _ = in_two_parts(shop, later)
    assert_waits(shop, gid, words, free)
    run(shop, "import_orders", by_schedule=True)
    assert shop.log("unchanged") == []
    assert_waits(shop, gid, words, free)


@WAITS
def test_a_persons_send_says_what_it_waits_for(
    shop: World, later: str, words: str, free: int
) -> None:
    gid, _ = in_two_parts(shop, later)
    started = shop.send(gid)
    shop.settle()
    (item,) = shop.api("GET", f"/api/runs/{started['run']}")["items"]
    assert (item["outcome"], item["reason"]) == ("skipped", "hold")
    assert_waits(shop, gid, words, free)


def test_it_goes_once_it_is_released(shop: World) -> None:
    gid, part = in_two_parts(shop)
    shop.change(gid, "release", fulfillment_order=part)
    shop.settle()
    assert units_there(shop) == [1, 5]
    assert (shop.row(gid)["reason"], shop.state_tags(gid)) == ("", ["wms-synced"])


def test_an_edit_of_what_is_there_goes_while_a_part_waits(shop: World) -> None:
    gid, _ = in_two_parts(shop)
    shop.change(gid, "edit", note="Ring twice")
    shop.settle()
    assert [revision for _, revision in shop.applied()] == [1, 2]
    assert_waits(shop, gid, "Fulfilment is on hold in Shopify: ")


def test_a_free_part_that_is_not_sent_from_its_location_opens_nothing(shop: World) -> None:
    here, other, *_ = shop.locations().values()
    shop.choose(locations={here: "WH", other: None})
    gid = shop.order(lines=[MUG, SHIRT], routed=False, location=here)
    shop.change(gid, "route")
    (part,) = shop.shopify_order(gid)["fulfillment_orders"]
    lines = [{"id": part["lines"][1]["id"], "quantity": 1}]
    shop.change(gid, "move", fulfillment_order=part["id"], lines=lines, location=other)
    hold(shop, gid, part["id"])
    shop.settle()
    assert shop.state_tags(gid) == ["wms-no-sync"]
    assert (shop.row(gid)["reason"], shop.batches()) == ("hold", [])
    shop.change(gid, "release", fulfillment_order=part["id"])
    shop.settle()
    assert units_there(shop) == [5]
