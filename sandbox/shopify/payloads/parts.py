"""What several webhook bodies hold: lines, sums, people, attributes, times."""

from typing import Any

from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, moment_of, number_of

Body = dict[str, Any]


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
        "price_set": bag(line["originalUnitPriceSet"]),
        "total_discount": line["totalDiscountSet"]["shopMoney"]["amount"],
        "variant_id": number_of(variant["id"]) if variant else None,
        "product_id": number_of(product["id"]) if product else None,
        "vendor": line["vendor"],
        "properties": attributes(line["customAttributes"]),
        "tax_lines": [
            {"title": tax["title"], "rate": tax["rate"], "price_set": bag(tax["priceSet"])}
            for tax in line["taxLines"]
        ],
    }


def bag(bag: Node) -> Body:
    """Return a sum in both currencies."""
    return {
        "shop_money": _money(bag["shopMoney"]),
        "presentment_money": _money(bag["presentmentMoney"]),
    }


def _money(money: Node) -> Body:
    return {"amount": money["amount"], "currency_code": money["currencyCode"]}


def local(shop: Shop, text: str | None) -> str | None:
    """Return a moment in the shop's own time."""
    return moment_of(text).astimezone(shop.zone).isoformat() if text else None


def attributes(rows: list[Node]) -> list[Body]:
    """Return custom attributes."""
    return [{"name": row["key"], "value": row["value"]} for row in rows]


def customer(customer: Node | None) -> Body | None:
    """Return who ordered."""
    if customer is None:
        return None
    return {
        "id": number_of(customer["id"]),
        "admin_graphql_api_id": customer["id"],
        "first_name": customer["firstName"],
        "last_name": customer["lastName"],
        "email": customer["email"],
    }


def address(address: Node | None) -> Body | None:
    """Return an address."""
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
