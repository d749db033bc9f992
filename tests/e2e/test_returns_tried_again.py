"""In a real browser: a return that the warehouse refused says why, and is tried again."""

from typing import Any

from playwright.sync_api import expect

from sandbox.demo.client import SHOP
from tests.e2e.admin import Admin
from tests.e2e.store import Placed, Store


def _in_shopify(store: Store, order: Placed) -> dict[str, Any]:
    return dict(store.client.shopify("GET", f"/{SHOP}/orders/{order.number}"))


def _shipped(store: Store) -> Placed:
    """An order that has left the warehouse, and is fulfilled."""
    (order,) = store.place(lines=[{"sku": "MUG-330", "quantity": 2}])
    store.client.app("POST", "/api/orders/send", {"ids": [order.gid]})
    store.until_tagged([order], "wms-synced")
    reference = _in_shopify(store, order)["fulfillment_orders"][0]["id"]
    store.client.wms("POST", "/orders/ship", {"external_id": reference})
    store.until(lambda: _in_shopify(store, order)["fulfillments"], "a fulfillment")
    store.until_at_rest()
    return order


def test_a_refused_return_is_tried_again_from_the_orders_page(admin: Admin, store: Store) -> None:
    store.client.shopify("POST", f"/{SHOP}/scopes", {"grant": ["write_returns"]})
    store.client.app("POST", "/api/scopes")
    order = _shipped(store)
    store.client.wms("PUT", "/settings", {"lacks": ["returns"]})
    store.client.shopify("POST", f"/{SHOP}/returns", {"order": order.number})
    store.until_at_rest()
    app = admin.open_app(f"/orders/{order.number}")
    again = app.get_by_role("button", name="Try again")
    expect(again).to_be_visible()
    expect(app.get_by_text("Not announced", exact=True)).to_be_visible()
    expect(app.get_by_text("takes no announcements of returns").first).to_be_visible()
    store.client.wms("PUT", "/settings", {"lacks": []})
    again.click()
    expect(app.get_by_text("Expected", exact=True)).to_be_visible()
    expect(again).to_have_count(0)
    (expected,) = store.client.wms("GET", "/returns")
    assert [line["quantity"] for line in expected["expected"]] == [2]
