"""Who ordered, and where it goes."""

from typing import Any

from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, gid

PROVINCES = {"MI": "Milano", "RM": "Roma", "TO": "Torino", "NA": "Napoli"}
COUNTRIES = {"IT": "Italy", "DE": "Germany", "FR": "France", "US": "United States"}
ADDRESS = {
    "first_name": "Anna",
    "last_name": "Rossi",
    "address1": "Via Torino 12",
    "city": "Milano",
    "zip": "20123",
    "province_code": "MI",
    "country_code": "IT",
    "phone": "+390212345678",
}


def people_of(shop: Shop, spec: dict[str, Any]) -> Node:
    """Return an order's addresses, e-mail, phone and customer from a description."""
    shipping = address_of(shop, spec.get("shipping_address", ADDRESS))
    billing = address_of(shop, spec["billing_address"]) if "billing_address" in spec else shipping
    email = spec.get("email", "anna.rossi@example.com")
    return {
        "shippingAddress": shipping,
        "billingAddress": billing,
        "displayAddress": shipping or billing,
        "billingAddressMatchesShippingAddress": shipping == billing,
        "email": email,
        "phone": spec.get("phone"),
        "customer": _customer(shop, shipping or billing, email, spec),
    }


def _customer(shop: Shop, address: Node | None, email: str, spec: dict[str, Any]) -> Node | None:
    if spec.get("customer", True) is None:
        return None
    name = (address or {}).get("name") or "Anna Rossi"
    first, _, last = name.partition(" ")
    number = shop.next_number("Customer")
    return {
        "__typename": "Customer",
        "id": gid("Customer", number),
        "legacyResourceId": str(number),
        "displayName": name,
        "firstName": first,
        "lastName": last or None,
        "email": email,
        "defaultEmailAddress": {"emailAddress": email} if email else None,
        "defaultAddress": address,
        "numberOfOrders": "1",
        "tags": [],
    }


def address_of(shop: Shop, spec: dict[str, Any] | None) -> Node | None:
    """Return a MailingAddress from ``{"name" or "first_name" and "last_name", "address1", …}``."""
    if not spec:
        return None
    name = spec.get("name") or f"{spec.get('first_name', '')} {spec.get('last_name', '')}".strip()
    first, _, last = name.partition(" ")
    country = spec.get("country_code", "IT")
    province = spec.get("province_code")
    return {
        "__typename": "MailingAddress",
        "id": shop.new_id("MailingAddress"),
        "name": name or None,
        "firstName": spec.get("first_name", first) or None,
        "lastName": spec.get("last_name", last) or None,
        "company": spec.get("company"),
        "address1": spec.get("address1"),
        "address2": spec.get("address2"),
        "city": spec.get("city"),
        "zip": spec.get("zip"),
        "provinceCode": province,
        "province": spec.get("province") or PROVINCES.get(province or ""),
        "countryCode": country,
        "countryCodeV2": country,
        "country": spec.get("country") or COUNTRIES.get(country, country),
        "phone": spec.get("phone"),
    }
