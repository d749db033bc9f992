"""What the client makes of Shopify's odder answers."""

import json

import pytest
import requests
import responses
from shop_identity import SHOP, make_config
from urllib3.exceptions import MaxRetryError, NewConnectionError

from app.errors import Rejected, TryLater, Uncertain
from app.shopify.client import Shopify, dispose
from app.shopify.documents import TagShape, load, tag_document
from app.shopify.tags import write_tags
from app.shopify.values import TagEdit

URL = f"https://{SHOP}/admin/api/2026-10/graphql.json"
ORDER = "gid://shopify/Order/1"
EDIT = TagEdit(ORDER, add=("wms-syncing",), remove=("wms-no-sync",))
READ = load("read_order")
WRITE = tag_document((TagShape(add=True, remove=False),))
VARIABLES = {"id": ORDER, "id0": ORDER, "add0": ["x"]}
COST = {
    "requestedQueryCost": 20,
    "actualQueryCost": 20,
    "throttleStatus": {
        "maximumAvailable": 2000.0,
        "currentlyAvailable": 1980,
        "restoreRate": 100.0,
    },
}


@pytest.fixture
def wire():
    """Shopify, played by the test."""
    with responses.RequestsMock() as mock:
        yield mock


def answer(wire, data=None, errors=None, cost=COST, **more):
    body = {"data": data, "errors": errors, "extensions": {"cost": cost}}
    kept = {name: value for name, value in body.items() if value is not None or name == "data"}
    wire.post(URL, json=kept, **more)


def error(message="No.", code=None, path=None, **extensions):
    codes = {"code": code} if code else {}
    located = {"path": path} if path else {}
    return {"message": message, "extensions": codes | extensions} | located


def test_a_request_names_the_shop_and_carries_the_token(client, wire):
    answer(wire, {"order": None})
    assert client.execute("read_order", {"id": ORDER}) == {"order": None}
    request = wire.calls[0].request
    assert request.headers["X-Shopify-Access-Token"] == "shpat_secret"
    assert request.headers["Host"] == SHOP
    body = json.loads(request.body)
    assert body["variables"] == {"id": ORDER}
    assert "fragment OrderParts on Order" in body["query"]


def test_in_the_sandbox_requests_go_to_its_origin_under_the_shops_name(bucket, wire):
    config = make_config(tagdock_env="sandbox", shopify_origin="http://127.0.0.1:4010")
    wire.post("http://127.0.0.1:4010/admin/api/2026-10/graphql.json", json={"data": {"a": 1}})
    client = Shopify(SHOP, "t", config=config, bucket=bucket)
    assert client.execute("read_order", {"id": ORDER}) == {"a": 1}
    assert wire.calls[0].request.headers["Host"] == SHOP
    dispose()


def test_a_foreign_domain_is_never_called(config, bucket):
    with pytest.raises(Rejected, match="not a Shopify domain"):
        Shopify("evil.example", "t", config=config, bucket=bucket)


def test_throttled_waits_until_the_points_are_there_and_uses_up_no_try(client, wire):
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": 10, "restoreRate": 5.0}
    cost = {"requestedQueryCost": 120, "actualQueryCost": None, "throttleStatus": status}
    answer(wire, errors=[error("Throttled", "THROTTLED")], cost=cost)
    with pytest.raises(TryLater) as later:
        client.run(READ, VARIABLES)
    assert not later.value.counts
    assert later.value.wait >= 15
    with pytest.raises(TryLater) as again:
        client.run(READ, VARIABLES)
    assert again.value.wait > 10
    assert len(wire.calls) == 1


def test_an_empty_bucket_sends_nothing(client, bucket, wire):
    bucket.take(1990, 0)
    with pytest.raises(TryLater) as later:
        client.run(READ, VARIABLES)
    assert not later.value.counts
    assert not wire.calls


@pytest.mark.parametrize("document", [READ, WRITE])
def test_429_waits_as_long_as_shopify_says(client, wire, document):
    wire.post(URL, status=429, headers={"Retry-After": "7.0"}, json={"errors": "Slow down"})
    with pytest.raises(TryLater) as later:
        client.run(document, VARIABLES)
    assert (later.value.wait, later.value.counts) == (7.0, False)


REFUSALS = {
    401: "shopify-token-refused",
    402: "shopify-frozen",
    403: "shopify-forbidden",
    404: "shopify-shop-unknown",
    423: "shopify-locked",
    400: "shopify-refused",
    301: "shopify-refused",
}


@pytest.mark.parametrize(("status", "code"), REFUSALS.items())
def test_a_refusal_has_a_name_and_a_sentence(client, wire, status, code):
    headers = {"Location": "https://evil.example/"} if status == 301 else {}
    wire.post(URL, status=status, json={"errors": "[API] Invalid token"}, headers=headers)
    with pytest.raises(Rejected) as refusal:
        client.run(READ, VARIABLES)
    assert refusal.value.code == code
    assert refusal.value.message.endswith(".")
    assert len(wire.calls) == 1


OUTAGES = [
    {"status": 500, "body": "oops"},
    {"status": 503, "headers": {"Retry-After": "3"}},
    {"status": 200, "body": "<html>"},
    {"status": 200, "json": {}},
    {"body": requests.ReadTimeout("slow")},
    {"body": requests.ConnectionError("Connection aborted.")},
]


@pytest.mark.parametrize("outage", OUTAGES)
def test_without_an_answer_a_query_is_repeated_and_a_mutation_is_uncertain(client, wire, outage):
    wire.post(URL, **outage)
    with pytest.raises(TryLater) as later:
        client.run(READ, VARIABLES)
    assert later.value.counts
    with pytest.raises(Uncertain):
        client.run(WRITE, VARIABLES)


UNSENT = [
    requests.ConnectTimeout("no route"),
    requests.ConnectionError(MaxRetryError(None, URL, NewConnectionError(None, "refused"))),
]


@pytest.mark.parametrize("failure", UNSENT)
def test_a_mutation_that_never_left_is_simply_repeated(client, wire, failure):
    wire.post(URL, body=failure)
    with pytest.raises(TryLater):
        client.run(WRITE, VARIABLES)


def test_shopify_failing_inside_is_an_outage(client, wire):
    answer(wire, {"add0": None}, [error("Internal", "INTERNAL_SERVER_ERROR", ["add0"])])
    with pytest.raises(Uncertain):
        client.run(WRITE, VARIABLES)
    with pytest.raises(TryLater):
        client.run(READ, VARIABLES)


@pytest.mark.parametrize(
    ("data", "path"),
    [
        (None, ["orders", "nodes", 0, "fulfillmentOrders"]),
        ({"order": None}, ["order"]),
        (None, None),
    ],
)
def test_a_missing_scope_is_named(client, wire, data, path):
    denied = error(
        "Access denied for fulfillmentOrders field.",
        "ACCESS_DENIED",
        path,
        requiredAccess="`read_merchant_managed_fulfillment_orders` access scope.",
    )
    answer(wire, data, [denied])
    with pytest.raises(Rejected) as refusal:
        client.run(READ, VARIABLES)
    assert refusal.value.code == "shopify-scope-missing"
    assert "read_merchant_managed_fulfillment_orders" in refusal.value.message
    if path:
        assert f"`{path[-1]}`" in refusal.value.message


def test_hidden_personal_data_is_a_problem_not_an_error(client, wire):
    denied = error("Not approved.", "ACCESS_DENIED", ["order", "customer", "displayName"])
    answer(wire, {"order": {"customer": None}}, [denied])
    came = client.run(READ, VARIABLES)
    assert came.data == {"order": {"customer": None}}
    assert came.problems[0].path == ("order", "customer", "displayName")


@pytest.mark.parametrize("errors", [[error("Query cost", "MAX_COST_EXCEEDED")], [error()], "No"])
def test_a_refused_document_is_rejected(client, wire, errors):
    answer(wire, None, errors)
    with pytest.raises(Rejected) as refusal:
        client.run(READ, VARIABLES)
    assert refusal.value.code == "shopify-refused"


def test_costs_are_settled_and_learned(client, bucket, wire):
    status = {"maximumAvailable": 2000.0, "currentlyAvailable": 1500, "restoreRate": 100.0}
    cost = {"requestedQueryCost": 900, "actualQueryCost": 100, "throttleStatus": status}
    answer(wire, {"locations": {}}, cost=cost)
    client.execute("read_locations", {"after": "x"})
    assert bucket.take(700, 0) == 0.0
    with pytest.raises(TryLater):
        client.execute("read_locations", {"after": "x"})


def payload(tags):
    node = {"id": ORDER, "tags": tags, "updatedAt": "2026-11-20T10:00:00Z"}
    return {"node": node, "userErrors": []}


def test_tags_are_added_then_removed_and_the_last_read_back_counts(client, wire):
    answer(wire, {"add0": payload(["a", "b"]), "remove0": payload(["b"])})
    (result,) = write_tags(client, [EDIT])
    assert (result.tags, result.error) == (("b",), None)
    body = json.loads(wire.calls[0].request.body)
    assert body["variables"] == {
        "id0": ORDER,
        "add0": ["wms-syncing"],
        "remove0": ["wms-no-sync"],
    }
    assert body["query"].index("tagsAdd") < body["query"].index("tagsRemove")


def test_one_orders_error_does_not_touch_the_others(client, wire):
    refused = {"node": None, "userErrors": [{"message": "Tags are too long."}]}
    answer(
        wire,
        {"add0": refused, "add1": None, "add2": payload(["x"]), "add3": {"node": {}}},
        [error("invalid id", "RESOURCE_NOT_FOUND", ["add1"])],
    )
    edits = [TagEdit(f"gid://shopify/Order/{n}", add=("x",)) for n in range(4)]
    results = write_tags(client, edits)
    assert [result.tags for result in results] == [None, None, ("x",), None]
    assert [result.error for result in results] == [
        "Tags are too long.",
        "invalid id.",
        None,
        "Shopify does not know this order, or hides it from the app.",
    ]


def test_empty_and_too_many_edits_are_refused_before_anything_is_sent(client):
    assert write_tags(client, []) == []
    with pytest.raises(ValueError, match="empty"):
        write_tags(client, [TagEdit(ORDER)])
    with pytest.raises(ValueError, match="at most 10"):
        write_tags(client, [EDIT] * 11)


def test_no_cookie_travels_from_shop_to_shop(client, wire):
    answer(wire, {"a": 1}, headers={"Set-Cookie": "shop=a; Path=/"})
    client.run(READ, VARIABLES)
    client.run(READ, VARIABLES)
    assert "Cookie" not in wire.calls[1].request.headers
