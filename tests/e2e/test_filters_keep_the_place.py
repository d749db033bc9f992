"""A filter reloads its list, and whoever set it goes on from the same field."""

import re

from playwright.sync_api import expect

from tests.e2e.admin import Admin
from tests.e2e.store import Store


def test_the_field_has_the_focus_again(admin: Admin, store: Store) -> None:
    app = admin.open_app("/orders")
    state = app.get_by_label("State")
    state.focus()
    state.select_option("error")
    expect(admin.page).to_have_url(re.compile(r"/orders\?.*state=error"))
    expect(app.locator("s-select[name=state]")).to_have_js_property("value", "error")
    expect(state).to_be_focused()


def test_a_date_is_typed_to_its_end(admin: Admin, store: Store) -> None:
    app, keys = admin.open_app("/orders"), admin.page.keyboard
    app.get_by_label("From", exact=True).focus()
    keys.type("11022026")
    assert "from=" not in admin.page.url
    keys.press("Tab")
    keys.press("Tab")
    expect(admin.page).to_have_url(re.compile(r"/orders\?.*from=2026-11-02"))
    expect(app.get_by_label("From", exact=True)).to_have_value("2026-11-02")
    expect(app.get_by_label("To", exact=True)).to_be_focused()
