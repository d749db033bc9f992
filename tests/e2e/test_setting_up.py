"""A merchant connects the warehouse by hand, switches automatic processes on, and watches."""

from typing import Any

from playwright.sync_api import FrameLocator, expect

from sandbox.services import free_port
from tests.e2e.admin import Admin
from tests.e2e.store import Store


def test_from_a_new_install_to_an_order_that_goes_by_itself(
    admin: Admin, bare_store: Store
) -> None:
    store = bare_store
    home = _install(admin)
    connector = store.new_connector()
    _three_verdicts(home, connector)
    _switch_automatic_on(admin, home)
    admin.open_orders()
    admin.page.get_by_role("button", name="Create test order").click()
    order = admin.page.locator("#orders tr")
    expect(order).to_have_count(1)
    expect(order.locator(".chip.synced")).to_have_text("wms-synced", timeout=30_000)
    assert _states(store) == ["wms-no-sync", "wms-syncing", "wms-synced"]
    assert len(store.applied()) == 1


def _install(admin: Admin) -> FrameLocator:
    home = admin.open_app()
    admin.page.get_by_role("button", name="Install Tagdock").click()
    expect(home.get_by_role("heading", name="Connect your warehouse")).to_be_visible()
    expect(home.get_by_text("No orders yet. New ones appear here by themselves.")).to_be_visible()
    return home


def _three_verdicts(home: FrameLocator, connector: dict[str, Any]) -> None:
    home.get_by_label("Label").fill("Acme WMS")
    dead = f"http://127.0.0.1:{free_port()}/c/none"
    cases = (
        (connector["app_url"], "wrong", "Token refused. Copy it again from the connector's page."),
        (dead, "wrong", "Unreachable. Nothing answered at 127.0.0.1"),
        (
            connector["app_url"],
            connector["token"],
            "Connection established. Reference WMS 1.0, 2 warehouses.",
        ),
    )
    verdict = home.locator("form [data-verdict]")
    for app_url, token, words in cases:
        home.get_by_label("App URL").fill(app_url)
        home.get_by_label("Authorization token").fill(token)
        home.locator("form").get_by_role("button", name="Test connection").click()
        expect(verdict).to_contain_text(words, timeout=10_000)


def _switch_automatic_on(admin: Admin, home: FrameLocator) -> None:
    switch = home.get_by_role("switch", name="Automatic processes", exact=True)
    switch.click()
    expect(admin.page.get_by_text("Saved", exact=True)).to_be_visible()
    home = admin.open_app()
    expect(home.get_by_text("Connection established")).to_be_visible()
    expect(switch).to_be_checked()


def _states(store: Store) -> list[str]:
    """The state tags that were put on, in order."""
    writes = [set(write["after"]) - set(write["before"]) for write in store.tag_writes()]
    return [tag for added in writes for tag in sorted(added)]


def test_a_new_token_is_tested_only_once_it_is_saved(admin: Admin, store: Store) -> None:
    page = admin.open_app("/settings/connection")
    page.get_by_role("button", name="Replace token").click()
    page.get_by_label("New authorization token").fill("wrong")
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_text("Your changes aren't saved yet.")).to_be_visible()
    admin.page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Sending is paused; nothing is lost.")).to_be_visible()
    expect(page.get_by_label("New authorization token")).to_be_visible()


def test_without_automatic_processes_an_order_stays(admin: Admin, store: Store) -> None:
    (order,) = store.place()
    admin.open_orders()
    admin.expect_chips("wms-no-sync", 1)
    orders = admin.open_app("/orders")
    row = orders.locator(f"s-table-row[data-order='{order.gid}']")
    expect(row).to_contain_text("To send")
    expect(row).to_contain_text("Automatic processes off")
    assert store.batches() == []
