"""Every page of the app, and somebody who opens them in a browser."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Dialog, Frame, Page, expect

from sandbox.demo.client import HANDLE
from tests.e2e.pages.busy_store import BusyStore
from tests.e2e.unanswered import Unanswered
from tests.frames import until_listening

DESK, PHONE = (1280, 800), (320, 640)
_LOOK = Path(__file__).with_name("look.js")

# Name: address. ``{error}`` is the number of the order of that name; NEW is a store that has just
# installed the app, OUT somebody who has not signed in.
NEW, OUT = "new:", "out:"
PAGES = {
    "home": "/",
    "orders": "/orders",
    "orders to send": "/orders?state=no_sync&q=%231001",
    "orders, none": "/orders?q=nothing+like+it",
    "order in error": "/orders/{error}",
    "order synced": "/orders/{synced}",
    "order changed": "/orders/{changed}",
    "order shipped": "/orders/{shipped}",
    "order syncing": "/orders/{syncing}",
    "order to send": "/orders/{no_sku}",
    "order untracked": "/orders/{untracked}",
    "order unseen": "/orders/1",
    "logs": "/logs",
    "errors logged": "/logs?level=error",
    "drift report": "/drift",
    "settings": "/settings",
    "connection": "/settings/connection",
    "locations": "/settings/locations",
    "order rules": "/settings/order-rules",
    "defaults": "/settings/defaults",
    "fulfilment": "/settings/fulfilment",
    "stock": "/settings/stock",
    "stock differences": "/stock",
    "SKU doctor": "/skus",
    "automation": "/settings/automation",
    "alerts": "/settings/alerts",
    "access": "/settings/access",
    "data": "/settings/data",
    "setup 1": "/setup?step=1",
    "setup 2": "/setup?step=2",
    "setup 3": "/setup?step=3",
    "setup 4": "/setup?step=4",
    "setup 5": "/setup?step=5",
    "home, new store": f"{NEW}/",
    "orders, new store": f"{NEW}/orders",
    "SKU doctor, new store": f"{NEW}/skus",
    "logs, new store": f"{NEW}/logs",
    "drift report, new store": f"{NEW}/drift",
    "setup, new store": f"{NEW}/setup",
    "operator, signed out": f"{OUT}/operator",
    "operator": "/operator",
    "operator weeks": "/operator/weeks",
    "operator prepared": "/operator/prepared",
}


@dataclass
class Visitor:
    """A browser window; ``troubles`` is every error that a script in it met."""

    page: Page
    busy: BusyStore
    troubles: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._asked = Unanswered(self.page)
        self.page.on("pageerror", lambda error: self.troubles.append(str(error)))
        self.page.on("dialog", lambda dialog: _refuse(self, dialog))

    def sit_down(self) -> None:
        """Begin anew, at a desk."""
        self.troubles.clear()
        self.resize(DESK)

    def resize(self, size: tuple[int, int]) -> None:
        """Make the window this wide and high."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})

    def open(self, name: str) -> Frame:
        """Open one of ``PAGES``: the operator's as it is, all others in the admin's frame."""
        path = self.path(name)
        if path.startswith(NEW):
            return self.open_path(path.removeprefix(NEW), "second-shop")
        if path.startswith(OUT):
            return self._open_operator(path.removeprefix(OUT), {})
        if path.startswith("/operator"):
            token = self.busy.store.world.environment["OPERATOR_TOKEN"]
            return self._open_operator(path, {"Authorization": f"Bearer {token}"})
        return self.open_path(path)

    def open_path(self, path: str, handle: str = HANDLE) -> Frame:
        """Open an address of the app in the admin's frame; its scripts listen by then."""
        self.page.goto(f"{self.busy.store.world.shopify_url}/store/{handle}/apps/tagdock{path}")
        expect(self.page.frame_locator("#app iframe").locator("s-page")).to_be_visible()
        until_listening(self.page)
        return self.frame("#app iframe")

    def open_order(self, name: str) -> Frame:
        """Open an order's page in the admin; returns the app's card there."""
        order = self.busy.orders[name]
        self.page.goto(f"{self.busy.store.world.shopify_url}/store/{HANDLE}/orders/{order.number}")
        card = self.page.frame_locator("#blocks iframe").locator("s-admin-block")
        expect(card).to_contain_text("passed check")
        return self.frame("#blocks iframe")

    def frame(self, selector: str) -> Frame:
        """The document in a frame on the page."""
        found = self.page.locator(selector).element_handle().content_frame()
        assert found is not None
        return found

    def path(self, name: str) -> str:
        """The address of one of ``PAGES``, or of the order of that name."""
        path = PAGES.get(name, f"/orders/{{{name}}}")
        numbers = {key: order.number for key, order in self.busy.orders.items()}
        return path.format(**numbers)

    def look(self, frame: Frame, what: str, *arguments: Any) -> Any:
        """Ask one of the functions of look.js about a page."""
        frame.evaluate(_LOOK.read_text("utf-8"))
        return frame.evaluate("([what, given]) => look[what](...given)", [what, list(arguments)])

    def close(self) -> None:
        """Close the window, once all that it asked for is answered."""
        self._asked.wait()
        self.page.context.close()

    def _open_operator(self, path: str, headers: dict[str, str]) -> Frame:
        self.page.set_extra_http_headers(headers)
        self.page.goto(f"{self.busy.store.world.app_url}{path}")
        self.page.set_extra_http_headers({})
        expect(self.page.get_by_role("heading", level=1)).to_be_visible()
        return self.page.main_frame


def _refuse(visitor: Visitor, dialog: Dialog) -> None:
    visitor.troubles.append(f"dialog: {dialog.message}")
    dialog.dismiss()
