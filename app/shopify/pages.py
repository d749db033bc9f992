"""Shopify's connections, read to their last page."""

from collections.abc import Callable, Mapping
from typing import Any

Page = Mapping[str, Any]


def next_cursor(page: Page) -> str | None:
    """Return where the next page begins, None after the last."""
    info = page.get("pageInfo") or {}
    return info["endCursor"] if info.get("hasNextPage") else None


def everything(first: Page, more: Callable[[str], Page]) -> list[Mapping[str, Any]]:
    """Return the nodes of the first page and of all that ``more(cursor)`` brings after it."""
    nodes, page = list(first["nodes"]), first
    while cursor := next_cursor(page):
        page = more(cursor)
        nodes.extend(page["nodes"])
    return nodes
