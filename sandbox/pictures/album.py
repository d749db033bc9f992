"""Every picture: its name, and how its page is brought to what it shows."""

from collections.abc import Callable

from playwright.sync_api import expect

from sandbox.pictures.camera import Camera
from sandbox.pictures.shop import LABEL, ORDERS, UNKNOWN, PicturedShop

Take = Callable[[Camera, PicturedShop], None]
SELECTED = 3


def _app(path: str) -> Take:
    """A page of the app, as it is."""

    def bring(camera: Camera, shop: PicturedShop) -> None:
        camera.open_app(path.format(shop=shop))

    return bring


def _operator(path: str) -> Take:
    """A page of the operator's."""

    def bring(camera: Camera, _shop: PicturedShop) -> None:
        camera.open_operator(path)

    return bring


def _connecting(camera: Camera, shop: PicturedShop) -> None:
    """Setup's first step, filled in and tested."""
    frame = camera.open_app("/setup")
    frame.get_by_label("Label").fill(LABEL)
    frame.get_by_label("App URL").fill(shop.connector["app_url"])
    frame.get_by_label("Authorization token").fill(shop.connector["token"])
    frame.get_by_role("button", name="Test connection").click()
    expect(frame.get_by_text("Connection established")).to_be_visible()


def _previewing(camera: Camera, _shop: PicturedShop) -> None:
    """Setup's rules, run over the last orders."""
    frame = camera.open_app("/setup?step=3")
    frame.locator("[data-count]").get_by_role("spinbutton").fill("5")
    frame.get_by_role("button", name="Preview orders").click()
    expect(frame.get_by_text("would be sent").first).to_be_visible()


def _admin(camera: Camera, _shop: PicturedShop) -> None:
    """The order list with every state at once, some orders selected, the action at hand."""
    page = camera.open_admin("/orders")
    expect(page.locator("#orders tr")).to_have_count(len(ORDERS))
    for box in page.locator("#orders input").all()[:SELECTED]:
        box.check()
    page.locator("#more-actions > button").click()
    expect(page.get_by_role("menuitem", name="Send to WMS")).to_be_visible()
    page.mouse.move(0, 0)


def _sending(camera: Camera, shop: PicturedShop) -> None:
    """The action, before anything is sent."""
    _admin(camera, shop)
    camera.page.get_by_role("menuitem", name="Send to WMS").click()
    dialog = camera.page.frame_locator("dialog iframe").locator("s-admin-action")
    expect(dialog).to_contain_text(f"{SELECTED} orders selected")


def _card(camera: Camera, shop: PicturedShop) -> None:
    """The admin's order page with the app's card."""
    page = camera.open_admin(f"/orders/{shop.refused}")
    card = page.frame_locator("#blocks iframe").locator("s-admin-block")
    expect(card).to_contain_text(UNKNOWN)


def _phone(camera: Camera, _shop: PicturedShop) -> None:
    """Orders on a phone."""
    camera.narrow()
    camera.open_app("/orders")


def _log(camera: Camera, _shop: PicturedShop) -> None:
    """The log with the warehouse's own lines of a job."""
    frame = camera.open_app("/logs")
    frame.locator("s-table-row").filter(has_text=UNKNOWN).locator("summary").first.click()
    expect(frame.locator("[data-loaded] li").first).to_be_visible()


INSTALLED: dict[str, Take] = {"setup-1": _connecting}
CONNECTED: dict[str, Take] = {
    "setup-2": _app("/setup?step=2"),
    "setup-3": _previewing,
    "setup-4": _app("/setup?step=4"),
    "setup-5": _app("/setup?step=5"),
}
BUSY: dict[str, Take] = {
    "home": _app("/"),
    "orders": _app("/orders"),
    "order-refused": _app("/orders/{shop.refused}"),
    "order-changed": _app("/orders/{shop.changed}"),
    "logs": _log,
    "settings": _app("/settings"),
    "settings-connection": _app("/settings/connection"),
    "settings-locations": _app("/settings/locations"),
    "settings-order-rules": _app("/settings/order-rules"),
    "settings-defaults": _app("/settings/defaults"),
    "settings-automation": _app("/settings/automation"),
    "settings-alerts": _app("/settings/alerts"),
    "settings-access": _app("/settings/access"),
    "settings-data": _app("/settings/data"),
    "operator": _operator("/operator"),
    "operator-weeks": _operator("/operator/weeks"),
    "operator-prepared": _operator("/operator/prepared"),
    "admin": _admin,
    "admin-send": _sending,
    "admin-order": _card,
    "phone": _phone,
}
