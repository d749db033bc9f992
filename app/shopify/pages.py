"""Shopify's connections, read to their last page."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from app.shopify.client import Shopify

Page = Mapping[str, Any]
Node = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Below:
    """A connection below a node. ``operation`` brings a later page of it: it takes the node's
    ``id`` and ``after``, and answers with the node under ``parent``."""

    name: str
    operation: str
    parent: str


FULFILLMENT_LINES = Below("fulfillmentLineItems", "read_fulfillment_lines", "fulfillment")
FULFILLMENT_ORDERS = Below("fulfillmentOrders", "read_fulfillment_orders", "order")
FULFILLMENT_ORDER_LINES = Below("lineItems", "read_fulfillment_order_lines", "fulfillmentOrder")


def next_cursor(page: Page) -> str | None:
    """Return where the next page begins, None after the last."""
    info = page.get("pageInfo") or {}
    return info["endCursor"] if info.get("hasNextPage") else None


def everything(first: Page, more: Callable[[str], Page]) -> list[Node]:
    """Return the nodes of the first page and of all that ``more(cursor)`` brings after it."""
    nodes, page = list(first["nodes"]), first
    while cursor := next_cursor(page):
        page = more(cursor)
        nodes.extend(page["nodes"])
    return nodes


def all_of(client: Shopify, node: Node, below: Below) -> list[Node]:
    """Return all of a connection whose first page came with the node. Only what has more pages is
    asked for again."""

    def more(after: str) -> Page:
        found = client.execute(below.operation, {"id": node["id"], "after": after})[below.parent]
        page: Page = found[below.name] if found else {"nodes": []}
        return page

    return everything(node[below.name], more)
