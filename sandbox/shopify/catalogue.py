"""A shop's locations, products and variants."""

from typing import Any

from sandbox.shopify.shop import Shop
from sandbox.shopify.stock import new_item, stock
from sandbox.shopify.values import Node, gid, iso, now, number_of


def add_location(shop: Shop, name: str, address: dict[str, Any], service: str = "") -> Node:
    """Open a location; ``service`` names the third party that runs it, when one does."""
    number = shop.next_number("Location")
    address = {"formatted": [str(part) for part in address.values() if part], **address}
    location: Node = {
        "__typename": "Location",
        "id": gid("Location", number),
        "legacyResourceId": str(number),
        "name": name,
        "isActive": True,
        "fulfillsOnlineOrders": True,
        "shipsInventory": True,
        "hasActiveInventory": True,
        "isPrimary": not shop.locations,
        "isFulfillmentService": bool(service),
        "address": address,
        "createdAt": iso(now()),
        "updatedAt": iso(now()),
        "_service": service,
    }
    shop.locations[location["id"]] = location
    return location


def add_product(shop: Shop, title: str, sku: str | None, price: str, **about: Any) -> Node:
    """Add a product of one variant and return the variant.

    ``about`` may hold ``tracked`` and ``available``: units at every location, or by location id.
    The variant is stocked at the locations named, or at all that are active.
    """
    number = shop.next_number("Product")
    product: Node = {
        "__typename": "Product",
        "id": gid("Product", number),
        "legacyResourceId": str(number),
        "title": title,
        "handle": f"product-{number}",
        "status": "ACTIVE",
        "vendor": about.get("vendor", shop.name),
        "productType": about.get("kind", ""),
        "tags": [],
        "createdAt": iso(now()),
        "updatedAt": iso(now()),
    }
    variant = _variant(shop, product, sku, price, about)
    product["_variants"] = [variant]
    shop.products[product["id"]] = product
    shop.keep_variant(variant)
    _stock(shop, variant["inventoryItem"], about.get("available", 0))
    return variant


def _variant(shop: Shop, product: Node, sku: str | None, price: str, about: dict[str, Any]) -> Node:
    number = shop.next_number("ProductVariant")
    variant_title = about.get("variant_title", "Default Title")
    return {
        "__typename": "ProductVariant",
        "id": gid("ProductVariant", number),
        "legacyResourceId": str(number),
        "title": variant_title,
        "displayName": f"{product['title']} - {variant_title}",
        "sku": sku,
        "price": price,
        "barcode": about.get("barcode"),
        "position": 1,
        "taxable": True,
        "product": product,
        "createdAt": product["createdAt"],
        "updatedAt": product["updatedAt"],
        "inventoryItem": new_item(
            shop, sku, about.get("tracked", True), about.get("requires_shipping", True)
        ),
    }


def _stock(shop: Shop, item: Node, available: int | dict[str, int]) -> None:
    places = [one["id"] for one in shop.active_locations()]
    units = available if isinstance(available, dict) else dict.fromkeys(places, available)
    for location_id, count in units.items():
        stock(item, shop.locations[location_id], count)


def rename_sku(shop: Shop, variant: Node, sku: str | None) -> None:
    """Give a variant another SKU; lines of orders already placed keep theirs."""
    shop.drop_sku(variant)
    variant["sku"] = variant["inventoryItem"]["sku"] = sku
    shop.keep_variant(variant)
    for node in (variant, variant["product"], variant["inventoryItem"]):
        node["updatedAt"] = iso(now())


def numbered(node: Node) -> int:
    """Return a node's number, as webhook payloads name it."""
    return number_of(node["id"])
