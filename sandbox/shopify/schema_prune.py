"""Cuts Shopify's introspection down to what a set of operations can touch.

Every type an operation touches keeps all fields that return scalars, enums or other touched types,
so that a new field of a known type needs no new schema; the two root types keep only fields used.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    InlineFragmentNode,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    is_composite_type,
    visit,
)

Json = dict[str, Any]

ROOTS = ("QueryRoot", "Mutation")
COMPOSITE = ("OBJECT", "INTERFACE", "UNION")
BUILT_IN = ("String", "Boolean", "Int", "Float", "ID")


def prune(introspection: Json, schema: GraphQLSchema, documents: Iterable[DocumentNode]) -> Json:
    """Return an introspection holding only what the documents' types need."""
    types = {item["name"]: item for item in introspection["__schema"]["types"]}
    used = _Used(schema)
    for document in documents:
        visit(document, TypeInfoVisitor(used.info, used))
    kept = [_cut(types[name], used) for name in sorted(used.touched)]
    named = set(_inputs_and_leaves(kept, types)) | set(BUILT_IN)
    kept += [types[name] for name in sorted(named - used.touched) if not name.startswith("__")]
    return {"__schema": introspection["__schema"] | _roots() | {"types": _with_meta(kept, types)}}


def base(reference: Json) -> str:
    """Return the name inside lists and non-nulls of an introspected type reference."""
    while reference.get("ofType"):
        reference = reference["ofType"]
    return str(reference["name"])


def _roots() -> Json:
    return {
        "queryType": {"name": "QueryRoot"},
        "mutationType": {"name": "Mutation"},
        "subscriptionType": None,
    }


def _with_meta(kept: list[Json], types: dict[str, Json]) -> list[Json]:
    return kept + [item for name, item in types.items() if name.startswith("__")]


class _Used(Visitor):
    """Collects the composite types that documents pass through and the root fields they use."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.info = TypeInfo(schema)
        self.touched: set[str] = set(ROOTS)
        self.root_fields: set[tuple[str, str]] = set()

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, result = self.info.get_parent_type(), get_named_type(self.info.get_type())
        if parent is None:
            return
        self.touched.add(parent.name)
        if is_composite_type(result):
            self.touched.add(result.name)
        if parent.name in ROOTS:
            self.root_fields.add((parent.name, node.name.value))

    def enter_inline_fragment(self, node: InlineFragmentNode, *_: object) -> None:
        if node.type_condition:
            self.touched.add(node.type_condition.name.value)

    def enter_fragment_definition(self, node: FragmentDefinitionNode, *_: object) -> None:
        self.touched.add(node.type_condition.name.value)


def _cut(item: Json, used: _Used) -> Json:
    cut = dict(item)
    if item["kind"] != "UNION":
        cut["fields"] = [field for field in item["fields"] if _wanted(item["name"], field, used)]
        cut["interfaces"] = [one for one in item["interfaces"] or () if one["name"] in used.touched]
    if item["possibleTypes"]:
        cut["possibleTypes"] = [one for one in item["possibleTypes"] if one["name"] in used.touched]
    return cut


def _wanted(owner: str, field: Json, used: _Used) -> bool:
    if owner in ROOTS:
        return (owner, field["name"]) in used.root_fields
    kind = _innermost(field["type"])
    return kind["kind"] not in COMPOSITE or kind["name"] in used.touched


def _innermost(reference: Json) -> Json:
    while reference.get("ofType"):
        reference = reference["ofType"]
    return reference


def _inputs_and_leaves(kept: list[Json], types: dict[str, Json]) -> set[str]:
    found: set[str] = set()
    waiting = [name for item in kept for name in _references(item)]
    while waiting:
        name = waiting.pop()
        if name in found or types[name]["kind"] in COMPOSITE:
            continue
        found.add(name)
        waiting += [base(field["type"]) for field in types[name].get("inputFields") or ()]
    return found


def _references(item: Json) -> Iterator[str]:
    for field in item.get("fields") or ():
        yield base(field["type"])
        for argument in field["args"]:
            yield base(argument["type"])
