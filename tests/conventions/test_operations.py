"""Every document sent to Shopify is valid against the real schema, within the app's scopes."""

import itertools
import tomllib
from functools import cache
from pathlib import Path

import pytest
from graphql import TypeInfo, TypeInfoVisitor, Visitor, get_named_type, validate, visit

from app.shopify import documents
from app.shopify.cost import estimate
from app.shopify.documents import Document, TagShape, load, operation_of, tag_document
from app.shopify.tags import MOST_TAGGED
from app.shopify.tokens import SCOPES
from sandbox.shopify import cost
from sandbox.shopify.schema_access import access_rules
from sandbox.shopify.schema_build import full_introspection, full_schema

ROOT = Path(__file__).parents[2]
NAMES = sorted(path.stem for path in documents.OPERATIONS.glob("*.graphql"))
SHAPES = [TagShape(add=True, remove=True), TagShape(True, False), TagShape(False, True)]


@cache
def rules() -> dict[str, dict[str, dict[str, list[str]]]]:
    """Return which scopes open each type and field of the whole schema."""
    return access_rules(full_introspection())


# Sent only to shops that granted this optional scope.
WITH_OPTIONAL_SCOPE = {
    **dict.fromkeys(("read_levels", "set_quantities", "stock_item"), "write_inventory"),
    "list_variants_at": "write_inventory",
    "read_payment_terms": "read_payment_terms",
    **dict.fromkeys(("read_returns", "read_further_returns", "read_return_lines"), "write_returns"),
    **dict.fromkeys(("read_returned_goods", "dispose_returned_goods"), "write_returns"),
    **dict.fromkeys(("read_reverse_orders", "read_reverse_order_lines"), "write_returns"),
}


def granted(name: str) -> frozenset[str]:
    """Return the scopes there are when an operation is sent; writing includes reading."""
    access = tomllib.loads((ROOT / "shopify.app.toml").read_text("utf-8"))["access_scopes"]
    optional = {WITH_OPTIONAL_SCOPE.get(name)} & set(access["optional_scopes"])
    asked = frozenset(access["scopes"].split(",")) | optional
    return asked | {scope.replace("write_", "read_", 1) for scope in asked}


def errors_of(document: Document) -> list[str]:
    return [str(error) for error in validate(full_schema(), document.node)]


class Touched(Visitor):
    """Collects the types and ``Type.field`` names that a document reads."""

    def __init__(self, info: TypeInfo) -> None:
        super().__init__()
        self.info = info
        self.types: set[str] = set()
        self.fields: set[str] = set()

    def enter_field(self, node, *_):
        parent, kind = self.info.get_parent_type(), self.info.get_type()
        self.fields.add(f"{parent.name}.{node.name.value}")
        self.types |= {parent.name, get_named_type(kind).name}


def missing_scopes(document: Document) -> list[str]:
    info = TypeInfo(full_schema())
    touched = Touched(info)
    visit(document.node, TypeInfoVisitor(info, touched))
    needs = [("types", name) for name in touched.types]
    needs += [("fields", name) for name in touched.fields]
    return [
        f"{name} needs one of {rules()[kind][name]['any']}"
        for kind, name in needs
        if name in rules()[kind] and not granted(document.name) & set(rules()[kind][name]["any"])
    ]


@pytest.mark.parametrize("name", NAMES)
def test_operation_is_valid_against_the_whole_schema(name):
    assert errors_of(load(name)) == []


@pytest.mark.parametrize("name", NAMES)
def test_operation_keeps_within_the_scopes_of_shopify_app_toml(name):
    assert missing_scopes(load(name)) == []


def test_a_field_outside_the_scopes_would_be_found():
    document = documents._complete(
        "x", documents.parse("{ giftCards(first: 1) { nodes { id } } }").definitions
    )
    assert missing_scopes(document)


def test_the_app_asks_for_the_scopes_of_shopify_app_toml():
    assert set(SCOPES) == {scope for scope in granted("") if scope in SCOPES}
    settings = tomllib.loads((ROOT / "shopify.app.toml").read_text("utf-8"))
    assert settings["access_scopes"]["scopes"].split(",") == list(SCOPES)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_tag_documents_of_every_shape_are_valid(size):
    for shapes in itertools.product(SHAPES, repeat=size):
        assert errors_of(tag_document(shapes)) == []


def test_the_largest_tag_document_is_valid_and_within_the_limit():
    document = tag_document((SHAPES[0],) * MOST_TAGGED)
    assert errors_of(document) == []
    assert priced(document, {}) == 20 * MOST_TAGGED


@pytest.mark.parametrize("name", NAMES)
def test_operation_stays_below_the_largest_query_and_its_cost_is_guessed(name):
    variables = {"first": 50, "ids": ["gid://shopify/Order/1"] * 10}
    points = priced(load(name), variables)
    assert 0 < points < cost.SINGLE_QUERY_LIMIT
    assert estimate(load(name), variables) == pytest.approx(points, rel=0.05)


# Asked for by at most as many ids or keys as a page has, or meant to bring the first ones only.
BOUNDED = {
    ("read_orders", "orders"),
    ("compare_orders", "orders"),
    ("read_metafields", "metafields"),
    ("last_orders", "orders"),
    ("read_fulfillment", "events"),
}


class Unpaged(Visitor):
    """Collects the connections of which a document reads one page, and not whether it is all."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_field(self, node, *_):
        if any(argument.name.value in ("first", "last") for argument in node.arguments or ()):
            inner = {each.name.value: each for each in node.selection_set.selections}
            info = inner["pageInfo"].selection_set.selections if "pageInfo" in inner else ()
            if {"hasNextPage", "endCursor"} - {each.name.value for each in info}:
                self.names.add(node.name.value)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_behind_the_first_page_is_lost(name):
    unpaged = Unpaged()
    visit(load(name).node, unpaged)
    assert {(name, each) for each in unpaged.names} <= BOUNDED


def priced(document: Document, variables: dict[str, object]) -> int:
    tree = cost.compile_cost(full_schema(), document.node, operation_of(document.node))
    return cost.requested(tree, variables)


def test_fragments_are_all_used():
    used = {node.name.value for name in NAMES for node in load(name).node.definitions if node.name}
    assert set(documents._fragments()) <= used
