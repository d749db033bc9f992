"""The log and Home in a real browser: the live tail, narrow screens, Italian, hostile text."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from app.db import session
from app.models import LogLine, Order, Owed, Shop
from sandbox.demo.client import HANDLE
from sandbox.shopify.admin.words import COOKIE
from tests.frames import until_listening
from tests.world import World, open_world

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>🌸-שלום-" + "X" * 300
TAIL = "Live tail"


@pytest.fixture
def living(tmp_path: Path, redis_url: str, migrated_file: Path) -> Iterator[World]:
    """A store with the app installed and connected."""
    shutil.copy(migrated_file, tmp_path / "tagdock.db")
    with open_world(f"sqlite:///{tmp_path / 'tagdock.db'}", redis_url) as world:
        world.install()
        world.connect()
        yield world


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page; a script error in it fails the test."""
    context = browser.new_context(viewport={"width": 1280, "height": 600})
    made, errors = context.new_page(), []
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.on("dialog", lambda dialog: (errors.append(dialog.message), dialog.dismiss()))
    yield made
    context.close()
    assert errors == []


def write(world: World, count: int, message: str = "Line {}.") -> None:
    """Write lines into the store's log."""
    with world.app.app_context():
        shop_id = session().query(Shop.id).scalar()
        line = {"shop_id": shop_id, "level": "info", "event": "x", "at": datetime.now(UTC)}
        session().add_all(
            [LogLine(message=message.replace("{}", str(n)), **line) for n in range(count)]
        )
        session().commit()


def open_app(page: Page, world: World, path: str) -> FrameLocator:
    """Open one of the app's pages inside the admin; its scripts listen by then."""
    page.goto(f"{world.shopify.base}/store/{HANDLE}/apps/tagdock{path}")
    frame = page.frame_locator("#app iframe")
    expect(frame.locator("s-page")).to_be_visible()
    until_listening(page)
    return frame


def test_the_tail_shows_new_lines_keeps_two_hundred_and_stops_for_a_reader(
    living: World, page: Page
) -> None:
    write(living, 60)
    frame = open_app(page, living, "/logs")
    rows, tail = frame.locator("[data-line]"), frame.get_by_role("switch", name=TAIL)
    expect(rows).to_have_count(50)
    tail.click()
    write(living, 3, "Fresh {}.")
    expect(frame.get_by_text("Fresh 2.")).to_be_visible()
    expect(rows).to_have_count(53)
    write(living, 190, "More {}.")
    expect(rows).to_have_count(200)
    expect(tail).to_be_checked()
    frame.locator("html").evaluate("() => scrollBy(0, 300)")
    expect(tail).not_to_be_checked()
    expect(frame.get_by_text("Live tail stopped")).to_be_visible()
    write(living, 1, "Unseen.")
    page.wait_for_timeout(2_500)
    expect(frame.get_by_text("Unseen.")).to_have_count(0)
    tail.click()
    expect(frame.get_by_text("Unseen.")).to_have_count(1)


def test_selecting_text_stops_the_tail(living: World, page: Page) -> None:
    frame = open_app(page, living, "/logs")
    tail = frame.get_by_role("switch", name=TAIL)
    tail.click()
    frame.locator("[data-line] s-table-cell").nth(3).evaluate(
        "cell => getSelection().selectAllChildren(cell)"
    )
    expect(tail).not_to_be_checked()


def test_the_tail_fills_an_empty_page(living: World, page: Page) -> None:
    frame = open_app(page, living, "/logs?q=Fresh")
    expect(frame.get_by_text("Nothing matches in this time.")).to_be_visible()
    frame.get_by_role("switch", name=TAIL).click()
    write(living, 2, "Fresh {}.")
    expect(frame.get_by_text("Fresh 1.")).to_be_visible()
    expect(frame.get_by_text("Nothing matches in this time.")).to_have_count(0)


def test_a_box_that_is_unticked_shows_the_runs_that_did_nothing(living: World, page: Page) -> None:
    living.api("POST", "/api/jobs/sync_status/run")
    living.settle()
    frame = open_app(page, living, "/logs")
    expect(frame.get_by_text("Sync status: started by hand.")).to_be_visible()
    expect(frame.get_by_text("Sync status: nothing to do")).to_have_count(0)
    frame.get_by_label("Hide runs that did nothing").click()
    expect(frame.get_by_text("Sync status: nothing to do")).to_be_visible()
    frame.get_by_label("Hide runs that did nothing").click()
    expect(frame.get_by_text("Sync status: nothing to do")).to_have_count(0)


def test_a_file_is_downloaded_from_where_the_page_stands(living: World, page: Page) -> None:
    frame = open_app(page, living, "/logs?window=7d")
    with page.expect_download() as download:
        frame.get_by_role("button", name="Download as CSV").click()
    assert download.value.suggested_filename.startswith("log-20")
    assert "Installed." in Path(download.value.path()).read_text("utf-8")
    expect(frame.get_by_role("switch", name=TAIL)).to_be_visible()


def test_what_was_given_up_is_tried_again_and_leaves_the_list(living: World, page: Page) -> None:
    gid = living.order()
    living.settle()
    give_up(living, "order", str(living.row(gid)["id"]), "look_up")
    give_up(living, "run", "gone", "run")
    frame = open_app(page, living, "/logs")
    given = frame.locator("[data-part=given]")
    again = given.get_by_role("button", name="Try again")
    expect(again).to_have_count(2)
    frame.get_by_role("switch", name=TAIL).click()
    again.first.click()
    expect(again).to_have_count(1)
    expect(frame.locator("[data-log]").get_by_text("Taken up again: Job.")).to_be_visible()
    again.click()
    expect(given).to_be_empty()
    expect(given).to_be_hidden()
    assert [line for line in living.log("taken_up") if "Look it up" in line]


def test_somebody_who_opens_the_app_has_a_name_from_then_on(living: World, page: Page) -> None:
    mark = living.mark()
    with page.expect_response("**/api/me") as told:
        frame = open_app(page, living, "/")
    assert told.value.json() == {"name": "Giulia Conti"}
    frame.get_by_role("button", name="Run now: Sync status").click()
    expect(frame.get_by_text("Giulia Conti")).to_be_visible()
    frame = open_app(page, living, "/logs")
    expect(frame.get_by_text("Giulia Conti").first).to_be_visible()
    asked = living.shopify.ask("GET", f"/sandbox/ledger?kind=token&after={mark}")
    assert len(asked) == 1


def give_up(world: World, kind: str, subject: str, effect: str, why: str = "No answer.") -> None:
    """Put something among the dead letters."""
    with world.app.app_context():
        now, shop_id = datetime.now(UTC), session().query(Shop.id).scalar()
        known = {"subject_type": kind, "subject_id": subject, "effect": effect, "attempts": 24}
        session().add(Owed(shop_id=shop_id, due_at=now, dead_at=now, last_error=why, **known))
        session().commit()


@pytest.mark.parametrize(("language", "words"), [("en", "Live tail"), ("it", "Coda in diretta")])
def test_narrow_pages_with_hostile_text_do_not_scroll_sideways(
    living: World, browser: Browser, language: str, words: str
) -> None:
    with living.app.app_context():
        shop = session().query(Shop).one()
        now = datetime.now(UTC)
        order = Order(shop_id=shop.id, gid="gid://shopify/Order/9", name=HOSTILE[:60])
        order.placed_at, order.first_seen_at, order.tracked = now, now, True
        order.tag_state, order.reason = "error", HOSTILE[:32]
        session().add(order)
        session().flush()
        known = {"shop_id": shop.id, "level": "error", "event": "x", "at": now, "actor": HOSTILE}
        known |= {"order_id": order.id, "order_name": HOSTILE[:64], "job_id": HOSTILE[:64]}
        session().add(LogLine(message=HOSTILE, **{**known, "actor": HOSTILE[:64]}))
        subject = str(order.id)
        session().commit()
    give_up(living, "order", subject, "send", HOSTILE)
    give_up(living, "run", "gone", "run")
    context = browser.new_context(viewport={"width": 320, "height": 800})
    context.add_cookies([{"name": COOKIE, "value": language, "url": living.shopify.base}])
    page, alerts = context.new_page(), []
    page.on("dialog", lambda dialog: (alerts.append(dialog.message), dialog.dismiss()))
    for path in ("/", "/logs"):
        frame = open_app(page, living, path)
        body = frame.locator("body")
        expect(body).to_contain_text(HOSTILE[:32])
        wide = body.evaluate("() => document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
        assert frame.locator("img").count() == 0
    expect(frame.get_by_role("switch", name=words)).to_be_visible()
    context.close()
    assert alerts == []
