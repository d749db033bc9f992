"""Webhook bodies about what is to be shipped and what was."""

from sandbox.shopify.payloads.parts import Body, line_item
from sandbox.shopify.values import Node, number_of


def fulfillment_order(one: Node) -> Body:
    """Return the fulfillment order inside ``fulfillment_orders/…``; its id is a global one."""
    return {
        "id": one["id"],
        "status": one["status"].lower(),
        "request_status": one["requestStatus"].lower(),
        "order_id": number_of(one["orderId"]),
        "assigned_location_id": number_of(one["assignedLocation"]["location"]["id"]),
        "fulfill_at": one["fulfillAt"],
        "created_at": one["createdAt"],
        "updated_at": one["updatedAt"],
        "line_items": [
            {
                "id": line["id"],
                "line_item_id": number_of(line["lineItem"]["id"]),
                "quantity": line["totalQuantity"],
                "fulfillable_quantity": line["remainingQuantity"],
            }
            for line in one["_lines"]
        ],
    }


def fulfillment(made: Node) -> Body:
    """Return the body of ``fulfillments/…``."""
    tracking = made["trackingInfo"]
    return {
        "id": number_of(made["id"]),
        "admin_graphql_api_id": made["id"],
        "order_id": number_of(made["order"]["id"]),
        "name": made["name"],
        "status": made["status"].lower(),
        "created_at": made["createdAt"],
        "updated_at": made["updatedAt"],
        "location_id": number_of(made["location"]["id"]),
        "tracking_company": tracking[0]["company"] if tracking else None,
        "tracking_numbers": [row["number"] for row in tracking],
        "tracking_urls": [row["url"] for row in tracking],
        "line_items": [
            line_item(row["lineItem"]) | {"quantity": row["quantity"]} for row in made["_lines"]
        ],
    }
