"""What orders take from stock, what is announced, and a merchant's hand on thousands of levels."""

import time
from typing import Any

import pytest
from shopify_stand_in import SHOP, Client

from tests.at_best import at_best


def level(client: Client, sku: str, place: str = "Milano") -> dict[str, int]:
    """What is available, committed and on hand of a SKU."""
    (row,) = client.control("GET", f"{SHOP}/inventory?sku={sku}&location={place}")
    return {name: row[name] for name in ("available", "committed", "on_hand")}


def stocked(client: Client, sku: str, available: int = 10) -> None:
    for place in ("Milano", "Roma"):
        row = {"sku": sku, "location": place, "available": available}
        client.control("PUT", f"{SHOP}/inventory", {"levels": [row]})


def counted(available: int, committed: int) -> dict[str, int]:
    return {
        "available": available,
        "committed": committed,
        "on_hand": available + committed,
    }


def ordered(client: Client, **spec: Any) -> str:
    stocked(client, "TS-M")
    return client.create(lines=[{"sku": "TS-M", "quantity": 3}], **spec)


def test_an_order_commits_before_and_after_it_is_routed(client: Client) -> None:
    order = ordered(client, routed=False)
    assert level(client, "TS-M") == counted(7, 3)
    client.act(order, "route")
    assert level(client, "TS-M") == counted(7, 3)


def test_shipping_takes_units_off_the_shelf_and_cancelling_brings_them_back(
    client: Client,
) -> None:
    order = ordered(client)
    one = client.order(order)["fulfillment_orders"][0]["lines"][0]
    client.act(order, "fulfil", lines=[{"id": one["id"], "quantity": 2}])
    assert level(client, "TS-M") == counted(7, 1)
    client.act(order, "cancel-fulfillment")
    assert level(client, "TS-M") == counted(7, 3)


def test_an_edit_a_move_and_a_cancellation_follow(client: Client) -> None:
    order = ordered(client)
    client.act(order, "edit", lines=[{"sku": "TS-M", "quantity": 5}])
    assert level(client, "TS-M") == counted(5, 5)
    places = client.control("GET", f"{SHOP}/locations")
    client.act(order, "move", location=places[1]["id"])
    assert level(client, "TS-M") == counted(10, 0)
    assert level(client, "TS-M", "Roma") == counted(5, 5)
    client.act(order, "cancel")
    assert level(client, "TS-M", "Roma") == counted(10, 0)


def test_what_is_not_restocked_is_lost_and_a_deleted_order_gives_back(client: Client) -> None:
    order = ordered(client)
    cancel = """mutation ($id: ID!) { orderCancel(orderId: $id, reason: INVENTORY, restock: false)
        { orderCancelUserErrors { code } } }"""
    client.graphql(cancel, id=order)
    client.quiet()
    assert level(client, "TS-M") == counted(7, 0)
    other = ordered(client)
    client.act(other, "delete")
    assert level(client, "TS-M") == counted(10, 0)


def test_what_is_not_tracked_commits_nothing(client: Client) -> None:
    client.control("PUT", f"{SHOP}/inventory", {"levels": [{"sku": "TS-M", "tracked": False}]})
    ordered(client)
    assert level(client, "TS-M") == counted(10, 0)


def test_a_change_is_written_down_and_announced(client: Client) -> None:
    stocked(client, "TS-M")
    client.quiet()
    client.inbox.received.clear()
    mark = client.control("POST", "ledger/mark")["seq"]
    order = client.create(lines=[{"sku": "TS-M", "quantity": 3}])
    (entry,) = client.ledger("inventory", mark)
    assert (entry["sku"], entry["source"]) == ("TS-M", order)
    assert entry["before"] == {"available": 10, "committed": 0}
    assert entry["after"] == {"available": 7, "committed": 3}
    (told,) = client.inbox.of("inventory_levels/update")
    (row,) = client.control("GET", f"{SHOP}/inventory?sku=TS-M&location=Milano")
    assert told.json["available"] == 7
    assert str(told.json["inventory_item_id"]) == row["item"].rpartition("/")[2]
    assert told.json["admin_graphql_api_id"].startswith("gid://shopify/InventoryLevel/")


@pytest.mark.alone
def test_twenty_thousand_variants_in_a_moment(client: Client) -> None:
    families = iter("ABC")
    assert at_best(lambda: _seconds_for_a_family(client, next(families)), 10) < 10
    assert level(client, "A-19999") == counted(19_999, 0)
    assert level(client, "A-19999", "Roma") == counted(4, 0)


def _seconds_for_a_family(client: Client, name: str) -> float:
    started = time.monotonic()
    body = {"title": "Item {n}", "sku": f"{name}-{{n:05d}}", "count": 20_000, "available": 4}
    made = client.control("POST", f"{SHOP}/products", body, 201)
    assert (made["first"]["sku"], made["last"]["sku"]) == (f"{name}-00001", f"{name}-20000")
    rows = [
        {"sku": f"{name}-{number:05d}", "location": "Milano", "available": number}
        for number in range(1, 20_001)
    ]
    client.control("PUT", f"{SHOP}/inventory", {"levels": rows, "silent": True})
    return time.monotonic() - started


def test_a_list_with_a_wrong_line_sets_none(client: Client) -> None:
    stocked(client, "TS-M")
    good = {"sku": "TS-M", "location": "Milano", "available": 1}
    for bad in ({"sku": "X", "location": "Roma"}, good | {"location": "Bari"}, good | {"n": 1}):
        client.control("PUT", f"{SHOP}/inventory", {"levels": [good, bad]}, 422)
    assert level(client, "TS-M") == counted(10, 0)
