"""What a GraphQL document costs, by Shopify's published rules.

Scalars 0, objects 1, an interface or union its dearest concrete selection, a mutation 10 with
all it returns, a connection ``2 + floor(2 ln(max(2, first)))`` times its node; value objects,
``edges`` and ``pageInfo`` themselves 0. ``nodes(ids:)`` is charged for each id. A document is
compiled once into a tree; a request then prices the tree with its variables, and again with the
answer.
"""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
    is_abstract_type,
    is_composite_type,
    value_from_ast_untyped,
)

MUTATION = 10
SINGLE_QUERY_LIMIT = 1000
LARGEST_PAGE = 250
FREE_FIELDS = frozenset({"pageInfo", "userErrors", "edges"})
VALUE_OBJECTS = frozenset(
    {
        "Attribute",
        "CurrencyFormats",
        "InventoryItemMeasurement",
        "MailingAddress",
        "MoneyBag",
        "MoneyV2",
        "PageInfo",
        "TaxLine",
        "Weight",
    }
)

Variables = Mapping[str, Any]


@dataclass(slots=True)
class Priced:
    """One composite field of a document: how it is charged and what lies below it.

    ``own`` is its price without children, ``None`` for a connection, whose price depends on its
    ``size``; ``per_id`` marks ``nodes(ids:)``. ``below`` maps the concrete type a child was
    selected on (or "" for any) to the children by response key.
    """

    own: int | None
    flat: bool = False
    per_id: bool = False
    size: Any = None
    conditions: tuple[tuple[bool, Any], ...] = ()
    below: dict[str, dict[str, "Priced"]] = field(default_factory=dict)
    merged: dict[str, "Priced"] = field(default_factory=dict)


def compile_cost(
    schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
) -> Priced:
    """Return the price tree of one operation of a valid document."""
    return _Compiler(schema, document, operation).tree()


class _Compiler:
    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode
    ) -> None:
        self.schema, self.operation = schema, operation
        self.fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }

    def tree(self) -> Priced:
        root = self.schema.get_root_type(self.operation.operation)
        if root is None:
            return Priced(0)
        priced = Priced(0)
        self._select(priced, root, self.operation.selection_set, "", ())
        return priced

    def _select(
        self,
        into: Priced,
        kind: GraphQLNamedType,
        selection: SelectionSetNode | None,
        on: str,
        conditions: tuple[tuple[bool, Any], ...],
    ) -> None:
        for node in selection.selections if selection else ():
            wanted = (*conditions, *_conditions(node.directives))
            if isinstance(node, FieldNode):
                self._field(into, kind, node, on, wanted)
            else:
                self._fragment(into, kind, node, on, wanted)

    def _fragment(
        self,
        into: Priced,
        kind: GraphQLNamedType,
        node: Any,
        on: str,
        conditions: tuple[tuple[bool, Any], ...],
    ) -> None:
        inner: FragmentDefinitionNode | InlineFragmentNode = (
            self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
        )
        narrowed = kind
        if inner.type_condition:
            narrowed = self.schema.type_map[inner.type_condition.name.value]
        if narrowed is not kind and not is_abstract_type(narrowed):
            on = narrowed.name if is_abstract_type(kind) else on
        self._select(into, narrowed, inner.selection_set, on, conditions)

    def _field(
        self,
        into: Priced,
        kind: GraphQLNamedType,
        node: FieldNode,
        on: str,
        conditions: tuple[tuple[bool, Any], ...],
    ) -> None:
        definition = getattr(kind, "fields", {}).get(node.name.value)
        result = get_named_type(definition.type) if definition else None
        if result is None or not is_composite_type(result):
            return
        key = (node.alias or node.name).value
        children = into.below.setdefault(on, {})
        if key not in children:
            children[key] = self._price(kind, node, result)
            children[key].conditions = conditions
            into.merged.setdefault(key, children[key])
        self._select(children[key], result, node.selection_set, "", ())

    def _price(self, kind: GraphQLNamedType, node: FieldNode, result: GraphQLNamedType) -> Priced:
        arguments = {one.name.value: one.value for one in node.arguments or ()}
        name = node.name.value
        if kind is self.schema.mutation_type:
            return Priced(MUTATION, flat=True)
        if kind is self.schema.query_type and name == "nodes":
            return Priced(1, per_id=True, size=arguments.get("ids"))
        if result.name.endswith("Connection"):
            return Priced(None, size=arguments.get("first") or arguments.get("last"))
        free = name in FREE_FIELDS or result.name in VALUE_OBJECTS
        return Priced(0 if free else 1)


def _conditions(directives: Any) -> Iterator[tuple[bool, Any]]:
    for directive in directives or ():
        if isinstance(directive, DirectiveNode) and directive.name.value in ("skip", "include"):
            for argument in directive.arguments or ():
                yield directive.name.value == "include", argument.value


def requested(priced: Priced, variables: Variables) -> int:
    """Return the points to reserve before executing."""
    if any(bool(_value(node, variables)) != wanted for wanted, node in priced.conditions):
        return 0
    if priced.flat:
        return priced.own or 0
    below = _below(priced, variables)
    if priced.own is None:
        return _connection(min(_value(priced.size, variables) or 0, LARGEST_PAGE), below)
    if priced.per_id:
        return len(_value(priced.size, variables) or ()) * (1 + below)
    return priced.own + below


def _below(priced: Priced, variables: Variables) -> int:
    costs = {
        on: sum(requested(child, variables) for child in children.values())
        for on, children in priced.below.items()
    }
    return costs.pop("", 0) + max(costs.values(), default=0)


def actual(priced: Priced, answer: Any) -> int:
    """Return the points an answer really cost: connections by what came, nulls nothing below."""
    if answer is None:
        return 0
    if priced.flat:
        return priced.own or 0
    if priced.own is None:
        rows = answer.get("nodes") or answer.get("edges") or ()
        return _connection(len(rows), _selected(priced, answer))
    if priced.per_id:
        return sum(1 + _selected(priced, one) for one in answer if one is not None)
    return priced.own + _selected(priced, answer)


def _selected(priced: Priced, answer: Any) -> int:
    """Price what lies below an object; of a list, its dearest member."""
    if not priced.merged:
        return 0
    if isinstance(answer, list):
        return max((_selected(priced, one) for one in answer if one is not None), default=0)
    return sum(actual(child, answer[key]) for key, child in priced.merged.items() if key in answer)


def _connection(size: int, below: int) -> int:
    return 2 + int(2 * math.log(max(2, size))) * below if size else 2


def _value(node: Any, variables: Variables) -> Any:
    if isinstance(node, VariableNode):
        return variables.get(node.name.value)
    return None if node is None else value_from_ast_untyped(node, dict(variables))


def itemised(priced: Priced, variables: Variables, path: tuple[str, ...] = ()) -> list[Any]:
    """Return a line per composite field, as the ``Shopify-GraphQL-Cost-Debug`` header asks for."""
    lines = []
    for key, child in priced.merged.items():
        total = requested(child, variables)
        lines += itemised(child, variables, (*path, key))
        line = {
            "path": [*path, key],
            "definedCost": child.own or 0,
            "requestedTotalCost": total,
            "requestedChildrenCost": None if child.flat else _below(child, variables),
        }
        lines.append(line)
    return lines
