"""Points: the published figures, what came back refunded, the bucket, the limits."""

import pytest
from graphql import OperationDefinitionNode, parse
from shopify_stand_in import Client

from sandbox.shopify.bucket import Bucket
from sandbox.shopify.cost import actual, compile_cost, requested
from sandbox.shopify.schema_build import full_schema

LINES = "orders(first: 10) { nodes { id name lineItems(first: 50) { nodes { id sku quantity } } } }"
FULFILLMENT = """orders(first: 10) { nodes { id fulfillmentOrders(first: 5) { nodes {
    id status assignedLocation { location { id } } deliveryMethod { methodType }
    lineItems(first: 25) { nodes { id remainingQuantity lineItem { id } } } } } } }"""


def price(query: str, **variables: object) -> int:
    document = parse(query)
    operation = next(
        one for one in document.definitions if isinstance(one, OperationDefinitionNode)
    )
    return requested(compile_cost(full_schema(), document, operation), variables)


@pytest.mark.parametrize(
    ("query", "points"),
    [
        ("{ shop { id name } }", 1),
        ('{ order(id: "gid://shopify/Order/1") { id name tags } }', 1),
        (f"{{ {LINES} }}", 42),
        ("{ orders(first: 1) { nodes { id } } }", 3),
        ("{ orders(first: 250) { edges { node { id } } } }", 13),
        ("{ orders(first: 10) { nodes { totalPriceSet { shopMoney { amount } } } } }", 6),
        ("{ orders(last: 5) { nodes { customer { id } } } }", 8),
        ('{ node(id: "x") { ... on Order { customer { id } } ... on Product { id } } }', 2),
    ],
)
def test_prices_follow_the_published_rules(query: str, points: int) -> None:
    assert price(query) == points


def test_tags_added_and_removed_in_one_document_cost_twenty() -> None:
    both = """mutation ($id: ID!) {
        tagsAdd(id: $id, tags: ["a"]) { node { ... on Order { tags } } userErrors { message } }
        tagsRemove(id: $id, tags: ["b"]) { node { id } }
    }"""
    assert price(both, id="x") == 20


def test_nodes_are_charged_for_each_id() -> None:
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Order { id customer { id } } } }"
    assert price(query, ids=["1", "2", "3"]) == 6


def test_a_page_size_may_be_a_variable_with_a_default_or_left_out_by_a_directive() -> None:
    query = """query ($n: Int, $more: Boolean!) {
        orders(first: $n) { nodes { id customer @include(if: $more) { id } } }
    }"""
    assert price(query, n=10, more=False) == 6
    assert price(query, n=10, more=True) == 10


def test_what_did_not_come_back_is_not_charged() -> None:
    document = parse(f"{{ {LINES} }}")
    tree = compile_cost(full_schema(), document, document.definitions[0])
    line = {"id": "1", "sku": "A", "quantity": 1}
    answer = {"orders": {"nodes": [{"id": "1", "lineItems": {"nodes": [line] * 3}}] * 2}}
    assert actual(tree, answer) == 2 + 1 * (1 + 2 + 2 * 1)
    assert actual(tree, {"orders": {"nodes": []}}) == 2
    assert actual(tree, None) == 0


def test_ten_orders_with_their_fulfillment_orders_cost_what_shopify_says() -> None:
    assert price(f"{{ {FULFILLMENT} }}") == 2 + 4 * (1 + 2 + 3 * (1 + 2 + 1 + 2 + 6 * 2))


def test_a_bucket_refills_with_time_and_takes_all_or_nothing() -> None:
    now = 0.0
    bucket = Bucket(2000, 100, lambda: now)
    assert bucket.take(1950)
    assert not bucket.take(100)
    now = 0.5
    assert bucket.take(100)
    bucket.refund(5000)
    assert bucket.status()["currentlyAvailable"] == 2000


def test_an_answer_says_what_it_cost_and_what_is_left(client: Client) -> None:
    client.create(lines=[{"sku": "TS-M"}, {"sku": "TS-L"}])
    client.settings(restore_rate=0.001)
    answer = client.graphql(f"{{ {LINES} }}")
    cost = answer["extensions"]["cost"]
    assert cost["requestedQueryCost"] == 42
    assert cost["actualQueryCost"] == 2 + 1 * (1 + 2 + 1 * 1)
    assert cost["throttleStatus"]["maximumAvailable"] == 2000.0
    assert cost["throttleStatus"]["currentlyAvailable"] == 2000 - 6
    entry = client.ledger("graphql")[-1]
    assert (entry["requested"], entry["actual"], entry["throttled"]) == (42, 6, False)


def test_the_debug_header_itemises(client: Client) -> None:
    answer = client.raw("{ shop { id } }", **{"Shopify-GraphQL-Cost-Debug": "1"}).json()
    lines = answer["extensions"]["cost"]["fields"]
    assert lines == [
        {
            "path": ["shop"],
            "definedCost": 1,
            "requestedTotalCost": 1,
            "requestedChildrenCost": 0,
        }
    ]


def test_an_empty_bucket_answers_throttled_with_status_200(client: Client) -> None:
    mark = client.control("POST", "ledger/mark")["seq"]
    client.settings(capacity=50, restore_rate=0.001)
    assert "data" in client.graphql(f"{{ {LINES} }}")
    client.settings(capacity=20, restore_rate=0.001)
    answer = client.raw(f"{{ {LINES} }}")
    assert answer.status_code == 200
    body = answer.json()
    assert body["errors"][0]["message"] == "Throttled"
    assert body["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert "data" not in body
    assert body["extensions"]["cost"]["actualQueryCost"] is None
    points = client.control("GET", f"tagdock-demo/points?after={mark}")
    assert (points["requests"], points["throttled"]) == (2, 1)


def test_each_shop_has_its_own_bucket(client: Client) -> None:
    client.settings(capacity=45, restore_rate=0.001)
    other = client.control("POST", "second-shop/tokens")["access_token"]
    assert "data" in client.graphql("{ orders(first: 250) { nodes { customer { id } } } }")
    headers = {"X-Shopify-Access-Token": other}
    body = client.raw(f"{{ {LINES} }}", shop="second-shop.myshopify.com", **headers).json()
    assert "data" in body


def test_a_query_above_a_thousand_points_is_refused(client: Client) -> None:
    lines = "lineItems(first: 250) { nodes { variant { product { id } } } }"
    pages = " ".join(f"{alias}: orders(first: 250) {{ nodes {{ {lines} }} }}" for alias in "abc")
    error = client.graphql(f"{{ {pages} }}")["errors"][0]
    assert error["extensions"]["cost"] == 3 * (2 + 11 * (1 + 2 + 11 * 3))
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED"
    assert error["extensions"]["maxCost"] == 1000


def test_more_than_250_inputs_are_refused(client: Client) -> None:
    ids = [f"gid://shopify/Order/{number}" for number in range(251)]
    query = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"
    error = client.graphql(query, ids=ids)["errors"][0]
    assert error["extensions"]["code"] == "MAX_INPUT_SIZE_EXCEEDED"
