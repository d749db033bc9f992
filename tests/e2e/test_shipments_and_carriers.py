"""In a real browser: names of carriers are given, added and taken away; what Shopify could not have
is tried again by a button."""

from playwright.sync_api import expect

from sandbox.demo.client import SHOP
from tests.e2e.admin import Admin
from tests.e2e.store import Placed, Store

# An order at rest is looked at again after thirty seconds.
PATIENCE = 100_000


def _save(admin: Admin) -> None:
    admin.page.get_by_role("button", name="Save", exact=True).click()
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()


def test_names_of_carriers_are_given_added_and_taken_away(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/fulfilment")
    app.get_by_role("switch", name="Archive the order").click()
    app.get_by_label("When it is packed").check()
    app.get_by_label("DemoPost (demopost)").fill("Demo Post International")
    app.get_by_role("button", name="Add a carrier").click()
    expect(app.get_by_label("Name or code at the warehouse")).to_be_focused()
    app.get_by_label("Name or code at the warehouse").fill("Pony")
    app.get_by_label("Name in Shopify").fill("Pony Express")
    _save(admin)
    app = admin.open_app("/settings/fulfilment")
    expect(app.get_by_label("Name in Shopify")).to_have_value("Pony Express")
    saved = store.client.app("GET", "/api/settings")
    assert saved["carriers"] == {"demopost": "Demo Post International", "Pony": "Pony Express"}
    assert (saved["archive"], saved["fulfil_on"], saved["fulfil"]) == (True, "packed", True)
    app.get_by_label("DemoPost (demopost)").fill("")
    app.get_by_label("Name in Shopify").fill("")
    _save(admin)
    expect(app.get_by_label("Name in Shopify")).to_have_count(0)
    assert store.client.app("GET", "/api/settings")["carriers"] == {}


def test_what_shopify_could_not_have_is_tried_again_from_the_orders_page(
    admin: Admin, store: Store
) -> None:
    (order,) = store.place()
    store.client.app("POST", "/api/orders/send", {"ids": [order.gid]})
    store.until_tagged([order], "wms-synced")
    store.until_at_rest()  # who reads the order later sees the hold, and does not even try
    store.client.shopify("PUT", "/settings", {"webhooks": False})
    _in_shopify(store, order, "hold")
    found = store.client.shopify("GET", f"/{SHOP}/orders/{order.number}")
    reference = found["fulfillment_orders"][0]["id"]
    store.client.wms("POST", "/orders/ship", {"external_id": reference})
    store.until(lambda: _was_asked_to_fulfil(store), "an attempt")
    app = admin.open_app(f"/orders/{order.number}")
    again = app.get_by_role("button", name="Try again")
    expect(again).to_be_visible(timeout=PATIENCE)
    expect(app.get_by_text("Not fulfilled", exact=True)).to_be_visible()
    _in_shopify(store, order, "release")
    again.click()
    expect(app.get_by_text("Fulfilled in Shopify", exact=True)).to_be_visible(timeout=PATIENCE)
    expect(app.get_by_text("Fulfilled in Shopify: 1 unit.")).to_be_visible()
    expect(again).to_have_count(0)


def _in_shopify(store: Store, order: Placed, verb: str) -> None:
    store.client.shopify("POST", f"/{SHOP}/orders/{order.number}/{verb}", {})


def _was_asked_to_fulfil(store: Store) -> bool:
    asked = store.client.shopify("GET", f"/ledger?kind=graphql&after={store.began}")
    return any(each["operation"] == "CreateFulfillment" for each in asked)
