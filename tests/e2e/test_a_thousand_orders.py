"""A thousand orders are selected and sent at once: four requests, and sums that make a thousand."""

import re
from collections import Counter

import pytest
from playwright.sync_api import Route, expect

from tests.e2e.admin import SEND, Admin, Dialog
from tests.e2e.store import Placed, Store

TOTAL, ONE_REQUEST, NAMELESS = 1_000, 250, 30
# It takes half a minute, and two on a busy machine.
PATIENCE = 600_000


@pytest.mark.timeout(900)
def test_a_thousand_orders_go_in_four_requests_whose_sums_make_a_thousand(
    admin: Admin, store: Store
) -> None:
    orders = _place(store)
    admin.open_orders()
    admin.page.get_by_label("Select all orders").check()
    expect(admin.page.locator("#selected")).to_have_text(f"{TOTAL} selected")
    dialog = admin.choose(SEND)
    dialog.says(f"{TOTAL:,} orders selected. Sent whatever their tag.")
    requests = _watch_requests(admin, dialog)
    dialog.press("Send")
    dialog.says(f"of {TOTAL:,}. You can close this; sending continues.", seconds=120)
    expect(dialog.button("Done")).to_be_visible(timeout=PATIENCE)
    assert [len(ids) for ids in requests] == [ONE_REQUEST] * 4
    assert {gid for ids in requests for gid in ids} == {order.gid for order in orders}
    assert _sums(dialog) == {"Sent": TOTAL - NAMELESS, "Skipped": NAMELESS}
    _expect_each_once(store, orders)


def _place(store: Store) -> list[Placed]:
    """A thousand orders that no webhook told of; some name no SKU, which keeps them here."""
    store.client.shopify("PUT", "/settings", {"webhooks": False})
    store.warehouse(mode="sync", max_batch=100)
    nameless = store.place(NAMELESS, lines=[{"sku": "", "quantity": 1}])
    return [*nameless, *store.place(TOTAL - NAMELESS)]


def _watch_requests(admin: Admin, dialog: Dialog) -> list[list[str]]:
    """Note the ids of each request to send, and that the dialog says how many went before."""
    seen: list[list[str]] = []

    def pass_on(route: Route) -> None:
        if route.request.method == "POST":
            dialog.says(f"Queued {ONE_REQUEST * len(seen)} of {TOTAL:,}.")
            seen.append(route.request.post_data_json["ids"])
        route.continue_()

    admin.page.route("**/api/orders/send", pass_on)
    return seen


def _sums(dialog: Dialog) -> dict[str, int]:
    """How many orders the dialog tells of, by what became of them."""
    words = " ".join(dialog.frame.locator("s-admin-action").all_inner_texts())
    found = re.findall(r"(Sent|Unchanged|Waiting|Skipped|Failed) ([\d,]+)", words)
    return {outcome: int(count.replace(",", "")) for outcome, count in found}


def _expect_each_once(store: Store, orders: list[Placed]) -> None:
    """The app keeps one item for each order, and the warehouse got each that could go once."""
    items = store.rows("SELECT run_id, gid FROM run_items JOIN orders ON orders.id = order_id")
    assert sorted(gid for _, gid in items) == sorted(order.gid for order in orders)
    assert sorted(Counter(run for run, _ in items).values()) == [ONE_REQUEST] * 4
    sent = [order_id for batch in store.batches() for order_id in batch]
    assert len(sent) == len(set(sent)) == len(store.applied()) == TOTAL - NAMELESS
