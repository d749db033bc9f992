"""In a real browser: what a customer's cancellation came to, and what the warehouse holds, stand on
the order's page in words."""

from typing import Any

from playwright.sync_api import expect

from sandbox.demo.client import SHOP
from tests.e2e.admin import Admin
from tests.e2e.store import Placed, Store

TOO_LATE = (
    "It was too late to cancel it at the warehouse. It says: “The order is already packed. Call the"
    " warehouse.” Decide with the warehouse what to do."
)
SHIP_BY = "2090-12-01T10:00:00Z"


def _sent(store: Store, count: int) -> list[Placed]:
    """Orders that the warehouse has."""
    orders = store.place(count)
    store.client.app("POST", "/api/orders/send", {"ids": [order.gid for order in orders]})
    store.until_tagged(orders, "wms-synced")
    return orders


def _in_shopify(store: Store, order: Placed, verb: str) -> Any:
    return store.client.shopify("POST", f"/{SHOP}/orders/{order.number}/{verb}", {})


def _at_warehouse(store: Store, order: Placed, verb: str, **body: Any) -> None:
    found = store.client.shopify("GET", f"/{SHOP}/orders/{order.number}")
    reference = found["fulfillment_orders"][0]["id"]
    store.client.wms("POST", f"/orders/{verb}", {"external_id": reference, **body})


def test_cancelled_or_too_late_stands_on_the_orders_page(admin: Admin, store: Store) -> None:
    early, late = _sent(store, 2)
    _at_warehouse(store, late, "pack")
    for order in (early, late):
        _in_shopify(store, order, "cancel")
    store.until_tagged([early], "wms-synced")
    store.until_tagged([late], "wms-error")
    app = admin.open_app(f"/orders/{early.number}")
    expect(app.get_by_text("The warehouse has cancelled it.").first).to_be_visible()
    expect(app.get_by_text("Cancelled", exact=True).first).to_be_visible()
    app = admin.open_app(f"/orders/{late.number}")
    expect(app.get_by_text(TOO_LATE).first).to_be_visible()
    expect(app.get_by_text("Error", exact=True).first).to_be_visible()
    app = admin.open_app("/logs")
    expect(app.get_by_text("The warehouse has cancelled it.").first).to_be_visible()
    expect(app.get_by_text(TOO_LATE).first).to_be_visible()


def _in_shopify_is(store: Store, order: Placed, status: str) -> Any:
    """The order's fulfillment order, once it is in this status and has a deadline."""

    def found() -> Any:
        answer = store.client.shopify("GET", f"/{SHOP}/orders/{order.number}")
        (one,) = answer["fulfillment_orders"]
        return one["status"] == status and one["fulfillBy"] == SHIP_BY

    store.until(found, f"the fulfillment order {status}")


def test_what_the_warehouse_holds_says_why_until_it_goes_on(admin: Admin, store: Store) -> None:
    (order,) = _sent(store, 1)
    _at_warehouse(store, order, "ship-by", ship_by=SHIP_BY)
    _at_warehouse(store, order, "hold", reason="The label printer is broken")
    _in_shopify_is(store, order, "ON_HOLD")
    app = admin.open_app(f"/orders/{order.number}")
    expect(app.get_by_text("Held at the warehouse")).to_be_visible()
    expect(app.get_by_text("“The label printer is broken”").first).to_be_visible()
    expect(app.get_by_text("Ship by").first).to_be_visible()
    _at_warehouse(store, order, "release")
    _in_shopify_is(store, order, "OPEN")
    app = admin.open_app(f"/orders/{order.number}")
    expect(app.get_by_text("Picking", exact=True)).to_be_visible()
    expect(app.get_by_text("Held at the warehouse")).to_have_count(0)


def test_progress_is_switched_on_in_the_settings(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/fulfilment")
    app.get_by_role("switch", name="Report progress").click()
    admin.page.get_by_role("button", name="Save", exact=True).click()
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()
    assert store.client.app("GET", "/api/settings")["report_progress"] is True
