"""Orders and returns as plain JSON, for tests and pages."""

from collections import Counter
from typing import Any

from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify import returns
from sandbox.shopify.returning import returnable
from sandbox.shopify.values import Node, number_of


def dump(order: Node) -> dict[str, Any]:
    """Return an order as plain JSON: lines, fulfillment orders and fulfillments inside."""
    public = {key: value for key, value in order.items() if key[0] != "_"}
    return public | {
        "metafields": order["_metafields"],
        "lines": [_public(line, "product") for line in order["_lines"]],
        "fulfillment_orders": [_dump_one(one) for one in order["_fulfillment_orders"]],
        "fulfillments": [
            _public(made, "order", "location")
            | {"location": made["location"]["name"], "lines": _units(made["_lines"])}
            for made in order["_fulfillments"]
        ],
        "returnable": _returnable(order),
        "returns": [dump_return(one) for one in order["_returns"]],
        "refunds": [_dump_refund(one) for one in order["_refunds"]],
    }


def _dump_one(one: Node) -> dict[str, Any]:
    lines = [_public(line, "variant", "lineItem") for line in one["_lines"]]
    for shown, line in zip(lines, one["_lines"], strict=True):
        shown["lineItem"] = {"id": line["lineItem"]["id"]}
    place = one["assignedLocation"]
    return _public(one, "order", "assignedLocation", "destination") | {
        "location": {"id": place["location"]["id"], "name": place["name"]},
        "supportedActions": [row["action"] for row in fulfilment.supported_actions(one)],
        "lines": lines,
    }


def _units(rows: list[Node]) -> list[dict[str, Any]]:
    return [
        {
            "id": row["lineItem"]["id"],
            "sku": row["lineItem"]["sku"],
            "title": row["lineItem"]["title"],
            "quantity": row["quantity"],
        }
        for row in rows
    ]


def _returnable(order: Node) -> list[dict[str, Any]]:
    """Return the lines of which something was shipped that no return has claimed."""
    left: Counter[str] = Counter()
    for _, unit, count in returnable(order):
        left[unit["lineItem"]["id"]] += count
    return [
        {"id": line["id"], "sku": line["sku"], "title": line["title"], "quantity": left[line["id"]]}
        for line in order["_lines"]
        if left[line["id"]] > 0
    ]


def _public(node: Node, *without: str) -> dict[str, Any]:
    shown = {k: v for k, v in node.items() if k[0] != "_" and k not in without}
    if isinstance(shown.get("variant"), dict):
        shown["variant"] = {"id": shown["variant"]["id"], "sku": shown["variant"]["sku"]}
    return shown


def _dump_refund(one: Node) -> dict[str, Any]:
    return {
        "id": one["id"],
        "note": one["note"],
        "amount": one["totalRefundedSet"]["shopMoney"],
        "lines": [
            {
                "line_id": row["lineItem"]["id"],
                "quantity": row["quantity"],
                "restock": row["restockType"],
            }
            for row in one["_lines"]
        ],
    }


def dump_return(one: Node) -> dict[str, Any]:
    """Return a return as plain JSON."""
    return {
        "id": one["id"],
        "number": number_of(one["id"]),
        "name": one["name"],
        "order": {"id": one["order"]["id"], "name": one["order"]["name"]},
        "status": one["status"],
        "created_at": one["createdAt"],
        "decline": one["decline"],
        "lines": [_return_line(line) for line in one["_lines"]],
        "reverse_fulfillment_orders": [_reverse(row) for row in one["_reverse"]],
    }


def _return_line(line: Node) -> dict[str, Any]:
    unit = line["fulfillmentLineItem"]
    return {
        "id": line["id"],
        "fulfillment_line": unit["id"],
        "line_id": unit["lineItem"]["id"],
        "sku": unit["lineItem"]["sku"],
        "title": unit["lineItem"]["title"],
        "quantity": line["quantity"],
        "processed": line["processedQuantity"],
        "reason": line["returnReason"],
        "note": line["returnReasonNote"],
    }


def _reverse(row: Node) -> dict[str, Any]:
    lines = [
        {
            "id": line["id"],
            "sku": line["fulfillmentLineItem"]["lineItem"]["sku"],
            "quantity": line["totalQuantity"],
            "left": returns.undisposed(line),
            "dispositions": [
                {
                    "type": one["type"],
                    "quantity": one["quantity"],
                    "location": one["location"]["name"] if one["location"] else None,
                }
                for one in line["dispositions"]
            ],
        }
        for line in row["_lines"]
    ]
    return {"id": row["id"], "status": row["status"], "lines": lines}
