"""Failures on demand of the GraphQL and token endpoints."""

import pytest
import requests
from shopify_stand_in import SECRET, Client

WRITE = 'mutation Write($id: ID!) { tagsAdd(id: $id, tags: ["x"]) { node { id } } }'


def test_an_answer_lost_before_and_after_the_commit(client: Client) -> None:
    order = client.create()
    client.faults({"where": "graphql", "match": "Write", "do": "drop_before", "times": 1})
    with pytest.raises(requests.ConnectionError):
        client.graphql(WRITE, id=order)
    assert client.order(order)["tags"] == []
    client.faults({"where": "graphql", "match": "tagsAdd", "do": "drop_after", "times": 1})
    with pytest.raises(requests.ConnectionError):
        client.graphql(WRITE, id=order)
    assert client.order(order)["tags"] == ["x"]
    assert client.control("GET", "faults")[0]["times"] == 0
    assert "data" in client.graphql(WRITE, id=order)


def test_statuses_and_throttling_on_demand(client: Client) -> None:
    client.faults(
        {"where": "graphql", "match": "", "do": "status", "value": 429, "times": 1},
    )
    refused = client.raw("{ shop { id } }")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "2.0")
    client.faults({"where": "graphql", "match": "shop", "do": "throttle", "times": 1})
    assert client.graphql("{ shop { id } }")["errors"][0]["extensions"]["code"] == "THROTTLED"
    client.faults({"where": "graphql", "match": "shop", "do": "delay", "value": 0.05})
    assert "data" in client.graphql("{ shop { id } }")
    client.faults({"where": "graphql", "match": "orders", "do": "status", "value": 500})
    assert "data" in client.graphql("{ shop { id } }")


def test_the_token_endpoint_fails_too(client: Client) -> None:
    def ask() -> requests.Response:
        form = {
            "client_id": "tagdock-sandbox-key",
            "client_secret": SECRET,
            "grant_type": "client_credentials",
        }
        answer: requests.Response = client.at_shop("POST", "/admin/oauth/access_token", data=form)
        return answer

    client.faults({"where": "token", "match": "", "do": "drop_after", "times": 1})
    with pytest.raises(requests.ConnectionError):
        ask()
    client.faults({"where": "token", "match": "client_credentials", "do": "status", "times": 1})
    assert ask().status_code == 503
    assert ask().status_code == 200


def test_a_reset_forgets_faults_tokens_and_orders_but_not_the_ledger(client: Client) -> None:
    client.create()
    client.faults({"where": "graphql", "match": "", "do": "status", "value": 500})
    before = client.control("POST", "ledger/mark")["seq"]
    client.control("POST", "reset", {"seed": "none"})
    assert client.control("GET", "faults") == []
    assert client.control("GET", "tagdock-demo/orders") == []
    assert client.raw("{ shop { id } }").status_code == 401
    assert client.control("POST", "ledger/mark")["seq"] >= before > 0
