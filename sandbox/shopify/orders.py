"""Makes orders from a short description, in the shape GraphQL answers have."""

from collections import Counter
from decimal import Decimal
from typing import Any

from sandbox.shopify.lines import add_line, attributes_of, recount
from sandbox.shopify.metafields import set_all
from sandbox.shopify.people import people_of
from sandbox.shopify.risk import summary
from sandbox.shopify.shop import Shop
from sandbox.shopify.tags import normal
from sandbox.shopify.values import Node, Purse, gid, iso, moment_of, now


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
    order = _head(shop, number, spec) | people_of(shop, spec) | _parts(spec)
    order["_purse"] = _purse(shop, spec)
    order["shippingLine"] = _shipping_line(shop, order, spec)
    for line in spec.get("lines") or [{}]:
        add_line(shop, order, line)
    recount(order)
    if spec.get("paid", True):
        pay(shop, order)
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


def _parts(spec: dict[str, Any]) -> Node:
    return {
        "paymentGatewayNames": [spec.get("gateway", "shopify_payments")],
        "displayFinancialStatus": "PENDING",
        "_lines": [],
        "_metafields": [],
        "_fulfillment_orders": [],
        "_fulfillments": [],
        "_returns": [],
        "_refunds": [],
        "_transactions": [],
        "_refunded": Decimal(0),
        "_committed": Counter(),
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


def pay(shop: Shop, order: Node) -> None:
    """Mark an order paid in full."""
    amount = Decimal(order["totalOutstandingSet"]["shopMoney"]["amount"])
    order["_received"] += amount
    order["_transactions"].append(transaction(shop, order, "SALE", amount))
    order["displayFinancialStatus"] = "PAID"
    recount(order)


def transaction(
    shop: Shop, order: Node, kind: str, amount: Decimal, parent: Node | None = None
) -> Node:
    """Return a movement of money that succeeded, in the way the order was paid."""
    gateway = order["paymentGatewayNames"][0]
    return {
        "__typename": "OrderTransaction",
        "id": shop.new_id("OrderTransaction"),
        "kind": kind,
        "status": "SUCCESS",
        "gateway": gateway,
        "formattedGateway": gateway.replace("_", " ").title(),
        "amountSet": order["_purse"].bag(amount),
        "createdAt": iso(now()),
        "processedAt": iso(now()),
        "test": order["test"],
        "order": order,
        "parentTransaction": parent,
        "fees": [],
    }
