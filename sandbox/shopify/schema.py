"""The executable schema: the committed SDL with cheap resolvers over plain dictionaries."""

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    is_abstract_type,
)

from sandbox.shopify.values import kind_of, money

Resolver = Callable[..., Any]
EMPTY_PAGE = {
    "hasNextPage": False,
    "hasPreviousPage": False,
    "startCursor": None,
    "endCursor": None,
}
SCALARS: dict[str, Any] = {"Boolean": False, "Int": 0, "Float": 0.0, "Decimal": "0"}


def executable_schema(resolvers: dict[tuple[str, str], Resolver]) -> GraphQLSchema:
    """Return the schema with these resolvers by (type, field); other fields read their own key."""
    text = (Path(__file__).parent / "schema.graphql").read_text("utf-8")
    schema = build_schema(text, assume_valid=True, assume_valid_sdl=True)
    for kind in schema.type_map.values():
        if isinstance(kind, GraphQLObjectType) and not kind.name.startswith("__"):
            for name, field in kind.fields.items():
                field.resolve = resolvers.get((kind.name, name)) or _reader(name, field.type)
        elif is_abstract_type(kind):
            kind.resolve_type = _type_of
    return schema


def _type_of(value: Any, *_: Any) -> str:
    return str(value.get("__typename") or kind_of(value.get("id") or ""))


def _reader(name: str, kind: Any) -> Resolver:
    """Read a key; what a row lacks is null, or empty where the schema wants a value."""
    default = _default(kind)

    def read(source: dict[str, Any], _info: Any, **_arguments: Any) -> Any:
        return source.get(name, default)

    return read


@functools.cache
def _default(kind: Any) -> Any:
    if not isinstance(kind, GraphQLNonNull):
        return None
    kind = kind.of_type
    if isinstance(kind, GraphQLList):
        return []
    return _empty(get_named_type(kind))


def _empty(kind: Any) -> Any:
    if isinstance(kind, GraphQLScalarType):
        return SCALARS.get(kind.name, "")
    if isinstance(kind, GraphQLEnumType):
        return next(iter(kind.values))
    if kind.name.endswith("Connection"):
        return {"nodes": [], "edges": [], "pageInfo": EMPTY_PAGE}
    if kind.name == "MoneyBag":
        return {"shopMoney": money(0, "EUR"), "presentmentMoney": money(0, "EUR")}
    return {}
