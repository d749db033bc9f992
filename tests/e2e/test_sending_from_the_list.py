"""Send to WMS from the order list: a selection, everything that waits, nothing at all."""

from collections import Counter

from playwright.sync_api import Route, expect

from tests.e2e.admin import SEND, Admin
from tests.e2e.store import STATE_TAGS, Store


def test_twenty_five_orders_go_to_an_async_warehouse(admin: Admin, store: Store) -> None:
    orders = store.place(25, tags=["vip", "gift"])
    others = store.place(2, tags=["vip"])
    store.warehouse(hold_jobs=True)
    admin.open_orders()
    admin.expect_chips("wms-no-sync", 27)
    admin.select(orders)
    dialog = admin.choose(SEND)
    dialog.says("25 orders selected. Sent whatever their tag.")
    dialog.button("Send").click()
    admin.expect_chips("wms-syncing", 25)
    dialog.says("Waiting for the warehouse to answer. You can close this; sending continues.")
    dialog.leave("Close")
    _send_again(admin, store)
    store.finish_jobs()
    admin.expect_chips("wms-synced", 25)
    admin.expect_chips("wms-no-sync", 2)
    _expect_three_requests(store)
    for order in orders:
        assert sorted(store.tags(order)) == ["gift", "vip", "wms-synced"]
    assert [sorted(store.tags(order)) for order in others] == [["vip", "wms-no-sync"]] * 2
    _expect_state_tags_only(store)


def _send_again(admin: Admin, store: Store) -> None:
    """While the warehouse is at it, the same again changes nothing there."""
    before = store.batches()
    again = admin.choose(SEND)
    again.press("Send")
    again.says("Waiting for the warehouse to answer.")
    again.leave("Close")
    assert store.batches() == before


def _expect_three_requests(store: Store) -> None:
    batches = store.batches()
    assert sorted(len(batch) for batch in batches) == [5, 10, 10]
    assert sorted(Counter(store.applied()).values()) == [1] * 25


def _expect_state_tags_only(store: Store) -> None:
    for write in store.tag_writes():
        changed = set(write["before"]) ^ set(write["after"])
        assert changed <= STATE_TAGS, write


def test_with_nothing_selected_everything_that_waits_goes(admin: Admin, store: Store) -> None:
    admin.open_orders()
    dialog = admin.choose(SEND)
    dialog.says("Nothing to send.")
    dialog.press("Send")
    dialog.says("Nothing to send.")
    dialog.leave()
    assert store.batches() == []
    store.place(3)
    (unnamed,) = store.place(1, lines=[{"sku": "", "quantity": 1}])
    admin.expect_chips("wms-no-sync", 4)
    dialog = admin.choose(SEND)
    dialog.says("All 4 orders tagged to send, oldest first.")
    dialog.press("Send")
    dialog.says("Sent 3", f"Skipped 1: SKU missing 1 ({unnamed.name}).")
    dialog.leave()
    dialog = admin.choose(SEND)
    dialog.says("1 order tagged to send.")
    dialog.press("Send")
    dialog.says("Skipped 1.", f"({unnamed.name})")
    dialog.leave()
    admin.expect_chips("wms-synced", 3)
    admin.expect_chips("wms-no-sync", 1)
    assert len(store.applied()) == 3


def test_a_token_that_is_refused_meanwhile_is_told_and_the_send_goes_on(
    admin: Admin, store: Store
) -> None:
    orders = store.place(1)
    store.warehouse(hold_jobs=True)
    admin.open_orders()
    admin.expect_chips("wms-no-sync", 1)
    dialog = admin.choose(SEND)
    dialog.press("Send")
    dialog.says("Waiting for the warehouse to answer. You can close this; sending continues.")
    path = f"/connectors/{store.connector['id']}/rotate-token"
    token = store.client.wms("POST", path)["token"]
    dialog.says("Sending is paused. Token refused.", "It goes on by itself once that is mended.")
    dialog.leave("Close")
    store.client.app("PUT", "/api/connection", {"token": token})
    assert store.client.app("POST", "/api/connection/test")["ok"]
    store.finish_jobs()
    store.until_tagged(orders, "wms-synced")


def test_that_sending_is_paused_is_told_before_it_is_asked_for(admin: Admin, store: Store) -> None:
    orders = store.place(2)
    store.until_tagged(orders, "wms-no-sync")
    store.client.app("POST", "/api/connection/disconnect")
    admin.open_orders()
    paused = "Sending is paused. No warehouse is connected."
    dialog = admin.choose(SEND)
    dialog.says("All 2 orders tagged to send, oldest first.", paused)
    dialog.leave("Cancel")
    admin.select(orders)
    dialog = admin.choose(SEND)
    dialog.says("2 orders selected. Sent whatever their tag.", paused)
    dialog.leave("Cancel")
    assert store.batches() == []


def test_nobody_leaves_before_the_app_has_the_orders(admin: Admin, store: Store) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    order = store.place(1)
    store.until_tagged(order, "wms-no-sync")
    admin.page.route("**/api/orders/send", hold)
    admin.open_orders()
    dialog = admin.choose(SEND)
    with admin.page.expect_request("**/api/orders/send"):
        dialog.press("Send")
    expect(dialog.button("Close")).to_be_disabled()
    (request,) = held
    request.continue_()
    dialog.says("Sent 1.")
    dialog.leave()
    store.until_tagged(order, "wms-synced")


def test_on_a_phone_actions_and_tags_are_whole(admin: Admin, store: Store) -> None:
    store.place(1, tags=["gift"])
    admin.page.set_viewport_size({"width": 320, "height": 700})
    admin.open_orders()
    admin.expect_chips("wms-no-sync", 1)
    chip = admin.page.locator(".chip.no-sync").bounding_box()
    assert chip is not None
    assert chip["height"] < 30
    admin.page.locator("#more-actions > button").click()
    entry = admin.page.get_by_role("menuitem", name=SEND).bounding_box()
    assert entry is not None
    assert entry["x"] >= 0
    assert entry["x"] + entry["width"] <= 320
