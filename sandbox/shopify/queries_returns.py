"""Resolvers that read returns and refunds."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shopify import refunds
from sandbox.shopify.call import Call, call_of, checked_kind
from sandbox.shopify.paging import connection
from sandbox.shopify.return_reasons import definition_of, definitions
from sandbox.shopify.returning import returnable
from sandbox.shopify.values import Node, gid, number_of

Info = GraphQLResolveInfo[Call]


def _return(_: Any, info: Info, **arguments: str) -> Node | None:
    checked_kind(arguments["id"])
    return call_of(info).find(arguments["id"])


def _of_order(order: Node, _: Info, **arguments: Any) -> Node:
    field, _colon, value = (arguments.get("query") or "").partition(":")
    rows = order["_returns"]
    if field == "status":
        rows = [one for one in rows if one["status"].lower() == value.lower()]
    return connection(rows, arguments)


def _returnable(_: Any, info: Info, **arguments: Any) -> Node:
    """List the shipments of an order with what of them may come back."""
    order = call_of(info).find(arguments["orderId"])
    made: dict[str, Node] = {}
    for shipment, unit, left in returnable(order) if order else ():
        if left > 0:
            number = number_of(shipment["id"])
            row = {"id": gid("ReturnableFulfillment", number), "fulfillment": shipment}
            rows = made.setdefault(shipment["id"], row | {"_lines": []})["_lines"]
            rows.append({"fulfillmentLineItem": unit, "quantity": left})
    return connection(list(made.values()), arguments)


def _returnable_lines(row: Node, _: Info, **arguments: Any) -> Node:
    return connection(row["_lines"], arguments, lambda one: one["fulfillmentLineItem"]["id"])


def _reasons(_: Any, __: Info, **arguments: Any) -> Node:
    rows = definitions()
    for argument, key in (("ids", "id"), ("handles", "handle")):
        if (wanted := arguments.get(argument)) is not None:
            rows = [row for row in rows if row[key] in wanted]
    return connection(rows, arguments)


def _rows(key: str) -> Callable[..., Node]:
    return lambda source, _info, **arguments: connection(source[key], arguments)


def _first(key: str) -> Callable[..., list[Node]]:
    return lambda source, _info, first=None, **_arguments: source[key][:first]


def _suggested(order: Node, _: Info, **arguments: Any) -> Node:
    """Return what a refund of some lines would give back, by the payment it would come from."""
    goods = _goods(order, arguments)
    shipping = order["_shipping"] if arguments.get("refundShipping") else Decimal(0)
    shipping = Decimal(str(arguments.get("shippingAmount") or shipping))
    amount, bag = min(goods + shipping, refunds.refundable(order)), order["_purse"].bag
    return {
        "amountSet": bag(amount),
        "subtotalSet": bag(goods),
        "discountedSubtotalSet": bag(goods),
        "maximumRefundableSet": bag(refunds.refundable(order)),
        "totalTaxSet": bag(goods * Decimal("0.22") / Decimal("1.22")),
        "totalCartDiscountAmountSet": bag(Decimal(0)),
        "totalDutiesSet": bag(Decimal(0)),
        "suggestedTransactions": _transactions(order, amount),
    }


def _goods(order: Node, arguments: dict[str, Any]) -> Decimal:
    lines = {line["id"]: line for line in order["_lines"]}
    rows = arguments.get("refundLineItems") or []
    if arguments.get("suggestFullRefund"):
        rows = [
            {"lineItemId": key, "quantity": one["currentQuantity"]} for key, one in lines.items()
        ]
    known = [row for row in rows if row["lineItemId"] in lines]
    worth = [lines[row["lineItemId"]]["_price"] * row["quantity"] for row in known]
    return sum(worth, Decimal(0))


def _transactions(order: Node, amount: Decimal) -> list[Node]:
    paid = [one for one in order["_transactions"] if one["kind"] == "SALE"]
    if not paid or not amount:
        return []
    suggested = {
        "kind": "SUGGESTED_REFUND",
        "amountSet": order["_purse"].bag(amount),
        "maximumRefundableSet": order["_purse"].bag(refunds.refundable(order)),
        "parentTransaction": paid[0],
        "gateway": paid[0]["gateway"],
        "formattedGateway": paid[0]["formattedGateway"],
    }
    return [suggested]


RETURN_QUERIES: dict[tuple[str, str], Callable[..., Any]] = {
    ("QueryRoot", "return"): _return,
    ("QueryRoot", "reverseFulfillmentOrder"): _return,
    ("QueryRoot", "returnableFulfillments"): _returnable,
    ("QueryRoot", "returnReasonDefinitions"): _reasons,
    ("ReturnableFulfillment", "returnableFulfillmentLineItems"): _returnable_lines,
    ("Order", "returns"): _of_order,
    ("Order", "refunds"): _first("_refunds"),
    ("Order", "transactions"): _first("_transactions"),
    ("Order", "suggestedRefund"): _suggested,
    ("Return", "returnLineItems"): _rows("_lines"),
    ("Return", "reverseFulfillmentOrders"): _rows("_reverse"),
    ("Return", "refunds"): _rows("_refunds"),
    ("ReturnLineItem", "returnReasonDefinition"): lambda line, _info: definition_of(
        line["returnReason"]
    ),
    ("ReverseFulfillmentOrder", "lineItems"): _rows("_lines"),
    ("Refund", "refundLineItems"): _rows("_lines"),
    ("Refund", "transactions"): _rows("_transactions"),
}
