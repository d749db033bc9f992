"""Logs while twenty lines a second come in: the live tail keeps up, stays short, and stops for a
reader."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from threading import Event, Thread

import pytest
from playwright.sync_api import FrameLocator, Request, expect

from tests.e2e.admin import Admin
from tests.e2e.store import Store

LINES_A_SECOND, MOST_ROWS = 20, 200
TURN = 50  # more lines than come in between two looks of the tail
INSERT = """INSERT INTO log_lines (shop_id, at, level, event, order_name, job_id, run_id, kind,
    actor, code, message, details)
    SELECT id, strftime('%Y-%m-%d %H:%M:%f000', 'now'), 'info', 'x', '', '', '', '', '', '', ?, '{}'
    FROM shops"""
# Remembers the most rows there ever were, also for a moment.
WATCH = """body => new MutationObserver(() => {
    const rows = body.querySelectorAll('[data-line]').length;
    body.dataset.most = Math.max(rows, body.dataset.most ?? 0);
}).observe(body, {childList: true})"""


class Writer:
    """Writes numbered lines into the app's log, as a busy store does."""

    def __init__(self, store: Store) -> None:
        self.written = 0
        self._address = store.database_file
        self._ended = Event()
        self._thread = Thread(target=self._write)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End, and wait for the last line."""
        self._ended.set()
        self._thread.join()

    def _write(self) -> None:
        with closing(sqlite3.connect(self._address, timeout=30.0)) as database:
            while not self._ended.wait(1 / LINES_A_SECOND):
                with database:
                    database.execute(INSERT, (f"Line {self.written + 1}.",))
                self.written += 1


@pytest.fixture
def writer(store: Store) -> Iterator[Writer]:
    """Somebody who writes until the test is over."""
    writer = Writer(store)
    writer.start()
    yield writer
    writer.stop()


def test_at_twenty_lines_a_second_the_tail_keeps_two_hundred_and_stops_for_a_reader(
    admin: Admin, store: Store, writer: Writer
) -> None:
    app = admin.open_app("/logs")
    tail, rows = app.get_by_role("switch", name="Live tail"), app.locator("[data-line]")
    body = app.locator("s-table-body:has([data-line])")
    body.evaluate(WATCH)
    tail.press("Space")
    expect(rows).to_have_count(MOST_ROWS)
    _expect_seen(app, writer.written)
    assert body.get_attribute("data-most") == str(MOST_ROWS)
    _expect_newest(app)
    _scroll(admin, app)
    expect(tail).not_to_be_checked()
    expect(app.locator("#status")).to_contain_text("Live tail stopped")
    _expect_rest(admin, app, store, writer)
    tail.press("Space")
    _expect_seen(app, writer.written)
    _expect_seen(app, writer.written + TURN)
    expect(tail).to_be_checked()
    expect(rows).to_have_count(MOST_ROWS)


def _numbers(app: FrameLocator) -> list[int]:
    """The numbers of the lines on the page, from top to bottom."""
    words = " ".join(app.locator("[data-line]").all_inner_texts())
    return [int(number) for number in re.findall(r"Line (\d+)\.", words)]


def _expect_newest(app: FrameLocator) -> None:
    """The lines are there without a gap, each once, the newest on top."""
    numbers = _numbers(app)
    assert numbers == list(range(numbers[0], numbers[0] - len(numbers), -1))


def _expect_seen(app: FrameLocator, number: int) -> None:
    """Expect the line of this number to be there, sooner or later."""
    expect(app.locator("[data-line]", has_text=f"Line {number}.")).to_have_count(1)


def _scroll(admin: Admin, app: FrameLocator) -> None:
    """Turn the mouse wheel over the lines, as a reader does."""
    app.locator("[data-line]").nth(3).hover()
    admin.page.mouse.wheel(0, 400)


def _expect_rest(admin: Admin, app: FrameLocator, store: Store, writer: Writer) -> None:
    """Nothing moves and nothing is asked for while two turns' worth of lines come in."""
    asked: list[str] = []

    def note(request: Request) -> None:
        if "part=tail" in request.url:
            asked.append(request.url)

    admin.page.on("request", note)
    before, enough = _numbers(app), writer.written + 2 * TURN
    store.until(lambda: writer.written >= enough, "more lines")
    assert _numbers(app) == before
    assert asked == []
