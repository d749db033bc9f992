"""Between a desk and a phone the long tables fit as well, and what stands in them can be read."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Frame

from tests.e2e.pages.visit import Visitor

WIDTHS = (1280, 1024, 900, 768, 640)
# As high as a line, with what a badge has around it.
ONE_LINE = 24
_BADGES = """() => [...document.querySelectorAll('s-table-cell > s-badge, .tile s-badge')]
    .map((badge) => badge.getBoundingClientRect().height).filter((height) => height)"""
_REASONS = """() => [...document.querySelectorAll('.wordy')].map((cell) => cell.clientWidth)"""


@pytest.mark.parametrize("name", ["orders", "logs"])
@pytest.mark.parametrize("language", ["en", "it"])
def test_a_table_fits(visitors: dict[str, Visitor], language: str, name: str) -> None:
    for width, frame in _at_every_width(visitors[language], name):
        assert visitors[language].look(frame, "flaws") == [], width
        assert min(frame.evaluate(_REASONS)) >= 100, width


@pytest.mark.parametrize("name", ["operator", "operator weeks", "operator prepared"])
@pytest.mark.parametrize("language", ["en", "it"])
def test_what_operators_see_fits(visitors: dict[str, Visitor], language: str, name: str) -> None:
    for width, frame in _at_every_width(visitors[language], name):
        assert visitors[language].look(frame, "flaws") == [], width


@pytest.mark.parametrize("name", ["orders", "home"])
@pytest.mark.parametrize("language", ["en", "it"])
def test_a_state_stays_on_its_line(visitors: dict[str, Visitor], language: str, name: str) -> None:
    for width, frame in _at_every_width(visitors[language], name):
        visitors[language].look(frame, "flaws")
        assert 0 < max(frame.evaluate(_BADGES)) <= ONE_LINE, width


def _at_every_width(visitor: Visitor, name: str) -> Iterator[tuple[int, Frame]]:
    visitor.sit_down()
    frame = visitor.open(name)
    for width in WIDTHS:
        visitor.resize((width, 800))
        yield width, frame
