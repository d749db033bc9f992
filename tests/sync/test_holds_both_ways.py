"""A hold that the warehouse puts on an order stands in Shopify as ours, and ends on either side."""

from typing import Any

import pytest

from tests.sync.warehouse_hand import at_warehouse, by_hand
from tests.world import World


@pytest.fixture
def sent(shop: World) -> str:
    """An order that the warehouse has."""
    gid = shop.order()
    shop.settle()
    return gid


def reference(world: World, gid: str) -> str:
    """The warehouse's name for an order."""
    return str(world.row(gid)["outbound"][0]["external_id"])


def held(world: World, gid: str, reason: str = "Count first") -> str:
    """Let the warehouse hold an order; returns its reference once all is at rest."""
    name = reference(world, gid)
    by_hand(world, "hold", name, reason=reason)
    world.settle()
    return name


def part(world: World, gid: str) -> dict[str, Any]:
    """The order's only fulfillment order in Shopify."""
    (one,) = world.shopify_order(gid)["fulfillment_orders"]
    return dict(one)


def asked(world: World, operation: str, after: int = 0) -> int:
    """How often Shopify was asked for an operation."""
    return [entry["operation"] for entry in world.graphql(after)].count(operation)


def calls(world: World, path: str) -> int:
    """How often the warehouse's API was called for something."""
    entries = world.wms.ask("GET", "/sandbox/ledger?kind=request")
    found = entries["entries"] if isinstance(entries, dict) else entries
    return sum(entry["path"].endswith(path) for entry in found)


def test_the_warehouses_hold_and_its_end_are_shown_in_shopify(shop: World, sent: str) -> None:
    name = held(shop, sent)
    one = part(shop, sent)
    assert one["status"] == "ON_HOLD"
    (hold,) = one["fulfillmentHolds"]
    assert (hold["reasonNotes"], hold["handle"]) == (
        "Held by the warehouse: Count first",
        "tagdock-warehouse",
    )
    assert shop.log("held") == [
        "The warehouse holds it. It says: “Count first”.",
        "Held in Shopify too, because the warehouse holds it.",
    ]
    assert shop.state_tags(sent) == ["wms-synced"]
    by_hand(shop, "release", name)
    shop.settle()
    assert part(shop, sent)["status"] == "OPEN"
    assert part(shop, sent)["fulfillmentHolds"] == []
    assert shop.log("held")[2:] == [
        "The warehouse goes on with it.",
        "The warehouse's hold is gone from Shopify.",
    ]
    assert (asked(shop, "PlaceHold"), asked(shop, "ReleaseHold")) == (1, 1)
    assert (calls(shop, "/orders/hold"), calls(shop, "/orders/release")) == (0, 0)
    assert len(shop.applied()) == 1, "nothing is sent again"


def test_released_in_shopify_the_warehouse_is_asked_once_to_go_on(shop: World, sent: str) -> None:
    held(shop, sent)
    shop.change(sent, "release")
    shop.settle()
    (outbound,) = shop.row(sent)["outbound"]
    assert (outbound["held"], outbound["hold_wanted"], outbound["wms_held"]) == (False,) * 3
    assert calls(shop, "/orders/release") == 1
    assert shop.log("held")[2:] == [
        "The warehouse's hold was released in Shopify. The warehouse is asked to go on.",
        "The warehouse goes on with it.",
    ]
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    assert part(shop, sent)["status"] == "OPEN"
    assert shop.row(sent)["outbound"][0]["wms_state"] == "picking"
    assert (asked(shop, "PlaceHold"), asked(shop, "ReleaseHold")) == (1, 0)
    assert calls(shop, "/orders/hold") == 0


def test_a_hold_of_shopifys_own_is_not_shown_twice(shop: World, sent: str) -> None:
    shop.change(sent, "hold", reason="INVENTORY_OUT_OF_STOCK")
    shop.settle()
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    (outbound,) = shop.row(sent)["outbound"]
    assert (outbound["wms_state"], outbound["wms_held"]) == ("on_hold", False)
    assert len(part(shop, sent)["fulfillmentHolds"]) == 1
    assert asked(shop, "PlaceHold") == 0
    shop.change(sent, "release")
    shop.settle()
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    assert shop.row(sent)["outbound"][0]["wms_state"] == "picking"
    assert (calls(shop, "/orders/hold"), calls(shop, "/orders/release")) == (1, 1)


@pytest.mark.parametrize("value", [409, 501], ids=["409", "501"])
def test_after_a_refused_hold_the_warehouses_own_is_shown(
    shop: World, sent: str, value: int
) -> None:
    shop.warehouse_fails({"where": "hold", "do": "status", "value": value, "times": None})
    shop.change(sent, "hold", reason="OTHER")
    shop.settle()
    (outbound,) = shop.row(sent)["outbound"]
    assert (outbound["held"], outbound["hold_wanted"]) == (False, True)
    held(shop, sent)
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    told = [line for line in shop.log("held") if line.startswith("The warehouse did not hold it.")]
    assert (calls(shop, "/orders/hold"), len(told)) == (1, 1), "it is tried and told once"
    theirs, ours = part(shop, sent)["fulfillmentHolds"]
    assert ours["reasonNotes"] == "Held by the warehouse: Count first"
    shop.change(sent, "release", holds=[theirs["id"]])
    shop.settle()
    assert calls(shop, "/orders/release") == 0
    assert [each["id"] for each in part(shop, sent)["fulfillmentHolds"]] == [ours["id"]]


def test_each_side_may_hold_and_the_warehouses_own_outlives_shopifys(
    shop: World, sent: str
) -> None:
    held(shop, sent)
    shop.change(sent, "hold", reason="INCORRECT_ADDRESS")
    shop.settle()
    ours, theirs = part(shop, sent)["fulfillmentHolds"]
    assert (ours["heldByRequestingApp"], theirs["heldByRequestingApp"]) == (True, False)
    shop.change(sent, "release", holds=[theirs["id"]])
    shop.settle()
    assert shop.log("held")[-1] == "The warehouse still holds it, for a reason of its own."
    assert calls(shop, "/orders/release") == 0
    assert [each["id"] for each in part(shop, sent)["fulfillmentHolds"]] == [ours["id"]]


def test_the_warehouse_goes_on_though_shopify_holds_it(shop: World, sent: str) -> None:
    shop.change(sent, "hold", reason="OTHER")
    shop.settle()
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    by_hand(shop, "release", reference(shop, sent))
    shop.settle()
    assert shop.log("held")[-1] == (
        "The warehouse goes on with it, though it is on hold in Shopify."
    )
    assert part(shop, sent)["status"] == "ON_HOLD", "a person's hold is a person's to release"
    assert calls(shop, "/orders/hold") == 1, "and nobody quarrels over it"


@pytest.mark.parametrize("fault", ["drop_before", "drop_after"])
def test_a_lost_answer_places_no_second_hold(shop: World, sent: str, fault: str) -> None:
    shop.shopify_fails({"where": "graphql", "match": "PlaceHold", "do": fault, "times": 1})
    name = held(shop, sent)
    assert len(part(shop, sent)["fulfillmentHolds"]) == 1
    shop.shopify_fails({"where": "graphql", "match": "ReleaseHold", "do": fault, "times": 1})
    by_hand(shop, "release", name)
    shop.settle()
    assert part(shop, sent)["status"] == "OPEN"
    assert shop.row(sent)["outbound"][0]["shopify_hold"] == ""
    assert calls(shop, "/orders/release") == 0


def test_what_ships_after_all_is_fulfilled_without_our_hold(shop: World, sent: str) -> None:
    name = held(shop, sent)
    shop.warehouse_fails({"where": "by-ref", "do": "no_callback", "times": None})
    at_hand = {"external_id": name}
    shop.wms.ask("POST", "/sandbox/orders/release", **at_hand)
    shop.wms.ask("POST", "/sandbox/orders/ship", **at_hand)
    shop.api("POST", "/api/jobs/export_shipped_orders/run")
    shop.settle()
    (made,) = shop.shopify_order(sent)["fulfillments"]
    assert made["status"] == "SUCCESS"
    assert calls(shop, "/orders/release") == 0
    assert shop.row(sent)["outbound"][0]["shopify_hold"] == ""


def test_a_persons_hold_keeps_it_from_being_fulfilled_ours_does_not(shop: World, sent: str) -> None:
    name = held(shop, sent)
    shop.change(sent, "hold", reason="OTHER")
    shop.settle()
    by_hand(shop, "release", name)
    at_warehouse(shop, "ship", name)
    shop.settle()
    assert shop.shopify_order(sent)["fulfillments"] == []
    shop.change(sent, "release")
    shop.settle()
    assert len(shop.shopify_order(sent)["fulfillments"]) == 1


def test_a_refusal_by_shopify_is_explained_once(shop: World, sent: str) -> None:
    """It was fulfilled by hand there, which nobody has told us yet."""
    shop.shopify_fails(
        {"where": "webhook", "match": "", "do": "drop_before", "value": None, "times": None}
    )
    shop.change(sent, "fulfil")
    held(shop, sent)
    shop.api("POST", "/api/jobs/sync_status/run")
    shop.settle()
    assert asked(shop, "PlaceHold") == 1
    (line,) = [text for text in shop.log("held") if text.startswith("Not held")]
    assert line == (
        "Not held in Shopify. Fulfillment order is closed. The warehouse holds it all the same."
    )


def test_another_account_takes_the_old_ones_holds_along(shop: World, sent: str) -> None:
    held(shop, sent)
    other = shop.wms.ask("POST", "/sandbox/connectors", label="Other", account="OTHER")
    shop.api(
        "PUT",
        "/api/connection",
        label="Warehouse",
        app_url=other["app_url"],
        token=other["token"],
        automatic=True,
    )
    shop.api("POST", "/api/connection/test")
    shop.api("POST", "/api/connection/confirm")
    shop.settle()
    assert part(shop, sent)["fulfillmentHolds"] == []
