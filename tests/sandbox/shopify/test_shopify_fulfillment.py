"""Mutations on fulfillment orders and shipments, with user errors where Shopify has them."""

from typing import Any

from shopify_stand_in import SHOP, Client

SCOPES = [
    "write_orders",
    "write_merchant_managed_fulfillment_orders",
    "write_fulfillments",
    "read_locations",
]
LINES = [{"sku": "TS-M", "quantity": 2}, {"sku": "TS-L"}]
ORDERS = "fulfillmentOrder { id status fulfillmentHolds { reason } } userErrors { field message }"


def made(client: Client, **spec: Any) -> tuple[str, Any]:
    client.token = client.control("POST", f"{SHOP}/tokens", {"scopes": SCOPES})["access_token"]
    order = client.create(lines=LINES, **spec)
    return order, client.order(order)["fulfillment_orders"][0]


def test_hold_and_release(client: Client) -> None:
    _, one = made(client)
    hold = f"""mutation ($id: ID!) {{ fulfillmentOrderHold(id: $id, fulfillmentHold: {{
        reason: OTHER, reasonNotes: "Wait" }}) {{ fulfillmentHold {{ id }} {ORDERS} }} }}"""
    held = client.graphql(hold, id=one["id"])["data"]["fulfillmentOrderHold"]
    assert held["fulfillmentOrder"]["status"] == "ON_HOLD"
    release = f"mutation ($id: ID!) {{ fulfillmentOrderReleaseHold(id: $id) {{ {ORDERS} }} }}"
    released = client.graphql(release, id=one["id"])["data"]["fulfillmentOrderReleaseHold"]
    assert released["fulfillmentOrder"]["status"] == "OPEN"
    again = client.graphql(release, id=one["id"])["data"]["fulfillmentOrderReleaseHold"]
    assert again["fulfillmentOrder"] is None
    assert again["userErrors"][0]["message"] == "Fulfillment order is not on hold."


def test_move_split_and_merge(client: Client) -> None:
    order, one = made(client)
    move = """mutation ($id: ID!, $to: ID!) { fulfillmentOrderMove(id: $id, newLocationId: $to) {
        movedFulfillmentOrder { id assignedLocation { name } }
        remainingFulfillmentOrder { id } userErrors { field message } } }"""
    places = client.graphql("{ locations(first: 5) { nodes { id name } } }")["data"]["locations"]
    roma = next(place["id"] for place in places["nodes"] if place["name"] == "Roma")
    moved = client.graphql(move, id=one["id"], to=roma)["data"]["fulfillmentOrderMove"]
    assert moved["movedFulfillmentOrder"] == {
        "id": one["id"],
        "assignedLocation": {"name": "Roma"},
    }
    assert moved["remainingFulfillmentOrder"] is None
    refused = client.graphql(move, id=one["id"], to=roma)["data"]["fulfillmentOrderMove"]
    assert refused["userErrors"][0]["field"] == ["newLocationId"]
    split = """mutation ($split: [FulfillmentOrderSplitInput!]!) {
        fulfillmentOrderSplit(fulfillmentOrderSplits: $split) {
            fulfillmentOrderSplits { fulfillmentOrder { id } remainingFulfillmentOrder { id } }
            userErrors { message } } }"""
    part = {"id": one["lines"][0]["id"], "quantity": 1}
    asked = [{"fulfillmentOrderId": one["id"], "fulfillmentOrderLineItems": [part]}]
    parts = client.graphql(split, split=asked)["data"]["fulfillmentOrderSplit"]
    ids = parts["fulfillmentOrderSplits"][0]
    merge = """mutation ($merge: [FulfillmentOrderMergeInput!]!) {
        fulfillmentOrderMerge(fulfillmentOrderMergeInputs: $merge) {
            fulfillmentOrderMerges { fulfillmentOrder { id lineItems(first: 5) { nodes {
                remainingQuantity } } } } userErrors { message } } }"""
    intents = [{"fulfillmentOrderId": node["id"]} for node in ids.values()]
    merged = client.graphql(merge, merge=[{"mergeIntents": intents}])["data"]
    fresh = merged["fulfillmentOrderMerge"]["fulfillmentOrderMerges"][0]["fulfillmentOrder"]
    assert fresh["id"] not in {node["id"] for node in ids.values()}
    assert [row["remainingQuantity"] for row in fresh["lineItems"]["nodes"]] == [2, 1]
    assert len(client.order(order)["fulfillment_orders"]) == 3


def test_a_shipment_is_made_tracked_delivered_and_cancelled(client: Client) -> None:
    order, one = made(client)
    create = """mutation ($fulfillment: FulfillmentInput!) { fulfillmentCreate(
        fulfillment: $fulfillment) { fulfillment { id status trackingInfo { number company url }
        fulfillmentLineItems(first: 5) { nodes { quantity lineItem { sku } } } }
        userErrors { field message } } }"""
    wanted = {
        "lineItemsByFulfillmentOrder": [
            {
                "fulfillmentOrderId": one["id"],
                "fulfillmentOrderLineItems": [{"id": one["lines"][0]["id"], "quantity": 2}],
            }
        ],
        "trackingInfo": {"company": "GLS", "numbers": ["1", "2"]},
    }
    answer = client.graphql(create, fulfillment=wanted)["data"]["fulfillmentCreate"]
    shipped = answer["fulfillment"]
    assert answer["userErrors"] == []
    assert [row["number"] for row in shipped["trackingInfo"]] == ["1", "2"]
    assert shipped["fulfillmentLineItems"]["nodes"] == [
        {"quantity": 2, "lineItem": {"sku": "TS-M"}}
    ]
    again = client.graphql(create, fulfillment=wanted)["data"]["fulfillmentCreate"]
    assert again["fulfillment"] is None
    assert again["userErrors"][0]["message"] == "Quantity is not available to fulfill."
    track = """mutation ($id: ID!) { fulfillmentTrackingInfoUpdate(fulfillmentId: $id,
        trackingInfoInput: { number: "3", url: "https://x.example.com/3" }) {
        fulfillment { trackingInfo { number url } } userErrors { message } } }"""
    tracked = client.graphql(track, id=shipped["id"])["data"]["fulfillmentTrackingInfoUpdate"]
    assert tracked["fulfillment"]["trackingInfo"][0]["number"] == "3"
    event = """mutation ($id: ID!) { fulfillmentEventCreate(fulfillmentEvent: {
        fulfillmentId: $id, status: DELIVERED }) { fulfillmentEvent { id status }
        userErrors { message } } }"""
    noted = client.graphql(event, id=shipped["id"])["data"]["fulfillmentEventCreate"]
    assert noted["fulfillmentEvent"]["status"] == "DELIVERED"
    cancel = """mutation ($id: ID!) { fulfillmentCancel(id: $id) { fulfillment { status }
        userErrors { message } } }"""
    ended = client.graphql(cancel, id=shipped["id"])["data"]["fulfillmentCancel"]
    assert ended["fulfillment"]["status"] == "CANCELLED"
    left = [
        {line["sku"]: line["remainingQuantity"] for line in row["lines"]}
        for row in client.order(order)["fulfillment_orders"]
    ]
    assert left == [{"TS-L": 1}, {"TS-M": 2}]


def test_progress_blocks_moves(client: Client) -> None:
    _, one = made(client)
    report = f"mutation ($id: ID!) {{ fulfillmentOrderReportProgress(id: $id) {{ {ORDERS} }} }}"
    reported = client.graphql(report, id=one["id"])["data"]["fulfillmentOrderReportProgress"]
    assert reported["fulfillmentOrder"]["status"] == "IN_PROGRESS"
    move = """mutation ($id: ID!) { fulfillmentOrderMove(id: $id,
        newLocationId: "gid://shopify/Location/6000000001002") { userErrors { message } } }"""
    errors = client.graphql(move, id=one["id"])["data"]["fulfillmentOrderMove"]["userErrors"]
    assert "in progress" in errors[0]["message"]


def test_an_order_is_cancelled_once_and_closed(client: Client) -> None:
    order, _ = made(client)
    cancel = """mutation ($id: ID!) { orderCancel(orderId: $id, reason: CUSTOMER, restock: true) {
        job { id done } orderCancelUserErrors { code message } } }"""
    first = client.graphql(cancel, id=order)["data"]["orderCancel"]
    assert not first["job"]["done"]
    client.quiet()
    job = client.graphql("query ($id: ID!) { job(id: $id) { done } }", id=first["job"]["id"])
    assert job["data"]["job"] == {"done": True}
    second = client.graphql(cancel, id=order)["data"]["orderCancel"]
    assert second["orderCancelUserErrors"][0]["code"] == "INVALID"
    close = """mutation ($id: ID!) { orderClose(input: { id: $id }) { order { closed }
        userErrors { message } } }"""
    assert client.graphql(close, id=order)["data"]["orderClose"]["order"]["closed"]


def test_orderupdate_overwrites_every_tag(client: Client) -> None:
    order, _ = made(client, tags=["vip"])
    update = """mutation ($input: OrderInput!) { orderUpdate(input: $input) {
        order { tags note } userErrors { message } } }"""
    body = client.graphql(update, input={"id": order, "tags": ["x"], "note": "n"})
    assert body["data"]["orderUpdate"]["order"] == {"tags": ["x"], "note": "n"}
