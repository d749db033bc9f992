"""Orders as Tagdock uses them: read with everything that gates and documents ask, and listed."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from app.errors import Rejected
from app.shopify import reading
from app.shopify.answers import Problem
from app.shopify.client import Answer, Shopify
from app.shopify.documents import load
from app.shopify.pages import (
    FULFILLMENT_ORDER_LINES,
    FULFILLMENT_ORDERS,
    Below,
    Page,
    all_of,
    everything,
    next_cursor,
)
from app.shopify.reading import Node
from app.shopify.tags import write_tags
from app.shopify.values import OrderPage, OrderRead, ShopInfo

__all__ = ["MOST_READ", "last_orders", "list_orders", "read_orders", "read_shop", "write_tags"]

MOST_READ = 10
_LINES = Below("lineItems", "read_order_lines", "order")
_GID = re.compile(r"gid://shopify/Order/([0-9]{1,20})", re.ASCII)


def read_orders(
    client: Shopify,
    ids: Sequence[str],
    *,
    metafields: Sequence[str] = (),
    payment_terms: bool = False,
) -> dict[str, OrderRead | None]:
    """Return each of at most ten orders by its id, None for one that is deleted or hidden.

    One query reads them all through the search index, which lags behind: what it does not bring is
    asked for by id before it counts as missing. ``metafields`` (``namespace.key``) take another,
    and so do ``payment_terms``, for which the app needs a scope.
    """
    if len(ids) > MOST_READ:
        raise ValueError(f"read_orders takes at most {MOST_READ} ids")
    numbers = [_number(each) for each in ids]
    found = _search(client, numbers) if len(ids) > 1 else {}
    orders = {each: found.get(each) or _read_one(client, each) for each in ids}
    if metafields:
        orders = _with_metafields(client, orders, metafields)
    return _with_payment_terms(client, orders) if payment_terms else orders


def _with_metafields(
    client: Shopify, orders: Mapping[str, OrderRead | None], names: Sequence[str]
) -> dict[str, OrderRead | None]:
    nodes = _more(client, "read_metafields", orders, {"keys": list(names)})
    values = {node["id"]: _metafields(node) for node in nodes}
    return {
        each: order and replace(order, metafields=values.get(each, {}))
        for each, order in orders.items()
    }


def _with_payment_terms(
    client: Shopify, orders: Mapping[str, OrderRead | None]
) -> dict[str, OrderRead | None]:
    nodes = _more(client, "read_payment_terms", orders, {})
    terms = {node["id"]: (node["paymentTerms"] or {}).get("paymentTermsName") for node in nodes}
    return {
        each: order and replace(order, payment_terms=terms.get(each))
        for each, order in orders.items()
    }


def _more(
    client: Shopify, name: str, orders: Mapping[str, OrderRead | None], asked: Mapping[str, object]
) -> list[Node]:
    """More of those orders that are there."""
    there = [each for each, order in orders.items() if order is not None]
    found = client.execute(name, {"ids": there, **asked})["nodes"] if there else []
    return [node for node in found if node]


def _metafields(node: Node) -> dict[str, str]:
    found = node["metafields"]["nodes"]
    return {f"{field['namespace']}.{field['key']}": field["value"] for field in found}


def list_orders(
    client: Shopify, *, query: str, after: str | None = None, first: int = 50
) -> OrderPage:
    """Return a page of the orders matching a search, those unchanged the longest first.

    ``query`` must say ``status:any``, or closed orders are missing.
    """
    variables = {"query": query, "after": after, "first": first}
    page = client.execute("list_orders", variables)["orders"]
    return OrderPage(tuple(reading.brief(node) for node in page["nodes"]), next_cursor(page))


def last_orders(client: Shopify, count: int) -> list[str]:
    """Return the ids of the orders placed last, the newest first."""
    variables = {"query": "status:any", "first": count}
    found = client.execute("last_orders", variables)["orders"]["nodes"]
    return [node["id"] for node in found]


def read_shop(client: Shopify) -> ShopInfo:
    """Return the shop, the scopes granted and all of its locations."""
    data = client.execute("read_shop", {})
    shop, installation = data["shop"], data["currentAppInstallation"]

    def more(after: str) -> Page:
        page: Page = client.execute("read_locations", {"after": after})["locations"]
        return page

    return ShopInfo(
        name=shop["name"],
        currency=shop["currencyCode"],
        timezone=shop["ianaTimezone"],
        plan=shop["plan"]["publicDisplayName"],
        scopes=frozenset(scope["handle"] for scope in installation["accessScopes"]),
        locations=tuple(map(reading.location, everything(data["locations"], more))),
    )


def _number(order_id: str) -> str:
    match = _GID.fullmatch(order_id)
    if match is None:
        raise Rejected("order-id-invalid", f"{order_id[:80]} is not the id of a Shopify order.")
    return match[1]


def _search(client: Shopify, numbers: Iterable[str]) -> dict[str, OrderRead]:
    # Parentheses, because closed orders must be found whichever of AND and OR binds tighter.
    search = f"status:any AND ({' OR '.join(f'id:{number}' for number in numbers)})"
    answer = client.run(load("read_orders"), {"search": search})
    return {
        node["id"]: _complete(client, node, _hidden(answer, ("orders", "nodes", position)))
        for position, node in enumerate(answer.data["orders"]["nodes"])
    }


def _read_one(client: Shopify, order_id: str) -> OrderRead | None:
    answer = client.run(load("read_order"), {"id": order_id})
    node = answer.data.get("order")
    return _complete(client, node, _hidden(answer, ("order",))) if node else None


def _hidden(answer: Answer, prefix: tuple[str | int, ...]) -> tuple[str, ...]:
    """Return the dotted names of the fields below a path that Shopify held back."""
    below = (p for p in answer.problems if p.path[: len(prefix)] == prefix)
    return tuple(dict.fromkeys(_dotted(problem, len(prefix)) for problem in below))


def _dotted(problem: Problem, skipped: int) -> str:
    return ".".join(part for part in problem.path[skipped:] if isinstance(part, str))


def _complete(client: Shopify, node: Node, problems: tuple[str, ...]) -> OrderRead:
    """Read the pages that the order's first query did not bring."""
    lines = all_of(client, node, _LINES)
    parts = [
        reading.fulfillment_order(part, all_of(client, part, FULFILLMENT_ORDER_LINES))
        for part in all_of(client, node, FULFILLMENT_ORDERS)
    ]
    return reading.order(node, lines, parts, problems)
