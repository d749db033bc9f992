"""Choices of where orders go that can't be read any more send nothing anywhere."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.domain.facts import Facts
from app.domain.settings import Settings
from app.domain.settings_spoilt import UNREADABLE
from app.domain.situation import Situation

MILANO, ROMA = "gid://shopify/Location/1", "gid://shopify/Location/2"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def _situation(stored: Any) -> Situation:
    settings = Settings.from_stored({"locations": stored, "archive": True})
    assert settings.archive
    assert UNREADABLE in settings.locations
    return Situation(
        facts=Facts.from_json({}),
        now=NOW,
        first_seen_at=NOW,
        default_warehouse="WH",
        shop_locations=frozenset({MILANO, ROMA}),
        settings=settings,
    )


@pytest.mark.parametrize("stored", [None, [], "WH", 5, {"Milano": "WH"}, {MILANO: 5}, {MILANO: ""}])
def test_nothing_goes_to_the_default_warehouse(stored: Any) -> None:
    at = _situation(stored)
    assert at.warehouse_for(MILANO) is None
    assert at.is_unmapped(MILANO)


def test_choices_that_are_fit_stay() -> None:
    at = _situation({MILANO: "WH-2", ROMA: ["WH"]})
    assert at.warehouse_for(MILANO) == "WH-2"
    assert at.is_unmapped(ROMA)


def test_the_mark_stays_until_it_is_taken_away() -> None:
    spoilt = Settings.from_stored({"locations": "WH"})
    assert Settings.from_stored(spoilt.to_stored()) == spoilt
