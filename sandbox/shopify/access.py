"""Which fields of a document a token may not read."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLSchema,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    visit,
)

RULES: dict[str, Any] = json.loads((Path(__file__).parent / "scopes.json").read_text("utf-8"))
PROTECTED = frozenset(RULES["protected"])
TAGGABLE = {
    "Order": "write_orders",
    "Customer": "write_customers",
    "Product": "write_products",
    "DraftOrder": "write_draft_orders",
}


@dataclass(frozen=True, slots=True)
class Need:
    """A field of a document that needs one of some scopes."""

    parent: str
    field: str
    scopes: frozenset[str]
    text: str


def needs_of(schema: GraphQLSchema, document: DocumentNode) -> tuple[Need, ...]:
    """Return every field of a document that needs a scope, by its own or its type's rule."""
    visitor = _Needs(schema)
    visit(document, TypeInfoVisitor(visitor.info, visitor))
    return tuple(visitor.found)


def denied(needs: Iterable[Need], scopes: frozenset[str]) -> dict[tuple[str, str], str]:
    """Return ``{(type, field): required access}`` of what the scopes do not open."""
    return {(one.parent, one.field): one.text for one in needs if not one.scopes & scopes}


class _Needs(Visitor):
    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.info, self.schema = TypeInfo(schema), schema
        self.found: dict[Need, None] = {}

    def enter_field(self, node: FieldNode, *_: object) -> None:
        parent, definition = self.info.get_parent_type(), self.info.get_field_def()
        if parent is None or definition is None or node.name.value.startswith("__"):
            return
        name = node.name.value
        result = self._row_type(get_named_type(definition.type).name)
        own = RULES["fields"].get(f"{parent.name}.{name}")
        for rule in (own, RULES["types"].get(result)):
            if rule:
                self.found[Need(parent.name, name, frozenset(rule["any"]), rule["text"])] = None

    def _row_type(self, name: str) -> str:
        """Return the type of a connection's rows, so that the connection itself is refused."""
        return name.removesuffix("Connection") if name.endswith("Connection") else name
