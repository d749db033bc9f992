"""Orders read, listed and tagged in the sandbox's Shopify."""

from datetime import UTC, datetime

import pytest
from shop_identity import SHOP

from app.errors import Rejected, TryLater, Uncertain
from app.shopify.client import Shopify
from app.shopify.orders import list_orders, read_orders, read_shop, write_tags
from app.shopify.values import TagEdit

THREE = [{"sku": f"SKU-{n}", "quantity": n + 1, "price": "10.00"} for n in range(3)]


def all_ids(world) -> list[str]:
    return [row["id"] for row in world.get(f"{SHOP}/orders")]


def tens(ids: list[str]) -> list[list[str]]:
    return [ids[start : start + 10] for start in range(0, len(ids), 10)]


def test_every_seeded_order_is_read_as_it_is(shopify, world):
    for ids in tens(all_ids(world)):
        for order_id, order in read_orders(shopify, ids).items():
            shown = world.shown(order_id)
            hidden = (datetime.now(UTC) - datetime.fromisoformat(shown["createdAt"])).days >= 60
            assert (order is None) == hidden
            if order is not None:
                assert_same(order, shown)


def assert_same(order, shown) -> None:
    assert (order.name, list(order.tags), order.note) == (
        shown["name"],
        shown["tags"],
        shown["note"] or None,
    )
    assert order.updated_at == datetime.fromisoformat(shown["updatedAt"])
    assert [line.id for line in order.lines] == [line["id"] for line in shown["lines"]]
    assert [line.own_sku for line in order.lines] == [
        line["sku"] or None for line in shown["lines"]
    ]
    assert order.totals.total.amount == shown["currentTotalPriceSet"]["shopMoney"]["amount"]
    parts = {part.id: part for part in order.fulfillment_orders}
    for row in shown["fulfillment_orders"]:
        part = parts[row["id"]]
        assert (part.status, part.location_id) == (row["status"], row["location"]["id"])
        assert [(line.line_id, line.quantity_remaining) for line in part.lines] == [
            (line["lineItem"]["id"], line["remainingQuantity"]) for line in row["lines"]
        ]


def test_ten_orders_of_one_part_and_three_lines_cost_at_most_95_points(shopify, world):
    ids = world.create(count=10, lines=THREE)
    mark = world.post("ledger/mark")["seq"]
    orders = read_orders(shopify, ids)
    assert all(len(order.lines) == 3 for order in orders.values())
    assert all(len(order.fulfillment_orders) == 1 for order in orders.values())
    (request,) = world.requests(mark)
    assert request["requested"] < 1000
    assert request["actual"] <= 95


def test_what_the_index_has_not_learned_is_read_by_id(shopify, world):
    world.put("settings", {"search_lag": 60})
    ids = world.create(count=3, lines=THREE)
    orders = read_orders(shopify, ids)
    assert [order.id for order in orders.values()] == ids


def test_a_deleted_and_an_unknown_order_are_none(shopify, world):
    kept, gone = world.create(count=2, lines=THREE)
    world.act(gone, "delete")
    unknown = "gid://shopify/Order/999999999"
    orders = read_orders(shopify, [kept, gone, unknown])
    assert (orders[kept] is None, orders[gone], orders[unknown]) == (False, None, None)
    assert read_orders(shopify, [gone]) == {gone: None}
    assert read_orders(shopify, []) == {}


def test_closed_and_cancelled_orders_are_read_too(shopify, world):
    ids = world.create(count=2, lines=THREE)
    world.act(ids[0], "cancel")
    orders = read_orders(shopify, ids)
    assert orders[ids[0]].cancelled_at is not None
    assert orders[ids[1]].cancelled_at is None


def test_long_orders_are_read_to_their_last_page(shopify, world):
    lines = [{"sku": f"L-{n}", "quantity": 1, "price": "1.00"} for n in range(160)]
    (order_id,) = world.create(lines=lines)
    order = read_orders(shopify, [order_id])[order_id]
    assert len({line.id for line in order.lines}) == 160
    (part,) = order.fulfillment_orders
    assert {line.line_id for line in part.lines} == {line.id for line in order.lines}


def test_a_much_split_order_is_read_to_its_last_part(shopify, world):
    lines = [{"sku": f"L-{n}", "quantity": 1, "price": "1.00"} for n in range(25)]
    (order_id,) = world.create(lines=lines)
    for _ in range(24):
        parts = world.shown(order_id)["fulfillment_orders"]
        whole = max(parts, key=lambda part: len(part["lines"]))
        world.act(order_id, "split", fulfillment_order=whole["id"])
    order = read_orders(shopify, [order_id])[order_id]
    assert len(order.fulfillment_orders) == 25


def test_a_missing_sku_falls_back_to_the_variants_present_one(shopify, world):
    (order_id,) = world.create(lines=[{"sku": "", "title": "Nameless mug", "quantity": 1}])
    (line,) = read_orders(shopify, [order_id])[order_id].lines
    assert (line.sku, line.own_sku) == (None, None)
    world.post(f"{SHOP}/products/Nameless mug", {"sku": "MUG"})
    (line,) = read_orders(shopify, [order_id])[order_id].lines
    assert (line.sku, line.own_sku) == ("MUG", None)


def test_without_approval_for_personal_data_the_rest_is_read(shopify, world):
    (order_id,) = world.create(lines=THREE)
    world.put("settings", {"personal_data": False})
    order = read_orders(shopify, [order_id])[order_id]
    assert order.email is None
    assert order.customer is None or order.customer.name is None
    assert len(order.lines) == 3


def test_without_the_customer_scope_the_rest_is_read_and_the_field_is_named(
    world, sandbox_config, bucket
):
    ids = world.create(count=2, lines=THREE)
    scopes = "write_orders,write_merchant_managed_fulfillment_orders,read_locations,read_products"
    token = world.post(f"{SHOP}/tokens", {"scopes": scopes})["access_token"]
    poor = Shopify(SHOP, token, config=sandbox_config, bucket=bucket)
    for order in read_orders(poor, ids).values():
        assert order.problems == ("customer",)
        assert order.customer is None


def test_a_missing_scope_is_named(world, sandbox_config, bucket):
    token = world.post(f"{SHOP}/tokens", {"scopes": "read_products"})["access_token"]
    poor = Shopify(SHOP, token, config=sandbox_config, bucket=bucket)
    order_id = all_ids(world)[-1]
    with pytest.raises(Rejected, match="read_orders") as refusal:
        read_orders(poor, [order_id])
    assert refusal.value.code == "shopify-scope-missing"
    with pytest.raises(Rejected, match="write_orders"):
        write_tags(poor, [TagEdit(order_id, add=("x",))])


def test_another_shops_token_opens_nothing(world, sandbox_config, bucket):
    token = world.post("second-shop.myshopify.com/tokens")["access_token"]
    stranger = Shopify(SHOP, token, config=sandbox_config, bucket=bucket)
    with pytest.raises(Rejected) as refusal:
        read_shop(stranger)
    assert refusal.value.code == "shopify-token-refused"


def test_tags_are_written_and_no_other_tag_is_touched(shopify, world):
    ids = world.create(count=10, lines=THREE, tags=["VIP", "wms-no-sync"])
    mark = world.post("ledger/mark")["seq"]
    edits = [TagEdit(each, add=("wms-syncing",), remove=("wms-no-sync",)) for each in ids]
    results = write_tags(shopify, edits)
    assert [result.order_id for result in results] == ids
    for result in results:
        assert sorted(result.tags) == sorted(["VIP", "wms-syncing"])
        assert result.error is None
        shown = world.shown(result.order_id)
        assert sorted(shown["tags"]) == sorted(result.tags)
        assert result.updated_at == datetime.fromisoformat(shown["updatedAt"])
    (request,) = world.requests(mark)
    assert request["actual"] == 200


def test_one_bad_order_does_not_keep_the_others_from_being_tagged(shopify, world):
    good, gone = world.create(count=2, lines=THREE)
    world.act(gone, "delete")
    edits = [
        TagEdit(gone, add=("a",), remove=("b",)),
        TagEdit(good, add=("a",)),
        TagEdit(good, add=("x" * 41,)),
    ]
    first, second, third = write_tags(shopify, edits)
    assert first.tags is None
    assert first.error
    assert (second.tags, second.error) == (("a",), None)
    assert third.error


def test_tags_that_shopify_drops_silently_are_seen_in_the_read_back(shopify, world):
    (order_id,) = world.create(lines=THREE, tags=["old"])
    world.put("faults", [{"where": "graphql", "match": "WriteTags", "do": "ignore_tags"}])
    (result,) = write_tags(shopify, [TagEdit(order_id, add=("new",), remove=("old",))])
    assert result.tags == ("old",)


def test_an_answer_lost_after_the_write_is_uncertain_and_may_be_repeated(shopify, world):
    (order_id,) = world.create(lines=THREE, tags=["old"])
    fault = {"where": "graphql", "match": "WriteTags", "do": "drop_after", "times": 1}
    world.put("faults", [fault])
    edits = [TagEdit(order_id, add=("new",), remove=("old",))]
    with pytest.raises(Uncertain):
        write_tags(shopify, edits)
    assert world.shown(order_id)["tags"] == ["new"]
    assert write_tags(shopify, edits)[0].tags == ("new",)


def test_a_lost_query_is_read_again(shopify, world):
    (order_id,) = world.create(lines=THREE)
    world.put("faults", [{"where": "graphql", "do": "drop_before", "times": 1}])
    with pytest.raises(TryLater):
        read_orders(shopify, [order_id])
    assert read_orders(shopify, [order_id])[order_id].id == order_id


def test_throttled_is_a_wait_and_the_next_one_goes_through(shopify, world):
    (order_id,) = world.create(lines=THREE)
    world.put("faults", [{"where": "graphql", "do": "throttle", "times": 1}])
    with pytest.raises(TryLater) as later:
        read_orders(shopify, [order_id])
    assert not later.value.counts
    assert read_orders(shopify, [order_id])[order_id].id == order_id


def test_a_revoked_token_is_refused(shopify, world):
    world.call("DELETE", f"{SHOP}/tokens")
    with pytest.raises(Rejected) as refusal:
        read_shop(shopify)
    assert refusal.value.code == "shopify-token-refused"


def test_lists_come_in_pages_the_longest_unchanged_first(shopify, world):
    found, after = [], None
    while True:
        page = list_orders(shopify, query="status:any", after=after, first=7)
        found += page.orders
        after = page.next_cursor
        if after is None:
            break
    assert len(found) > 30
    moments = [brief.updated_at for brief in found]
    assert moments == sorted(moments)


def test_a_list_finds_what_changed_since(shopify, world):
    (order_id,) = world.create(lines=THREE, tags=["wms-no-sync"])
    since = world.shown(order_id)["updatedAt"]
    page = list_orders(shopify, query=f"status:any tag:wms-no-sync updated_at:>='{since}'")
    assert [brief.id for brief in page.orders] == [order_id]
    assert page.orders[0].tags == ("wms-no-sync",)


def test_the_shop_its_scopes_and_locations(shopify, world):
    shop = read_shop(shopify)
    assert "write_orders" in shop.scopes
    assert shop.currency
    assert shop.timezone
    assert shop.plan
    listed = next(row for row in world.get("shops") if row["domain"] == SHOP)
    assert {place.id for place in shop.locations} == {row["id"] for row in listed["locations"]}


@pytest.mark.parametrize("order_id", ["1", "gid://shopify/Product/1", "gid://shopify/Order/1 OR x"])
def test_what_is_no_order_id_is_never_sent(shopify, world, order_id):
    mark = world.post("ledger/mark")["seq"]
    with pytest.raises(Rejected):
        read_orders(shopify, [order_id])
    assert world.requests(mark) == []
