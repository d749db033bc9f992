"""Settings in a real browser: saved, refused, and never over somebody else's."""

import json
import re

from playwright.sync_api import FrameLocator, Locator, expect

from tests.e2e.admin import Admin
from tests.e2e.store import Store


def _save(admin: Admin) -> None:
    """Press Save in the admin's save bar."""
    admin.page.get_by_role("button", name="Save", exact=True).click()


def _bar(admin: Admin) -> Locator:
    """The admin's save bar, which stands while edits are not saved."""
    return admin.page.get_by_role("region", name="Unsaved changes")


def _minutes(app: FrameLocator) -> Locator:
    return app.get_by_label("Minutes to wait before the first send")


def test_order_rules_are_saved_and_stay(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/order-rules")
    app.get_by_role("switch", name="Require payment").click()
    _minutes(app).fill("30")
    app.get_by_label("Leave it and say so").check()
    app.get_by_label("Test orders").select_option("send")
    _save(admin)
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()
    app = admin.open_app("/settings/order-rules")
    expect(app.get_by_role("switch", name="Require payment")).to_be_checked()
    expect(_minutes(app)).to_have_value("30")
    saved = store.client.app("GET", "/api/settings")
    assert (saved["after_edit"], saved["test_orders"]) == ("notice", "send")


def test_a_refused_value_is_told_beside_its_field_and_can_be_mended(
    admin: Admin, store: Store
) -> None:
    app = admin.open_app("/settings/order-rules")
    app.get_by_role("switch", name="Require payment").click()
    _minutes(app).fill("99999")
    _save(admin)
    field = app.locator("s-number-field[name=cool_off_minutes]")
    expect(field).to_contain_text("Enter a whole number of minutes from 0 to 10,080")
    expect(_minutes(app)).to_be_focused()
    assert store.client.app("GET", "/api/settings")["version"] == 0
    expect(_bar(admin)).to_be_visible()
    _minutes(app).fill("10")
    expect(field).not_to_contain_text("Enter a whole number")
    _save(admin)
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(_minutes(app)).to_have_value("10")
    saved = store.client.app("GET", "/api/settings")
    assert (saved["cool_off_minutes"], saved["require_payment"]) == (10, True)


def test_each_field_of_the_alerts_says_what_is_wrong_with_it(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/alerts")
    emails, address, pile = (
        app.locator(f"[name='alerts.{name}']") for name in ("emails", "webhook_url", "errors")
    )
    app.get_by_label("E-mail addresses").fill("anna")
    app.get_by_label("Orders in error that are too many").fill("0")
    _save(admin)
    expect(emails).to_contain_text("Enter up to five e-mail addresses, with a comma")
    expect(pile).to_contain_text("Enter a whole number of orders from 1 to 10,000.")
    expect(address).not_to_contain_text("Enter")
    expect(app.get_by_label("E-mail addresses")).to_be_focused()
    app.get_by_label("E-mail addresses").fill("anna@example.com")
    expect(emails).not_to_contain_text("Enter")
    expect(pile).to_contain_text("Enter a whole number")
    assert store.client.app("GET", "/api/settings")["version"] == 0


def test_the_second_of_two_tabs_is_told_and_keeps_its_edits(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/order-rules")
    expect(_minutes(app)).to_have_value("0")
    store.client.app("PUT", "/api/settings", {"version": 0, "cool_off_minutes": 5})
    _minutes(app).fill("45")
    _save(admin)
    verdict = app.locator("form > [data-verdict]")
    expect(verdict).to_contain_text(re.compile("changed this (at|on)"))
    expect(verdict).to_contain_text("Your edits are kept below.")
    expect(_minutes(app)).to_have_value("45")
    assert store.client.app("GET", "/api/settings")["cool_off_minutes"] == 5
    expect(_bar(admin)).to_be_visible()
    app.get_by_role("button", name="Save my edits").click()
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()
    expect(_bar(admin)).to_be_hidden()
    assert store.client.app("GET", "/api/settings")["cool_off_minutes"] == 45


def test_two_tabs_that_change_different_fields_keep_both(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/order-rules")
    expect(_minutes(app)).to_have_value("0")
    store.client.app("PUT", "/api/settings", {"version": 0, "require_payment": True})
    _minutes(app).fill("7")
    _save(admin)
    expect(app.locator("form > [data-verdict]")).to_contain_text("require payment")
    app.get_by_role("button", name="Save my edits").click()
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()
    saved = store.client.app("GET", "/api/settings")
    assert (saved["cool_off_minutes"], saved["require_payment"]) == (7, True)
    expect(app.get_by_role("switch", name="Require payment")).to_be_checked()


def test_a_connection_keeps_what_another_tab_changed(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/connection")
    expect(app.get_by_label("Label")).to_be_visible()
    store.client.app("PUT", "/api/connection", {"automatic": False})
    app.get_by_label("Label").fill("Deposito")
    _save(admin)
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()
    app = admin.open_app("/settings/connection")
    expect(app.get_by_label("Label")).to_have_value("Deposito")
    expect(app.get_by_role("switch", name="Enable automatic processes")).not_to_be_checked()


def test_leaving_with_edits_is_asked_about(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/alerts")
    app.get_by_label("Days the log is kept").fill("30")
    app.get_by_role("link", name="Settings", exact=True).first.click()
    expect(admin.page.get_by_role("dialog")).to_be_visible()
    expect(app.get_by_label("Days the log is kept")).to_have_value("30")


def test_names_and_sources_of_ones_own(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/defaults")
    app.get_by_label("Payment terms").fill("30 days")
    app.get_by_label("Salesperson").fill("Zoë")
    app.get_by_label("Print pick sheet").select_option("no")
    app.get_by_role("button", name="Add a value").click()
    app.get_by_label("Name of the field").fill("dock")
    app.get_by_label("Value", exact=True).fill("3")
    app.get_by_label("Gift").select_option("attribute:")
    app.get_by_label("Which").fill("gift wrap")
    app.get_by_label("Billing address").check()
    app.get_by_label("Order attributes").fill("gift wrap, engraving")
    _save(admin)
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()
    saved = store.client.app("GET", "/api/settings")
    named = {"payment_terms": "30 days", "salesperson": "Zoë", "print_pick_sheet": "no"}
    assert saved["defaults"] == {**named, "dock": "3"}
    assert saved["metadata"] == {"gift": "attribute:gift wrap"}
    assert saved["required_fields"] == [
        "shipping_address",
        "billing_address",
        "attribute:gift wrap",
        "attribute:engraving",
    ]
    expect(app.get_by_label("Salesperson")).to_have_value("Zoë")
    expect(app.get_by_label("Print pick sheet")).to_have_value("no")
    expect(app.get_by_label("Value", exact=True)).to_have_value("3")
    expect(app.get_by_label("Which")).to_have_value("gift wrap")


def test_locations_are_mapped_by_name_and_a_new_one_is_flagged(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/locations")
    app.get_by_role("button", name="Use the warehouses of the same name").click()
    expect(app.get_by_label("Milano")).to_have_value('"WH"')
    app.get_by_label("Roma").select_option("null")
    _save(admin)
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()
    saved = store.client.app("GET", "/api/settings")["locations"]
    assert sorted(saved.values(), key=str) == [None, "WH"]
    store.client.shopify("POST", "/tagdock-demo.myshopify.com/locations", {"name": "Napoli"})
    store.until(lambda: _knows(store, "Napoli"), "the new location")
    app = admin.open_app("/settings/locations")
    expect(app.locator("[data-words=Napoli]")).to_contain_text("New: not mapped")
    app = admin.open_app("/settings")
    expect(app.get_by_text("1 location not mapped")).to_be_visible()


def _knows(store: Store, name: str) -> bool:
    with store._database() as database:
        (found,) = database.execute("SELECT locations FROM shops").fetchone()
    database.close()
    return name in [place["name"] for place in json.loads(found)]


def test_a_typed_token_is_tested_before_it_is_saved(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/connection")
    app.get_by_role("button", name="Replace token").click()
    app.get_by_label("New authorization token").fill("wrong")
    app.get_by_role("button", name="Test connection").click()
    expect(app.get_by_text("Token refused. Copy it again")).to_be_visible()
    assert store.client.app("POST", "/api/connection/test")["ok"]
    _save(admin)
    expect(app.get_by_text("Sending is paused; nothing is lost.")).to_be_visible()
    expect(app.get_by_label("New authorization token")).to_be_visible()


def test_disconnecting_is_asked_about_and_stops_sending(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/data")
    app.get_by_role("button", name="Disconnect").click()
    dialog = app.get_by_role("dialog", name="Disconnect from the warehouse?")
    expect(dialog).to_be_visible()
    app.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
    app.get_by_role("button", name="Disconnect").first.click()
    app.locator("s-modal").get_by_role("button", name="Disconnect").click()
    expect(app.get_by_role("button", name="Disconnect")).to_have_count(0)
    app = admin.open_app("/settings/connection")
    expect(app.get_by_text("Never tested")).to_be_visible()


def test_the_settings_are_downloaded_without_the_token(admin: Admin, store: Store) -> None:
    app = admin.open_app("/settings/data")
    with admin.page.expect_download() as begun:
        app.get_by_role("link", name="Download settings").click()
    text = begun.value.path().read_text("utf-8")
    assert json.loads(text) == store.client.app("GET", "/api/settings")
    assert store.connector["token"] not in text


def test_without_automatic_processes_an_order_stays(admin: Admin, store: Store) -> None:
    (order,) = store.place()
    admin.open_orders()
    admin.expect_chips("wms-no-sync", 1)
    orders = admin.open_app("/orders")
    row = orders.locator(f"s-table-row[data-order='{order.gid}']")
    expect(row).to_contain_text("To send")
    expect(row).to_contain_text("Automatic processes off")
    assert store.batches() == []
