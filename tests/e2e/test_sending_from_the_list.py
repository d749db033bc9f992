"""Send to WMS from the order list: a selection, everything that waits, nothing at all."""

from collections import Counter

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
    dialog.says("All orders tagged to send, oldest first.")
    dialog.press("Send")
    dialog.says("Nothing to send.")
    dialog.leave()
    assert store.batches() == []
    store.place(3)
    (unnamed,) = store.place(1, lines=[{"sku": "", "quantity": 1}])
    admin.expect_chips("wms-no-sync", 4)
    dialog = admin.choose(SEND)
    dialog.press("Send")
    dialog.says("Sent 3", f"Skipped 1: SKU missing 1 ({unnamed.name}).")
    dialog.leave()
    admin.expect_chips("wms-synced", 3)
    admin.expect_chips("wms-no-sync", 1)
    assert len(store.applied()) == 3
