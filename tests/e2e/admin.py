"""The Shopify admin as staff use it: the order list, an order's page, actions, the app's frame."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import FrameLocator, Locator, Page, Route, expect

from sandbox.demo.client import HANDLE
from tests.e2e.keyboard import strike
from tests.e2e.store import Placed
from tests.frames import until_listening

SEND, UPDATE = "Send to WMS", "Update sync status"
_PATIENCE = 60.0


@dataclass(slots=True)
class Dialog:
    """An action of the app, opened in its frame."""

    page: Page

    @property
    def frame(self) -> FrameLocator:
        """The extension's own document."""
        return self.page.frame_locator("dialog iframe")

    def says(self, *sentences: str, seconds: float = _PATIENCE) -> None:
        """Expect each sentence to be shown, sooner or later."""
        words = self.frame.locator("s-admin-action")
        for sentence in sentences:
            expect(words).to_contain_text(sentence, timeout=seconds * 1000)

    def button(self, name: str) -> Locator:
        """One of the buttons at its foot."""
        return self.frame.locator("s-button").get_by_role("button", name=name, exact=True)

    def press(self, name: str) -> None:
        """Press a button by key: a frame that is still growing would slip away from a pointer."""
        self.button(name).press("Enter")

    def leave(self, button: str = "Done") -> None:
        """Close it with a button and expect it gone."""
        expect(self.button(button)).to_be_enabled()
        strike(self.button(button))
        expect(self.page.locator("dialog")).to_have_count(0)


@dataclass(slots=True)
class Admin:
    """One staff member's browser."""

    page: Page
    address: str

    # --- Orders -----------------------------------------------------------------------------------

    def open_orders(self) -> None:
        """Open the list of orders."""
        self._open("/orders")
        expect(self.page.locator("#orders")).not_to_have_attribute("aria-busy", "true")

    def open_order(self, order: Placed) -> None:
        """Open an order's page."""
        self._open(f"/orders/{order.number}")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(order.name)

    def select(self, orders: list[Placed]) -> None:
        """Select orders that stand one below the other, from the first to the last."""
        self.box(orders[0]).click()
        self.box(orders[-1]).click(modifiers=["Shift"])
        expect(self.page.locator("#selected")).to_have_text(f"{len(orders)} selected")

    def box(self, order: Placed) -> Locator:
        """An order's checkbox."""
        return self.page.get_by_label(f"Select {order.name}", exact=True)

    def row(self, order: Placed) -> Locator:
        """An order's row."""
        return self.page.locator(f"tr[data-id='{order.gid}']")

    def chips(self, tag: str) -> Locator:
        """Every place on the page where this tag is shown."""
        return self.page.locator(f".chip[data-tag='{tag}']")

    def expect_chips(self, tag: str, count: int, seconds: float = 90.0) -> None:
        """Expect this many tags of a kind on the page, sooner or later."""
        expect(self.chips(tag)).to_have_count(count, timeout=seconds * 1000)

    # --- Actions of the app -----------------------------------------------------------------------

    def expect_offered(self, *names: str) -> None:
        """Expect More actions to offer these here, sooner or later; the menu is closed again. An
        action that depends on the order is left out when the app takes too long to answer."""
        end = time.monotonic() + _PATIENCE
        while (found := self._offered()) != [*names]:
            assert time.monotonic() < end, found
            self._close_menu()
        self._close_menu()

    def choose(self, name: str) -> Dialog:
        """Choose one of More actions, sooner or later."""
        end = time.monotonic() + _PATIENCE
        while name not in (found := self._offered(name)):
            assert time.monotonic() < end, found
            self._close_menu()
        self.page.get_by_role("menuitem", name=name).click()
        return Dialog(self.page)

    def _offered(self, enough: str = "") -> list[str]:
        """Open More actions; what it offers once it is whole, or offers this."""
        self.page.locator("#more-actions > button").click()
        entries = self.page.get_by_role("menuitem")
        expect(entries.first).to_be_visible()
        whole = self.page.locator("#more-actions:not(:has(.menu-note)) > button")
        wanted = whole.or_(self.page.get_by_role("menuitem", name=enough)) if enough else whole
        expect(wanted.first).to_be_visible()
        return entries.all_inner_texts()

    def _close_menu(self) -> None:
        self.page.keyboard.press("Escape")
        opener = self.page.locator("#more-actions > button")
        expect(opener).to_have_attribute("aria-expanded", "false")

    def once_asked(self, deed: Callable[[], None]) -> None:
        """Do something when a person asks the warehouse after an order, just before it is asked:
        had it happened before, the app might have found out by itself."""

        def first(route: Route) -> None:
            deed()
            route.continue_()

        self.page.route("**/api/orders/status", first, times=1)

    def send_from(self, order: Placed) -> Dialog:
        """Send an order from its page; return the dialog, which is at work."""
        self.open_order(order)
        dialog = self.choose(SEND)
        dialog.press("Send")
        return dialog

    # --- The app's pages --------------------------------------------------------------------------

    def open_app(self, path: str = "/") -> FrameLocator:
        """Open one of the app's pages inside the admin; its scripts listen by then."""
        self._open(f"/apps/tagdock{path}")
        expect(self.page.locator("#app[aria-busy=true]")).to_have_count(0)
        until_listening(self.page)
        return self.page.frame_locator("#app iframe")

    def _open(self, path: str) -> None:
        self.page.goto(f"{self.address}/store/{HANDLE}{path}")
