"""Without a mouse, and with names that would like to be something else than names."""

from playwright.sync_api import expect

from tests.e2e.admin import SEND, Admin, Dialog
from tests.e2e.keyboard import press, tab_to
from tests.e2e.store import Store

NASTY_NAME = "#<script>alert(1)</script>"
NASTY_SKU = '<img src=x onerror="alert(2)">🌸-שלום'


def test_an_order_is_sent_by_keyboard_alone(admin: Admin, store: Store) -> None:
    _, order = store.place(2)
    page = admin.page
    admin.open_orders()
    admin.expect_chips("wms-no-sync", 2)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # skips to the content
    tab_to(page, page.locator("#more-actions > button"))
    page.keyboard.press("Tab")
    tab_to(page, admin.box(order))
    page.keyboard.press("Space")
    expect(page.locator("#selected")).to_have_text("1 selected")
    tab_to(page, page.locator("#more-actions > button"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("menuitem", name=SEND)).to_be_focused()
    page.keyboard.press("Enter")
    dialog = Dialog(page)
    dialog.says("1 order selected.")
    press(page, dialog.button("Send"))
    dialog.says("Sent 1.")
    press(page, dialog.button("Done"))
    expect(page.locator("dialog")).to_have_count(0)
    expect(page.locator("#more-actions > button")).to_be_focused()
    admin.expect_chips("wms-synced", 1)


def test_names_and_skus_are_text_everywhere(admin: Admin, store: Store) -> None:
    line = {"sku": NASTY_SKU, "quantity": 1, "title": NASTY_NAME}
    (order,) = store.place(name=NASTY_NAME, lines=[line])
    store.warehouse(unknown_skus=[NASTY_SKU])
    alerts: list[str] = []
    admin.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    store.until_tagged([order], "wms-no-sync")
    admin.open_orders()
    expect(admin.row(order)).to_contain_text(NASTY_NAME)
    dialog = admin.send_from(order)
    dialog.says("Failed 1.", NASTY_SKU)
    dialog.leave()
    expect(admin.page.locator("#items")).to_contain_text(NASTY_SKU)
    for path in ("/orders", f"/orders/{order.number}", "/logs"):
        frame = admin.open_app(path)
        expect(frame.locator("s-page")).to_contain_text(NASTY_SKU)
        expect(frame.get_by_text(NASTY_NAME).first).to_be_visible()
        assert frame.locator("img").count() == 0
    assert alerts == []
