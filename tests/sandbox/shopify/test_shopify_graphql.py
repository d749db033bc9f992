"""Reading: shapes, errors, search, paging."""

import pytest
from shopify_stand_in import Client

from sandbox.shopify.schema_build import HERE, operation_sources, validate_operations
from tests.ages import ago

NAMES = """query ($query: String, $first: Int = 50, $after: String, $reverse: Boolean) {
    orders(first: $first, after: $after, query: $query, sortKey: CREATED_AT, reverse: $reverse) {
        nodes { id name } edges { cursor } pageInfo { hasNextPage endCursor } } }"""


def names(client: Client, query: str) -> list[str]:
    body = client.graphql(NAMES, query=query)
    return [node["name"] for node in body["data"]["orders"]["nodes"]]


def test_the_operations_kept_for_other_apps_are_valid_against_the_whole_schema() -> None:
    errors = validate_operations([(HERE / "extra.graphql").read_text("utf-8")])
    assert [error.message for error in errors if "never used" not in error.message] == []
    assert operation_sources(HERE / "nowhere") == []


def test_an_order_reads_whole(client: Client) -> None:
    order = client.create(
        lines=[{"sku": "TS-M", "quantity": 2}, {"title": "Gift", "sku": "G", "gift_card": True}],
        presentment_currency="USD",
        rate="1.10",
        attributes={"Delivery day": "Monday"},
        note="Ring twice",
    )
    query = """query ($id: ID!) { order(id: $id) {
        name legacyResourceId note test displayFinancialStatus displayFulfillmentStatus
        customAttributes { key value } risk { recommendation } paymentGatewayNames
        currentTotalPriceSet { shopMoney { amount currencyCode } presentmentMoney { amount } }
        currentTotalTaxSet { shopMoney { amount } }
        totalOutstandingSet { shopMoney { amount } }
        shippingLine { title originalPriceSet { shopMoney { amount } } }
        shippingAddress { name zip countryCodeV2 formatted } customer { displayName }
        lineItems(first: 5) { nodes {
            id sku quantity currentQuantity requiresShipping isGiftCard variant { id sku }
            originalUnitPriceSet { shopMoney { amount } }
            taxLines { rate priceSet { shopMoney { amount } } } } }
        fulfillmentOrders(first: 5) { nodes {
            id status requestStatus deliveryMethod { methodType } supportedActions { action }
            assignedLocation { name location { id name } }
            lineItems(first: 5) { nodes { remainingQuantity totalQuantity lineItem { id } } } } }
        fulfillments(first: 5) { id } paymentTerms { id } } }"""
    body = client.graphql(query.replace("paymentTerms { id }", ""), id=order)
    assert "errors" not in body
    read = body["data"]["order"]
    assert read["currentTotalPriceSet"]["shopMoney"] == {"amount": "66.60", "currencyCode": "EUR"}
    assert read["currentTotalPriceSet"]["presentmentMoney"]["amount"] == "73.26"
    assert read["totalOutstandingSet"]["shopMoney"]["amount"] == "0.00"
    assert read["displayFinancialStatus"] == "PAID"
    assert read["customAttributes"] == [{"key": "Delivery day", "value": "Monday"}]
    shirt, gift = read["lineItems"]["nodes"]
    assert (shirt["sku"], shirt["variant"]["sku"], shirt["quantity"]) == ("TS-M", "TS-M", 2)
    assert (gift["isGiftCard"], gift["requiresShipping"], gift["taxLines"]) == (True, False, [])
    methods = {
        one["deliveryMethod"]["methodType"]: one for one in read["fulfillmentOrders"]["nodes"]
    }
    assert set(methods) == {"SHIPPING", "NONE"}
    shipped = methods["SHIPPING"]["lineItems"]["nodes"]
    assert shipped == [
        {"remainingQuantity": 2, "totalQuantity": 2, "lineItem": {"id": shirt["id"]}}
    ]
    denied = client.graphql(query, id=order)["errors"][0]
    assert denied["path"] == ["order", "paymentTerms"]


@pytest.mark.parametrize(
    ("query", "word"),
    [
        ("{ order }", "id"),
        ("{ orders(first: 1) { nodes { nonsense } } }", "nonsense"),
        ("{ orders(first: 1) { nodes { id }", "Syntax Error"),
        ("{ orders { nodes { id } } }", "you must provide one of first or last"),
        ('{ order(id: "12") { id } }', "Invalid global id '12'"),
    ],
)
def test_a_bad_document_is_answered_with_errors_and_200(
    client: Client, query: str, word: str
) -> None:
    errors = client.graphql(query)["errors"]
    assert any(word in error["message"] for error in errors)


def test_a_body_without_a_query_is_a_bad_request(client: Client) -> None:
    headers = {"X-Shopify-Access-Token": client.token}
    path = "/admin/api/2026-10/graphql.json"
    assert client.at_shop("POST", path, data="{", headers=headers).status_code == 400
    assert client.at_shop("POST", path, json={"q": 1}, headers=headers).status_code == 400


def test_unknown_ids_are_null_and_other_shops_too(client: Client) -> None:
    order = client.create()
    other = client.control("POST", "second-shop/orders", {}, 201)["ids"][0]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id ... on Order { name } } }"
    nodes = client.graphql(query, ids=[other, order, "gid://shopify/Order/1"])["data"]["nodes"]
    assert [node and node["id"] for node in nodes] == [None, order, None]


def test_search_understands_fields_or_parentheses_and_minus(client: Client) -> None:
    vip = client.create(tags=["VIP", "x"], name="#A")
    client.create(tags=["x"], paid=False, name="#B")
    client.create(test=True, name="#C")
    closed = client.create(closed=True, name="#D")
    assert names(client, "tag:vip") == ["#A"]
    assert names(client, "tag:x -tag:vip") == ["#B"]
    assert names(client, "tag:x NOT tag:vip") == ["#B"]
    assert names(client, "(tag:vip OR test:true) financial_status:paid") == ["#A", "#C"]
    assert names(client, "financial_status:pending") == ["#B"]
    assert names(client, "") == ["#A", "#B", "#C"]
    assert names(client, "status:any") == ["#A", "#B", "#C", "#D"]
    assert names(client, "status:closed") == ["#D"]
    assert names(client, "name:#D status:any") == ["#D"]
    assert names(client, "B") == ["#B"]
    assert names(client, "nonsense:1 status:any") == []
    ids = " OR ".join(f"id:{one.rpartition('/')[2]}" for one in (vip, closed))
    assert names(client, f"status:any ({ids})") == ["#A", "#D"]


def test_search_compares_times(client: Client) -> None:
    first, second = ago(days=21)[:10], ago(days=20)[:10]
    client.create(created_at=f"{first}T10:00:00Z", name="#A")
    client.create(created_at=f"{second}T10:00:00+02:00", name="#B")
    any_status = "status:any "
    assert names(client, any_status + f"created_at:>'{first}T10:00:00Z'") == ["#B"]
    assert names(client, any_status + f"created_at:>={first}T10:00:00Z") == ["#A", "#B"]
    assert names(client, any_status + f'created_at:<"{second}T08:00:00Z"') == ["#A"]
    assert names(client, any_status + f"created_at:{second}") == ["#B"]
    assert names(client, any_status + f"updated_at:>{ago(days=-1)[:10]}") == []
    assert names(client, any_status + "updated_at:nonsense") == []


def test_pages_follow_each_other_both_ways(client: Client) -> None:
    for number in range(5):
        client.create(wait=False, name=f"#{number}", created_at=ago(days=9 - number))
    client.quiet()
    for reverse, expected in ((False, "01234"), (True, "43210")):
        seen, after = "", None
        while True:
            page = client.graphql(NAMES, first=2, after=after, reverse=reverse)["data"]["orders"]
            seen += "".join(node["name"][1:] for node in page["nodes"])
            after = page["pageInfo"]["endCursor"]
            if not page["pageInfo"]["hasNextPage"]:
                break
        assert seen == expected


def test_a_cursor_survives_a_change_of_its_order(client: Client) -> None:
    query = """query ($after: String) { orders(first: 2, after: $after, sortKey: UPDATED_AT) {
        nodes { name } pageInfo { endCursor } } }"""
    made = [client.create(created_at=ago(days=9 - day), name=f"#{day}") for day in range(1, 5)]
    first = client.graphql(query)["data"]["orders"]
    assert [node["name"] for node in first["nodes"]] == ["#1", "#2"]
    client.act(made[1], "tags", add=["x"])
    rest = client.graphql(query, after=first["pageInfo"]["endCursor"])["data"]["orders"]
    assert [node["name"] for node in rest["nodes"]] == ["#3", "#4"]


def test_search_lags_behind_and_reading_by_id_does_not(client: Client) -> None:
    client.settings(search_lag=3600)
    order = client.create(tags=["new"])
    assert names(client, f"status:any id:{order.rpartition('/')[2]}") == []
    by_id = "query ($id: ID!) { order(id: $id) { tags } }"
    assert client.graphql(by_id, id=order)["data"]["order"]["tags"] == ["new"]
    client.settings(search_lag=0)
    assert len(names(client, "tag:new")) == 1
    client.settings(search_lag=3600)
    client.act(order, "tags", remove=["new"])
    assert len(names(client, "tag:new")) == 1


def test_shop_installation_and_locations(client: Client) -> None:
    body = client.graphql("""{
        shop { name myshopifyDomain currencyCode ianaTimezone plan { publicDisplayName } }
        currentAppInstallation { accessScopes { handle } }
        locations(first: 5) { nodes { id name isActive isFulfillmentService } } }""")
    data = body["data"]
    assert data["shop"]["myshopifyDomain"] == "tagdock-demo.myshopify.com"
    handles = {one["handle"] for one in data["currentAppInstallation"]["accessScopes"]}
    assert {"write_orders", "read_orders", "read_locations"} <= handles
    assert [one["name"] for one in data["locations"]["nodes"]] == ["Milano", "Roma"]
