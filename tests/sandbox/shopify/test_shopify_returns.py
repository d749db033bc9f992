"""Returns: opened by the app or by hand, their goods' end, what the order and the stock become."""

from typing import Any

import pytest
from shopify_stand_in import SHOP, Client

SCOPES = ["write_orders", "write_returns", "read_inventory", "read_locations", "read_products"]
ERRORS = "userErrors { code field message }"
CREATE = f"""mutation ($new: ReturnInput!) {{ returnCreate(returnInput: $new) {{
    return {{ id status name totalQuantity order {{ returnStatus }} }} {ERRORS} }} }}"""
DISPOSE = f"""mutation ($rows: [ReverseFulfillmentOrderDisposeInput!]!) {{
    reverseFulfillmentOrderDispose(dispositionInputs: $rows) {{
    reverseFulfillmentOrderLineItems {{ dispositions {{ type quantity location {{ name }} }} }}
    {ERRORS} }} }}"""
PROCESS = f"""mutation ($input: ReturnProcessInput!) {{ returnProcess(input: $input) {{
    return {{ status returnLineItems(first: 5) {{ nodes {{ processedQuantity }} }} }}
    {ERRORS} }} }}"""
READ = """query ($id: ID!) { order(id: $id) { returnStatus
    lineItems(first: 5) { nodes { currentQuantity } }
    returns(first: 5) { nodes { id status name
        returnLineItems(first: 5) { nodes { id quantity returnReason
            ... on ReturnLineItem { fulfillmentLineItem { id lineItem { sku } } } } }
        reverseFulfillmentOrders(first: 5) { nodes { id status
            lineItems(first: 5) { nodes { id totalQuantity } } } } } } } }"""
RETURNABLE = """query ($id: ID!) { returnableFulfillments(orderId: $id, first: 5) { nodes {
    returnableFulfillmentLineItems(first: 5) { nodes { quantity
        fulfillmentLineItem { id lineItem { sku } } } } } } }"""


@pytest.fixture
def shop(client: Client) -> Client:
    """A client whose token may write returns."""
    client.token = client.control("POST", f"{SHOP}/tokens", {"scopes": SCOPES})["access_token"]
    return client


def shipped(client: Client) -> str:
    """An order of three and two, all shipped."""
    lines = [{"sku": "TS-M", "quantity": 3}, {"sku": "HD-01", "quantity": 2}]
    order = client.create(lines=lines)
    client.act(order, "fulfil")
    return order


def returnable(client: Client, order: str) -> dict[str, tuple[str, int]]:
    """The shipped lines of an order that may come back, by SKU: id and units."""
    made = client.graphql(RETURNABLE, id=order)["data"]["returnableFulfillments"]["nodes"]
    rows = [row for one in made for row in one["returnableFulfillmentLineItems"]["nodes"]]
    return {
        row["fulfillmentLineItem"]["lineItem"]["sku"]: (
            row["fulfillmentLineItem"]["id"],
            row["quantity"],
        )
        for row in rows
    }


def asked(order: str, line: str, quantity: int, **more: Any) -> dict[str, Any]:
    row = {"fulfillmentLineItemId": line, "quantity": quantity, "returnReason": "UNWANTED"}
    return {"orderId": order, "returnLineItems": [row | more]}


def opened(client: Client, order: str, sku: str = "TS-M", quantity: int = 2) -> Any:
    """A return of some units, opened by the app, as the order shows it."""
    line, _ = returnable(client, order)[sku]
    answer = client.graphql(CREATE, new=asked(order, line, quantity))["data"]["returnCreate"]
    assert answer["userErrors"] == []
    return client.graphql(READ, id=order)["data"]["order"]["returns"]["nodes"][-1]


def available(client: Client, sku: str, place: str = "Milano") -> int:
    (row,) = client.control("GET", f"{SHOP}/inventory?sku={sku}&location={place}")
    return int(row["available"])


def places(client: Client) -> dict[str, str]:
    return {one["name"]: one["id"] for one in client.control("GET", f"{SHOP}/locations")}


def test_a_return_is_opened_disposed_of_processed_and_closed(shop: Client) -> None:
    order = shipped(shop)
    one, before = opened(shop, order), available(shop, "TS-M")
    assert (one["status"], one["name"]) == ("OPEN", "#1001-R1")
    (reverse,) = one["reverseFulfillmentOrders"]["nodes"]
    (line,) = reverse["lineItems"]["nodes"]
    assert returnable(shop, order)["TS-M"][1] == 1
    milano = places(shop)["Milano"]
    row = {"reverseFulfillmentOrderLineItemId": line["id"], "quantity": 1}
    for kind, place in (("RESTOCKED", milano), ("MISSING", None)):
        wanted = row | {"dispositionType": kind, "locationId": place}
        made = shop.graphql(DISPOSE, rows=[wanted])["data"]["reverseFulfillmentOrderDispose"]
        assert made["userErrors"] == []
    assert available(shop, "TS-M") == before + 1
    seen = shop.graphql(READ, id=order)["data"]["order"]
    assert seen["returnStatus"] == "INSPECTION_COMPLETE"
    assert seen["returns"]["nodes"][0]["reverseFulfillmentOrders"]["nodes"][0]["status"] == "CLOSED"
    (item,) = one["returnLineItems"]["nodes"]
    done = {"returnId": one["id"], "returnLineItems": [{"id": item["id"], "quantity": 2}]}
    answer = shop.graphql(PROCESS, input=done)["data"]["returnProcess"]
    assert answer["return"]["status"] == "OPEN"
    assert answer["return"]["returnLineItems"]["nodes"] == [{"processedQuantity": 2}]
    close = "mutation ($id: ID!) { returnClose(id: $id) { return { status } userErrors { code } } }"
    assert shop.graphql(close, id=one["id"])["data"]["returnClose"]["return"]["status"] == "CLOSED"
    assert shop.graphql(close, id=one["id"])["data"]["returnClose"]["userErrors"] == []
    seen = shop.graphql(READ, id=order)["data"]["order"]
    assert seen["returnStatus"] == "RETURNED"
    assert [row["currentQuantity"] for row in seen["lineItems"]["nodes"]] == [1, 2]
    shop.quiet()
    topics = [topic for topic in shop.inbox.topics() if topic.startswith("re")]
    assert sorted(topics) == [
        "returns/approve",
        "returns/close",
        "returns/process",
        "reverse_fulfillment_orders/dispose",
        "reverse_fulfillment_orders/dispose",
    ]
    (told,) = shop.inbox.of("returns/approve")
    assert told.json["admin_graphql_api_id"] == one["id"]
    assert told.json["order"]["admin_graphql_api_id"] == order


def test_goods_are_processed_and_restocked_in_one_call(shop: Client) -> None:
    order = shipped(shop)
    one, before = opened(shop, order), available(shop, "TS-M", "Roma")
    line = one["reverseFulfillmentOrders"]["nodes"][0]["lineItems"]["nodes"][0]
    end = {
        "reverseFulfillmentOrderLineItemId": line["id"],
        "quantity": 2,
        "dispositionType": "RESTOCKED",
        "locationId": places(shop)["Roma"],
    }
    item = one["returnLineItems"]["nodes"][0]
    row = {"id": item["id"], "quantity": 2, "dispositions": [end]}
    wanted = {"returnId": one["id"], "returnLineItems": [row]}
    assert shop.graphql(PROCESS, input=wanted)["data"]["returnProcess"]["userErrors"] == []
    assert available(shop, "TS-M", "Roma") == before + 2
    (error,) = shop.graphql(PROCESS, input=wanted)["data"]["returnProcess"]["userErrors"]
    assert error["field"] == ["input", "returnLineItems", "0", "quantity"]
    assert available(shop, "TS-M", "Roma") == before + 2


def test_what_cannot_come_back_is_refused(shop: Client) -> None:
    order = shipped(shop)
    line, units = returnable(shop, order)["TS-M"]
    way = ["returnInput", "returnLineItems", "0"]
    for new, code, field in (
        (asked(order, line, units + 1), "INVALID", [*way, "quantity"]),
        (asked(order, line, 0), "INVALID", [*way, "quantity"]),
        (asked(order, line, 1, returnReason="OTHER"), "BLANK", [*way, "returnReasonNote"]),
        (asked(order, line, 1, returnReason=None), "NOT_FOUND", way),
        (asked(order, "gid://shopify/FulfillmentLineItem/7", 1), "NOT_FOUND", None),
        (asked("gid://shopify/Order/7", line, 1), "NOT_FOUND", ["returnInput", "orderId"]),
    ):
        (error,) = shop.graphql(CREATE, new=new)["data"]["returnCreate"]["userErrors"]
        assert error["code"] == code
        assert error["field"] == (field or [*way, "fulfillmentLineItemId"])
    assert shop.order(order)["returns"] == []
    unshipped = shop.create(lines=[{"sku": "TS-M"}])
    assert returnable(shop, unshipped) == {}


def test_a_disposal_is_refused_as_a_whole(shop: Client) -> None:
    order, milano = shipped(shop), places(shop)["Milano"]
    shop.control("POST", f"{SHOP}/returns", {"order": order}, 201)
    (one,) = shop.graphql(READ, id=order)["data"]["order"]["returns"]["nodes"]
    first, second = one["reverseFulfillmentOrders"]["nodes"][0]["lineItems"]["nodes"]
    before = available(shop, "TS-M")
    good = {
        "reverseFulfillmentOrderLineItemId": first["id"],
        "quantity": 1,
        "dispositionType": "RESTOCKED",
        "locationId": milano,
    }
    other = good | {"reverseFulfillmentOrderLineItemId": second["id"]}
    for bad, code, field in (
        (other | {"quantity": 3}, "INVALID", "quantity"),
        (other | {"locationId": None}, "BLANK", "locationId"),
        (other | {"locationId": "gid://shopify/Location/7"}, "NOT_FOUND", "locationId"),
        (good, "INVALID", None),
    ):
        answer = shop.graphql(DISPOSE, rows=[good, bad])["data"]["reverseFulfillmentOrderDispose"]
        (error,) = answer["userErrors"]
        assert error["code"] == code
        assert error["field"] == (["dispositionInputs", "1", field] if field else error["field"])
    (empty,) = shop.graphql(DISPOSE, rows=[])["data"]["reverseFulfillmentOrderDispose"][
        "userErrors"
    ]
    assert empty["code"] == "BLANK"
    assert available(shop, "TS-M") == before


def test_what_is_to_be_looked_at_gets_its_end_later(shop: Client) -> None:
    order = shipped(shop)
    one = opened(shop, order)
    line = one["reverseFulfillmentOrders"]["nodes"][0]["lineItems"]["nodes"][0]
    row = {"reverseFulfillmentOrderLineItemId": line["id"], "quantity": 2}
    first = row | {"dispositionType": "PROCESSING_REQUIRED"}
    assert shop.graphql(DISPOSE, rows=[first])["data"]["reverseFulfillmentOrderDispose"]
    assert shop.graphql(READ, id=order)["data"]["order"]["returnStatus"] == "IN_PROGRESS"
    then = row | {"dispositionType": "NOT_RESTOCKED"}
    answer = shop.graphql(DISPOSE, rows=[then])["data"]["reverseFulfillmentOrderDispose"]
    (shown,) = answer["reverseFulfillmentOrderLineItems"]
    assert shown["dispositions"] == [{"type": "NOT_RESTOCKED", "quantity": 2, "location": None}]


def test_a_customer_asks_and_the_merchant_decides(shop: Client) -> None:
    order = shipped(shop)
    body = {"order": order, "lines": [{"sku": "TS-M", "quantity": 1}], "status": "REQUESTED"}
    first = shop.control("POST", f"{SHOP}/returns", body, 201)
    second = shop.control("POST", f"{SHOP}/returns", body, 201)
    assert first["reverse_fulfillment_orders"] == []
    assert shop.order(order)["returnStatus"] == "RETURN_REQUESTED"
    decline = {"reason": "FINAL_SALE", "note": "Worn"}
    shop.control("POST", f"{SHOP}/returns/{first['number']}/decline", decline)
    path = f"{SHOP}/returns/{second['number']}"
    approved = shop.control("POST", f"{path}/approve")
    assert approved["status"] == "OPEN"
    assert len(approved["reverse_fulfillment_orders"]) == 1
    assert "approvable" in shop.control("POST", f"{path}/approve", {}, 422)["error"]
    assert "active returns" in shop.act(order, "cancel", 422)["error"]
    shop.control("POST", f"{path}/cancel")
    assert shop.order(order)["returnStatus"] == "NO_RETURN"
    assert returnable(shop, order)["TS-M"][1] == 3
    shop.quiet()
    told = [topic for topic in shop.inbox.topics() if topic.startswith("returns")]
    assert sorted(told) == [
        "returns/approve",
        "returns/cancel",
        "returns/decline",
        "returns/request",
        "returns/request",
    ]


def test_a_return_is_worked_on_by_hand(shop: Client) -> None:
    order, before = shipped(shop), available(shop, "TS-M")
    made = shop.control("POST", f"{SHOP}/returns", {"order": order}, 201)
    path = f"{SHOP}/returns/{made['number']}"
    shop.control("POST", f"{path}/dispose", {"type": "RESTOCKED", "location": "Milano"})
    assert available(shop, "TS-M") == before + 3
    shop.control("POST", f"{path}/process")
    assert shop.control("POST", f"{path}/close")["status"] == "CLOSED"
    assert shop.control("POST", f"{path}/reopen")["status"] == "OPEN"
    assert "not cancelable" in shop.control("POST", f"{path}/cancel", {}, 422)["error"]
    (listed,) = shop.control("GET", f"{SHOP}/returns")
    assert [line["processed"] for line in listed["lines"]] == [3, 2]


def test_returns_need_their_scopes(shop: Client) -> None:
    order = shipped(shop)
    scopes = {"scopes": ["write_orders"]}
    shop.token = shop.control("POST", f"{SHOP}/tokens", scopes)["access_token"]
    new = asked(order, "gid://shopify/FulfillmentLineItem/7", 1)
    reads = [(query, {"id": order}) for query in (READ, RETURNABLE)]
    for query, values in (*reads, (CREATE, {"new": new})):
        error = shop.graphql(query, **values)["errors"][0]
        assert error["extensions"]["code"] == "ACCESS_DENIED"


def _units(client: Client, order: str) -> tuple[list[tuple[str, int]], list[list[int]]]:
    """The units of an order's return by SKU, and those of its reverse fulfillment orders."""
    (one,) = client.graphql(READ, id=order)["data"]["order"]["returns"]["nodes"]
    lines = [
        (row["fulfillmentLineItem"]["lineItem"]["sku"], row["quantity"])
        for row in one["returnLineItems"]["nodes"]
    ]
    goods = [
        [row["totalQuantity"] for row in reverse["lineItems"]["nodes"]]
        for reverse in one["reverseFulfillmentOrders"]["nodes"]
    ]
    return lines, goods


def test_a_merchant_adds_to_an_open_return_and_takes_out_of_it(shop: Client) -> None:
    order = shipped(shop)
    number = opened(shop, order)["id"].rpartition("/")[2]
    on = f"{SHOP}/returns/{number}"
    more = [{"sku": "TS-M", "quantity": 1}, {"sku": "HD-01", "quantity": 2}]
    shop.control("POST", f"{on}/add", {"lines": more})
    assert _units(shop, order) == ([("TS-M", 2), ("TS-M", 1), ("HD-01", 2)], [[2], [1, 2]])
    assert returnable(shop, order) == {}
    shop.control("POST", f"{on}/remove", {"sku": "HD-01", "quantity": 1})
    shop.control("POST", f"{on}/remove", {"sku": "TS-M", "quantity": 3})
    assert _units(shop, order) == ([("HD-01", 1)], [[], [1]])
    shop.control("POST", f"{on}/dispose")
    assert shop.control("POST", f"{on}/remove", {"sku": "HD-01"}, status=422)
    shop.control("POST", f"{on}/close")
    assert shop.control("POST", f"{on}/add", {"lines": more[:1]}, status=422)
