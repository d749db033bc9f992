"""Webhook bodies about orders."""

from sandbox.shopify.payloads.money import refund
from sandbox.shopify.payloads.parts import (
    Body,
    address,
    attributes,
    bag,
    customer,
    line_item,
    local,
)
from sandbox.shopify.payloads.shipping import fulfillment
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, number_of


def order(shop: Shop, order: Node) -> Body:
    """Return the body of ``orders/…``."""
    return {
        "id": number_of(order["id"]),
        "admin_graphql_api_id": order["id"],
        "name": order["name"],
        "number": order["number"] - 1000,
        "order_number": order["number"],
        "created_at": local(shop, order["createdAt"]),
        "updated_at": local(shop, order["updatedAt"]),
        "processed_at": local(shop, order["processedAt"]),
        "cancelled_at": local(shop, order["cancelledAt"]),
        "cancel_reason": (order["cancelReason"] or "").lower() or None,
        "closed_at": local(shop, order["closedAt"]),
        "test": order["test"],
        "tags": ", ".join(order["tags"]),
        "note": order["note"],
        "note_attributes": attributes(order["customAttributes"]),
        "email": order["email"],
        "contact_email": order["email"],
        "phone": order["phone"],
        "source_name": order["sourceName"],
        "confirmed": order["confirmed"],
        "currency": order["currencyCode"],
        "presentment_currency": order["presentmentCurrencyCode"],
        "financial_status": order["displayFinancialStatus"].lower(),
        "fulfillment_status": _fulfillment_status(order),
        "payment_gateway_names": order["paymentGatewayNames"],
        "customer": customer(order["customer"]),
        "shipping_address": address(order["shippingAddress"]),
        "billing_address": address(order["billingAddress"]),
        "line_items": [line_item(line) for line in order["_lines"]],
        "shipping_lines": [_shipping_line(order["shippingLine"])] if order["shippingLine"] else [],
        "fulfillments": [fulfillment(one) for one in order["_fulfillments"]],
        "refunds": [refund(one) for one in order["_refunds"]],
        "taxes_included": order["taxesIncluded"],
    } | _sums(order)


def order_edit(order: Node) -> Body:
    """Return the body of ``orders/edited``."""
    return {
        "order_edit": {
            "order_id": number_of(order["id"]),
            "committed_at": order["updatedAt"],
            "notify_customer": False,
            "line_items": {"additions": [], "removals": []},
        }
    }


def _sums(order: Node) -> Body:
    names = {
        "current_subtotal_price": "currentSubtotalPriceSet",
        "current_total_discounts": "currentTotalDiscountsSet",
        "current_total_price": "currentTotalPriceSet",
        "current_total_tax": "currentTotalTaxSet",
        "current_shipping_price": "currentShippingPriceSet",
        "subtotal_price": "subtotalPriceSet",
        "total_discounts": "totalDiscountsSet",
        "total_outstanding": "totalOutstandingSet",
        "total_price": "totalPriceSet",
        "total_shipping_price": "totalShippingPriceSet",
        "total_tax": "totalTaxSet",
    }
    sums: Body = {name: order[key]["shopMoney"]["amount"] for name, key in names.items()}
    return sums | {f"{name}_set": bag(order[key]) for name, key in names.items()}


def _fulfillment_status(order: Node) -> str | None:
    status = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}
    return status.get(order["displayFulfillmentStatus"])


def _shipping_line(line: Node) -> Body:
    return {
        "id": number_of(line["id"]),
        "title": line["title"],
        "code": line["code"],
        "source": line["source"],
        "price": line["originalPriceSet"]["shopMoney"]["amount"],
    }
