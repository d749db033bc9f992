"""By keyboard alone: what opens a question has the focus again when it closes, what does some work
keeps it, and eyes see where it is."""

import pytest
from playwright.sync_api import FrameLocator, expect

from tests.e2e.admin import Admin
from tests.e2e.keyboard import expect_ring, has_focus, press, tab_to, write
from tests.e2e.store import Store

QUESTION = "Disconnect from the warehouse?"


@pytest.mark.parametrize("way_out", ["Escape", "Cancel", "Close"])
def test_a_question_gives_it_back(admin: Admin, store: Store, way_out: str) -> None:
    page, app = admin.page, admin.open_app("/settings/data")
    opener = app.get_by_role("button", name="Disconnect")
    press(page, opener)
    expect(app.get_by_role("dialog", name=QUESTION)).to_be_visible()
    _expect_only_the_question_can_be_reached(admin, app)
    if way_out == "Escape":
        page.keyboard.press("Escape")
    else:
        press(page, app.locator("s-modal").get_by_role("button", name=way_out))
    expect(app.get_by_role("dialog", name=QUESTION)).to_be_hidden()
    expect_ring(opener)
    assert store.client.app("POST", "/api/connection/test")["ok"]


def _expect_only_the_question_can_be_reached(admin: Admin, app: FrameLocator) -> None:
    """It begins in the question; Tab leads to its buttons, then out of the app and back."""
    for name in ("Close", "Cancel", "Disconnect"):
        expect_ring(app.locator("s-modal").get_by_role("button", name=name))
        admin.page.keyboard.press("Tab")
    assert app.locator("body").evaluate("() => document.activeElement === document.body")
    tab_to(admin.page, app.locator("s-modal").get_by_role("button", name=name), "Shift+Tab")


def test_a_question_says_in_itself_why_it_cannot_be_done(admin: Admin, store: Store) -> None:
    page, app = admin.page, admin.open_app("/settings/data")
    opener, modal = app.get_by_role("button", name="Disconnect"), app.locator("s-modal")
    press(page, opener)
    store.stop_app()
    yes = modal.get_by_role("button", name="Disconnect")
    press(page, yes)
    expect(modal).to_contain_text("Tagdock didn't answer.")
    expect_ring(yes)
    store.start_app()
    page.keyboard.press("Escape")
    expect_ring(opener)


def test_a_job_that_is_run_keeps_it_and_its_row_goes_on(admin: Admin, store: Store) -> None:
    page, app = admin.page, admin.open_app()
    button = app.get_by_role("button", name="Run now: Reconcile")
    row = app.locator("s-table-row", has=button)
    expect(row).to_contain_text("Not run yet")
    press(page, button)
    expect(row).not_to_contain_text("Not run yet")
    store.until(lambda: _ended(store, "reconcile"), "the end of the run")
    expect(row).to_contain_text("Done")
    expect_ring(button)


def _ended(store: Store, kind: str) -> bool:
    rows = store.rows(f"SELECT finished_at FROM runs WHERE kind = '{kind}'")
    return bool(rows) and all(finished for (finished,) in rows)


def test_sending_what_is_selected_leads_to_where_selecting_begins(
    admin: Admin, store: Store
) -> None:
    orders = store.place(2)
    store.until_tagged(orders, "wms-no-sync")
    page, app = admin.page, admin.open_app("/orders")
    press(page, app.get_by_label("Select all on this page"), "Space")
    expect(app.locator("[data-selected]")).to_have_text("2 selected")
    button = app.locator(".selection").get_by_role("button", name="Send to WMS")
    tab_to(page, button, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(app.locator("[data-selected]")).to_have_text("None selected")
    expect_ring(app.get_by_label("Select all on this page"))
    store.until_tagged(orders, "wms-synced")


def test_a_test_of_the_connection_keeps_it(admin: Admin, store: Store) -> None:
    page, app = admin.page, admin.open_app("/settings/connection")
    press(page, app.get_by_role("button", name="Replace token"))
    field = app.get_by_label("New authorization token")
    expect_ring(field)
    write(page, field, "wrong")
    button = app.get_by_role("button", name="Test connection")
    press(page, button)
    expect(app.get_by_text("Token refused. Copy it again")).to_be_visible()
    expect_ring(button)


def test_the_question_before_leaving_gives_it_back(admin: Admin, store: Store) -> None:
    page, app = admin.page, admin.open_app("/settings/alerts")
    write(page, app.get_by_label("Days the log is kept"), "30")
    link = app.get_by_role("link", name="Settings", exact=True).first
    tab_to(page, link, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    assert not has_focus(link)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect_ring(link)
    expect(app.get_by_label("Days the log is kept")).to_have_value("30")
