"""Tags as Shopify keeps them, and the ledger that remembers who wrote what."""

import pytest
from shopify_stand_in import Client

from sandbox.shopify.tags import added, normal, removed
from tests.ages import ago

WRITE = """mutation ($id: ID!, $add: [String!]!, $remove: [String!]!) {
    tagsAdd(id: $id, tags: $add) {
        node { ... on Order { tags updatedAt } } userErrors { field message } }
    tagsRemove(id: $id, tags: $remove) {
        node { ... on Order { tags } } userErrors { message } } }"""


@pytest.mark.parametrize(
    ("have", "more", "expected"),
    [
        ([], ["b", "A", " c "], ["A", "b", "c"]),
        (["vip"], ["VIP"], ["vip"]),
        (["a"], ["b, c", ""], ["a", "b", "c"]),
    ],
)
def test_adding(have: list[str], more: list[str], expected: list[str]) -> None:
    assert added(have, more) == expected
    assert normal(expected) == expected


def test_removing_ignores_case_and_what_is_not_there() -> None:
    assert removed(["VIP", "gift"], ["vip", "other"]) == ["gift"]


def test_add_then_remove_in_one_document_runs_in_order(client: Client) -> None:
    order = client.create(tags=["wms-no-sync", "vip"])
    body = client.graphql(WRITE, id=order, add=["wms-syncing"], remove=["WMS-no-sync"])
    assert body["data"]["tagsAdd"]["node"]["tags"] == ["vip", "wms-no-sync", "wms-syncing"]
    assert body["data"]["tagsRemove"]["node"]["tags"] == ["vip", "wms-syncing"]
    assert body["data"]["tagsAdd"]["userErrors"] == []
    writes = client.ledger("tags")[-2:]
    assert [(one["source"], one["after"]) for one in writes] == [
        ("app", ["vip", "wms-no-sync", "wms-syncing"]),
        ("app", ["vip", "wms-syncing"]),
    ]
    assert writes[0]["before"] == ["vip", "wms-no-sync"]


def test_a_write_that_changes_nothing_leaves_no_trace(client: Client) -> None:
    day = ago(days=21)[:10]
    order = client.create(tags=["vip"], created_at=day)
    mark = client.control("POST", "ledger/mark")["seq"]
    client.graphql(WRITE, id=order, add=["VIP"], remove=["other"])
    client.quiet()
    assert client.ledger("tags", mark) == []
    assert client.ledger("webhook", mark) == []
    assert client.order(order)["updatedAt"] == f"{day}T00:00:00Z"


def test_a_tag_of_more_than_forty_characters_is_refused(client: Client) -> None:
    order = client.create()
    errors = client.graphql(WRITE, id=order, add=["x" * 41], remove=[])["data"]["tagsAdd"]
    assert errors["userErrors"][0]["field"] == ["tags"]
    assert errors["node"] is None
    assert client.order(order)["tags"] == []
    assert client.graphql(WRITE, id=order, add=["x" * 40], remove=[])["data"]["tagsAdd"]["node"]


def test_the_merchants_hand_is_told_apart_from_the_apps(client: Client) -> None:
    order = client.create()
    client.act(order, "tags", add=["wms-no-sync"], remove=["nothing"])
    assert client.ledger("tags")[-1]["source"] == "admin"
    assert client.order(order)["tags"] == ["wms-no-sync"]


def test_tags_can_silently_not_be_applied(client: Client) -> None:
    order = client.create()
    client.faults({"where": "graphql", "match": "tagsAdd", "do": "ignore_tags", "times": 1})
    body = client.graphql(WRITE, id=order, add=["x"], remove=[])
    assert body["data"]["tagsAdd"] == {
        "node": {"tags": [], "updatedAt": client.order(order)["updatedAt"]},
        "userErrors": [],
    }
    assert client.graphql(WRITE, id=order, add=["x"], remove=[])["data"]["tagsAdd"]["node"][
        "tags"
    ] == ["x"]
