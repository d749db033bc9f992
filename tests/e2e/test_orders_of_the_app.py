"""The app's own list of orders: chosen by keyboard, sent, followed in place, filtered, opened."""

import re

from playwright.sync_api import FrameLocator, Locator, expect

from tests.e2e.admin import Admin
from tests.e2e.store import Placed, Store


def _row(app: FrameLocator, order: Placed) -> Locator:
    return app.locator(f"s-table-row[data-order='{order.gid}']")


def test_orders_are_chosen_by_keyboard_and_sent(admin: Admin, store: Store) -> None:
    orders = store.place(3)
    (other,) = store.place(1, lines=[{"sku": "", "quantity": 1}])
    store.until_tagged([*orders, other], "wms-no-sync")
    app = admin.open_app("/orders")
    boxes = app.get_by_role("checkbox", name="Select #")
    expect(boxes).to_have_count(4)
    boxes.first.press("Space")
    boxes.last.press("Shift+Space")
    expect(app.locator("[data-selected]")).to_have_text("4 selected")
    expect(app.get_by_label("Select all on this page")).to_be_checked()
    app.locator(".selection").get_by_role("button", name="Send to WMS").click()
    status = app.locator("#status")
    expect(status).to_contain_text("3 sent")
    expect(status).to_contain_text(f"({other.name})")
    expect(app.locator("[data-selected]")).to_have_text("None selected")
    for order in orders:
        expect(_row(app, order)).to_contain_text("Synced")
    expect(_row(app, other)).to_contain_text("SKU missing")
    store.until_tagged(orders, "wms-synced")
    assert len(store.applied()) == 3


def test_a_filter_stands_in_the_address_and_a_document_opens(admin: Admin, store: Store) -> None:
    (order,) = store.place()
    admin.send_from(order).says("Sent 1.")
    store.until_tagged([order], "wms-synced")
    app = admin.open_app("/orders")
    expect(_row(app, order)).to_have_count(1)
    app.get_by_label("State").select_option("error")
    expect(app.get_by_text("Nothing matches.")).to_be_visible()
    expect(admin.page).to_have_url(re.compile(r"/orders\?.*state=error"))
    app.get_by_role("link", name="Clear filters").or_(
        app.get_by_text("Clear filters")
    ).first.click()
    _row(app, order).click()
    expect(app.get_by_role("heading", level=1)).to_have_text(order.name)
    app.get_by_text("Document sent").click()
    expect(app.locator("pre").first).to_contain_text('"external_id"')
