"""A browser that takes pictures of pages at work, each as high as its page."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import FrameLocator, Page, ViewportSize, expect, sync_playwright

from sandbox.browser import ARGUMENTS, find_chromium
from sandbox.demo.client import HANDLE
from sandbox.demo.world import World
from sandbox.pictures.png import shrink

WIDTH, LOWEST, HIGHEST, PHONE = 1280, 640, 1500, 360


class Camera:
    """Opens pages and takes pictures of them."""

    def __init__(self, page: Page, world: World) -> None:
        self.page, self._world = page, world
        self.ready()

    def ready(self) -> None:
        """Begin anew, at a desk."""
        self._resize(WIDTH, LOWEST)

    def narrow(self) -> None:
        """Look through a phone."""
        self._resize(PHONE, LOWEST)

    def open_admin(self, path: str) -> Page:
        """Open a page of the admin."""
        self.page.goto(f"{self._world.shopify_url}/store/{HANDLE}{path}")
        return self.page

    def open_app(self, path: str) -> FrameLocator:
        """Open a page of the app in the admin; returns its frame."""
        self.open_admin(f"/apps/tagdock{path}")
        frame = self.page.frame_locator("#app iframe")
        expect(frame.locator("s-page")).to_be_visible()
        return frame

    def open_operator(self, path: str) -> None:
        """Open one of the operator's pages, signed in."""
        token = self._world.environment["OPERATOR_TOKEN"]
        self.page.set_extra_http_headers({"Authorization": f"Bearer {token}"})
        self.page.goto(f"{self._world.app_url}{path}")
        self.page.set_extra_http_headers({})

    def take(self, file: Path) -> int:
        """Take a picture of what is open; returns its size in bytes."""
        self._stretch()
        picture = shrink(self.page.screenshot(animations="disabled", caret="hide"))
        file.write_bytes(picture)
        return len(picture)

    def _stretch(self) -> None:
        """Make the window as high as the page in it."""
        inner = self.page.locator("#app iframe")
        height = self._height("body")
        if inner.count():
            box = inner.bounding_box() or {"y": 0.0}
            height = int(box["y"] + inner.content_frame.locator("s-page").evaluate(_NEEDED))
        width = (self.page.viewport_size or {"width": WIDTH})["width"]
        self._resize(width, min(max(height, LOWEST), HIGHEST if width > PHONE else 2 * PHONE))
        self.page.evaluate(_DRAWN)

    def _height(self, selector: str) -> int:
        return int(self.page.locator(selector).evaluate("one => Math.ceil(one.scrollHeight)"))

    def _resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size(ViewportSize(width=width, height=height))


_DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# How high the content is, whatever the window's height; seen from its top.
_NEEDED = """page => {
  scrollTo(0, 0);
  page.style.minBlockSize = '0';
  return Math.ceil(page.getBoundingClientRect().bottom + scrollY);
}"""


@contextmanager
def camera(world: World) -> Iterator[Camera]:
    """A camera in a world."""
    expect.set_options(timeout=20_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=list(ARGUMENTS))
        yield Camera(browser.new_page(locale="en-GB"), world)
        browser.close()
