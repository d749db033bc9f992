"""What one person changed is laid over what others changed meanwhile."""

from typing import Any

import pytest

from app.domain.settings_merge import merged


@pytest.mark.parametrize(
    ("read", "typed", "present", "wanted"),
    [
        # What was not touched stays as it is by now; what was is taken.
        (False, False, True, True),
        (0, 7, 5, 7),
        ({}, {}, {"a": "WH"}, {"a": "WH"}),
        # Entries are changes of their own: added, changed, taken away.
        ({}, {"b": "x"}, {"a": "WH"}, {"a": "WH", "b": "x"}),
        ({"a": "1", "b": "1"}, {"a": "2", "b": "1"}, {"a": "1", "b": "3"}, {"a": "2", "b": "3"}),
        ({"a": "1", "b": "1"}, {"b": "1"}, {"a": "9", "b": "1", "c": "1"}, {"b": "1", "c": "1"}),
        ({"a": "1"}, {"a": "1", "b": "2"}, {}, {"b": "2"}),
        # So are the items of a list, and their order is none.
        (["zip"], ["zip", "note"], ["zip", "name"], ["zip", "name", "note"]),
        (["zip", "note"], ["note"], ["zip", "note", "name"], ["note", "name"]),
        (["zip", "note"], ["note", "zip"], ["zip"], ["zip"]),
        # Fields within a setting, such as those of the alerts.
        (
            {"emails": ["a"], "errors": 1},
            {"emails": ["a"], "errors": 3},
            {"emails": ["a", "b"], "errors": 1},
            {"emails": ["a", "b"], "errors": 3},
        ),
        # What is of another kind is not mended here.
        (["zip"], "zip", ["zip", "name"], "zip"),
        ({}, [], {}, []),
        ([], [1] * 300, [2], [1] * 300),
    ],
)
def test_only_what_differs_from_what_was_read_is_changed(
    read: Any, typed: Any, present: Any, wanted: Any
) -> None:
    assert merged({"key": read}, {"key": typed}, {"key": present}) == {"key": wanted}


def test_a_key_that_was_not_read_is_taken_as_typed() -> None:
    assert merged({}, {"a": 1}, {"a": 2}) == {"a": 1}
    assert merged({"b": 1}, {"b": 1}, {}) == {"b": 1}
    assert merged({"a": 1}, {}, {"a": 2}) == {}
