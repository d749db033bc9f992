"""What looks at pages sees: a flaw that is planted on one is found."""

import pytest
from playwright.sync_api import Frame

from tests.e2e.pages.inspection import AXE
from tests.e2e.pages.visit import Visitor

_TINY = "inline-size: 9px; white-space: nowrap"
PLANTED = {
    "px wide in": '<div style="inline-size: 2000px">wide</div>',
    "“cut off” sticks out": f'<div style="{_TINY}; overflow: hidden">cut off</div>',
    "“too long” sticks out": f'<div style="{_TINY}">too long</div>',
    "“badge” sticks out": f'<div style="{_TINY}"><s-badge>badge</s-badge></div>',
    "“upper” and": '<p>upper</p><p style="margin-block-start: -44px">lower</p>',
    "px for “A placeholder”": '<input style="inline-size: 40px" placeholder="A placeholder">',
}


def _plant(visitor: Visitor, markup: str) -> Frame:
    """Put something on Home, shown through two shadow trees, where nothing refreshes it."""
    frame = visitor.open("home")
    frame.locator("s-page").evaluate(
        "(page, markup) => page.insertAdjacentHTML('beforeend', markup)",
        f"<s-section>{markup}</s-section>",
    )
    return frame


@pytest.mark.parametrize("finding", PLANTED)
def test_a_planted_flaw_is_seen(visitor: Visitor, finding: str) -> None:
    frame = _plant(visitor, PLANTED[finding])
    found = visitor.look(frame, "flaws")
    assert [flaw for flaw in found if finding in flaw]


def test_a_planted_barrier_is_found(visitor: Visitor) -> None:
    frame = _plant(
        visitor, '<s-box><p style="color: #ccc">pale</p><input><img src="data:,"></s-box>'
    )
    frame.evaluate(AXE)
    rules = {finding.partition(":")[0] for finding in visitor.look(frame, "barriers")}
    assert {"color-contrast", "label", "image-alt"} <= rules


UNTURNED = {
    "unturned": '<div dir="ltr"><s-badge>stays</s-badge></div>',
    "backwards": "<p><bdo dir='rtl'><bdi dir='rtl'><bdo dir='rtl'>77-XS</bdo></bdi></bdo></p>",
}


@pytest.mark.parametrize("what", UNTURNED)
def test_what_does_not_turn_with_the_page_is_seen(visitor: Visitor, what: str) -> None:
    frame = _plant(visitor, UNTURNED[what])
    asked = [["77-XS"]] if what == "backwards" else []
    found = visitor.look(frame, what, *asked)
    assert [each for each in found if "stays" in each or "77-XS" in each]


def test_words_and_layout_are_measured(visitor: Visitor) -> None:
    frame = _plant(visitor, "<p>Some more words</p>")
    assert "Some more words" in visitor.look(frame, "words")
    before = visitor.look(frame, "weigh")
    frame.locator("s-page").evaluate(
        "page => page.insertAdjacentHTML('beforebegin', '<div style=\"block-size: 300px\">')"
    )
    after = visitor.look(frame, "weigh")
    assert after["shift"] > before["shift"] + 0.05
    visitor.look(frame, "stretch")
    assert "Someso moremo wordswo" in visitor.look(frame, "words")
