"""Text from orders and from the warehouse is text: it neither runs nor breaks a page."""

import pytest
from playwright.sync_api import Frame, expect

from tests.e2e.admin import Dialog
from tests.e2e.pages.hostile_words import (
    HOSTILE_GOODS,
    HOSTILE_LABEL,
    HOSTILE_NAME,
    HOSTILE_PLACE,
    HOSTILE_SKU,
    LONG_TEXT,
    LONG_WORD,
)
from tests.e2e.pages.inspection import flaws
from tests.e2e.pages.visit import Visitor

SHOWN = {
    "home": [HOSTILE_LABEL],
    "orders": [HOSTILE_NAME, HOSTILE_SKU, LONG_WORD, LONG_TEXT[:400]],
    "hostile": [HOSTILE_NAME, HOSTILE_SKU, HOSTILE_PLACE],
    "long": [LONG_WORD],
    "long_title": [LONG_TEXT],
    "long_answer": [LONG_TEXT[:400]],
    "errors logged": [HOSTILE_NAME, HOSTILE_SKU, LONG_WORD, LONG_TEXT[:400]],
    "settings": [HOSTILE_LABEL],
    "locations": [HOSTILE_PLACE],
    "setup 2": [HOSTILE_PLACE],
    "SKU doctor": [HOSTILE_SKU, HOSTILE_NAME, LONG_WORD, LONG_TEXT[:200]],
    "stock differences": [HOSTILE_GOODS, HOSTILE_LABEL, HOSTILE_PLACE],
    "stock": [HOSTILE_GOODS, HOSTILE_PLACE],
    "drift report": [f"{HOSTILE_NAME} 4"],
    "shipped": [HOSTILE_LABEL, LONG_WORD],
    "returned": [f"{HOSTILE_NAME} 3", HOSTILE_GOODS, HOSTILE_LABEL],
    "lost": [f"{HOSTILE_NAME} 4"],
    "fulfilment": [HOSTILE_LABEL, LONG_WORD, LONG_TEXT[:300]],
    "defaults": [HOSTILE_LABEL, LONG_WORD],
}
# What stands in one part of a page, so that nothing else there can stand for it.
PARTS = {
    ("logs", "#given-up"): HOSTILE_NAME,
    ("shipped", "[data-part=shipments]"): HOSTILE_LABEL,
    ("returned", "[data-part=returns]"): HOSTILE_GOODS,
}
BLOCKS = {"hostile": HOSTILE_SKU, "long": LONG_WORD, "long_title": LONG_TEXT[:400]}


def _expect_text(visitor: Visitor, frame: Frame, wanted: list[str]) -> None:
    """Each is there word for word, and none of it became an element."""
    words = " ".join(visitor.look(frame, "words").split())
    for text in wanted:
        assert " ".join(text.split()) in words
    assert frame.locator("img, script:not([src]):not([type])").count() == 0
    assert frame.locator("#broken").count() == 0


@pytest.mark.parametrize("name", SHOWN)
def test_on_a_page(visitor: Visitor, name: str) -> None:
    frame = visitor.open(name)
    _expect_text(visitor, frame, SHOWN[name])
    assert flaws(visitor, frame) == []


@pytest.mark.parametrize(("name", "part"), PARTS)
def test_in_a_part_of_a_page(visitor: Visitor, name: str, part: str) -> None:
    words = visitor.open(name).locator(part).inner_text()
    assert PARTS[name, part] in words


def test_in_the_warehouses_own_lines(visitor: Visitor) -> None:
    frame = visitor.open("errors logged")
    for line in frame.locator("details[data-load] > summary").all():
        line.click()
    for place in frame.locator("[data-loaded]").all():
        expect(place).not_to_be_empty()
    _expect_text(visitor, frame, [HOSTILE_NAME, LONG_WORD])
    assert flaws(visitor, frame) == []


def test_in_what_was_sent_and_answered(visitor: Visitor) -> None:
    frame = visitor.open("hostile")
    for part in frame.locator("details > summary").all():
        part.click()
    for place in frame.locator("[data-loaded]").all():
        expect(place).not_to_be_empty()
    _expect_text(visitor, frame, [HOSTILE_NAME, LONG_TEXT[:400]])
    assert flaws(visitor, frame) == []


@pytest.mark.parametrize("name", BLOCKS)
def test_on_the_admins_order_page(visitor: Visitor, name: str) -> None:
    frame = visitor.open_order(name)
    _expect_text(visitor, frame, [BLOCKS[name]])
    assert flaws(visitor, frame) == []


def test_in_the_dialog_that_sends(visitor: Visitor) -> None:
    visitor.open_order("long_title")
    visitor.page.locator("#more-actions > button").click()
    visitor.page.get_by_role("menuitem", name="Send to WMS").click()
    dialog = Dialog(visitor.page)
    dialog.press("Send")
    dialog.says("Skipped 1.")
    frame = visitor.frame("dialog iframe")
    _expect_text(visitor, frame, [LONG_TEXT])
    assert flaws(visitor, frame) == []
