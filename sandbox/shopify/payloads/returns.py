"""Webhook bodies about returns and what becomes of their goods."""

from sandbox.shopify.payloads.parts import Body
from sandbox.shopify.values import Node, number_of


def opened_return(one: Node) -> Body:
    """Return the body of ``returns/request``, ``/approve`` and ``/process``."""
    lines = one["_lines"]
    return _id(one) | {
        "status": one["status"].lower(),
        "order": _id(one["order"]),
        "name": one["name"],
        "total_return_line_items": len(lines),
        "return_line_items": [_line(line) for line in lines],
        "total_exchange_line_items": 0,
        "exchange_line_items": [],
        "return_shipping_fees": [],
    }


def _line(line: Node) -> Body:
    unit = line["fulfillmentLineItem"]
    return _id(line) | {
        "quantity": line["quantity"],
        "return_reason": line["returnReason"].lower(),
        "return_reason_note": line["returnReasonNote"],
        "customer_note": line["customerNote"],
        "fulfillment_line_item": _id(unit) | {"line_item": _id(unit["lineItem"])},
    }


def changed_return(one: Node) -> Body:
    """Return the body of ``returns/close``, ``/reopen`` and ``/cancel``."""
    number = number_of(one["order"]["id"])
    return _id(one) | {"order_id": number, "status": one["status"].lower()}


def declined_return(one: Node) -> Body:
    """Return the body of ``returns/decline``."""
    decline = {"reason": one["decline"]["reason"].lower(), "note": one["decline"]["note"]}
    body = {"order": _id(one["order"]), "status": one["status"].lower(), "decline": decline}
    return _id(one) | body


def disposal(reverse: Node, made: list[tuple[Node, Node]]) -> Body:
    """Return the body of ``reverse_fulfillment_orders/dispose`` from (line, disposition)s."""
    rows = [
        {
            "type": one["type"].lower(),
            "quantity": one["quantity"],
            "location": _id(one["location"]) if one["location"] else None,
            "reverse_fulfillment_order_line_item": _id(line),
            "reverse_delivery_line_item": None,
        }
        for line, one in made
    ]
    return _id(reverse) | {"total_dispositions": len(rows), "dispositions": rows}


def _id(node: Node) -> Body:
    return {"id": number_of(node["id"]), "admin_graphql_api_id": node["id"]}
