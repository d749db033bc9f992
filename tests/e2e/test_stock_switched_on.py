"""In a real browser: a merchant grants what stock needs, compares, and turns stock updates on."""

from playwright.sync_api import FrameLocator, expect

from sandbox.demo.client import SHOP
from tests.e2e.admin import Admin
from tests.e2e.store import Store

SKU = "MUG-330"


def _count(store: Store, on_hand: int) -> None:
    store.client.wms("PUT", "/stock", [{"sku": SKU, "warehouse": "WH", "on_hand": on_hand}])


def _available(store: Store) -> int:
    """What Shopify says is available at Milano."""
    (row,) = store.client.shopify("GET", f"/{SHOP}/inventory?sku={SKU}&location=Milano")
    return int(row["available"])


def _map_milano(store: Store) -> None:
    places = store.client.shopify("GET", f"/{SHOP}/locations")
    milano = next(place["id"] for place in places if place["name"] == "Milano")
    version = store.client.app("GET", "/api/settings")["version"]
    store.client.app("PUT", "/api/settings", {"version": version, "locations": {milano: "WH"}})


def _grant(admin: Admin, app: FrameLocator) -> None:
    app.get_by_role("button", name="Grant", exact=True).click()
    dialog = admin.page.get_by_role("dialog", name="asks for more access")
    expect(dialog).to_contain_text("write_inventory")
    dialog.get_by_role("button", name="Grant", exact=True).click()


def test_stock_is_granted_compared_and_turned_on(admin: Admin, store: Store) -> None:
    _map_milano(store)
    _count(store, 41)
    app = admin.open_app("/settings/stock")
    needed = app.get_by_role("heading", name="Permission needed")
    compare = app.get_by_role("button", name="Compare", exact=True)
    expect(compare).to_be_disabled()

    _grant(admin, app)
    expect(needed).to_have_count(0)
    expect(compare).to_be_enabled()
    before = _available(store)

    compare.click()
    expect(app.get_by_text("1 quantity would change")).to_be_visible()
    assert _available(store) == before != 41
    app.get_by_role("button", name="Turn on stock updates").first.click()
    sure = app.locator("s-modal#stock-on")
    expect(sure).to_contain_text("1 quantity in Shopify changes now")
    sure.get_by_role("button", name="Turn on stock updates").click()
    expect(app.get_by_text("On", exact=True)).to_be_visible()
    store.until(lambda: _available(store) == 41, "the first quantities")

    _count(store, 17)
    store.until(lambda: _available(store) == 17, "what the warehouse counted since")
