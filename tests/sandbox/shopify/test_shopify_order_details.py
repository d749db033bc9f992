"""What else an order carries: metafields, attributes, source, bundles, fraud analysis."""

from typing import Any

import pytest
from shopify_stand_in import SHOP, Client

READ = """query($id: ID!) { order(id: $id) {
  sourceName
  customAttributes { key value }
  gift: metafield(namespace: "custom", key: "gift") { id value type jsonValue }
  own: metafield(key: "gift") { value }
  metafields(first: 9) { nodes { namespace key value } }
  some: metafields(first: 9, keys: ["custom.gift", "erp.lot"]) { nodes { key } }
  erp: metafields(first: 9, namespace: "erp") { nodes { key } }
  risk { recommendation assessments { riskLevel facts { description sentiment } } }
  lineItems(first: 9) { nodes { sku lineItemGroup { id title quantity variantSku variantId } } }
} }"""


def read(client: Client, order: str) -> Any:
    return client.graphql(READ, id=order)["data"]["order"]


def test_an_order_carries_metafields_of_several_types(client: Client) -> None:
    order = client.create(
        metafields=[
            {"namespace": "custom", "key": "gift", "value": "true", "type": "boolean"},
            {"namespace": "erp", "key": "lot", "value": "L-7"},
            {"namespace": "erp", "key": "data", "value": '{"a": 1}', "type": "json"},
        ]
    )
    found = read(client, order)
    assert (found["gift"]["value"], found["gift"]["jsonValue"]) == ("true", True)
    assert found["own"] is None
    assert [one["key"] for one in found["metafields"]["nodes"]] == ["gift", "lot", "data"]
    assert [one["key"] for one in found["some"]["nodes"]] == ["gift", "lot"]
    assert [one["key"] for one in found["erp"]["nodes"]] == ["lot", "data"]


def test_a_metafield_is_changed_and_removed_by_hand(client: Client) -> None:
    gift = {"namespace": "custom", "key": "gift", "value": "no"}
    order = client.create(metafields=[gift])
    before = read(client, order)["gift"]["id"]
    client.inbox.received.clear()
    client.act(order, "edit", metafields=[gift | {"value": "yes"}])
    after = read(client, order)["gift"]
    assert (after["id"], after["value"]) == (before, "yes")
    client.quiet()
    assert client.inbox.topics() == ["orders/updated"]
    changed = client.act(order, "edit", metafields=[gift | {"value": None}])
    assert changed["metafields"] == []
    assert read(client, order)["gift"] is None


@pytest.mark.parametrize(
    ("metafield", "word"),
    [
        ({"namespace": "x", "key": "k", "value": "v"}, "three letters"),
        ({"namespace": "custom", "value": "v"}, "key"),
        ({"key": "k", "value": 3}, "text"),
        ({"key": "k", "value": "{", "type": "json"}, ""),
        ({"key": "k", "value": "v", "owner": "x"}, "owner"),
    ],
)
def test_a_malformed_metafield_changes_nothing(
    client: Client, metafield: dict[str, Any], word: str
) -> None:
    order = client.create(note="Old")
    refused = client.act(order, "edit", 422, note="New", metafields=[metafield])
    assert word in refused["error"]
    assert client.order(order)["note"] == "Old"
    client.control("POST", f"{SHOP}/orders", {"metafields": [metafield]}, 422)
    assert len(client.control("GET", f"{SHOP}/orders")) == 1


def test_metafield_keys_need_their_namespace(client: Client) -> None:
    order = client.create()
    query = (
        'query($id: ID!) { order(id: $id) { metafields(first: 1, keys: ["x"]) { nodes { id } } } }'
    )
    assert "namespace.key" in client.graphql(query, id=order)["errors"][0]["message"]


def test_attributes_and_source_are_read_and_changed(client: Client) -> None:
    order = client.create(source_name="pos", attributes={"gift": "yes"})
    found = read(client, order)
    assert found["sourceName"] == "pos"
    assert found["customAttributes"] == [{"key": "gift", "value": "yes"}]
    client.act(order, "edit", attributes={"wrap": "red"})
    assert read(client, order)["customAttributes"] == [{"key": "wrap", "value": "red"}]


def test_lines_of_a_bundle_share_their_group(client: Client) -> None:
    box = {"title": "Gift box", "sku": "BOX", "quantity": 2}
    client.control("POST", f"{SHOP}/products", {"title": "Gift box", "sku": "BOX"}, 201)
    order = client.create(
        lines=[
            {"sku": "TS-M", "bundle": box},
            {"sku": "MUG-330", "bundle": box},
            {"sku": "TS-L", "bundle": "Other"},
            {"sku": "NB-A5"},
        ]
    )
    first, second, third, alone = [
        line["lineItemGroup"] for line in read(client, order)["lineItems"]["nodes"]
    ]
    assert first == second
    assert (first["title"], first["quantity"], first["variantSku"]) == ("Gift box", 2, "BOX")
    assert first["variantId"]
    assert (third["title"], third["variantSku"]) == ("Other", None)
    assert third["id"] != first["id"]
    assert alone is None


def test_risk_has_its_assessment_and_its_webhook(client: Client) -> None:
    order = client.create(risk="INVESTIGATE")
    assert read(client, order)["risk"]["assessments"][0]["riskLevel"] == "MEDIUM"
    client.inbox.received.clear()
    client.act(order, "risk", recommendation="CANCEL")
    found = read(client, order)["risk"]
    assert (found["recommendation"], found["assessments"][0]["riskLevel"]) == ("CANCEL", "HIGH")
    client.quiet()
    (told,) = client.inbox.of("orders/risk_assessment_changed")
    assert told.json["risk_level"] == "HIGH"
    client.act(order, "risk", recommendation="NONE")
    assert read(client, order)["risk"]["assessments"] == []
    client.quiet()


def test_a_risk_shopify_does_not_know_is_refused(client: Client) -> None:
    order = client.create()
    assert "ACCEPT" in client.act(order, "risk", 422, recommendation="MAYBE")["error"]
    assert client.order(order)["risk"]["recommendation"] == "ACCEPT"


def test_a_new_address_is_where_the_open_part_goes(client: Client) -> None:
    order = client.create()
    address = {"name": "Ada Byron", "address1": "Via Po 1", "city": "Torino", "zip": "10123"}
    client.act(order, "edit", shipping_address=address)
    query = """query($id: ID!) { order(id: $id) { fulfillmentOrders(first: 1) {
      nodes { destination { city lastName } } } } }"""
    (one,) = client.graphql(query, id=order)["data"]["order"]["fulfillmentOrders"]["nodes"]
    assert one["destination"] == {"city": "Torino", "lastName": "Byron"}


def test_what_shopify_refuses_is_refused(client: Client) -> None:
    order = client.create(lines=[{"sku": "TS-M", "quantity": 2}])
    assert "paid" in client.act(order, "pay", 422)["error"]
    one = client.order(order)["fulfillment_orders"][0]
    client.act(order, "fulfil", lines=[{"id": one["lines"][0]["id"], "quantity": 1}])
    edit = {"lines": [{"sku": "TS-M", "quantity": 0}]}
    assert "not fulfilled" in client.act(order, "edit", 422, **edit)["error"]
    assert client.order(order)["lines"][0]["currentQuantity"] == 2
    assert "colour" in client.act(order, "edit", 422, colour="red")["error"]
    assert "fulfillments" in client.act(order, "cancel", 422)["error"]
    client.act(order, "cancel-fulfillment")
    client.act(order, "cancel")
    assert "already" in client.act(order, "cancel", 422)["error"]
    assert "archived" in client.act(order, "reopen", 422)["error"]


def test_an_archived_order_is_reopened(client: Client) -> None:
    order = client.create()
    client.act(order, "close")
    assert client.act(order, "reopen")["closedAt"] is None


def test_one_of_several_fulfillments_is_cancelled(client: Client) -> None:
    order = client.create(lines=[{"sku": "TS-M", "quantity": 2}])
    line = client.order(order)["fulfillment_orders"][0]["lines"][0]["id"]
    for _ in range(2):
        client.act(order, "fulfil", lines=[{"id": line, "quantity": 1}])
    second = client.order(order)["fulfillments"][1]["id"]
    found = client.act(order, "cancel-fulfillment", fulfillment=second)["fulfillments"]
    assert [one["status"] for one in found] == ["SUCCESS", "CANCELLED"]
    client.act(order, "cancel-fulfillment", 404, fulfillment=second)
