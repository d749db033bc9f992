"""What the SKU doctor says of a group of SKUs that are alike, as a table."""

from dataclasses import replace

import pytest

from app.domain.skus import Item, Kind, Told, alike, examine

MUG = Item("gid://shopify/InventoryItem/1", "MUG", "Mug")
TWIN = replace(MUG, item="gid://shopify/InventoryItem/2")
LOWER = replace(TWIN, sku="mug ")
HERE = Told("MUG", warehouse="WH-1")


def kinds(items, told, **others):
    return [finding.kind for finding in examine(items, told, **others)]


@pytest.mark.parametrize(
    ("items", "told", "expected"),
    [
        pytest.param([MUG], [HERE], [], id="known on both sides"),
        pytest.param([MUG], [], [Kind.NOT_AT_WAREHOUSE], id="unknown to the warehouse"),
        pytest.param([], [HERE], [Kind.NOT_IN_SHOPIFY], id="unknown to Shopify"),
        pytest.param([replace(MUG, sku=" ")], [], [Kind.NO_SKU], id="without a SKU"),
        pytest.param([MUG, TWIN], [HERE], [Kind.DUPLICATE] * 2, id="twice"),
        pytest.param([LOWER], [HERE], [Kind.LOOKS_ALIKE], id="another case and a space"),
        pytest.param([MUG, LOWER], [HERE], [Kind.LOOKS_ALIKE], id="one of two is right"),
        pytest.param([replace(MUG, tracked=False)], [], [Kind.UNTRACKED], id="untracked"),
        pytest.param([replace(MUG, bundle=True)], [], [Kind.BUNDLE], id="bundle"),
        pytest.param([replace(MUG, sku="", bundle=True)], [], [Kind.BUNDLE], id="nameless bundle"),
        pytest.param(
            [replace(MUG, sku="", tracked=False)],
            [],
            [Kind.NO_SKU, Kind.UNTRACKED],
            id="untracked, without a SKU",
        ),
        pytest.param(
            [MUG], [HERE, Told("mug", warehouse="WH-2")], [Kind.NOT_IN_SHOPIFY], id="told otherwise"
        ),
    ],
)
def test_what_is_said(items, told, expected):
    assert kinds(items, told) == expected


def test_nothing_is_missing_before_the_warehouse_has_told_of_its_stock():
    assert kinds([MUG], [], heard=False) == []


def test_a_warehouse_may_name_the_item_itself_whatever_its_sku():
    assert kinds([MUG], [], there={MUG.item}) == []
    named = Told("OTHER", MUG.item, "WH-1")
    assert kinds([], [named], ours={MUG.item}) == []
    assert kinds([], [named]) == [Kind.NOT_IN_SHOPIFY]


def test_both_sides_of_a_resemblance_are_named_once():
    (finding,) = examine([LOWER], [HERE])
    assert (finding.sku, finding.other, finding.about) == ("mug ", "MUG", LOWER)


def test_a_stranger_names_every_warehouse_that_has_it():
    (finding,) = examine([], [Told("X", warehouse="WH-2"), Told("X", warehouse="WH-1")])
    assert finding.warehouse == "WH-1, WH-2"


def test_skus_are_alike_but_for_case_and_spaces():
    assert alike(" Ts-M ") == alike("TS - m") == "ts-m"
    assert alike("", "gid://1") != alike(" ", "gid://2")
    assert len(alike("x" * 300)) == 255
