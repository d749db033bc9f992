"""Logs with 1,000,000 lines in a real browser: open, filter, next page, each within a second."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page
from playwright.sync_api import TimeoutError as TooSlow

from app.db import session
from app.models import LogLine
from sandbox.demo.client import HANDLE
from tests.busy_months import fill
from tests.frames import until_listening
from tests.world import World, open_world

SECOND, ROUNDS = 1.0, 5
ON_A_PAGE, ORDER = 50, "#1234"
APP = "#app iframe"


@pytest.fixture
def full(tmp_path: Path, redis_url: str, migrated_file: Path) -> Iterator[World]:
    """A connected store with three months behind it."""
    shutil.copy(migrated_file, tmp_path / "tagdock.db")
    with open_world(f"sqlite:///{tmp_path / 'tagdock.db'}", redis_url) as world:
        world.install()
        world.connect()
        with world.app.app_context():
            fill()
        yield world


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page at a desk."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    yield context.new_page()
    context.close()


@pytest.mark.alone
def test_each_step_takes_less_than_a_second(full: World, page: Page) -> None:
    best: dict[str, float] = {}
    for _ in range(ROUNDS):  # other work on the machine is not the page's fault
        for step, seconds in _walk(full, page).items():
            best[step] = min(seconds, best.get(step, seconds))
        if max(best.values()) < SECOND:
            return
    raise AssertionError({step: f"{seconds:.2f} s" for step, seconds in best.items()})


def _walk(world: World, page: Page) -> dict[str, float]:
    """How many seconds each step takes, until the line that a person waits for stands on top."""
    app = page.frame_locator(APP)
    address = f"{world.shopify.base}/store/{HANDLE}/apps/tagdock/logs?window=all"
    newest, errors = _found(world), _found(world, level="error")
    order = _found(world, order_name=ORDER)
    return {
        "open": _took(lambda: page.goto(address), page, newest[0]),
        "filter": _took(lambda: _choose_errors(app), page, errors[0]),
        "next page": _took(lambda: _turn(app, "Next page"), page, errors[ON_A_PAGE]),
        "previous page": _took(lambda: _turn(app, "Previous page"), page, errors[0]),
        "clear": _took(lambda: app.get_by_text("Clear", exact=True).click(), page, newest[0]),
        "search": _took(lambda: _search(app), page, order[0]),
    }


def _found(world: World, **wanted: str) -> list[int]:
    """The ids of the newest lines of a kind, a little more than a page of them."""
    with world.app.app_context():
        lines = session().query(LogLine.id).filter_by(**wanted)
        rows = lines.order_by(LogLine.at.desc(), LogLine.id.desc()).limit(ON_A_PAGE + 1).all()
        session().rollback()
    return [line_id for (line_id,) in rows]


def _took(step: Callable[[], object], page: Page, line_id: int) -> float:
    began = time.perf_counter()
    step()
    try:
        page.frame_locator(APP).locator(f"[data-line='{line_id}']:first-child").wait_for()
    except TooSlow:
        shown = page.frame_locator(APP).locator("body").inner_text()
        raise AssertionError(f"Line {line_id} isn't on top of: {shown[:2000]}") from None
    passed = time.perf_counter() - began
    until_listening(page)
    return passed


def _choose_errors(app: FrameLocator) -> None:
    app.get_by_label("Level").select_option("error")


def _turn(app: FrameLocator, button: str) -> None:
    app.get_by_role("button", name=button).click()


def _search(app: FrameLocator) -> None:
    field = app.get_by_role("searchbox")
    field.fill(ORDER)
    field.press("Enter")
