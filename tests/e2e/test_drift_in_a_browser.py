"""In a real browser: both sides are compared by a button, what differs is repaired by another, and
what can't be undone asks first."""

from playwright.sync_api import expect

from sandbox.demo.client import SHOP
from tests.e2e.admin import Admin
from tests.e2e.store import Placed, Store


def _reference(store: Store, order: Placed) -> str:
    found = store.client.shopify("GET", f"/{SHOP}/orders/{order.number}")
    return str(found["fulfillment_orders"][0]["id"])


def _standing(store: Store, order: Placed) -> int:
    found = store.client.shopify("GET", f"/{SHOP}/orders/{order.number}")["fulfillments"]
    return sum(made["status"] != "CANCELLED" for made in found)


def test_what_differs_is_found_and_repaired(admin: Admin, store: Store) -> None:
    lost, returned = store.place(2)
    store.client.app("POST", "/api/orders/send", {"ids": [lost.gid, returned.gid]})
    store.until_tagged([lost, returned], "wms-synced")
    store.client.wms("POST", "/orders/ship", {"external_id": _reference(store, returned)})
    store.until(lambda: _standing(store, returned) == 1, "a fulfillment")
    store.client.wms("POST", "/orders/forget", {"external_id": _reference(store, lost)})
    store.client.shopify("POST", f"/{SHOP}/orders/{returned.number}/cancel-fulfillment", {})
    store.until_at_rest()

    app = admin.open_app("/drift")
    expect(app.get_by_text("Nothing was compared yet.")).to_be_visible()
    app.get_by_role("button", name="Compare now").first.click()
    expect(app.get_by_text("The warehouse doesn't know it.")).to_be_visible()
    expect(app.get_by_role("cell", name="Fulfillment cancelled.")).to_be_visible()

    app.get_by_role("button", name=f"Repair: {lost.name}").click()
    expect(app.get_by_text("The warehouse doesn't know it.")).to_have_count(0)

    app.get_by_role("button", name=f"Repair: {returned.name}").click()
    expect(app.get_by_text("the buyer gets another e-mail")).to_be_visible()
    app.get_by_role("button", name="Fulfil it again", exact=True).click()
    expect(app.get_by_text("Nothing differs.")).to_be_visible()
    assert _standing(store, returned) == 1
