"""Locations and products changed by hand: what Shopify lets one do, and which topics fire."""

from typing import Any

import pytest
from shopify_stand_in import SHOP, Client

LOCATIONS = "{ locations(first: 9) { nodes { id name isActive } } }"


def place(client: Client, name: str) -> Any:
    return next(one for one in client.control("GET", f"{SHOP}/locations") if one["name"] == name)


def act(client: Client, where: str, deed: str, status: int = 200, **body: Any) -> Any:
    path = f"{SHOP}/locations/{place(client, where)['number']}/{deed}"
    return client.control("POST", path, body, status)


def topics(client: Client) -> list[str]:
    client.quiet()
    found = sorted(client.inbox.topics())
    client.inbox.received.clear()
    return found


def names(client: Client) -> list[str]:
    """The locations an app is told of."""
    return [one["name"] for one in client.graphql(LOCATIONS)["data"]["locations"]["nodes"]]


def test_a_location_is_opened(client: Client) -> None:
    made = client.control("POST", f"{SHOP}/locations", {"name": "Torino"}, 201)
    assert names(client) == ["Milano", "Roma", "Torino"]
    assert topics(client) == ["locations/create"]
    order = client.create(location=made["id"])
    assert client.order(order)["fulfillment_orders"][0]["location"]["name"] == "Torino"
    assert place(client, "Torino")["open"] == 1


@pytest.mark.parametrize(("name", "word"), [(" ", "name"), ("roma", "already")])
def test_a_location_needs_a_name_of_its_own(client: Client, name: str, word: str) -> None:
    assert word in client.control("POST", f"{SHOP}/locations", {"name": name}, 422)["error"]
    assert word in act(client, "Milano", "rename", 422, name=name)["error"]
    assert names(client) == ["Milano", "Roma"]


def test_a_renamed_location_keeps_its_id_and_shows_its_name(client: Client) -> None:
    order, before = client.create(), place(client, "Milano")["id"]
    topics(client)
    assert act(client, "Milano", "rename", name="Milano Est")["id"] == before
    assert client.order(order)["fulfillment_orders"][0]["location"]["name"] == "Milano Est"
    assert topics(client) == ["locations/update"]


def test_a_deactivated_location_gets_no_more_orders(client: Client) -> None:
    act(client, "Milano", "deactivate")
    assert topics(client) == ["locations/deactivate", "locations/update"]
    assert names(client) == ["Roma"]
    order = client.create()
    assert client.order(order)["fulfillment_orders"][0]["location"]["name"] == "Roma"
    assert "already" in act(client, "Milano", "deactivate", 422)["error"]
    refused = client.act(order, "move", 422, location=place(client, "Milano")["id"])
    assert "not available" in refused["error"]


def test_open_orders_move_before_their_location_closes(client: Client) -> None:
    order = client.create()
    topics(client)
    assert "1 open" in act(client, "Milano", "deactivate", 422)["error"]
    act(client, "Milano", "deactivate", destination=place(client, "Roma")["id"])
    assert client.order(order)["fulfillment_orders"][0]["location"]["name"] == "Roma"
    assert "fulfillment_orders/moved" in topics(client)


def test_the_last_location_stays(client: Client) -> None:
    act(client, "Roma", "deactivate")
    assert "At least one" in act(client, "Milano", "deactivate", 422)["error"]
    assert names(client) == ["Milano"]


def test_a_location_is_activated_again(client: Client) -> None:
    act(client, "Roma", "deactivate")
    topics(client)
    act(client, "Roma", "activate")
    assert topics(client) == ["locations/activate", "locations/update"]
    assert names(client) == ["Milano", "Roma"]


def test_only_a_deactivated_location_is_deleted(client: Client) -> None:
    order = client.create(location=place(client, "Roma")["id"])
    client.act(order, "fulfil")
    assert "Deactivate" in act(client, "Roma", "delete", 422)["error"]
    act(client, "Roma", "deactivate")
    number = place(client, "Roma")["number"]
    topics(client)
    act(client, "Roma", "delete")
    client.quiet()
    assert [one.json for one in client.inbox.of("locations/delete")] == [{"id": number}]
    query = "query($id: ID!) { order(id: $id) { fulfillments(first: 1) { location { id } } } }"
    (shipped,) = client.graphql(query, id=order)["data"]["order"]["fulfillments"]
    assert shipped["location"] is None


def test_what_is_not_there_says_so(client: Client) -> None:
    assert "no location 7" in client.control("POST", f"{SHOP}/locations/7/rename", {}, 404)["error"]
    assert "fly" in act(client, "Roma", "fly", 404)["error"]


def test_products_are_listed_added_and_given_a_sku_by_number(client: Client) -> None:
    made = client.control("POST", f"{SHOP}/products", {"title": "Cup", "sku": ""}, 201)
    listed = client.control("GET", f"{SHOP}/products")
    assert listed[-1] == made
    assert (made["product"], made["sku"]) == ("Cup", None)
    changed = client.control("POST", f"{SHOP}/products/{made['number']}", {"sku": "CUP"})
    assert changed["sku"] == "CUP"
    assert topics(client) == ["products/create", "products/update"]
