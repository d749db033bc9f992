"""Send all in the app's own list: every order is accounted for, and a silence is told."""

import pytest
from playwright.sync_api import expect

from tests.e2e.admin import Admin
from tests.e2e.store import Store

ONE_PAGE, PATIENCE = 250, 240_000
UNKNOWN = "TS-XS"


@pytest.mark.timeout(600)
def test_orders_beyond_the_first_page_of_a_run_are_told(admin: Admin, store: Store) -> None:
    store.warehouse(mode="sync", max_batch=100, unknown_skus=[UNKNOWN])
    taken = store.place(ONE_PAGE)
    store.until_tagged(taken, "wms-no-sync", seconds=180)
    (refused,) = store.place(lines=[{"sku": UNKNOWN, "quantity": 1}])
    store.until_tagged([refused], "wms-no-sync")
    app = admin.open_app("/orders?state=no_sync")
    app.get_by_role("button", name=f"Send all {ONE_PAGE + 1}").click()
    status = app.locator("#status")
    expect(status).to_contain_text(f"{ONE_PAGE} sent. 1 failed: ", timeout=PATIENCE)
    expect(status).to_contain_text(f"({refused.name})")
    assert len(store.applied()) == ONE_PAGE


def test_a_run_that_can_not_be_read_is_told(admin: Admin, store: Store) -> None:
    orders = store.place(2)
    store.until_tagged(orders, "wms-no-sync")
    app = admin.open_app("/orders?state=no_sync")
    admin.page.route("**/api/runs/*", lambda route: route.abort())
    app.get_by_role("button", name="Send all 2").click()
    expect(app.locator("#status")).to_have_text(
        "Tagdock didn't answer. Check your connection and try again."
    )
    store.until_tagged(orders, "wms-synced")
