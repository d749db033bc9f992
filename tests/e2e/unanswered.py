"""What a page has asked for and not got yet."""

import time

from playwright.sync_api import Page, Request

_MOST_SECONDS, _POLL_MILLISECONDS = 30.0, 20


class Unanswered:
    """The requests of a page, its frames included, that are still under way.

    A page that is closed before they are answered leaves the app at work for a store that the next
    test begins anew.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        self._requests: set[Request] = set()
        page.on("request", self._begun)
        page.on("requestfinished", self._ended)
        page.on("requestfailed", self._ended)

    def wait(self) -> None:
        """Return once every request is answered, or after half a minute."""
        end = time.monotonic() + _MOST_SECONDS
        while self._requests and not self._page.is_closed() and time.monotonic() < end:
            self._page.wait_for_timeout(_POLL_MILLISECONDS)

    def _begun(self, request: Request) -> None:
        self._requests.add(request)

    def _ended(self, request: Request) -> None:
        self._requests.discard(request)
