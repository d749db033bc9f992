"""The figures of stock: held against Shopify's own inventory, not against what the app believes."""

from typing import Any

from bench import stock
from bench.stock import BAD, GOOD, Ended
from bench.stock_truth import Edits, edits, last_set, right, told_of


def entry(sku: str, source: str, before: int, after: int, at: float = 0.0) -> dict[str, Any]:
    told = {"before": {"available": before}, "after": {"available": after}}
    return {"sku": sku, "source": source, "at": at, **told}


def ends(**changed: Any) -> list[bool | None]:
    """Whether each of the last figures is met, of a run that differs so from a good one."""
    edited = Edits(frozenset({"A-1", "A-2"}), frozenset())
    good = {"right": (GOOD, GOOD), "edits": edited, "points": 90, "told": 2, "named": BAD}
    return [line.met for line in stock._ends(Ended(**{**good, **changed}))]


def test_a_quantity_is_right_where_shopify_has_it() -> None:
    levels = [{"sku": "A-1", "available": 20}, {"sku": "A-2", "available": 10}]
    assert right(levels, {"A-1": 20, "A-2": 20, "A-3": 20}) == 1
    assert right(levels, {"A-1": 20, "A-2": 10}) == 2


def test_edits_are_told_by_what_was_there_before() -> None:
    entries = [
        entry("A-1", "admin", 10, 7),
        entry("A-1", "app", 7, 20),
        entry("A-2", "app", 10, 20),
        entry("A-2", "admin", 20, 7),
        {**entry("A-3", "admin", 10, 7), "before": {"incoming": 1}},
    ]
    assert edits(entries, 10) == Edits(frozenset({"A-1"}), frozenset({"A-2"}))


def test_the_last_setting_is_the_apps_own() -> None:
    entries = [entry("A-1", "app", 10, 20, at=5.0), entry("A-2", "admin", 10, 7, at=9.0)]
    assert last_set(entries) == 5.0
    assert last_set([]) == 0.0


def test_what_the_log_tells_is_counted() -> None:
    one = "A-1 was changed in Shopify from 10 to 7 meanwhile. It was set to 20."
    more = "195 more quantities were changed in Shopify meanwhile. They were set, too."
    assert told_of([one, one, more]) == 197


def test_every_end_is_demanded() -> None:
    assert ends() == [True, True, True]
    assert ends(right=(GOOD, GOOD - 1)) == [False, True, True]
    assert ends(right=(GOOD - 1, GOOD)) == [False, True, True]
    assert ends(told=1) == [True, False, True]
    assert ends(edits=Edits(frozenset(), frozenset()), told=0) == [True, False, True]
    assert ends(named=BAD - 1) == [True, True, False]
