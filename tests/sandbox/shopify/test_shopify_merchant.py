"""A merchant's deeds: what becomes of orders and fulfillment orders, and which topics fire."""

from typing import Any

from shopify_stand_in import SHOP, Client

TWO = [{"sku": "TS-M", "quantity": 3}, {"sku": "TS-L", "quantity": 2}]


def fulfillment_orders(client: Client, order: str) -> list[tuple[str, str, dict[str, int]]]:
    """Return (id, status, remaining by SKU) of each fulfillment order."""
    return [
        (
            one["id"],
            one["status"],
            {line["sku"]: line["remainingQuantity"] for line in one["lines"]},
        )
        for one in client.order(order)["fulfillment_orders"]
    ]


def only(client: Client, order: str) -> Any:
    (one,) = client.order(order)["fulfillment_orders"]
    return one


def roma(client: Client) -> str:
    shop = next(one for one in client.control("GET", "shops") if one["domain"] == SHOP)
    return next(str(one["id"]) for one in shop["locations"] if one["name"] == "Roma")


def topics_of(client: Client, *wanted: str) -> bool:
    client.quiet()
    return all(topic in client.inbox.topics() for topic in wanted)


def test_an_edit_changes_lines_sums_and_fulfillment_order(client: Client) -> None:
    order = client.create(lines=TWO)
    first = only(client, order)["id"]
    edited = client.act(order, "edit", lines=[{"sku": "TS-M", "quantity": 1}])
    line = edited["lines"][0]
    assert (line["quantity"], line["currentQuantity"]) == (3, 1)
    assert fulfillment_orders(client, order) == [(first, "OPEN", {"TS-M": 1, "TS-L": 2})]
    assert edited["currentSubtotalPriceSet"]["shopMoney"]["amount"] == "59.70"
    assert edited["subtotalPriceSet"]["shopMoney"]["amount"] == "99.50"
    client.act(order, "edit", lines=[{"line_id": line["id"], "quantity": 4}])
    client.act(order, "edit", lines=[{"sku": "MUG-330", "quantity": 2}])
    remaining = [left for _, _, left in fulfillment_orders(client, order)]
    assert remaining == [{"TS-M": 4, "TS-L": 2}, {"MUG-330": 2}]
    assert topics_of(client, "orders/edited", "orders/updated")


def test_lines_edited_to_nothing_close_the_fulfillment_order(client: Client) -> None:
    order = client.create(lines=[{"sku": "TS-M"}])
    client.act(order, "edit", lines=[{"sku": "TS-M", "quantity": 0}])
    assert [status for _, status, _ in fulfillment_orders(client, order)] == ["CLOSED"]


def test_an_address_or_a_note_changes_without_an_edit(client: Client) -> None:
    order = client.create()
    client.inbox.received.clear()
    address = {"name": "Ada Byron", "address1": "Via Po 1", "city": "Torino", "zip": "10123"}
    changed = client.act(order, "edit", shipping_address=address, note="New")
    assert changed["shippingAddress"]["name"] == "Ada Byron"
    client.quiet()
    assert client.inbox.topics() == ["orders/updated"]


def test_paying(client: Client) -> None:
    order = client.create(paid=False)
    assert client.order(order)["displayFinancialStatus"] == "PENDING"
    paid = client.act(order, "pay")
    assert paid["displayFinancialStatus"] == "PAID"
    assert paid["totalOutstandingSet"]["shopMoney"]["amount"] == "0.00"
    assert topics_of(client, "orders/paid", "orders/updated")


def test_cancelling_closes_what_is_open(client: Client) -> None:
    order = client.create(lines=TWO)
    cancelled = client.act(order, "cancel", reason="FRAUD")
    assert cancelled["cancelReason"] == "FRAUD"
    assert cancelled["displayFinancialStatus"] == "REFUNDED"
    assert [line["currentQuantity"] for line in cancelled["lines"]] == [0, 0]
    assert cancelled["fulfillment_orders"][0]["status"] == "CLOSED"
    assert topics_of(client, "orders/cancelled", "fulfillment_orders/cancelled")


def test_deleting(client: Client) -> None:
    order = client.create()
    client.control("POST", f"{SHOP}/orders/{order.rpartition('/')[2]}/delete")
    client.control("GET", f"{SHOP}/orders/{order.rpartition('/')[2]}", status=404)
    client.quiet()
    assert client.inbox.of("orders/delete")[0].json == {"id": int(order.rpartition("/")[2])}


def test_a_risk_assessment_comes_later(client: Client) -> None:
    order = client.create()
    client.act(order, "risk", recommendation="CANCEL")
    assert client.order(order)["risk"]["recommendation"] == "CANCEL"
    assert topics_of(client, "orders/risk_assessment_changed")


def test_a_whole_move_keeps_the_id(client: Client) -> None:
    order = client.create(lines=TWO)
    before = only(client, order)["id"]
    client.act(order, "move", location=roma(client))
    after = only(client, order)
    assert (after["id"], after["location"]["name"]) == (before, "Roma")
    client.quiet()
    body = client.inbox.of("fulfillment_orders/moved")[0].json
    assert body["moved_fulfillment_order"]["id"] == before
    assert body["source_location"]["name"] == "Milano"


def test_a_partial_move_makes_a_new_one(client: Client) -> None:
    order = client.create(lines=TWO)
    before = only(client, order)
    lines = [{"id": before["lines"][0]["id"], "quantity": 1}]
    client.act(order, "move", location=roma(client), lines=lines)
    old, new = client.order(order)["fulfillment_orders"]
    assert old["id"] == before["id"]
    assert [line["remainingQuantity"] for line in old["lines"]] == [2, 2]
    assert (new["location"]["name"], new["lines"][0]["remainingQuantity"]) == ("Roma", 1)
    assert new["lines"][0]["lineItem"] == old["lines"][0]["lineItem"]
    assert new["lines"][0]["id"] != old["lines"][0]["id"]


def test_a_split_and_a_merge(client: Client) -> None:
    order = client.create(lines=TWO)
    first = only(client, order)["id"]
    client.act(order, "split")
    old, rest = fulfillment_orders(client, order)
    assert (old, rest[2]) == ((first, "OPEN", {"TS-M": 3}), {"TS-L": 2})
    client.act(order, "merge")
    *closed, merged = fulfillment_orders(client, order)
    assert [status for _, status, _ in closed] == ["CLOSED", "CLOSED"]
    assert merged[0] not in {first, rest[0]}
    assert merged[2] == {"TS-M": 3, "TS-L": 2}
    assert topics_of(client, "fulfillment_orders/split", "fulfillment_orders/merged")


def test_a_hold_and_its_release(client: Client) -> None:
    order = client.create(lines=TWO)
    held = client.act(order, "hold", reason="INCORRECT_ADDRESS", notes="No number")
    (one,) = held["fulfillment_orders"]
    assert one["status"] == "ON_HOLD"
    assert held["displayFulfillmentStatus"] == "ON_HOLD"
    assert one["fulfillmentHolds"][0]["reasonNotes"] == "No number"
    assert "RELEASE_HOLD" in one["supportedActions"]
    released = client.act(order, "release")
    assert released["fulfillment_orders"][0]["status"] == "OPEN"
    client.act(order, "release", status=404, fulfillment_order="gid://shopify/FulfillmentOrder/1")
    client.act(order, "release", status=422)
    assert topics_of(
        client, "fulfillment_orders/placed_on_hold", "fulfillment_orders/hold_released"
    )


def test_what_is_on_hold_is_neither_split_nor_merged(client: Client) -> None:
    order = client.create(lines=TWO)
    client.act(order, "split")
    client.act(order, "hold")
    before = fulfillment_orders(client, order)
    client.act(order, "split", status=422)
    client.act(order, "merge", status=422)
    assert fulfillment_orders(client, order) == before
    client.act(order, "release")
    client.act(order, "merge")


def test_a_hold_on_some_lines_sets_the_others_aside(client: Client) -> None:
    order = client.create(lines=TWO)
    line = only(client, order)["lines"][0]
    client.act(order, "hold", lines=[{"id": line["id"], "quantity": 3}])
    held, rest = fulfillment_orders(client, order)
    assert (held[1], held[2]) == ("ON_HOLD", {"TS-M": 3})
    assert (rest[1], rest[2]) == ("OPEN", {"TS-L": 2})


def test_shipping_in_parts_and_taking_back(client: Client) -> None:
    order = client.create(lines=TWO)
    line = only(client, order)["lines"][0]
    part = client.act(order, "fulfil", lines=[{"id": line["id"], "quantity": 1}])
    assert part["displayFulfillmentStatus"] == "PARTIALLY_FULFILLED"
    assert part["fulfillment_orders"][0]["status"] == "IN_PROGRESS"
    whole = client.act(order, "fulfil", tracking={"company": "GLS", "number": "1Z"})
    assert whole["displayFulfillmentStatus"] == "FULFILLED"
    assert whole["fulfillment_orders"][0]["status"] == "CLOSED"
    assert whole["fulfillments"][1]["trackingInfo"][0]["number"] == "1Z"
    client.act(order, "cancel-fulfillment")
    *_, again = fulfillment_orders(client, order)
    assert (again[1], again[2]) == ("OPEN", {"TS-M": 1})
    assert topics_of(client, "fulfillments/create", "fulfillments/update")


def test_scheduled_orders_become_ready(client: Client) -> None:
    order = client.create(fulfill_at="2099-01-01T00:00:00Z")
    assert only(client, order)["status"] == "SCHEDULED"
    assert client.act(order, "ready")["fulfillment_orders"][0]["status"] == "OPEN"


def test_mending_a_sku_leaves_the_line_and_changes_the_variant(client: Client) -> None:
    order = client.create(lines=[{"sku": None, "title": "Nameless"}])
    client.control("POST", f"{SHOP}/products/Nameless", {"sku": "NAMED"})
    line = client.order(order)["lines"][0]
    assert (line["sku"], line["variant"]["sku"]) == (None, "NAMED")
    client.quiet()
    assert client.inbox.of("products/update")[0].json["variants"][0]["sku"] == "NAMED"
    client.control("POST", f"{SHOP}/products/NAMED", {"sku": "RENAMED"})
    client.control("POST", f"{SHOP}/products/NAMED", {"sku": "X"}, 404)


def test_many_orders_at_once(client: Client) -> None:
    made = client.control("POST", f"{SHOP}/orders", {"count": 30, "tags": ["t"]}, 201)
    assert len(set(made["ids"])) == 30
    client.quiet()
    assert len(client.inbox.of("orders/create")) == 30
    listed = client.control("GET", f"{SHOP}/orders")
    assert [one["name"] for one in listed][:2] == ["#1001", "#1002"]


def test_wrong_requests_say_what_is_wrong(client: Client) -> None:
    order = client.create()
    assert "colour" in client.control("POST", f"{SHOP}/orders", {"colour": 1}, 422)["error"]
    assert "no shop" in client.control("GET", "nowhere/orders", status=404)["error"]
    assert "fly" in client.act(order, "fly", status=404)["error"]
    assert "speed" in client.control("PUT", "settings", {"speed": 1}, 422)["error"]
    assert "where" in client.control("PUT", "faults", [{"where": "x", "do": "delay"}], 422)["error"]
    assert "seed" in client.control("POST", "reset", {"seed": "x"}, 422)["error"]
    client.control("POST", "reset", {"seed": "none"})
