"""The card on an order's page: what keeps the order, where it is, and the way on from there."""

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from tests.e2e.admin import UPDATE, Admin, Dialog
from tests.e2e.store import Placed, Store

NASTY_NAME = "#<script>alert(1)</script>"
NASTY_TITLE = '<img src=x onerror="alert(2)">🌸-שלום'
NASTY_SKU = "<b>" + "SKU-" * 29
NARROW = {"width": 320, "height": 800}


def the_frame(admin: Admin) -> FrameLocator:
    """The document that the card runs in."""
    return admin.page.frame_locator("#blocks iframe")


def the_card(admin: Admin) -> Locator:
    """The card of the order that is open."""
    return the_frame(admin).locator("s-admin-block")


def closed_gates(admin: Admin) -> Locator:
    """The gates that keep the order, in their order."""
    return the_card(admin).locator("s-grid:has(s-icon[type=x-circle])")


def press(admin: Admin, name: str) -> None:
    """Press a button or a link of the card by key: while it grows it would slip away."""
    the_card(admin).locator("s-button, s-link").filter(has_text=name).first.press("Enter")


def open_card(admin: Admin, store: Store, **wishes: object) -> Placed:
    """A customer orders; open that order's page once the app knows it."""
    (order,) = store.place(**wishes)
    store.until_tagged([order], "wms-no-sync")
    admin.open_order(order)
    return order


def expect_folded(admin: Admin, words: str) -> None:
    """Expect what the card says when it is folded."""
    expect(the_card(admin)).to_have_js_property("collapsedSummary", words)


def test_what_keeps_an_order_comes_first_with_what_mends_it(admin: Admin, store: Store) -> None:
    open_card(admin, store, lines=[{"custom": True, "title": "Engraving", "sku": None}])
    expect(the_card(admin)).to_contain_text("To send")
    expect(closed_gates(admin)).to_have_count(2)
    first, second = closed_gates(admin).all()
    expect(first).to_contain_text("Automatic processes on")
    expect(first.locator("s-link")).to_have_text("Send to WMS")
    expect(second).to_contain_text("Every line has a SKU. No SKU: Engraving.")
    expect(second.locator("s-link")).to_have_count(0)
    folded = the_card(admin).evaluate("card => card.collapsedSummary")
    assert folded.startswith("Blocked: 2 of ")
    checks = int(folded.split()[3])
    expect(the_card(admin)).not_to_contain_text("Warehouse connected")
    press(admin, f"Show {checks - 2} passed checks")
    expect(the_card(admin).locator("s-icon[type=check-circle]")).to_have_count(checks - 2)
    expect(the_card(admin)).to_contain_text("Warehouse connected")
    press(admin, "Hide passed checks")
    expect(the_card(admin)).not_to_contain_text("Warehouse connected")


def test_a_mended_order_is_sent_from_the_card_and_becomes_synced(
    admin: Admin, store: Store
) -> None:
    order = open_card(admin, store)
    expect(closed_gates(admin)).to_have_count(1)
    press(admin, "Send to WMS")
    dialog = Dialog(admin.page)
    dialog.says("New at the warehouse.")
    dialog.press("Send")
    dialog.says("Sent 1.")
    dialog.leave()
    expect(the_card(admin)).to_contain_text("In the warehouse since")
    expect(the_card(admin)).to_contain_text("Revision 1 · In the warehouse · Job id ")
    expect_folded(admin, "Synced · 1 warehouse order")
    expect(closed_gates(admin)).to_have_count(0)
    store.until_tagged([order], "wms-synced")
    assert len(store.applied()) == 1


def test_an_order_that_tagdock_has_not_seen_can_be_sent(admin: Admin, store: Store) -> None:
    store.client.shopify("PUT", "/settings", {"webhooks": False})
    (order,) = store.place()
    admin.open_order(order)
    expect(the_card(admin)).to_contain_text("Not in Tagdock yet. Send it to the WMS to track it.")
    expect_folded(admin, "Not in Tagdock yet")
    press(admin, "Send")
    Dialog(admin.page).press("Send")
    Dialog(admin.page).says("Sent 1.")
    Dialog(admin.page).leave()
    expect(the_card(admin).locator("s-badge")).to_have_text("Synced")
    assert len(store.applied()) == 1


def test_a_syncing_order_is_asked_after_from_the_card(admin: Admin, store: Store) -> None:
    store.warehouse(hold_jobs=True)
    store.warehouse_fails({"where": "any", "do": "no_callback"})
    order = open_card(admin, store)
    press(admin, "Send")
    Dialog(admin.page).press("Send")
    Dialog(admin.page).leave("Close")
    expect(the_card(admin).locator("s-badge")).to_have_text("Syncing")
    expect(the_card(admin)).to_contain_text("Waiting for the warehouse")
    admin.once_asked(store.finish_jobs)
    press(admin, UPDATE)
    Dialog(admin.page).says("Synced. In the warehouse since")
    Dialog(admin.page).leave()
    expect(the_card(admin).locator("s-badge")).to_have_text("Synced")
    store.until_tagged([order], "wms-synced")


def test_an_order_that_was_taken_out_is_added_from_the_card(admin: Admin, store: Store) -> None:
    order = open_card(admin, store)
    store.client.app("POST", "/api/orders/take-out", {"ids": [order.gid]})
    press(admin, "Send")  # whoever looks away for a dialog finds the card up to date
    Dialog(admin.page).leave("Cancel")
    expect(the_card(admin).locator("s-badge")).to_have_text("Not in automation")
    expect(closed_gates(admin).first).to_contain_text("In automation")
    press(admin, "Add")
    expect(the_card(admin).locator("s-badge")).to_have_text("To send")
    store.until_tagged([order], "wms-no-sync")


def test_a_closed_gate_leads_to_the_page_that_mends_it(admin: Admin, store: Store) -> None:
    known = store.client.app("GET", "/api/settings")
    places = store.client.shopify("GET", "/tagdock-demo.myshopify.com/locations")
    roma = next(place["id"] for place in places if place["name"] == "Roma")
    changes = {"version": known["version"], "locations": {roma: "WH"}}
    store.client.app("PUT", "/api/settings", changes)
    open_card(admin, store)
    gate = closed_gates(admin).filter(has_text="Location mapped")
    expect(gate).to_contain_text("is not mapped to a warehouse.")
    press(admin, "Map")
    app = admin.page.frame_locator("#app iframe")
    expect(app.get_by_role("heading", level=1)).to_have_text("Locations")


def test_the_card_leads_to_the_order_in_the_app(admin: Admin, store: Store) -> None:
    order = open_card(admin, store)
    press(admin, "Open in Tagdock")
    app = admin.page.frame_locator("#app iframe")
    expect(app.get_by_role("heading", level=1)).to_have_text(order.name)


def test_a_silent_app_is_said_and_asked_again(admin: Admin, store: Store) -> None:
    open_card(admin, store)
    expect(the_card(admin).locator("s-badge")).to_have_text("To send")
    store.stop_app()
    admin.page.reload()
    expect(the_card(admin)).to_contain_text("Tagdock didn't answer.")
    store.start_app()
    expect(the_card(admin).locator("s-badge")).to_have_text("To send")
    expect(the_card(admin)).not_to_contain_text("Tagdock didn't answer.")


def test_text_from_orders_and_the_warehouse_is_text(admin: Admin, store: Store) -> None:
    alerts: list[str] = []
    admin.page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    admin.page.set_viewport_size(NARROW)
    store.warehouse(unknown_skus=[NASTY_SKU])
    lines = [{"sku": NASTY_SKU, "title": NASTY_TITLE}]
    order = open_card(admin, store, name=NASTY_NAME, lines=lines)
    press(admin, "Send")
    Dialog(admin.page).press("Send")
    Dialog(admin.page).says("Failed 1.")
    Dialog(admin.page).leave()
    expect(the_card(admin).locator("s-badge")).to_have_text("Error")
    expect(closed_gates(admin).last).to_contain_text(NASTY_SKU)
    links = closed_gates(admin).last.locator("s-link")
    expect(links).to_have_text(["Send again", "Open product", "SKU doctor"])
    _expect_text_only(admin)
    bare = open_card(admin, store, lines=[{"custom": True, "title": NASTY_TITLE, "sku": None}])
    expect(closed_gates(admin).last).to_contain_text(NASTY_TITLE)
    _expect_text_only(admin)
    assert alerts == []
    assert order.gid != bare.gid


def _expect_text_only(admin: Admin) -> None:
    body = the_frame(admin).locator("body")
    expect(body.locator("img, script, b")).to_have_count(0)
    assert body.evaluate("body => body.scrollWidth <= body.clientWidth")


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["To send", "Automatic processes on. Automatic processes are off.", "Send"]),
        ("it", ["Da inviare", "Processi automatici attivi. I processi automatici", "Invia"]),
    ],
)
def test_it_speaks_the_language_of_the_admin(
    admin: Admin, store: Store, language: str, words: list[str]
) -> None:
    order = open_card(admin, store)
    admin.page.goto(f"{admin.page.url}?lang={language}")
    expect(admin.page.get_by_role("heading", level=1)).to_have_text(order.name)
    for each in words:
        expect(the_card(admin)).to_contain_text(each)
