"""Documents parsed, validated, priced and checked for access once, then kept."""

import functools
from dataclasses import dataclass, field
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    parse,
    validate,
    value_from_ast_untyped,
)

from sandbox.shopify.access import Need, needs_of
from sandbox.shopify.cost import Priced, compile_cost


@dataclass(frozen=True, slots=True)
class Prepared:
    """What is known of a document before executing it; ``errors`` is all there is of a bad one."""

    errors: tuple[dict[str, Any], ...] = ()
    document: DocumentNode | None = None
    name: str = ""
    fields: tuple[str, ...] = ()
    is_mutation: bool = False
    price: Priced = field(default_factory=lambda: Priced(0))
    needs: tuple[Need, ...] = ()
    defaults: dict[str, Any] = field(default_factory=dict)


class Kitchen:
    """Prepares documents for one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self.schema = schema
        self.prepare = functools.lru_cache(maxsize=500)(self._prepare)

    def _prepare(self, query: str, operation_name: str | None) -> Prepared:
        try:
            document = parse(query)
        except GraphQLError as error:
            return Prepared(errors=(_formatted(error),))
        if errors := validate(self.schema, document):
            return Prepared(errors=tuple(_formatted(error) for error in errors))
        operation = _operation(document, operation_name)
        if operation is None:
            return Prepared(errors=({"message": f'No operation named "{operation_name}"'},))
        return self._known(document, operation)

    def _known(self, document: DocumentNode, operation: OperationDefinitionNode) -> Prepared:
        return Prepared(
            document=document,
            name=operation.name.value if operation.name else "",
            fields=tuple(
                one.name.value
                for one in operation.selection_set.selections
                if isinstance(one, FieldNode)
            ),
            is_mutation=operation.operation.value == "mutation",
            price=compile_cost(self.schema, document, operation),
            needs=needs_of(self.schema, document),
            defaults={
                one.variable.name.value: value_from_ast_untyped(one.default_value)
                for one in operation.variable_definitions or ()
                if one.default_value is not None
            },
        )


def _operation(document: DocumentNode, name: str | None) -> OperationDefinitionNode | None:
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    if name is None and len(operations) == 1:
        return operations[0]
    return next((one for one in operations if one.name and one.name.value == name), None)


def _formatted(error: GraphQLError) -> dict[str, Any]:
    """Return an error the way Shopify words the commonest ones."""
    formatted: dict[str, Any] = dict(error.formatted)
    return formatted
