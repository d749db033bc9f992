"""The GraphQL documents Tagdock sends: parsed once from ``operations/*.graphql`` and kept.

A document that names fragments gets them from ``operations/fragments``. Tags of several orders are
written in one document, made from ``write_tags.graphql`` by numbering its aliases and variables.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from graphql import (
    ArgumentNode,
    DefinitionNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    NameNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableDefinitionNode,
    VariableNode,
    Visitor,
    parse,
    print_ast,
    visit,
)

OPERATIONS = Path(__file__).with_name("operations")


@dataclass(frozen=True, slots=True, eq=False)
class Document:
    """One operation with its fragments, ready to send."""

    name: str
    node: DocumentNode
    text: str
    is_mutation: bool


@dataclass(frozen=True, slots=True)
class TagShape:
    """Which of the two tag mutations an order needs."""

    add: bool
    remove: bool


@cache
def load(name: str) -> Document:
    """Return the document of ``operations/<name>.graphql``; raise FileNotFoundError without one."""
    return _complete(name, _parse(OPERATIONS / f"{name}.graphql").definitions)


def load_all() -> None:
    """Read every document, before forking: each child would do it again."""
    for path in OPERATIONS.glob("*.graphql"):
        load(path.stem)


@lru_cache(maxsize=256)
def tag_document(shapes: tuple[TagShape, ...]) -> Document:
    """Return a mutation for that many orders, each with the mutations its shape asks for.

    The n-th order (from 0) uses variables ``id<n>``, ``add<n>``, ``remove<n>`` and answers under
    ``add<n>`` and ``remove<n>``. Its addition comes before its removal, so that the order is never
    seen without a state tag.
    """
    single = operation_of(load("write_tags").node)
    fields = tuple(_tag_fields(single, shapes))
    numbered = OperationDefinitionNode(
        operation=single.operation,
        name=single.name,
        variable_definitions=tuple(_tag_variables(single, fields)),
        selection_set=SelectionSetNode(selections=fields),
    )
    return _complete(f"write_tags_{len(fields)}", (numbered,))


def operation_of(node: DocumentNode) -> OperationDefinitionNode:
    """Return the document's one operation."""
    return next(d for d in node.definitions if isinstance(d, OperationDefinitionNode))


def _tag_fields(single: OperationDefinitionNode, shapes: Sequence[TagShape]) -> Iterable[FieldNode]:
    add, remove = (node for node in single.selection_set.selections if isinstance(node, FieldNode))
    for position, shape in enumerate(shapes):
        if shape.add:
            yield _numbered(add, "add", position)
        if shape.remove:
            yield _numbered(remove, "remove", position)


def _numbered(field: FieldNode, alias: str, position: int) -> FieldNode:
    """Return the field under a numbered alias, its variables numbered alike."""
    return FieldNode(
        name=field.name,
        alias=NameNode(value=f"{alias}{position}"),
        arguments=tuple(
            ArgumentNode(
                name=argument.name,
                value=VariableNode(name=NameNode(value=f"{name}{position}")),
            )
            for argument in field.arguments or ()
            if (name := _variable_name(argument))
        ),
        selection_set=field.selection_set,
    )


def _variable_name(argument: ArgumentNode) -> str:
    return argument.value.name.value if isinstance(argument.value, VariableNode) else ""


def _tag_variables(
    single: OperationDefinitionNode, fields: Iterable[FieldNode]
) -> Iterable[VariableDefinitionNode]:
    types = {node.variable.name.value: node.type for node in single.variable_definitions or ()}
    names = dict.fromkeys(
        _variable_name(node) for field in fields for node in field.arguments or ()
    )
    for name in names:
        yield VariableDefinitionNode(
            variable=VariableNode(name=NameNode(value=name)),
            type=types[name.rstrip("0123456789")],
        )


@cache
def _fragments() -> dict[str, FragmentDefinitionNode]:
    files = sorted((OPERATIONS / "fragments").glob("*.graphql"))
    nodes = (node for file in files for node in _parse(file).definitions)
    return {node.name.value: node for node in nodes if isinstance(node, FragmentDefinitionNode)}


def _parse(path: Path) -> DocumentNode:
    return parse(path.read_text("utf-8"), no_location=True)


def _complete(name: str, definitions: Iterable[DefinitionNode]) -> Document:
    """Add the fragments that the definitions name, and those that these name."""
    own = tuple(definitions)
    fragments: dict[str, FragmentDefinitionNode] = {}
    waiting = [spread for node in own for spread in _spreads(node)]
    while waiting:
        spread = waiting.pop()
        if spread not in fragments:
            fragments[spread] = _fragments()[spread]
            waiting.extend(_spreads(fragments[spread]))
    node = DocumentNode(definitions=(*own, *fragments.values()))
    is_mutation = operation_of(node).operation is OperationType.MUTATION
    return Document(name=name, node=node, text=print_ast(node), is_mutation=is_mutation)


def _spreads(node: DefinitionNode) -> list[str]:
    collector = _SpreadCollector()
    visit(node, collector)
    return collector.names


class _SpreadCollector(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.names.append(node.name.value)
