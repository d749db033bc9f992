"""The app's pages while things change around them: an order moves on, a token ends."""

import time

import pytest
from playwright.sync_api import FrameLocator, Locator, expect

from tests.at_best import at_best
from tests.e2e.admin import Admin
from tests.e2e.store import Store

SIX_SECONDS = 6.0
CRITICAL = "s-banner[tone=critical]"


@pytest.mark.alone
def test_an_orders_page_follows_it_without_a_reload_or_losing_the_focus(
    admin: Admin, store: Store
) -> None:
    assert at_best(lambda: _seconds_behind(admin, store), SIX_SECONDS) <= SIX_SECONDS


def _seconds_behind(admin: Admin, store: Store) -> float:
    """Seconds from an order's last tag until its page, open all the time, shows it as synced."""
    (order,) = store.place()
    store.until_tagged([order], "wms-no-sync")
    store.warehouse(hold_jobs=True)
    store.client.app("POST", "/api/orders/send", {"ids": [order.gid]})
    store.until_tagged([order], "wms-syncing")
    app = admin.open_app(f"/orders/{order.number}")
    expect(app.locator("[data-part=order]")).to_contain_text("Syncing")
    app.locator("html").evaluate("page => { page.dataset.opened = 'once'; }")
    button = app.get_by_role("button", name="Take out of automation")
    button.focus()
    store.finish_jobs()
    store.until_tagged([order], "wms-synced")
    began = time.monotonic()
    expect(app.locator("[data-part=order]")).to_contain_text("Synced")
    behind = time.monotonic() - began
    expect(app.locator("html")).to_have_attribute("data-opened", "once")
    expect(button).to_be_focused()
    return behind


def test_an_ended_token_is_one_banner_everywhere_until_it_is_replaced(
    admin: Admin, store: Store
) -> None:
    (order,) = store.place()
    store.until_tagged([order], "wms-no-sync")
    path = f"/connectors/{store.connector['id']}/rotate-token"
    fresh = store.client.wms("POST", path)["token"]
    assert not store.client.app("POST", "/api/connection/test")["ok"]
    for page in ("/", "/orders", f"/orders/{order.number}"):
        app = admin.open_app(page)
        expect(app.locator("s-banner")).to_have_count(1)
        expect(app.locator(CRITICAL)).to_contain_text("Replace token")
    app.locator(CRITICAL).get_by_text("Replace token").click()
    _replace(app, fresh)
    admin.page.get_by_role("button", name="Save", exact=True).click()
    expect(app.get_by_text("Connection established")).to_be_visible()
    for page in ("/", "/orders", f"/orders/{order.number}"):
        expect(admin.open_app(page).locator("s-banner")).to_have_count(0)


def _replace(app: FrameLocator, token: str) -> None:
    """Type a new token into the form of the connection, which asks for it at once."""
    expect(app.get_by_role("heading", level=1)).to_have_text("Connection")
    app.get_by_label("New authorization token").fill(token)


@pytest.mark.parametrize(("path", "action"), [("/", "Begin setup"), ("/orders", "Continue setup")])
def test_a_new_install_says_what_to_do_first(
    admin: Admin, bare_store: Store, path: str, action: str
) -> None:
    bare_store.install()
    app = admin.open_app(path)
    expect(app.get_by_text("No orders yet. New ones appear here by themselves.")).to_be_visible()
    primary = app.locator("s-button[variant=primary]")
    expect(primary).to_have_count(1)
    expect(primary).to_have_text(action)
    primary.click()
    expect(app.get_by_role("heading", name="Step 1 of 5")).to_be_visible()


def test_a_log_without_a_line_says_so_and_leads_on(admin: Admin, bare_store: Store) -> None:
    bare_store.install()
    app = admin.open_app("/logs")
    expect(app.get_by_text("Installed. New orders are noticed from now on.")).to_be_visible()
    expect(app.locator("s-empty-state")).to_have_count(0)
    bare_store.until_at_rest()
    bare_store.write("DELETE FROM log_lines")
    app = admin.open_app("/logs")
    _expect_one_way_on(app, "Nothing happened in this time.", "Show all").click()
    _expect_one_way_on(app, "Nothing has happened yet.", "Home").click()
    expect(app.locator("s-button[variant=primary]")).to_have_text("Begin setup")


def _expect_one_way_on(app: FrameLocator, heading: str, action: str) -> Locator:
    """An empty state says this, and there is one thing to do, which is returned."""
    empty = app.locator("s-empty-state")
    expect(empty.get_by_role("heading", name=heading)).to_be_visible()
    expect(empty.locator("[slot=primary-action]")).to_have_count(1)
    expect(empty.locator("[slot=primary-action]")).to_have_text(action)
    return empty.locator("[slot=primary-action]")
