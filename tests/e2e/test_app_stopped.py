"""The app goes away while staff are at it: the dialog says what that means and what to do."""

from playwright.sync_api import Route, expect

from tests.e2e.admin import SEND, Admin, Dialog
from tests.e2e.store import Store

AWAY = "Tagdock didn't answer. It may be restarting. Try again in a minute."
ONE_REQUEST, REST = 250, 12


def test_stopped_before_the_click(admin: Admin, store: Store) -> None:
    orders = store.place(2)
    store.until_tagged(orders, "wms-no-sync")
    admin.open_orders()
    admin.select(orders[::-1])
    dialog = admin.choose(SEND)
    store.stop_app()
    dialog.press("Send")
    dialog.says(AWAY)
    store.start_app()
    dialog.press("Send")
    dialog.says("Sent 2.")
    admin.expect_chips("wms-synced", 2)
    assert len(store.applied()) == 2


def test_stopped_between_two_requests(admin: Admin, store: Store) -> None:
    """More orders than one request may hold: what went is not sent twice, what did not can go."""
    store.client.shopify("PUT", "/settings", {"webhooks": False})
    total = ONE_REQUEST + REST
    store.place(total)
    store.warehouse(mode="sync", max_batch=100)
    admin.open_orders()
    admin.page.get_by_label("Select all orders").check()
    dialog = admin.choose(SEND)
    dialog.says(f"{total} orders selected.")
    _stop_after_the_first_request(admin, store)
    dialog.press("Send")
    dialog.says(AWAY, f"{REST} orders have not been sent.")
    store.start_app()
    told = _watch_progress(admin, dialog, total)
    dialog.press(f"Send the other {REST}")
    admin.expect_chips("wms-synced", total, seconds=180)
    expect(dialog.button("Done")).to_be_visible()
    assert told == [total]
    assert len(set(store.applied())) == len(store.applied()) == total


def _stop_after_the_first_request(admin: Admin, store: Store) -> None:
    seen: list[str] = []

    def pass_on(route: Route) -> None:
        if route.request.method == "POST":
            seen.append(route.request.url)
            if len(seen) == 2:
                store.stop_app()
        route.continue_()

    admin.page.route("**/api/orders/send", pass_on)


def _watch_progress(admin: Admin, dialog: Dialog, total: int) -> list[int]:
    """Note of how many orders the dialog tells; the app says how far it is only after that."""
    told: list[int] = []

    def pass_on(route: Route) -> None:
        if not told:
            dialog.says(f"of {total}.")
            told[:] = [total]
        route.continue_()

    admin.page.route("**/api/runs/*", pass_on)
    return told


def test_stopped_while_watching(admin: Admin, store: Store) -> None:
    (order,) = store.place()
    store.until_tagged([order], "wms-no-sync")
    store.warehouse(hold_jobs=True)
    admin.open_orders()
    admin.box(order).check()
    dialog = admin.choose(SEND)
    dialog.press("Send")
    dialog.says("You can close this; sending continues.")
    store.stop_app()
    dialog.says(AWAY, "The progress can't be read just now; sending continues.")
    expect(dialog.button("Check again")).to_be_visible()
    store.start_app()
    store.finish_jobs()
    dialog.press("Check again")
    dialog.says("Sent 1.")
    admin.expect_chips("wms-synced", 1)
    assert len(store.applied()) == 1
