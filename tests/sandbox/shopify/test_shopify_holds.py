"""Several holds on one fulfillment order, deadlines, and progress that is not for every app."""

from typing import Any

import pytest

from tests.sandbox.shopify.shopify_stand_in import Client
from tests.sandbox.shopify.test_shopify_fulfillment import made

HELD = "fulfillmentOrder { id status fulfillmentHolds { id handle heldByRequestingApp } }"
ERRORS = "userErrors { code field message }"
HOLD = f"""mutation ($id: ID!, $hold: FulfillmentOrderHoldInput!) {{
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) {{
    fulfillmentHold {{ id }} {HELD} {ERRORS} }} }}"""
RELEASE = f"""mutation ($id: ID!, $holds: [ID!]) {{
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holds) {{ {HELD} {ERRORS} }} }}"""
PROGRESS = (
    f"mutation ($id: ID!) {{ fulfillmentOrderReportProgress(id: $id) {{ {HELD} {ERRORS} }} }}"
)
DEADLINE = f"""mutation ($ids: [ID!]!, $by: DateTime!) {{ fulfillmentOrdersSetFulfillmentDeadline(
  fulfillmentOrderIds: $ids, fulfillmentDeadline: $by) {{ success {ERRORS} }} }}"""


def hold(client: Client, one: Any, **more: Any) -> Any:
    """Put a hold on a fulfillment order as the app; returns the payload."""
    answer = client.graphql(HOLD, id=one["id"], hold={"reason": "OTHER", **more})
    return answer["data"]["fulfillmentOrderHold"]


def codes(payload: Any) -> list[str]:
    """The codes of a payload's user errors."""
    return [error["code"] for error in payload["userErrors"]]


def test_only_the_named_holds_are_lifted(client: Client) -> None:
    order, one = made(client)
    client.act(order, "hold", reason="INVENTORY_OUT_OF_STOCK")
    placed = hold(client, one, handle="mine")
    holds = placed["fulfillmentOrder"]["fulfillmentHolds"]
    assert [(each["handle"], each["heldByRequestingApp"]) for each in holds] == [
        (None, False),
        ("mine", True),
    ]
    lifted = client.graphql(RELEASE, id=one["id"], holds=[placed["fulfillmentHold"]["id"]])
    left = lifted["data"]["fulfillmentOrderReleaseHold"]["fulfillmentOrder"]
    assert left["status"] == "ON_HOLD"
    assert [each["handle"] for each in left["fulfillmentHolds"]] == [None]
    opened = client.graphql(RELEASE, id=one["id"], holds=None)
    assert opened["data"]["fulfillmentOrderReleaseHold"]["fulfillmentOrder"]["status"] == "OPEN"


def test_a_handle_is_used_once_and_ten_holds_are_the_most(client: Client) -> None:
    order, one = made(client)
    assert codes(hold(client, one, handle="a")) == []
    assert codes(hold(client, one, handle="a")) == ["DUPLICATE_FULFILLMENT_HOLD_HANDLE"]
    for number in range(9):
        assert codes(hold(client, one, handle=f"b{number}")) == []
    assert codes(hold(client, one, handle="c")) == ["FULFILLMENT_ORDER_HOLD_LIMIT_REACHED"]
    line = client.order(order)["fulfillment_orders"][0]["lines"][0]["id"]
    some = [{"id": line, "quantity": 1}]
    refused = hold(client, one, handle="d", fulfillmentOrderLineItems=some)
    assert codes(refused) == ["FULFILLMENT_ORDER_NOT_SPLITTABLE"]


@pytest.mark.parametrize("wrong", ["gid://shopify/FulfillmentOrder/999999"])
def test_what_is_not_there_is_refused_with_the_mutations_own_code(
    client: Client, wrong: str
) -> None:
    made(client)
    assert codes(hold(client, {"id": wrong})) == ["FULFILLMENT_ORDER_NOT_FOUND"]
    late = client.graphql(DEADLINE, ids=[wrong], by="2026-12-01T10:00:00Z")
    payload = late["data"]["fulfillmentOrdersSetFulfillmentDeadline"]
    assert codes(payload) == ["FULFILLMENT_ORDERS_NOT_FOUND"]


def test_a_deadline_is_kept(client: Client) -> None:
    order, one = made(client)
    answer = client.graphql(DEADLINE, ids=[one["id"]], by="2026-12-01T10:00:00Z")
    assert answer["data"]["fulfillmentOrdersSetFulfillmentDeadline"]["success"] is True
    assert client.order(order)["fulfillment_orders"][0]["fulfillBy"] == "2026-12-01T10:00:00Z"
    client.act(order, "deadline", fulfill_by="2026-12-02T10:00:00+01:00")
    assert client.order(order)["fulfillment_orders"][0]["fulfillBy"] == "2026-12-02T09:00:00Z"


def test_only_what_is_scheduled_is_rescheduled(client: Client) -> None:
    order = client.create(lines=[{"sku": "TS-M"}], fulfill_at="2090-01-01T00:00:00Z")
    client.act(order, "reschedule", fulfill_at="2091-01-01T00:00:00Z")
    assert client.order(order)["fulfillment_orders"][0]["fulfillAt"] == "2091-01-01T00:00:00Z"
    client.act(order, "ready")
    client.act(order, "reschedule", status=422, fulfill_at="2092-01-01T00:00:00Z")


def test_progress_is_not_for_marketplace_apps(client: Client) -> None:
    _, one = made(client)
    client.control("PUT", "settings", {"marketplace_app": True})
    refused = client.graphql(PROGRESS, id=one["id"])["data"]["fulfillmentOrderReportProgress"]
    assert codes(refused) == ["MARKETPLACE_APP_NOT_ELIGIBLE"]
    client.control("PUT", "settings", {"marketplace_app": False})
    told = client.graphql(PROGRESS, id=one["id"])["data"]["fulfillmentOrderReportProgress"]
    assert told["fulfillmentOrder"]["status"] == "IN_PROGRESS"
