"""Webhook bodies about refunds."""

from sandbox.shopify.payloads.parts import Body, bag, line_item
from sandbox.shopify.values import Node, number_of


def refund(refund: Node) -> Body:
    """Return the body of ``refunds/create``, and a refund inside an order."""
    return {
        "id": number_of(refund["id"]),
        "admin_graphql_api_id": refund["id"],
        "order_id": number_of(refund["order"]["id"]),
        "created_at": refund["createdAt"],
        "processed_at": refund["processedAt"],
        "note": refund["note"],
        "duties": [],
        "order_adjustments": [],
        "refund_line_items": [_line(row) for row in refund["_lines"]],
        "transactions": [_transaction(row) for row in refund["_transactions"]],
    }


def _line(row: Node) -> Body:
    return {
        "id": number_of(row["id"]),
        "line_item_id": number_of(row["lineItem"]["id"]),
        "line_item": line_item(row["lineItem"]),
        "quantity": row["quantity"],
        "restock_type": row["restockType"].lower(),
        "location_id": number_of(row["location"]["id"]) if row["location"] else None,
        "subtotal": row["subtotalSet"]["shopMoney"]["amount"],
        "subtotal_set": bag(row["subtotalSet"]),
    }


def _transaction(row: Node) -> Body:
    parent = row["parentTransaction"]
    return {
        "id": number_of(row["id"]),
        "admin_graphql_api_id": row["id"],
        "kind": row["kind"].lower(),
        "status": row["status"].lower(),
        "gateway": row["gateway"],
        "amount": row["amountSet"]["shopMoney"]["amount"],
        "parent_id": number_of(parent["id"]) if parent else None,
    }
