"""Webhook bodies about products, places and stock."""

from sandbox.shopify import stock
from sandbox.shopify.payloads.parts import Body
from sandbox.shopify.values import Node, number_of


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


def inventory_level(level: Node) -> Body:
    """Return the body of ``inventory_levels/…``."""
    return {
        "inventory_item_id": number_of(level["item"]["id"]),
        "location_id": number_of(level["location"]["id"]),
        "available": stock.quantity(level, "available"),
        "updated_at": level["updatedAt"],
        "admin_graphql_api_id": level["id"],
    }
