"""What opens upon a page keeps nobody out either, and the bars of Home can be told from paper."""

from playwright.sync_api import Frame, expect

from tests.e2e.admin import SEND, Dialog
from tests.e2e.pages.inspection import barriers
from tests.e2e.pages.visit import DESK, Visitor

LEAST_CONTRAST = 3.0


def _dialog(visitor: Visitor) -> Dialog:
    visitor.open_order("no_sku")
    visitor.page.locator("#more-actions > button").click()
    visitor.page.get_by_role("menuitem", name=SEND).click()
    return Dialog(visitor.page)


def test_the_dialog_that_sends(visitor: Visitor) -> None:
    dialog = _dialog(visitor)
    expect(dialog.button("Send")).to_be_enabled()
    assert barriers(visitor, visitor.frame("dialog iframe"), part=True) == []
    visitor.resize(DESK)
    dialog.press("Send")
    dialog.says("Skipped 1.")
    assert barriers(visitor, visitor.frame("dialog iframe"), part=True) == []


def test_the_card_on_an_orders_page(visitor: Visitor) -> None:
    for name in ("error", "synced", "no_sku"):
        assert barriers(visitor, visitor.open_order(name), part=True) == [], name


def test_a_question_before_what_can_not_be_undone(visitor: Visitor) -> None:
    frame: Frame = visitor.open("data")
    frame.get_by_role("button", name="Disconnect").first.click()
    expect(frame.get_by_role("dialog")).to_be_visible()
    assert barriers(visitor, frame) == []


def test_bars_stand_out(visitor: Visitor) -> None:
    found = visitor.look(visitor.open("home"), "bars")
    assert len(found) > 3
    assert min(found) >= LEAST_CONTRAST
