"""Returns: found, and what became of their goods."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.returns import RESTOCKED, Coming, Disposal, Goods
from app.errors import Rejected
from app.shopify.answers import NOT_POSSIBLE
from app.shopify.client import Shopify
from app.shopify.pages import FULFILLMENT_LINES, Below, all_of

SCOPE_MISSING = "shopify-scope-missing"
_NONE = "NO_RETURN"
_RETURNS = Below("returns", "read_further_returns", "order")
_LINES = Below("returnLineItems", "read_return_lines", "return")
_REVERSE_ORDERS = Below("reverseFulfillmentOrders", "read_reverse_orders", "return")
_REVERSE_ORDER_LINES = Below("lineItems", "read_reverse_order_lines", "reverseFulfillmentOrder")


@dataclass(frozen=True, slots=True)
class ReturnRead:
    """A return as Shopify has it; ``status`` in lower case, ``closed_at`` None unless it is."""

    id: str
    name: str
    status: str
    coming: tuple[Coming, ...]
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ReturnsRead:
    """An order's returns, and which fulfillment each of its fulfillments' lines is in."""

    returns: tuple[ReturnRead, ...]
    fulfillment_of: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class GoodsRead:
    """What Shopify waits for of a return, in lower case whether that still is open."""

    status: str
    goods: tuple[Goods, ...]


def with_returns(client: Shopify, orders: Sequence[str]) -> set[str]:
    """Which of these orders have returns, whatever became of them."""
    nodes = client.execute("read_return_status", {"ids": list(orders)})["nodes"]
    return {node["id"] for node in nodes if node and node["returnStatus"] != _NONE}


def read_returns(client: Shopify, order: str) -> ReturnsRead:
    """An order's returns; none when Shopify does not show the order."""
    found = client.execute("read_returns", {"id": order})["order"]
    if not found:
        return ReturnsRead((), {})
    fulfillments = {
        line["id"]: made["id"]
        for made in found["fulfillments"]
        for line in all_of(client, made, FULFILLMENT_LINES)
    }
    returns = tuple(_return(client, node) for node in all_of(client, found, _RETURNS))
    return ReturnsRead(returns, fulfillments)


def _return(client: Shopify, node: Mapping[str, Any]) -> ReturnRead:
    rows = [row for row in all_of(client, node, _LINES) if row.get("fulfillmentLineItem")]
    coming = tuple(_coming(row) for row in rows)
    closed = node["closedAt"]
    closed_at = datetime.fromisoformat(closed) if closed else None
    return ReturnRead(node["id"], node["name"], node["status"].lower(), coming, closed_at)


def _coming(row: Mapping[str, Any]) -> Coming:
    unit = row["fulfillmentLineItem"]
    return Coming(
        line=unit["lineItem"]["id"],
        unit=unit["id"],
        quantity=row["quantity"],
        sku=unit["lineItem"]["sku"] or "",
        reason=(row["returnReasonDefinition"] or {}).get("name", ""),
    )


def read_goods(client: Shopify, return_id: str) -> GoodsRead | None:
    """What Shopify waits for of a return, None when it does not show it."""
    found = client.execute("read_returned_goods", {"id": return_id})["return"]
    if not found:
        return None
    goods = tuple(
        _goods(row, reverse["id"])
        for reverse in all_of(client, found, _REVERSE_ORDERS)
        for row in all_of(client, reverse, _REVERSE_ORDER_LINES)
        if row["fulfillmentLineItem"]
    )
    return GoodsRead(found["status"].lower(), goods)


def _goods(row: Mapping[str, Any], reverse_order: str) -> Goods:
    done: dict[str, int] = {}
    for each in row["dispositions"]:
        done[each["type"]] = done.get(each["type"], 0) + each["quantity"]
    return Goods(
        row["id"], reverse_order, row["fulfillmentLineItem"]["id"], row["totalQuantity"], done
    )


def dispose(client: Shopify, disposals: Sequence[Disposal], location: str) -> None:
    """Give goods their end; what is restocked is available at ``location``.

    Raises Rejected as ``not-possible`` with Shopify's words, Uncertain when the answer got lost:
    read before trying again.
    """
    goods = [_input(each, location) for each in disposals]
    data = client.execute("dispose_returned_goods", {"goods": goods})
    payload = data.get("reverseFulfillmentOrderDispose") or {}
    errors = [error["message"] for error in payload.get("userErrors") or ()]
    if errors or not payload:
        raise Rejected(NOT_POSSIBLE, " ".join(errors) or "Shopify refused it without a word.")


def _input(disposal: Disposal, location: str) -> dict[str, Any]:
    wanted: dict[str, Any] = {
        "reverseFulfillmentOrderLineItemId": disposal.goods,
        "quantity": disposal.quantity,
        "dispositionType": disposal.kind,
    }
    return wanted | ({"locationId": location} if disposal.kind == RESTOCKED else {})
