"""Somebody who only uses the buttons in the admin has a name in the log all the same."""

from playwright.sync_api import expect

from tests.e2e.admin import SEND, Admin
from tests.e2e.store import Store


def test_the_log_names_whoever_sent_from_the_list(admin: Admin, store: Store) -> None:
    orders = store.place(2)
    admin.open_orders()
    admin.select(orders)
    dialog = admin.choose(SEND)
    with admin.page.expect_response("**/api/me") as told:
        dialog.press("Send")
    assert told.value.finished() is None
    dialog.leave()
    expect(admin.open_app("/logs").get_by_text("Giulia Conti").first).to_be_visible()
