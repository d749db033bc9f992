"""What stock counts for, and what of it orders keep."""

from collections import Counter

import pytest

from app.domain import stock
from app.domain.facts import Facts, LineFacts, PartFacts
from app.domain.settings import Settings
from app.domain.stock import Item, Line, Match, Sent
from app.wms.feeds import FeedPage
from app.wms.inventory import stock_in

A, B = "gid://shopify/Location/1", "gid://shopify/Location/2"
ITEM = "gid://shopify/InventoryItem/7"


@pytest.mark.parametrize(
    ("locations", "chosen", "active", "counted"),
    [
        ({A: "WH", B: "ROMA"}, {}, [A, B], {"WH": A, "ROMA": B}),
        ({A: "WH", B: "WH"}, {}, [A, B], {}),
        ({A: "WH", B: "WH"}, {"WH": B}, [A, B], {"WH": B}),
        ({A: "WH", B: "WH"}, {"WH": None}, [A, B], {}),
        ({A: "WH", B: "WH"}, {}, [B], {"WH": B}),
        ({A: "WH"}, {"ROMA": A}, [A, B], {"WH": A, "ROMA": A}),
        ({A: "WH"}, {"WH": B}, [A], {}),
        ({}, {}, [A], {"WH": A}),
        ({}, {}, [A, B], {}),
        ({B: None}, {}, [A, B], {"WH": A}),
        ({A: None}, {}, [A], {}),
        ({B: "ROMA"}, {}, [A, B], {"ROMA": B}),
    ],
)
def test_each_warehouse_counts_for_one_location(
    locations: dict[str, str | None],
    chosen: dict[str, str | None],
    active: list[str],
    counted: dict[str, str],
) -> None:
    settings = Settings(locations=locations, stock_locations=chosen)
    assert stock.counting(settings, ["WH", "ROMA"], "WH", active) == counted


@pytest.mark.parametrize(
    ("candidates", "matched"),
    [
        ([Item(ITEM, "CUP")], Match(ITEM, A)),
        ([], Match(reason="sku-unknown")),
        ([Item(ITEM, "CUP"), Item("2", "CUP")], Match(reason="duplicate-sku")),
        ([Item(ITEM, "CUP", tracked=False)], Match(reason="untracked")),
        ([Item(ITEM, "CUP", tracked=False, bundle=True)], Match(reason="bundle")),
    ],
)
def test_what_a_line_counts_for(candidates: list[Item], matched: Match) -> None:
    assert stock.match(Line("CUP", "", "WH"), candidates, {"WH": A}) == matched


def test_a_warehouse_without_a_location() -> None:
    matched = stock.match(Line("CUP", "", "WH"), [Item(ITEM, "CUP")], {})
    assert matched == Match(reason="no-location")


def line(name: str, **more: str) -> LineFacts:
    return LineFacts(name, name, more.get("sku", ""), False, True, item=more.get("item", ""))


def part(location: str, **lines: int) -> PartFacts:
    return PartFacts(f"{location}/part", "OPEN", location, "", "SHIPPING", [], dict(lines))


FACTS = Facts(
    lines=[line("one", item=ITEM), line("two", sku="JAR"), line("tip")],
    parts=[part(A, one=3, two=1, tip=1), part(B, one=2)],
)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ([], {(A, ITEM): 3, (A, "sku:JAR"): 1, (B, ITEM): 2}),
        ([Sent(A, {"one": 3, "two": 1})], {(B, ITEM): 2}),
        (
            [Sent(A, {"one": 1}), Sent(A, {"one": 1})],
            {(A, ITEM): 1, (A, "sku:JAR"): 1, (B, ITEM): 2},
        ),
        ([Sent(A, {"one": 9, "two": 1}), Sent(B, {"one": 2})], {}),
    ],
)
def test_what_an_order_keeps_that_the_warehouse_does_not_know(
    sent: list[Sent], kept: dict[stock.Place, int]
) -> None:
    assert stock.unsent(FACTS, sent) == Counter(kept)


@pytest.mark.parametrize("over", [{"cancelled": True}, {"closed": True}])
def test_an_order_that_is_over_keeps_nothing(over: dict[str, bool]) -> None:
    facts = Facts(lines=FACTS.lines, parts=FACTS.parts, **over)
    assert stock.unsent(facts, []) == Counter()


@pytest.mark.parametrize("reason", stock.REASONS)
def test_every_reason_has_words(reason: str) -> None:
    assert stock.in_words(reason, "CUP", "Shopify's words.").startswith("CUP ")


@pytest.mark.parametrize(
    "item",
    [
        "no object",
        {"available": 1, "version": 1},
        {"sku": "CUP", "version": 1},
        {"sku": "CUP", "available": "many", "version": 1},
        {"sku": "CUP", "available": 1},
        {"sku": "CUP", "available": 1, "version": -1},
        {"sku": "CUP", "available": 10**10, "version": 1},
        {"sku": "C" * 300, "available": 1, "version": 1},
        {"sku": "CUP", "available": 1, "version": 1, "inventory_item_id": "gid://other/1"},
    ],
)
def test_lines_that_make_no_sense_are_named(item: object) -> None:
    good = {"sku": " JAR ", "available": -2, "version": 3, "inventory_item_id": 7, "new": 1}
    lines, senseless = stock_in(FeedPage(items=[item, good]))
    assert [(each.sku, each.available, each.inventory_item_id) for each in lines] == [
        ("JAR", -2, ITEM)
    ]
    assert len(senseless) == 1


@pytest.mark.parametrize("moment", ["2026-11-22T10:00:00Z", "soon", None, 5])
def test_a_moment_that_makes_no_sense_is_none(moment: object) -> None:
    page = FeedPage(items=[{"sku": "CUP", "available": 1, "version": 1, "as_of": moment}])
    lines, senseless = stock_in(page)
    assert (lines[0].as_of is not None, senseless) == (moment == "2026-11-22T10:00:00Z", [])
