"""Units taken off an order and money given back; orders cancelled by a job."""

from typing import Any

import pytest
from shopify_stand_in import SHOP, Client

SCOPES = ["write_orders", "read_merchant_managed_fulfillment_orders", "read_locations"]
REFUND = """mutation Refund($input: RefundInput!, $key: String!) {
    refundCreate(input: $input) @idempotent(key: $key) {
        refund { id totalRefundedSet { shopMoney { amount } } transactions(first: 3) { nodes {
            kind } } }
        order { displayFinancialStatus }
        userErrors { field message } } }"""
CANCEL = """mutation ($id: ID!, $restock: Boolean!, $money: OrderCancelRefundMethodInput) {
    orderCancel(orderId: $id, reason: INVENTORY, restock: $restock, notifyCustomer: true,
        refundMethod: $money, staffNote: "Broken") {
        job { id done } orderCancelUserErrors { code field message } } }"""
BACK = {"originalPaymentMethodsRefund": True}
SUGGEST = """query ($id: ID!, $lines: [RefundLineItemInput!]) { order(id: $id) {
    transactions(first: 5) { id kind }
    suggestedRefund(refundLineItems: $lines) { amountSet { shopMoney { amount } }
        suggestedTransactions { gateway parentTransaction { id } amountSet { shopMoney {
            amount } } } } } }"""


@pytest.fixture
def shop(client: Client) -> Client:
    """A client whose token may write orders."""
    client.token = client.control("POST", f"{SHOP}/tokens", {"scopes": SCOPES})["access_token"]
    return client


def ordered(client: Client) -> tuple[str, str, str]:
    """An order of three, its line's id, and where it is to be shipped from."""
    for place in ("Milano", "Roma"):
        row = {"sku": "TS-M", "location": place, "available": 10}
        client.control("PUT", f"{SHOP}/inventory", {"levels": [row]})
    order = client.create(lines=[{"sku": "TS-M", "quantity": 3, "price": "10"}])
    shown = client.order(order)
    return order, shown["lines"][0]["id"], shown["fulfillment_orders"][0]["location"]["id"]


def stock(client: Client, place: str = "Milano") -> tuple[int, int, int]:
    (row,) = client.control("GET", f"{SHOP}/inventory?sku=TS-M&location={place}")
    return row["available"], row["committed"], row["on_hand"]


def units(line: str, quantity: int, kind: str, place: str | None = None) -> dict[str, Any]:
    return {"lineItemId": line, "quantity": quantity, "restockType": kind, "locationId": place}


def refund(client: Client, order: str, *rows: Any, key: str = "k", **more: Any) -> Any:
    wanted = {"orderId": order, "refundLineItems": list(rows)} | more
    return client.graphql(REFUND, input=wanted, key=key)["data"]["refundCreate"]


def test_units_are_taken_off_an_order_and_put_back_once(shop: Client) -> None:
    order, line, place = ordered(shop)
    row = units(line, 2, "CANCEL", place)
    first = refund(shop, order, row)
    assert first["userErrors"] == []
    assert refund(shop, order, row) == first
    assert stock(shop) == (9, 1, 10)
    shown = shop.order(order)
    assert (shown["lines"][0]["currentQuantity"], shown["lines"][0]["quantity"]) == (1, 3)
    assert [one["remainingQuantity"] for one in shown["fulfillment_orders"][0]["lines"]] == [1]
    assert shown["displayFinancialStatus"] == "PAID"
    shop.quiet()
    (told,) = shop.inbox.of("refunds/create")
    assert told.json["refund_line_items"][0]["restock_type"] == "cancel"
    assert shop.inbox.of("orders/updated")[-1].json["line_items"][0]["current_quantity"] in (1, 3)


def test_units_are_restocked_elsewhere_or_lost(shop: Client) -> None:
    order, line, _ = ordered(shop)
    roma = shop.control("GET", f"{SHOP}/locations")[1]["id"]
    assert refund(shop, order, units(line, 1, "CANCEL", roma))["userErrors"] == []
    assert stock(shop) == (7, 2, 9)
    assert stock(shop, "Roma") == (11, 0, 11)
    assert refund(shop, order, units(line, 1, "NO_RESTOCK"), key="2")["userErrors"] == []
    assert stock(shop) == (7, 1, 8)


def test_what_was_shipped_comes_back_and_the_last_unit_closes(shop: Client) -> None:
    order, line, place = ordered(shop)
    one = shop.order(order)["fulfillment_orders"][0]["lines"][0]["id"]
    shop.act(order, "fulfil", lines=[{"id": one, "quantity": 2}])
    assert refund(shop, order, units(line, 1, "CANCEL", place))["userErrors"] == []
    assert shop.order(order)["displayFulfillmentStatus"] == "FULFILLED"
    (error,) = refund(shop, order, units(line, 1, "CANCEL", place), key="2")["userErrors"]
    assert error["field"] == ["input", "refundLineItems", "0", "quantity"]
    assert refund(shop, order, units(line, 2, "RETURN", place), key="3")["userErrors"] == []
    assert stock(shop) == (10, 0, 10)


def test_money_goes_back_by_the_payment_it_came_from(shop: Client) -> None:
    order, line, place = ordered(shop)
    row = units(line, 2, "CANCEL", place)
    seen = shop.graphql(SUGGEST, id=order, lines=[row])["data"]["order"]
    (paid,), suggested = seen["transactions"], seen["suggestedRefund"]
    (part,) = suggested["suggestedTransactions"]
    assert part["amountSet"]["shopMoney"]["amount"] == "20.00"
    assert part["parentTransaction"]["id"] == paid["id"]
    money = {
        "orderId": order,
        "amount": "20.00",
        "kind": "REFUND",
        "gateway": part["gateway"],
        "parentId": paid["id"],
    }
    done = refund(shop, order, row, transactions=[money], notify=True)
    assert done["refund"]["totalRefundedSet"]["shopMoney"]["amount"] == "20.00"
    assert done["order"]["displayFinancialStatus"] == "PARTIALLY_REFUNDED"
    assert shop.ledger("email")[-1]["what"] == "refund"
    much = refund(shop, order, transactions=[money | {"amount": "99"}], key="2")
    assert "greater" in much["userErrors"][0]["message"]
    lost = refund(shop, order, transactions=[money | {"parentId": None}], key="3")
    assert lost["userErrors"][0]["field"] == ["input", "transactions"]


def test_money_goes_back_in_the_currency_it_came_in(shop: Client) -> None:
    line = {"sku": "TS-M", "quantity": 2, "price": "10"}
    order = shop.create(lines=[line], presentment_currency="USD", rate="1.5")
    seen = shop.graphql(SUGGEST, id=order, lines=[])["data"]["order"]
    money = {
        "orderId": order,
        "amount": "15.00",
        "kind": "REFUND",
        "gateway": "shopify_payments",
        "parentId": seen["transactions"][0]["id"],
    }
    done = refund(shop, order, transactions=[money], currency="USD")
    assert done["refund"]["totalRefundedSet"]["shopMoney"]["amount"] == "10.00"


@pytest.mark.parametrize(
    ("row", "field"),
    [
        (("CANCEL", None), "locationId"),
        (("CANCEL", "gid://shopify/Location/7"), "locationId"),
        (("RETURN", "here"), "quantity"),
        (("NO_RESTOCK", "here"), "locationId"),
    ],
)
def test_a_wrong_refund_changes_nothing(shop: Client, row: Any, field: str) -> None:
    order, line, place = ordered(shop)
    kind, where = row
    answer = refund(shop, order, units(line, 1, kind, place if where == "here" else where))
    assert answer["refund"] is None
    assert answer["userErrors"][0]["field"] == ["input", "refundLineItems", "0", field]
    assert stock(shop) == (7, 3, 10)


def test_an_order_is_cancelled_by_a_job(shop: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order, _, _ = ordered(shop)
    timers, later = shop.world.timers, []
    monkeypatch.setattr(timers, "after", lambda *job: later.append(job))
    answer = shop.graphql(CANCEL, id=order, restock=True, money=BACK)["data"]["orderCancel"]
    assert not answer["job"]["done"]
    assert shop.order(order)["cancelledAt"] is None
    again = shop.graphql(CANCEL, id=order, restock=True, money=BACK)["data"]["orderCancel"]
    assert again["orderCancelUserErrors"][0]["code"] == "INVALID"
    monkeypatch.undo()
    for job in later:
        timers.after(*job)
    shop.quiet()
    query = """query ($job: ID!, $id: ID!) { job(id: $job) { done }
        order(id: $id) { cancellation { staffNote } } }"""
    seen = shop.graphql(query, job=answer["job"]["id"], id=order)["data"]
    assert seen == {"job": {"done": True}, "order": {"cancellation": {"staffNote": "Broken"}}}
    shown = shop.order(order)
    assert (shown["cancelReason"], shown["displayFinancialStatus"]) == ("INVENTORY", "REFUNDED")
    assert stock(shop) == (10, 0, 10)
    assert shop.ledger("email")[-1]["what"] == "cancelled"


def test_money_is_kept_unless_it_is_asked_back(shop: Client) -> None:
    order, _, _ = ordered(shop)
    shop.graphql(CANCEL, id=order, restock=False)
    shop.quiet()
    assert shop.order(order)["displayFinancialStatus"] == "PAID"
    assert shop.order(order)["refunds"] == []
    unpaid = shop.create(lines=[{"sku": "TS-M"}], paid=False)
    shop.graphql(CANCEL, id=unpaid, restock=True, money=BACK)
    shop.quiet()
    assert shop.order(unpaid)["displayFinancialStatus"] == "VOIDED"


def test_an_order_with_shipments_is_not_cancelled(shop: Client) -> None:
    order, _, _ = ordered(shop)
    one = shop.order(order)["fulfillment_orders"][0]["lines"][0]["id"]
    shop.act(order, "fulfil", lines=[{"id": one, "quantity": 1}])
    answer = shop.graphql(CANCEL, id=order, restock=True)["data"]["orderCancel"]
    assert answer["job"] is None
    assert "fulfillments" in answer["orderCancelUserErrors"][0]["message"]
