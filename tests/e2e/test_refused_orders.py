"""A warehouse that knows an SKU not: told on every page, mended there, and then sent."""

from playwright.sync_api import expect

from tests.e2e.admin import SEND, UPDATE, Admin
from tests.e2e.store import Placed, Store

SKU = "UNKNOWN-1"
WORDS = f"SKU {SKU}"


def test_a_refusal_is_told_everywhere_and_mended(admin: Admin, store: Store) -> None:
    (order,) = store.place(lines=[{"sku": SKU, "quantity": 2}], tags=["vip"])
    store.until_tagged([order], "wms-no-sync")
    admin.send_from(order).says("Failed 1.", WORDS)
    admin.expect_chips("wms-error", 1)
    _expect_in_the_action(admin, order)
    _expect_on_the_pages(admin, order)
    store.warehouse(unknown_skus=[])
    _import_now(admin)
    admin.open_orders()
    expect(admin.row(order).locator(".chip.synced")).to_have_text("wms-synced")
    assert sorted(store.tags(order)) == ["vip", "wms-synced"]
    assert len(store.applied()) == 1


def _expect_in_the_action(admin: Admin, order: Placed) -> None:
    admin.open_order(order)
    dialog = admin.choose(SEND)
    dialog.says("The last try failed. Sending starts it again.", WORDS)
    dialog.leave("Cancel")


def _expect_on_the_pages(admin: Admin, order: Placed) -> None:
    orders = admin.open_app("/orders")
    row = orders.locator(f"s-table-row[data-order='{order.gid}']")
    expect(row).to_contain_text("Error")
    expect(row).to_contain_text("SKU unknown")
    expect(row).to_contain_text(WORDS)
    row.get_by_role("link", name=order.name).click()
    expect(orders.get_by_role("heading", level=1)).to_have_text(order.name)
    expect(orders.locator("[data-part=order]")).to_contain_text(WORDS)
    logs = admin.open_app("/logs?level=error")
    line = logs.locator("s-table-row").filter(has_text=order.name)
    expect(line.first).to_contain_text(WORDS)


def _import_now(admin: Admin) -> None:
    home = admin.open_app()
    home.get_by_role("button", name="Run now: Import orders").click()
    expect(admin.page.get_by_text("Started.", exact=True)).to_be_visible()


def test_asking_tells_that_it_was_refused(admin: Admin, store: Store) -> None:
    (order,) = store.place(lines=[{"sku": SKU}])
    store.warehouse(hold_jobs=True)
    store.warehouse_fails({"where": "any", "do": "no_callback"})
    admin.send_from(order).says("Waiting for the warehouse to answer.")
    store.until_tagged([order], "wms-syncing")
    admin.once_asked(store.finish_jobs)
    admin.open_order(order)
    dialog = admin.choose(UPDATE)
    dialog.says("Error.", WORDS)
    dialog.leave()
    admin.expect_chips("wms-error", 1)
