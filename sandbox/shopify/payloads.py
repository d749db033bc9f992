"""Webhook bodies, in the REST shape Shopify sends them."""

from typing import Any

from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, moment_of, number_of

Body = dict[str, Any]


def order(shop: Shop, order: Node) -> Body:
    """Return the body of ``orders/…``."""
    return {
        "id": number_of(order["id"]),
        "admin_graphql_api_id": order["id"],
        "name": order["name"],
        "number": order["number"] - 1000,
        "order_number": order["number"],
        "created_at": _local(shop, order["createdAt"]),
        "updated_at": _local(shop, order["updatedAt"]),
        "processed_at": _local(shop, order["processedAt"]),
        "cancelled_at": _local(shop, order["cancelledAt"]),
        "cancel_reason": (order["cancelReason"] or "").lower() or None,
        "closed_at": _local(shop, order["closedAt"]),
        "test": order["test"],
        "tags": ", ".join(order["tags"]),
        "note": order["note"],
        "note_attributes": _attributes(order["customAttributes"]),
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
        "customer": _customer(order["customer"]),
        "shipping_address": _address(order["shippingAddress"]),
        "billing_address": _address(order["billingAddress"]),
        "line_items": [line_item(line) for line in order["_lines"]],
        "shipping_lines": [_shipping_line(order["shippingLine"])] if order["shippingLine"] else [],
        "fulfillments": [fulfillment(one) for one in order["_fulfillments"]],
        "refunds": [],
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
    return sums | {f"{name}_set": _bag(order[key]) for name, key in names.items()}


def _bag(bag: Node) -> Body:
    return {
        "shop_money": _money(bag["shopMoney"]),
        "presentment_money": _money(bag["presentmentMoney"]),
    }


def _money(money: Node) -> Body:
    return {"amount": money["amount"], "currency_code": money["currencyCode"]}


def line_item(line: Node) -> Body:
    """Return an order line."""
    variant, product = line["variant"], line["product"]
    return {
        "id": number_of(line["id"]),
        "admin_graphql_api_id": line["id"],
        "title": line["title"],
        "name": line["name"],
        "sku": line["sku"],
        "quantity": line["quantity"],
        "current_quantity": line["currentQuantity"],
        "fulfillable_quantity": line["unfulfilledQuantity"],
        "fulfillment_status": None,
        "requires_shipping": line["requiresShipping"],
        "gift_card": line["isGiftCard"],
        "price": line["originalUnitPriceSet"]["shopMoney"]["amount"],
        "price_set": _bag(line["originalUnitPriceSet"]),
        "total_discount": line["totalDiscountSet"]["shopMoney"]["amount"],
        "variant_id": number_of(variant["id"]) if variant else None,
        "product_id": number_of(product["id"]) if product else None,
        "vendor": line["vendor"],
        "properties": _attributes(line["customAttributes"]),
        "tax_lines": [
            {"title": tax["title"], "rate": tax["rate"], "price_set": _bag(tax["priceSet"])}
            for tax in line["taxLines"]
        ],
    }


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


def product(product: Node) -> Body:
    """Return the body of ``products/…``."""
    return {
        "id": number_of(product["id"]),
        "admin_graphql_api_id": product["id"],
        "title": product["title"],
        "handle": product["handle"],
        "status": product["status"].lower(),
        "vendor": product["vendor"],
        "updated_at": product["updatedAt"],
        "variants": [
            {
                "id": number_of(variant["id"]),
                "admin_graphql_api_id": variant["id"],
                "product_id": number_of(product["id"]),
                "sku": variant["sku"],
                "title": variant["title"],
                "price": variant["price"],
                "inventory_item_id": number_of(variant["inventoryItem"]["id"]),
                "updated_at": variant["updatedAt"],
            }
            for variant in product["_variants"]
        ],
    }


def location(location: Node) -> Body:
    """Return the body of ``locations/…``."""
    address = location["address"]
    return {
        "id": number_of(location["id"]),
        "admin_graphql_api_id": location["id"],
        "name": location["name"],
        "active": location["isActive"],
        "address1": address.get("address1"),
        "city": address.get("city"),
        "zip": address.get("zip"),
        "country_code": address.get("countryCode"),
    }


def _local(shop: Shop, text: str | None) -> str | None:
    return moment_of(text).astimezone(shop.zone).isoformat() if text else None


def _attributes(rows: list[Node]) -> list[Body]:
    return [{"name": row["key"], "value": row["value"]} for row in rows]


def _fulfillment_status(order: Node) -> str | None:
    status = {"FULFILLED": "fulfilled", "PARTIALLY_FULFILLED": "partial"}
    return status.get(order["displayFulfillmentStatus"])


def _customer(customer: Node | None) -> Body | None:
    if customer is None:
        return None
    return {
        "id": number_of(customer["id"]),
        "admin_graphql_api_id": customer["id"],
        "first_name": customer["firstName"],
        "last_name": customer["lastName"],
        "email": customer["email"],
    }


def _address(address: Node | None) -> Body | None:
    if address is None:
        return None
    return {
        "first_name": address["firstName"],
        "last_name": address["lastName"],
        "name": address["name"],
        "company": address["company"],
        "address1": address["address1"],
        "address2": address["address2"],
        "city": address["city"],
        "zip": address["zip"],
        "province": address["province"],
        "province_code": address["provinceCode"],
        "country": address["country"],
        "country_code": address["countryCodeV2"],
        "phone": address["phone"],
    }


def _shipping_line(line: Node) -> Body:
    return {
        "id": number_of(line["id"]),
        "title": line["title"],
        "code": line["code"],
        "source": line["source"],
        "price": line["originalPriceSet"]["shopMoney"]["amount"],
    }
