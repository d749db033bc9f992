"""Who may read what: tokens, scopes, age, personal data."""

from shopify_stand_in import OTHER, SHOP, Client

from tests.ages import ago

ORDER = "query ($id: ID!) { order(id: $id) { id name } }"
OLD = ago(days=61)


def with_scopes(client: Client, *scopes: str) -> None:
    body = {"scopes": list(scopes)}
    client.token = client.control("POST", f"{SHOP}/tokens", body)["access_token"]


def test_a_wrong_token_gets_shopifys_401(client: Client) -> None:
    client.token = "shpat_wrong"
    answer = client.raw("{ shop { id } }")
    assert answer.status_code == 401
    assert answer.json()["errors"].startswith("[API] Invalid API key or access token")


def test_a_token_opens_only_its_own_shop(client: Client) -> None:
    assert client.raw("{ shop { id } }", shop=OTHER).status_code == 401
    assert client.raw("{ shop { id } }", shop="none.myshopify.com").status_code == 404


def test_a_missing_scope_denies_the_field_and_nulls_it(client: Client) -> None:
    client.create()
    with_scopes(client, "read_products")
    body = client.graphql("{ orders(first: 1) { nodes { id } } shop { name } }")
    error = body["errors"][0]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert error["message"].startswith("Access denied for orders field. Required access: ")
    assert "`read_orders` access scope" in error["extensions"]["requiredAccess"]
    assert body["data"] is None


def test_a_missing_scope_of_a_nullable_field_leaves_the_rest(client: Client) -> None:
    order = client.create(lines=[{"sku": "TS-M"}])
    with_scopes(client, "read_orders")
    query = """query ($id: ID!) { order(id: $id) {
        name customer { id } lineItems(first: 1) { nodes { sku variant { sku } } } } }"""
    body = client.graphql(query, id=order)
    assert body["data"]["order"]["customer"] is None
    assert body["data"]["order"]["lineItems"]["nodes"] == [{"sku": "TS-M", "variant": None}]
    assert {tuple(error["path"]) for error in body["errors"]} == {
        ("order", "customer"),
        ("order", "lineItems", "nodes", 0, "variant"),
    }


def test_writing_includes_reading_but_not_the_reverse(client: Client) -> None:
    order = client.create()
    with_scopes(client, "read_orders")
    mutation = 'mutation ($id: ID!) { tagsAdd(id: $id, tags: ["x"]) { node { id } } }'
    body = client.graphql(mutation, id=order)
    assert body["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"
    assert client.order(order)["tags"] == []
    with_scopes(client, "write_orders")
    assert client.graphql(ORDER, id=order)["data"]["order"]["id"] == order


def test_nodes_of_a_kind_without_scope_are_null_with_an_error(client: Client) -> None:
    order = client.create()
    with_scopes(client, "read_products")
    body = client.graphql("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[order])
    assert body["data"]["nodes"] == [None]
    assert body["errors"][0]["extensions"]["code"] == "ACCESS_DENIED"


def test_orders_older_than_sixty_days_are_hidden(client: Client) -> None:
    order = client.create(created_at=OLD)
    assert client.graphql(ORDER, id=order)["data"] == {"order": None}
    nodes = client.graphql("query ($ids: [ID!]!) { nodes(ids: $ids) { id } }", ids=[order])
    assert nodes["data"]["nodes"] == [None]
    found = client.graphql('{ orders(first: 5, query: "status:any") { nodes { id } } }')
    assert found["data"]["orders"]["nodes"] == []
    mutation = """mutation ($id: ID!) {
        tagsAdd(id: $id, tags: ["x"]) { userErrors { field message } } }"""
    refused = client.graphql(mutation, id=order)["data"]["tagsAdd"]["userErrors"]
    assert refused == [{"field": ["id"], "message": "Order does not exist"}]
    with_scopes(client, "read_orders", "read_all_orders")
    assert client.graphql(ORDER, id=order)["data"]["order"]["id"] == order


def test_fulfillment_orders_outside_the_scopes_are_silently_absent(client: Client) -> None:
    place = client.control(
        "POST", f"{SHOP}/locations", {"name": "Partner", "service": "Partner 3PL"}, 201
    )
    order = client.create(lines=[{"sku": "TS-M"}, {"sku": "TS-L", "location": place["id"]}])
    assert len(client.order(order)["fulfillment_orders"]) == 2
    query = """query ($id: ID!) { order(id: $id) {
        fulfillmentOrders(first: 5) { nodes { id assignedLocation { name } } } } }"""
    body = client.graphql(query, id=order)
    assert "errors" not in body
    nodes = body["data"]["order"]["fulfillmentOrders"]["nodes"]
    assert [node["assignedLocation"]["name"] for node in nodes] == ["Milano"]


def test_personal_data_can_be_hidden_as_on_the_basic_plan(client: Client) -> None:
    order = client.create()
    client.settings(personal_data=False)
    query = (
        """query ($id: ID!) { order(id: $id) { name shippingAddress { name address1 city } } }"""
    )
    address = client.graphql(query, id=order)["data"]["order"]["shippingAddress"]
    assert address["name"] is None
    assert address["address1"] is None


def test_uninstalling_ends_the_tokens(client: Client) -> None:
    client.control("POST", f"{SHOP}/uninstall")
    assert client.raw("{ shop { id } }").status_code == 401
