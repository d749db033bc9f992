"""What is still to be announced of a return that changed, as tables."""

from typing import Any

import pytest

from app.domain.returns import LATER, NOT_RESTOCKED, RESTOCKED, Coming, Told, next_id
from app.domain.returns_asked import (
    asked_for,
    ended_as_told,
    is_same,
    less_than,
    lines_of,
    more_than,
    still_coming,
)

LINE, OTHER = "line", "other"


def of(quantity: int, **ended: int) -> dict[str, dict[str, Any]]:
    """Lines that ask for some units of one order line."""
    line = {"quantity": quantity, "sku": "S", "reason": "", "units": ["u"]}
    return {LINE: line | ({"ended": ended} if ended else {})}


def test_units_of_a_line_from_two_parcels_are_one_line() -> None:
    coming = [Coming(LINE, "u1", 1), Coming(LINE, "u2", 2), Coming(LINE, "u1", 1)]
    assert lines_of(coming) == {
        LINE: {"quantity": 4, "sku": "", "reason": "", "units": ["u1", "u2"]}
    }


@pytest.mark.parametrize(
    ("announced", "now", "more", "less"),
    [
        ([], 2, 2, 0),
        ([of(2)], 2, 0, 0),
        ([of(2)], 3, 1, 0),
        ([of(2)], 1, 0, 1),
        ([of(1), of(1)], 3, 1, 0),
        ([of(1, RESTOCKED=1)], 2, 0, 0),
        ([of(0, RESTOCKED=2)], 3, 1, 0),
    ],
)
def test_what_is_announced_counts(
    announced: list[dict[str, Any]], now: int, more: int, less: int
) -> None:
    asked = asked_for(announced)
    assert sum(each["quantity"] for each in more_than(asked, of(now)).values()) == more
    assert less_than(asked, of(now)) == less
    assert less_than(asked, {}) == sum(asked.values())


@pytest.mark.parametrize(
    ("quantity", "asked", "ended", "left", "noted"),
    [
        (2, 0, {}, 2, {}),
        (2, 0, {RESTOCKED: 2}, 0, {RESTOCKED: 2}),
        (3, 0, {LATER: 1, NOT_RESTOCKED: 1}, 1, {NOT_RESTOCKED: 1, LATER: 1}),
        # The warehouse has told of the units that were announced first.
        (1, 2, {RESTOCKED: 2}, 1, {}),
        (1, 2, {RESTOCKED: 3}, 0, {RESTOCKED: 1}),
        (1, 0, {RESTOCKED: 5}, 0, {RESTOCKED: 1}),
    ],
)
def test_what_has_its_end_is_left_out(
    quantity: int, asked: int, ended: dict[str, int], left: int, noted: dict[str, int]
) -> None:
    found = still_coming(of(quantity), {LINE: asked}, {LINE: ended})
    assert (found[LINE]["quantity"], found[LINE]["ended"]) == (left, noted)
    again = still_coming(found, {LINE: asked}, {LINE: ended})
    assert again == found, "looked at once more it is the same"
    assert is_same(found, of(quantity))


def test_what_ended_before_counts_as_told() -> None:
    lines = of(1, RESTOCKED=1, NOT_RESTOCKED=2, MISSING=1)
    assert ended_as_told(lines) == [Told(LINE, "restock", 1), Told(LINE, "scrap", 2)]
    assert ended_as_told(of(1)) == []


@pytest.mark.parametrize(
    ("taken", "free"), [([], "r"), (["r"], "r#2"), (["r", "r#2"], "r#3"), (["r#4"], "r#5")]
)
def test_each_part_has_an_id_of_its_own(taken: list[str], free: str) -> None:
    assert next_id("r", taken) == free
