"""Every picture: its name, and how its page is brought to what it shows."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import expect

from sandbox.pictures.camera import Camera
from sandbox.pictures.shop import LABEL, ORDERS, UNKNOWN, PicturedShop, until

SELECTED = 3


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture. ``path`` is the page's address, with the shop's numbers to be filled in; empty for
    one of the admin's. ``bring`` opens it and brings it to what is to be seen."""

    path: str
    bring: Callable[[Camera, PicturedShop], None]


def _app(path: str) -> Shot:
    """A page of the app, as it is."""
    return Shot(path, lambda camera, shop: _opened(camera, path.format(shop=shop)))


def _opened(camera: Camera, path: str) -> None:
    camera.open_app(path)


def _operator(path: str) -> Shot:
    """A page of the operator's."""
    return Shot(path, lambda camera, _shop: camera.open_operator(path))


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


def _compared(camera: Camera, _shop: PicturedShop) -> None:
    """Both sides compared by the button, and what it found."""
    frame = camera.open_app("/drift")
    frame.get_by_role("button", name="Compare now").first.click()
    expect(frame.get_by_text("The warehouse doesn't know it.")).to_be_visible()
    expect(frame.get_by_text("Comparing.")).to_have_count(0)


def _given_up(camera: Camera, _shop: PicturedShop) -> None:
    """What was given up, above the log."""
    until(lambda: camera.open_app("/logs").locator("#given-up").count() > 0)


INSTALLED: dict[str, Shot] = {"setup-1": Shot("/setup", _connecting)}
CONNECTED: dict[str, Shot] = {
    "setup-2": _app("/setup?step=2"),
    "setup-3": Shot("/setup?step=3", _previewing),
    "setup-4": _app("/setup?step=4"),
    "setup-5": _app("/setup?step=5"),
}
BUSY: dict[str, Shot] = {
    "home": _app("/"),
    "orders": _app("/orders"),
    "order-refused": _app("/orders/{shop.refused}"),
    "order-changed": _app("/orders/{shop.changed}"),
    "order-shipped": _app("/orders/{shop.shipped}"),
    "logs": Shot("/logs", _log),
    "settings": _app("/settings"),
    "settings-connection": _app("/settings/connection"),
    "settings-locations": _app("/settings/locations"),
    "settings-order-rules": _app("/settings/order-rules"),
    "settings-defaults": _app("/settings/defaults"),
    "settings-fulfilment": _app("/settings/fulfilment"),
    "settings-stock": _app("/settings/stock"),
    "stock": _app("/stock"),
    "stock-left-alone": _app("/stock?show=sku-unknown"),
    "skus": _app("/skus"),
    "settings-automation": _app("/settings/automation"),
    "settings-alerts": _app("/settings/alerts"),
    "settings-access": _app("/settings/access"),
    "settings-data": _app("/settings/data"),
    "operator": _operator("/operator"),
    "operator-weeks": _operator("/operator/weeks"),
    "operator-prepared": _operator("/operator/prepared"),
    "admin": Shot("", _admin),
    "admin-send": Shot("", _sending),
    "admin-order": Shot("", _card),
    "phone": Shot("/orders", _phone),
}
AFTER: dict[str, Shot] = {
    "order-returned": _app("/orders/{shop.returned}"),
    "drift": Shot("/drift", _compared),
}
FORBIDDEN: dict[str, Shot] = {"given-up": Shot("/logs", _given_up)}
