"""What of a return Shopify is still to be told, as tables."""

import pytest

from app.domain.returns import (
    LATER,
    NOT_RESTOCKED,
    RESTOCKED,
    Coming,
    Goods,
    Told,
    came,
    due,
    ends,
    external_id,
    news,
    odd,
    one_call,
    parts_of,
)

LINE, UNIT = "line", "unit"


def told(**ends_of: int) -> list[Told]:
    """What a WMS told of the line, by disposition."""
    return [Told(LINE, disposition, number) for disposition, number in ends_of.items()]


@pytest.mark.parametrize(
    ("came_so", "done", "wanted", "beyond"),
    [
        ({"restock": 2}, {}, {RESTOCKED: 2}, 0),
        ({"restock": 1, "scrap": 1}, {}, {RESTOCKED: 1, NOT_RESTOCKED: 1}, 0),
        ({"quarantine": 3}, {}, {LATER: 3}, 0),
        ({"restock": 2}, {RESTOCKED: 2}, {}, 0),
        ({"restock": 2}, {RESTOCKED: 1}, {RESTOCKED: 1}, 0),
        # Set aside, then back on the shelf.
        ({"restock": 1}, {LATER: 1}, {RESTOCKED: 1}, 0),
        ({"quarantine": 1}, {RESTOCKED: 1}, {}, 0),
        ({"quarantine": 2, "restock": 1}, {LATER: 2}, {RESTOCKED: 1}, 0),
        # A person gave them another end, or too many came.
        ({"restock": 3}, {NOT_RESTOCKED: 3}, {}, 3),
        ({"restock": 5}, {}, {RESTOCKED: 3}, 2),
        ({"restock": 2, "scrap": 2}, {}, {RESTOCKED: 2, NOT_RESTOCKED: 1}, 1),
        ({"refurbish": 1}, {}, {}, 0),
        ({}, {}, {}, 0),
    ],
)
def test_only_what_shopify_lacks_is_due(
    came_so: dict[str, int], done: dict[str, int], wanted: dict[str, int], beyond: int
) -> None:
    goods = Goods("goods", "reverse", UNIT, 3, done)
    found = due(told(**came_so), {LINE: [UNIT]}, [goods])
    assert {each.kind: each.quantity for each in found.disposals} == wanted
    assert sum(found.beyond.values()) == beyond


def test_units_of_a_line_shipped_in_two_parcels_are_found_in_both() -> None:
    goods = [Goods("a", "r", "u1", 1), Goods("b", "r", "u2", 2), Goods("c", "r", "u3", 9)]
    found = due(told(restock=3), {LINE: ["u1", "u2"]}, goods)
    assert [(each.goods, each.quantity) for each in found.disposals] == [("a", 1), ("b", 2)]
    assert not found.beyond


def test_a_call_names_no_line_twice_and_one_reverse_fulfillment_order() -> None:
    goods = [Goods("a", "r1", "u1", 2), Goods("b", "r2", "u2", 1)]
    found = due(told(restock=2, scrap=1), {LINE: ["u1", "u2"]}, goods)
    first = one_call(found.disposals)
    assert [(each.goods, each.kind, each.quantity) for each in first] == [("a", RESTOCKED, 2)]


def test_what_makes_no_sense_is_named() -> None:
    strange = [Told("other", "restock", 1), Told(LINE, "sold", 2), Told(LINE, "scrap", 4)]
    assert odd(strange, {LINE: 3}) == [
        "1 unit of a line that is not in it",
        "2 units with “sold”",
        "1 unit more than announced",
    ]
    assert odd(told(restock=3), {LINE: 3}) == []


def test_each_shipper_has_a_part_and_an_id_of_its_own() -> None:
    coming = [Coming(LINE, "u1", 1), Coming(LINE, "u2", 1), Coming("l2", "u3", 1)]
    parts = parts_of(coming, {"u1": 7, "u2": 3, "u3": None})
    assert [part.shipper for part in parts] == [3, 7, None]
    assert [external_id("gid", at) for at in range(3)] == ["gid", "gid#2", "gid#3"]


def test_what_became_of_them_is_said_in_words() -> None:
    goods = [Goods("a", "r", UNIT, 3, {RESTOCKED: 2, LATER: 1}), Goods("b", "r", "else", 1, {})]
    now = ends(goods, {LINE: [UNIT]})
    assert now == {LINE: {RESTOCKED: 2, LATER: 1}}
    assert news({LINE: {RESTOCKED: 1}}, now) == "1 unit restocked, 1 unit set aside"
    assert news(now, now) == ""
    assert came(told(restock=1, scrap=2)) == "1 unit restocked, 2 units scrapped"
