"""Connections: pages of rows with cursors."""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from graphql import GraphQLError

from sandbox.shopify.values import Node

LARGEST_PAGE = 250


def connection(
    rows: Sequence[Node],
    arguments: dict[str, Any],
    key: Callable[[Node], Any] = lambda row: row["id"],
) -> Node:
    """Return a page of rows that are in order already; ``key`` identifies a row in its cursor."""
    _check(arguments)
    if arguments.get("reverse"):
        rows = rows[::-1]
    start, end = _window(rows, arguments, key)
    return page(rows[start:end], key, before=start > 0, after=end < len(rows))


def page(rows: Sequence[Node], key: Callable[[Node], Any], before: bool, after: bool) -> Node:
    """Return a connection of exactly these rows."""
    return {
        "nodes": rows,
        "edges": [{"node": row, "cursor": cursor(key(row))} for row in rows],
        "pageInfo": {
            "hasNextPage": after,
            "hasPreviousPage": before,
            "startCursor": cursor(key(rows[0])) if rows else None,
            "endCursor": cursor(key(rows[-1])) if rows else None,
        },
    }


def cursor(value: Any) -> str:
    """Return an opaque cursor."""
    return base64.b64encode(json.dumps(value).encode()).decode()


def _read(text: str) -> Any:
    try:
        value = json.loads(base64.b64decode(text, validate=True))
    except ValueError as error:
        raise GraphQLError("Invalid cursor for current pagination sort.") from error
    return tuple(value) if isinstance(value, list) else value


def _check(arguments: dict[str, Any]) -> None:
    size = arguments.get("first") or arguments.get("last")
    if size is None:
        raise GraphQLError("you must provide one of first or last")
    if size > LARGEST_PAGE:
        raise GraphQLError(f"first cannot exceed {LARGEST_PAGE}")


def _window(
    rows: Sequence[Node], arguments: dict[str, Any], key: Callable[[Node], Any]
) -> tuple[int, int]:
    start, end = 0, len(rows)
    if arguments.get("after"):
        start = _place(rows, _read(arguments["after"]), key, arguments)
    if arguments.get("before"):
        end = _place(rows, _read(arguments["before"]), key, arguments) - 1
    if arguments.get("first"):
        return start, min(end, start + arguments["first"])
    return max(start, end - arguments["last"]), end


def _place(
    rows: Sequence[Node], mark: Any, key: Callable[[Node], Any], arguments: dict[str, Any]
) -> int:
    """Return how many rows come up to and including a cursor's; its row may have gone or moved."""
    keys = [key(row) for row in rows]
    if mark in keys:
        return keys.index(mark) + 1
    if isinstance(mark, tuple):
        falling = bool(arguments.get("reverse"))
        return sum(1 for one in keys if (one > mark if falling else one < mark))
    return 0
