"""What a document costs in Shopify's points before it runs: reckoned first, learned afterwards.

The rules are Shopify's published ones (object 1, scalar 0, mutation 10, a connection grows with the
logarithm of its size). The schema is not at hand here, so what is a connection and what is free is
told from the document and from names; the first answer brings the true figure, which is kept.
"""

import math
from collections.abc import Mapping, Sequence

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    SelectionSetNode,
    VariableNode,
)

from app.shopify.documents import Document, operation_of

_MUTATION = 10.0
_FREE = frozenset(
    {"nodes", "edges", "pageInfo", "userErrors", "shopMoney", "presentmentMoney"}
    | {"customAttributes", "taxLines"}
)
_FREE_ENDINGS = ("Set", "Address")
_learned: dict[tuple[str, int], float] = {}


def requested_cost(document: Document, variables: Mapping[str, object]) -> float:
    """Return the points Shopify will take for the document with these variables."""
    known = _learned.get(_key(document, variables))
    return known if known is not None else estimate(document, variables)


def learn(document: Document, variables: Mapping[str, object], requested: float) -> None:
    """Keep the requested cost that an answer stated."""
    _learned[_key(document, variables)] = requested


def estimate(document: Document, variables: Mapping[str, object]) -> float:
    """Return the cost as far as it can be told without the schema."""
    operation = operation_of(document.node)
    if document.is_mutation:
        return _MUTATION * len(operation.selection_set.selections)
    fragments = {
        node.name.value: node.selection_set
        for node in document.node.definitions
        if isinstance(node, FragmentDefinitionNode)
    }
    return _Reckoning(fragments, variables).selection(operation.selection_set)


def _key(document: Document, variables: Mapping[str, object]) -> tuple[str, int]:
    first = variables.get("first")
    return document.name, first if isinstance(first, int) else 0


class _Reckoning:
    def __init__(
        self, fragments: Mapping[str, SelectionSetNode], variables: Mapping[str, object]
    ) -> None:
        self.fragments = fragments
        self.variables = variables

    def selection(self, selections: SelectionSetNode) -> float:
        total = 0.0
        for node in selections.selections:
            if isinstance(node, FieldNode):
                total += self.field(node)
            elif isinstance(node, FragmentSpreadNode):
                total += self.selection(self.fragments[node.name.value])
            elif isinstance(node, InlineFragmentNode):
                total += self.selection(node.selection_set)
        return total

    def field(self, node: FieldNode) -> float:
        if node.selection_set is None:
            return 0.0
        children = self.selection(node.selection_set)
        if node.name.value == "nodes" and node.arguments:
            return self.count(node) * (children + 1)
        size = self.size(node)
        if size is not None:
            return 2 + int(2 * math.log(max(2, size))) * (children + 1)
        return children + _own(node.name.value)

    def size(self, node: FieldNode) -> int | None:
        """Return a connection's page size, None for any other field."""
        for argument in node.arguments or ():
            if argument.name.value == "first":
                return self.number(argument.value)
        return None

    def count(self, node: FieldNode) -> int:
        """Return how many objects ``nodes(ids:)`` asks for."""
        value = next(argument.value for argument in node.arguments or ())
        found = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
        return len(found) if isinstance(found, Sequence) else 1

    def number(self, value: object) -> int | None:
        if isinstance(value, IntValueNode):
            return int(value.value)
        found = self.variables.get(value.name.value) if isinstance(value, VariableNode) else None
        return found if isinstance(found, int) else None


def _own(name: str) -> float:
    return 0.0 if name in _FREE or name.endswith(_FREE_ENDINGS) else 1.0
