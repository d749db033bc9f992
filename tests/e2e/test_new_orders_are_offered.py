"""The app's list of orders stays as it is while new ones come in: they are offered, not put in."""

from playwright.sync_api import FrameLocator, Locator, expect

from tests.e2e.admin import Admin
from tests.e2e.store import Placed, Store

PAGE = 50


def _look_again(app: FrameLocator) -> None:
    """Let the page look after its rows now, as when somebody comes back to it."""
    app.locator("html").evaluate("() => document.dispatchEvent(new Event('visibilitychange'))")


def _rows(app: FrameLocator) -> list[str]:
    return app.locator("[data-order]").evaluate_all("all => all.map((one) => one.dataset.order)")


def _offered(app: FrameLocator) -> Locator:
    return app.locator("[data-offer] s-button")


def test_new_orders_wait_until_they_are_asked_for(admin: Admin, store: Store) -> None:
    shown = store.place(3)
    store.until_tagged(shown, "wms-no-sync")
    app = admin.open_app("/orders")
    expect(app.locator("[data-order]")).to_have_count(3)
    before = _rows(app)
    app.get_by_role("checkbox", name=f"Select {shown[1].name}").check()
    new = store.place(2)
    store.until_tagged(new, "wms-no-sync")
    _look_again(app)
    expect(_offered(app)).to_have_text("2 new orders. Show")
    assert _rows(app) == before
    expect(app.locator("[data-selected]")).to_have_text("1 selected")
    expect(app.get_by_role("checkbox", name=f"Select {shown[1].name}")).to_be_checked()
    _offered(app).click()
    expect(app.locator("[data-order]")).to_have_count(5)
    assert set(_rows(app)) == {order.gid for order in (*shown, *new)}
    expect(_offered(app)).to_have_count(0)


def test_what_moves_up_from_the_next_page_is_not_new(admin: Admin, store: Store) -> None:
    orders = store.place(PAGE + 5)
    store.until_tagged(orders, "wms-no-sync")
    app = admin.open_app("/orders?state=no_sync")
    expect(app.locator("[data-order]")).to_have_count(PAGE)
    before = _rows(app)
    _send(store, [order for order in orders if order.gid in before[:3]])
    _look_again(app)
    expect(app.locator(f"[data-order='{before[0]}']")).to_contain_text("Synced")
    assert _rows(app) == before
    expect(_offered(app)).to_have_count(0)
    (new,) = store.place()
    store.until_tagged([new], "wms-no-sync")
    _look_again(app)
    expect(_offered(app)).to_have_text("1 new order. Show")


def _send(store: Store, orders: list[Placed]) -> None:
    store.client.app("POST", "/api/orders/send", {"ids": [order.gid for order in orders]})
    store.until_tagged(orders, "wms-synced")
