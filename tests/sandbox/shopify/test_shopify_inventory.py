"""Stock as an app reads and sets it: every line or none, once for each key, never blindly."""

from typing import Any

import pytest
from shopify_stand_in import SHOP, Client

SCOPES = ["write_orders", "write_inventory", "read_products", "read_locations"]
ERRORS = "userErrors { code field message }"
SET = f"""mutation Set($input: InventorySetQuantitiesInput!, $key: String!) {{
    inventorySetQuantities(input: $input) @idempotent(key: $key) {{
        inventoryAdjustmentGroup {{ id reason changes {{ name delta quantityAfterChange
            item {{ sku }} location {{ name }} }} }} {ERRORS} }} }}"""
ADJUST = f"""mutation ($input: InventoryAdjustQuantitiesInput!) {{
    inventoryAdjustQuantities(input: $input) @idempotent(key: "adjust") {{
        inventoryAdjustmentGroup {{ changes {{ name delta }} }} {ERRORS} }} }}"""
ACTIVATE = """mutation ($item: ID!, $place: ID!, $available: Int) {
    inventoryActivate(inventoryItemId: $item, locationId: $place, available: $available)
    @idempotent(key: "activate") { inventoryLevel { isActive quantities(names: ["available"]) {
        quantity } } userErrors { field message } } }"""
READ = """query ($sku: String!) { inventoryItems(first: 5, query: $sku) { nodes { id sku tracked
    variant { id inventoryQuantity } inventoryLevels(first: 5, includeInactive: true) { nodes {
        id isActive location { name } quantities(names: ["available", "on_hand", "committed"]) {
            name quantity } } } } } }"""


@pytest.fixture
def shop(client: Client) -> Client:
    """A client whose token may write stock."""
    client.token = client.control("POST", f"{SHOP}/tokens", {"scopes": SCOPES})["access_token"]
    return client


def levels(client: Client, sku: str) -> Any:
    """Quantities by location, as the API tells them."""
    (item,) = client.graphql(READ, sku=f"sku:'{sku}'")["data"]["inventoryItems"]["nodes"]
    return {
        level["location"]["name"]: {one["name"]: one["quantity"] for one in level["quantities"]}
        for level in item["inventoryLevels"]["nodes"]
    }


def stocked(client: Client, sku: str, place: str, **units: Any) -> Any:
    """Set a level by hand and return it."""
    body = {"levels": [{"sku": sku, "location": place} | units]}
    client.control("PUT", f"{SHOP}/inventory", body)
    (row,) = client.control("GET", f"{SHOP}/inventory?sku={sku}&location={place}")
    return row


def line(row: Any, quantity: int, expected: int | None = None) -> dict[str, Any]:
    return {
        "inventoryItemId": row["item"],
        "locationId": row["location_id"],
        "quantity": quantity,
        "changeFromQuantity": expected,
    }


def put(client: Client, *lines: Any, key: str = "k", **more: Any) -> Any:
    wanted = {"name": "available", "reason": "correction", "quantities": list(lines)} | more
    return client.graphql(SET, input=wanted, key=key)["data"]["inventorySetQuantities"]


def test_stock_is_set_and_read_back(shop: Client) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7, damaged=2)
    answer = put(shop, line(row, 12, 7))
    assert answer["userErrors"] == []
    assert answer["inventoryAdjustmentGroup"]["changes"] == [
        {
            "name": name,
            "delta": 5,
            "quantityAfterChange": None,
            "item": {"sku": "TS-M"},
            "location": {"name": "Milano"},
        }
        for name in ("available", "on_hand")
    ]
    assert levels(shop, "TS-M")["Milano"] == {"available": 12, "on_hand": 14, "committed": 0}


def test_on_hand_is_set_by_what_is_available(shop: Client) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7)
    shop.create(lines=[{"sku": "TS-M", "quantity": 3}])
    assert levels(shop, "TS-M")["Milano"] == {"available": 4, "on_hand": 7, "committed": 3}
    assert put(shop, line(row, 10, 7), name="on_hand")["userErrors"] == []
    assert levels(shop, "TS-M")["Milano"] == {"available": 7, "on_hand": 10, "committed": 3}


def test_what_is_so_already_makes_no_group(shop: Client) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7)
    answer = put(shop, line(row, 7))
    assert answer == {"inventoryAdjustmentGroup": None, "userErrors": []}


def test_one_bad_line_stops_them_all_and_each_is_named(shop: Client) -> None:
    good = stocked(shop, "TS-M", "Milano", available=7)
    stale = stocked(shop, "TS-L", "Milano", available=3)
    none = good | {"item": "gid://shopify/InventoryItem/7"}
    nowhere = good | {"location_id": "gid://shopify/Location/7"}
    much = stocked(shop, "HD-01", "Milano", available=1)
    wanted = (line(good, 9), line(stale, 9, 4), line(none, 1), line(nowhere, 1), line(much, 2**30))
    answer = put(shop, *wanted)
    assert answer["inventoryAdjustmentGroup"] is None
    assert [(error["code"], error["field"]) for error in answer["userErrors"]] == [
        ("CHANGE_FROM_QUANTITY_STALE", ["input", "quantities", "1", "changeFromQuantity"]),
        ("INVALID_INVENTORY_ITEM", ["input", "quantities", "2", "inventoryItemId"]),
        ("INVALID_LOCATION", ["input", "quantities", "3", "locationId"]),
        ("INVALID_QUANTITY_TOO_HIGH", ["input", "quantities", "4", "quantity"]),
    ]
    assert levels(shop, "TS-M")["Milano"]["available"] == 7
    assert levels(shop, "TS-L")["Milano"]["available"] == 3


def test_a_stale_line_may_come_without_its_way(shop: Client) -> None:
    shop.settings(stale_without_field=True)
    row = stocked(shop, "TS-M", "Milano", available=7)
    (error,) = put(shop, line(row, 9, 4))["userErrors"]
    assert (error["code"], error["field"]) == ("CHANGE_FROM_QUANTITY_STALE", None)


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"name": "committed"}, "INVALID_NAME", "name"),
        ({"reason": "because"}, "INVALID_REASON", "reason"),
        ({"referenceDocumentUri": "x"}, "INVALID_REFERENCE_DOCUMENT", "referenceDocumentUri"),
    ],
)
def test_a_bad_head_is_refused(shop: Client, more: dict[str, str], code: str, field: str) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7)
    (error,) = put(shop, line(row, 9), **more)["userErrors"]
    assert (error["code"], error["field"]) == (code, ["input", field])


def test_doubled_negative_and_low_are_refused(shop: Client) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7)
    twice = put(shop, line(row, 9), line(row, 8), key="1")["userErrors"]
    assert [error["field"][2] for error in twice] == ["0", "1"]
    assert twice[0]["code"] == "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"
    (negative,) = put(shop, line(row, -1), key="2", name="on_hand")["userErrors"]
    assert negative["code"] == "INVALID_QUANTITY_NEGATIVE"
    assert put(shop, line(row, -1), key="3")["userErrors"] == []
    (low,) = put(shop, line(row, -(2**30)), key="4")["userErrors"]
    assert low["code"] == "INVALID_QUANTITY_TOO_LOW"


def test_a_bundle_says_that_it_requires_components(shop: Client) -> None:
    body = {"title": "Box", "sku": "BOX", "bundle": True}
    shop.control("POST", f"{SHOP}/products", body, 201)
    read = "query ($q: String) { productVariants(first: 1, query: $q) { nodes { %s } } }"
    for sku, bundle in (("BOX", True), ("TS-M", False)):
        answer = shop.graphql(read % "requiresComponents", q=f"sku:{sku}")
        assert answer["data"]["productVariants"]["nodes"] == [{"requiresComponents": bundle}]


@pytest.mark.parametrize("about", [{"tracked": False}, {"bundle": True}])
def test_what_is_not_tracked_or_a_bundle_is_not_set(shop: Client, about: Any) -> None:
    shop.control("POST", f"{SHOP}/products", {"title": "Odd", "sku": "ODD"} | about, 201)
    (row, _) = shop.control("GET", f"{SHOP}/inventory?sku=ODD")
    (error,) = put(shop, line(row, 9))["userErrors"]
    assert error["code"] == "NON_MUTABLE_INVENTORY_ITEM"


def test_a_key_and_a_quantity_to_compare_must_be_sent(shop: Client) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7)
    without = SET.replace(", $key: String!", "").replace(" @idempotent(key: $key)", "")
    body = {"name": "available", "reason": "correction", "quantities": [line(row, 9)]}
    answer = shop.graphql(without, input=body)
    assert answer["data"] == {"inventorySetQuantities": None}
    assert answer["errors"][0]["message"].startswith("The @idempotent directive is required")
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    del body["quantities"][0]["changeFromQuantity"]
    error = shop.graphql(SET, input=body, key="k")["errors"][0]
    assert error["extensions"]["code"] == "INVALID_FIELD_ARGUMENTS"
    assert "must include the following argument: changeFromQuantity" in error["message"]
    blank = shop.graphql(SET, input=body, key=" ")["errors"][0]
    assert blank["extensions"]["code"] == "BAD_REQUEST"
    assert levels(shop, "TS-M")["Milano"]["available"] == 7


def test_a_key_is_done_once(shop: Client) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7)
    first = put(shop, line(row, 9, 7))
    stocked(shop, "TS-M", "Milano", available=20)
    assert put(shop, line(row, 9, 7)) == first
    assert levels(shop, "TS-M")["Milano"]["available"] == 20
    (other,) = put(shop, line(row, 8, 7))["userErrors"]
    assert other["code"] == "IDEMPOTENCY_KEY_PARAMETER_MISMATCH"
    assert put(shop, line(row, 8, 7), key="2")["userErrors"][0]["code"].endswith("_STALE")
    (failed,) = put(shop, line(row, 8, 7), key="2")["userErrors"]
    assert failed["code"] == "IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED"


def test_an_answer_that_was_lost_comes_again(shop: Client) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7)
    shop.faults({"where": "graphql", "match": "Set", "do": "drop_after", "times": 1})
    with pytest.raises(OSError, match=r"."):
        put(shop, line(row, 9, 7))
    assert levels(shop, "TS-M")["Milano"]["available"] == 9
    answer = put(shop, line(row, 9, 7))
    assert answer["userErrors"] == []
    assert answer["inventoryAdjustmentGroup"]["changes"][0]["delta"] == 2


def test_setting_stock_needs_its_scope_and_costs_ten(shop: Client) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7)
    wanted = {"name": "available", "reason": "correction", "quantities": [line(row, 9)]}
    cost = shop.graphql(SET, input=wanted, key="k")["extensions"]["cost"]
    assert cost["actualQueryCost"] == 10
    scopes = {"scopes": ["read_inventory", "read_products"]}
    shop.token = shop.control("POST", f"{SHOP}/tokens", scopes)["access_token"]
    error = shop.graphql(SET, input=wanted, key="l")["errors"][0]
    assert error["extensions"]["code"] == "ACCESS_DENIED"
    assert "write_inventory" in error["message"]
    many = wanted | {"quantities": [line(row, 9)] * 251}
    assert "251" in shop.graphql(SET, input=many, key="m")["errors"][0]["message"]


def test_quantities_are_adjusted(shop: Client) -> None:
    row = stocked(shop, "TS-M", "Milano", available=7)
    change = {key: value for key, value in line(row, 0, 7).items() if key != "quantity"}
    wanted = {"name": "available", "reason": "received", "changes": [change | {"delta": -3}]}
    group = shop.graphql(ADJUST, input=wanted)["data"]["inventoryAdjustQuantities"]
    assert group["inventoryAdjustmentGroup"]["changes"][0] == {"name": "available", "delta": -3}
    assert levels(shop, "TS-M")["Milano"]["available"] == 4
    bad = wanted | {"name": "damaged"}
    query = ADJUST.replace('"adjust"', '"other"')
    (error,) = shop.graphql(query, input=bad)["data"]["inventoryAdjustQuantities"]["userErrors"]
    assert error["code"] == "INVALID_QUANTITY_DOCUMENT"


def test_stock_set_where_an_item_is_not_stocked_is_kept_but_not_sold(shop: Client) -> None:
    place = shop.control("POST", f"{SHOP}/locations", {"name": "Torino"}, 201)
    row = stocked(shop, "TS-M", "Milano", available=7)
    there = row | {"location_id": place["id"]}
    assert put(shop, line(there, 5, 0))["userErrors"] == []
    query = """query ($item: ID!, $place: ID!) { inventoryItem(id: $item) {
        inventoryLevel(locationId: $place) { id } hidden: inventoryLevel(locationId: $place,
        includeInactive: true) { isActive } variant { inventoryQuantity } } }"""
    item = shop.graphql(query, item=row["item"], place=place["id"])["data"]["inventoryItem"]
    before = item["variant"]["inventoryQuantity"]
    assert (item["inventoryLevel"], item["hidden"]) == (None, {"isActive": False})
    done = shop.graphql(ACTIVATE, item=row["item"], place=place["id"])["data"]["inventoryActivate"]
    assert done["inventoryLevel"] == {"isActive": True, "quantities": [{"quantity": 5}]}
    item = shop.graphql(query, item=row["item"], place=place["id"])["data"]["inventoryItem"]
    assert item["variant"]["inventoryQuantity"] == before + 5
    again = ACTIVATE.replace('"activate"', '"again"')
    refused = shop.graphql(again, item=row["item"], place=place["id"], available=1)
    assert refused["data"]["inventoryActivate"]["userErrors"][0]["field"] == ["available"]


def test_items_are_found_by_sku(shop: Client) -> None:
    query = "sku:'TS-M' OR sku:ts-l OR sku:NONE"
    found = shop.graphql(READ, sku=query)["data"]["inventoryItems"]["nodes"]
    assert [one["sku"] for one in found] == ["TS-M", "TS-L"]
    assert shop.graphql(READ, sku="sku:TS*")["data"]["inventoryItems"]["nodes"] == found
    number = found[0]["id"].rpartition("/")[2]
    after = shop.graphql(READ, sku=f"id:>{number} sku:TS*")["data"]["inventoryItems"]["nodes"]
    assert [one["sku"] for one in after] == ["TS-L"]
    node = "query ($id: ID!) { node(id: $id) { ... on InventoryLevel { location { name } } } }"
    level = found[0]["inventoryLevels"]["nodes"][0]
    assert shop.graphql(node, id=level["id"])["data"]["node"] == {"location": level["location"]}
