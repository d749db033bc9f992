"""The app's pages look after themselves: not while hidden, and after failures when asked to."""

import re
from collections import Counter

import pytest
from playwright.sync_api import FrameLocator, Page, Request, expect

from tests.e2e.admin import Admin
from tests.e2e.store import Store

A_MINUTE, PARTS = "01:00", "**/*part=*"
PAUSED = "Live updates paused."
TO_SEND = re.compile(r"To send\s*1")
HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', {configurable: true, get: () => hidden});
    document.dispatchEvent(new Event('visibilitychange'));
}"""
# A part that is asked for fetches a token first, which no request for the part shows yet.
COUNT = """() => {
    const plain = fetch;
    globalThis.underWay = 0;
    globalThis.fetch = (...given) => {
        underWay += 1;
        return plain(...given).finally(() => { underWay -= 1; });
    };
}"""


@pytest.fixture
def asked(page: Page) -> Counter[str]:
    """How often each part of the app's pages was asked for."""
    counted: Counter[str] = Counter()
    page.on("request", lambda request: counted.update(_part(request)))
    return counted


@pytest.fixture
def failed(page: Page) -> Counter[str]:
    """How often each part was asked for in vain."""
    counted: Counter[str] = Counter()
    page.on("requestfailed", lambda request: counted.update(_part(request)))
    return counted


def _part(request: Request) -> list[str]:
    _, _, part = request.url.partition("part=")
    return [part.partition("&")[0]] if part else []


def _open_home(admin: Admin) -> tuple[FrameLocator, set[str]]:
    """Open Home, with a clock that can be put forward; returns it and the names of its parts."""
    admin.page.clock.install()
    app = admin.open_app("/")
    parts = app.locator("[data-part]").evaluate_all("all => all.map((one) => one.dataset.part)")
    assert len(parts) > 1
    return app, set(parts)


def _until_all_were_asked(page: Page, store: Store, parts: set[str], asked: Counter[str]) -> None:
    """Let time pass until each part was asked for twice more: at once, and when its time came."""
    before = asked.copy()

    def all_were() -> bool:
        page.clock.fast_forward(A_MINUTE)
        return all(asked[part] >= before[part] + 2 for part in parts)

    store.until(all_were, f"{parts} to be asked for")


def _let_all_pause(page: Page, store: Store, parts: set[str], failed: Counter[str]) -> None:
    """Let no part be answered until all have given up."""
    page.route(PARTS, lambda route: route.abort())

    def all_failed() -> bool:
        page.clock.fast_forward(A_MINUTE)
        return all(failed[part] >= 3 for part in parts)

    store.until(all_failed, "three failures of every part")


def _retry(page: Page, store: Store, parts: set[str], counted: Counter[str]) -> None:
    """Press the one button there is; every part is asked for, before any has its turn, or asked for
    in vain if those are what is counted."""
    before = counted.copy()
    page.frame_locator("#app iframe").get_by_role("button", name="Retry").click()

    def all_were() -> bool:
        page.clock.run_for(1)
        return all(counted[part] > before[part] for part in parts)

    store.until(all_were, f"{parts} to be asked for")


def test_retry_revives_every_part(
    admin: Admin, store: Store, asked: Counter[str], failed: Counter[str]
) -> None:
    app, parts = _open_home(admin)
    _let_all_pause(admin.page, store, parts, failed)
    expect(app.locator("#status")).to_contain_text(PAUSED)
    (order,) = store.place()
    store.until_tagged([order], "wms-no-sync")
    admin.page.unroute(PARTS)
    _retry(admin.page, store, parts, asked)
    expect(app.get_by_text(PAUSED)).to_have_count(0)
    expect(app.locator("[data-part=counts]")).to_contain_text(TO_SEND)
    _until_all_were_asked(admin.page, store, parts, asked)


def test_a_retry_that_fails_says_so_at_once(
    admin: Admin, store: Store, asked: Counter[str], failed: Counter[str]
) -> None:
    app, parts = _open_home(admin)
    _let_all_pause(admin.page, store, parts, failed)
    _retry(admin.page, store, parts, failed)
    expect(app.locator("#status")).to_contain_text(PAUSED)
    admin.page.unroute(PARTS)
    _retry(admin.page, store, parts, asked)
    expect(app.get_by_text(PAUSED)).to_have_count(0)


def test_nothing_is_asked_while_the_page_is_hidden(
    admin: Admin, store: Store, asked: Counter[str]
) -> None:
    app, parts = _open_home(admin)
    html = app.locator("html")
    html.evaluate(COUNT)
    _until_all_were_asked(admin.page, store, parts, asked)
    html.evaluate(f"(_, hidden) => ({HIDE})(hidden)", True)
    store.until(lambda: html.evaluate("() => underWay === 0"), "what was asked for before")
    before = asked.copy()
    for _ in range(10):
        admin.page.clock.fast_forward(A_MINUTE)
        html.evaluate("() => new Promise((done) => queueMicrotask(done))")
    assert asked == before
    html.evaluate(f"(_, hidden) => ({HIDE})(hidden)", False)
    _until_all_were_asked(admin.page, store, parts, asked)
