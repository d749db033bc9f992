"""Makes orders from a short description, in the shape GraphQL answers have."""

from decimal import Decimal
from typing import Any

from sandbox.shopify.lines import add_line, attributes_of, recount
from sandbox.shopify.metafields import set_all
from sandbox.shopify.risk import summary
from sandbox.shopify.shop import Shop
from sandbox.shopify.tags import normal
from sandbox.shopify.values import Node, Purse, gid, iso, moment_of, now

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


class UnknownOrderKey(ValueError):
    """A description holds a key that means nothing; the message lists those that do."""


KNOWN = frozenset(
    [
        "attributes",
        "billing_address",
        "closed",
        "created_at",
        "currency",
        "customer",
        "delivery",
        "email",
        "fulfill_at",
        "gateway",
        "lines",
        "location",
        "metafields",
        "name",
        "note",
        "paid",
        "payment_terms",
        "phone",
        "presentment_currency",
        "rate",
        "risk",
        "routed",
        "shipping_address",
        "shipping_price",
        "shipping_title",
        "source_name",
        "tags",
        "test",
    ]
)


def new_order(shop: Shop, spec: dict[str, Any]) -> Node:
    """Add an order to a shop and return it; its fulfillment orders come later, by routing."""
    if unknown := set(spec) - KNOWN:
        raise UnknownOrderKey(f"No such key: {', '.join(sorted(unknown))}.")
    number = shop.next_number("Order")
    order = _head(shop, number, spec) | _people(shop, spec) | _parts(spec)
    order["_purse"] = _purse(shop, spec)
    order["shippingLine"] = _shipping_line(shop, order, spec)
    for line in spec.get("lines") or [{}]:
        add_line(shop, order, line)
    recount(order)
    _pay_at_once(order, spec)
    set_all(shop, order, spec.get("metafields") or ())
    shop.orders[number] = order
    shop.index.note(order)
    return order


def _head(shop: Shop, number: int, spec: dict[str, Any]) -> Node:
    created = iso(moment_of(spec["created_at"]) if spec.get("created_at") else now())
    name = spec.get("name") or f"#{number % 1_000_000}"
    return {
        "__typename": "Order",
        "id": gid("Order", number),
        "legacyResourceId": str(number),
        "name": name,
        "number": number % 1_000_000,
        "confirmationNumber": f"TD{number % 1_000_000}",
        "createdAt": created,
        "updatedAt": created,
        "processedAt": created,
        "cancelledAt": None,
        "cancelReason": None,
        "closedAt": created if spec.get("closed") else None,
        "closed": bool(spec.get("closed")),
        "confirmed": True,
        "edited": False,
        "test": bool(spec.get("test")),
        "tags": normal(spec.get("tags") or []),
        "note": spec.get("note"),
        "sourceName": spec.get("source_name", "web"),
        "currencyCode": spec.get("currency", shop.currency),
        "presentmentCurrencyCode": spec.get("presentment_currency", shop.currency),
        "taxesIncluded": True,
        "requiresShipping": True,
        "displayFulfillmentStatus": "UNFULFILLED",
        "customAttributes": attributes_of(spec.get("attributes")),
        "risk": summary(spec.get("risk", "ACCEPT")),
        "purchasingEntity": None,
        "paymentTerms": _payment_terms(shop, spec.get("payment_terms")),
        "customerLocale": "it-IT",
        "returnStatus": "NO_RETURN",
    }


def _payment_terms(shop: Shop, name: str | None) -> Node | None:
    """A business customer's terms, such as *Net 30*."""
    if not name:
        return None
    return {
        "id": shop.new_id("PaymentTerms"),
        "due": False,
        "dueInDays": 30,
        "overdue": False,
        "paymentTermsName": name,
        "paymentTermsType": "NET",
        "translatedName": name,
    }


def _people(shop: Shop, spec: dict[str, Any]) -> Node:
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


def _parts(spec: dict[str, Any]) -> Node:
    return {
        "paymentGatewayNames": [spec.get("gateway", "shopify_payments")],
        "displayFinancialStatus": "PENDING",
        "_lines": [],
        "_metafields": [],
        "_fulfillment_orders": [],
        "_fulfillments": [],
        "_received": Decimal(0),
        "_shipping": Decimal(str(spec.get("shipping_price", "6.90"))),
        "_delivery": spec.get("delivery", "SHIPPING"),
        "_location": spec.get("location"),
        "_fulfill_at": spec.get("fulfill_at"),
        "_routed": False,
        "_wants_routing": spec.get("routed", True),
    }


def _purse(shop: Shop, spec: dict[str, Any]) -> Purse:
    currency = spec.get("currency", shop.currency)
    rate = Decimal(str(spec.get("rate", "1.08" if spec.get("presentment_currency") else "1")))
    return Purse(currency, spec.get("presentment_currency", currency), rate)


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


def _shipping_line(shop: Shop, order: Node, spec: dict[str, Any]) -> Node | None:
    titles = {"PICK_UP": "Ritiro in negozio", "LOCAL": "Consegna locale", "NONE": None}
    title = spec.get("shipping_title", titles.get(order["_delivery"], "Corriere espresso 24/48h"))
    if not title:
        return None
    price = order["_purse"].bag(order["_shipping"])
    return {
        "id": shop.new_id("ShippingLine"),
        "title": title,
        "code": title,
        "source": "shopify",
        "carrierIdentifier": None,
        "originalPriceSet": price,
        "discountedPriceSet": price,
        "currentDiscountedPriceSet": price,
        "discountAllocations": [],
        "taxLines": [],
    }


def _pay_at_once(order: Node, spec: dict[str, Any]) -> None:
    if spec.get("paid", True):
        pay(order)


def pay(order: Node) -> None:
    """Mark an order paid in full."""
    order["_received"] += Decimal(order["totalOutstandingSet"]["shopMoney"]["amount"])
    order["displayFinancialStatus"] = "PAID"
    recount(order)
