"""The actions on an order's page: send this one, and ask the warehouse about it."""

import re

from playwright.sync_api import expect

from tests.e2e.admin import SEND, UPDATE, Admin
from tests.e2e.store import Placed, Store

_PUT_OFF = """UPDATE owed SET due_at = strftime('%Y-%m-%d %H:%M:%f000', 'now', '+1 hour')
    WHERE effect = 'confirm' AND lease_token IS NULL"""
_LOOKS = "SELECT due_at > datetime('now', '+30 minutes') FROM owed WHERE effect = 'confirm'"
TOLD = re.compile(r"Synced\. In the warehouse since \d\d:\d\d")


def test_one_order_is_sent_and_asked_after(admin: Admin, store: Store) -> None:
    """The warehouse calls nobody back and the app looks at the job much later, so only the question
    can settle it."""
    order, other = store.place(2)
    store.until_tagged([order, other], "wms-no-sync")
    store.warehouse(hold_jobs=True)
    store.warehouse_fails({"where": "any", "do": "no_callback"})
    admin.open_order(order)
    admin.expect_offered(SEND)
    _send(admin)
    admin.expect_chips("wms-syncing", 1)
    admin.expect_offered(SEND, UPDATE)
    _ask_too_early(admin)
    store.until(lambda: _leaves_it_alone(store), "the app to leave the job alone")
    admin.once_asked(store.finish_jobs)
    dialog = admin.choose(UPDATE)
    expect(dialog.frame.locator("s-admin-action")).to_contain_text(TOLD)
    dialog.leave()
    admin.expect_chips("wms-synced", 1)
    admin.expect_offered(SEND)
    _expect_only(store, order, other)


def _leaves_it_alone(store: Store) -> bool:
    """Put the app's own look at the job off by an hour, unless it is just looking."""
    store.write(_PUT_OFF)
    return store.rows(_LOOKS) == [(1,)]


def _send(admin: Admin) -> None:
    dialog = admin.choose(SEND)
    dialog.says("New at the warehouse.")
    dialog.press("Send")
    dialog.says("Waiting for the warehouse to answer. You can close this; sending continues.")
    dialog.leave("Close")


def _ask_too_early(admin: Admin) -> None:
    dialog = admin.choose(UPDATE)
    dialog.says("Still syncing. Checked", "Job id")
    dialog.leave()


def _expect_only(store: Store, order: Placed, other: Placed) -> None:
    assert [len(batch) for batch in store.batches()] == [1]
    assert store.tags(order) == ["wms-synced"]
    assert store.tags(other) == ["wms-no-sync"]


def test_an_order_that_was_sent_says_so(admin: Admin, store: Store) -> None:
    (order,) = store.place()
    admin.send_from(order).says("Sent 1.")
    store.until_tagged([order], "wms-synced")
    admin.open_order(order)
    dialog = admin.choose(SEND)
    dialog.says("The warehouse has it. Only what changed since is sent.")
    dialog.press("Send")
    dialog.says("Unchanged 1: the warehouse has it.")
    dialog.leave()
    assert len(store.applied()) == 1
