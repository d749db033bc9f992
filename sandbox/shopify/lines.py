"""Lines of an order, and the sums they add up to."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sandbox.shopify.catalogue import add_product
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, Purse

ZERO = Decimal(0)
VAT = Decimal("0.22")
_PLACED = (
    "subtotalPriceSet",
    "totalShippingPriceSet",
    "totalTaxSet",
    "totalDiscountsSet",
    "totalPriceSet",
)
_PRESENT = (
    "currentSubtotalPriceSet",
    "currentShippingPriceSet",
    "currentTotalTaxSet",
    "currentTotalDiscountsSet",
    "currentTotalPriceSet",
)


def add_line(shop: Shop, order: Node, spec: dict[str, Any]) -> Node:
    """Append a line to an order from ``{"sku" or "variant", "quantity", …}`` and return it."""
    variant = None if spec.get("custom") else _variant_for(shop, spec)
    title = spec.get("title") or (variant["product"]["title"] if variant else "Custom item")
    quantity = int(spec.get("quantity", 1))
    physical = not spec.get("gift_card")
    line = {
        "__typename": "LineItem",
        "id": shop.new_id("LineItem"),
        "sku": spec["sku"] if "sku" in spec else (variant or {}).get("sku"),
        "title": title,
        "name": title,
        "variantTitle": None,
        "vendor": variant["product"]["vendor"] if variant else None,
        "quantity": quantity,
        "currentQuantity": quantity,
        "unfulfilledQuantity": quantity,
        "nonFulfillableQuantity": 0,
        "requiresShipping": bool(spec.get("requires_shipping", physical)),
        "isGiftCard": bool(spec.get("gift_card")),
        "taxable": physical,
        "variant": variant,
        "product": variant["product"] if variant else None,
        "customAttributes": attributes_of(spec.get("properties")),
        "lineItemGroup": _group(shop, order, spec.get("bundle")),
        "discountAllocations": [],
        "_price": Decimal(str(spec.get("price") or (variant["price"] if variant else "10.00"))),
        "_discount": Decimal(str(spec.get("discount", 0))),
        "_location": spec.get("location"),
    }
    _line_sums(line, order["_purse"])
    order["_lines"].append(line)
    return line


def _variant_for(shop: Shop, spec: dict[str, Any]) -> Node:
    """Find the variant by id or SKU; a SKU or title not in the catalogue becomes a new product."""
    if "variant" in spec:
        return _variant(shop, str(spec["variant"]))
    sku = spec.get("sku")
    known = shop.variant_by_sku(sku) if sku else None
    if known is None and "sku" not in spec and "title" not in spec and shop.variants:
        return next(iter(shop.variants.values()))
    price = str(spec.get("price", "19.90"))
    return known or add_product(shop, spec.get("title") or f"Product {sku}", sku, price)


def _variant(shop: Shop, variant_id: str) -> Node:
    if variant_id not in shop.variants:
        raise ValueError(f"There is no variant {variant_id}.")
    return shop.variants[variant_id]


def attributes_of(properties: dict[str, str] | None) -> list[Node]:
    """Return custom attributes, of a line or an order, from ``{key: value}``."""
    return [{"key": key, "value": value} for key, value in (properties or {}).items()]


def _group(shop: Shop, order: Node, bundle: str | dict[str, Any] | None) -> Node | None:
    """Return the bundle a line belongs to; lines of an order with one title share it."""
    if not bundle:
        return None
    asked = bundle if isinstance(bundle, dict) else {"title": bundle}
    known: dict[str, Node] = {
        line["lineItemGroup"]["title"]: line["lineItemGroup"]
        for line in order["_lines"]
        if line["lineItemGroup"]
    }
    return known.get(asked["title"]) or _new_group(shop, asked)


def _new_group(shop: Shop, asked: dict[str, Any]) -> Node:
    variant = shop.variant_by_sku(asked["sku"]) if asked.get("sku") else None
    return {
        "__typename": "LineItemGroup",
        "id": shop.new_id("LineItemGroup"),
        "title": asked["title"],
        "quantity": int(asked.get("quantity", 1)),
        "customAttributes": [],
        "productId": variant["product"]["id"] if variant else None,
        "variantId": variant["id"] if variant else None,
        "variantSku": asked.get("sku"),
    }


def recount(order: Node) -> None:
    """Work out every sum of an order and its lines from prices and present quantities."""
    purse: Purse = order["_purse"]
    for line in order["_lines"]:
        _line_sums(line, purse)
    lines = order["_lines"]
    first = sum((line["_price"] * line["quantity"] for line in lines), ZERO)
    current = sum((line["_price"] * line["currentQuantity"] for line in lines), ZERO)
    discounts = sum((line["_discount"] for line in lines if line["currentQuantity"]), ZERO)
    shipping = order["_shipping"] if current or not order["cancelledAt"] else ZERO
    order.update(_sums(purse, _PLACED, (first, order["_shipping"], discounts)))
    order.update(_sums(purse, _PRESENT, (current, shipping, discounts)))
    order["originalTotalPriceSet"] = order["totalPriceSet"]
    order["currentSubtotalLineItemsQuantity"] = sum(line["currentQuantity"] for line in lines)
    order["subtotalLineItemsQuantity"] = sum(line["quantity"] for line in lines)
    _paid_sums(order, purse, current + shipping - discounts)


def _sums(purse: Purse, names: tuple[str, ...], amounts: tuple[Decimal, Decimal, Decimal]) -> Node:
    """Return sums under their names from the amounts of goods, shipping and discounts."""
    goods, shipping, discounts = amounts
    total = goods + shipping - discounts
    values = (goods - discounts, shipping, _included_tax(total), discounts, total)
    return {name: purse.bag(amount) for name, amount in zip(names, values, strict=True)}


def _paid_sums(order: Node, purse: Purse, total: Decimal) -> None:
    received = order["_received"]
    order["totalReceivedSet"] = purse.bag(received)
    order["netPaymentSet"] = purse.bag(received - order["_refunded"])
    order["totalRefundedSet"] = purse.bag(order["_refunded"])
    order["totalOutstandingSet"] = purse.bag(max(total - received, ZERO))
    order["fullyPaid"] = received >= total
    order["unpaid"] = received == 0


def _line_sums(line: Node, purse: Purse) -> None:
    quantity, price, discount = line["quantity"], line["_price"], line["_discount"]
    whole = price * quantity - discount
    line["refundableQuantity"] = line["currentQuantity"]
    line["originalUnitPriceSet"] = purse.bag(price)
    line["originalTotalSet"] = purse.bag(price * quantity)
    line["totalDiscountSet"] = purse.bag(discount)
    line["discountedTotalSet"] = purse.bag(whole)
    line["discountedUnitPriceSet"] = purse.bag(whole / quantity if quantity else price)
    line["discountedUnitPriceAfterAllDiscountsSet"] = line["discountedUnitPriceSet"]
    line["taxLines"] = [_tax_line(whole, purse)] if line["taxable"] else []


def _included_tax(amount: Decimal) -> Decimal:
    return amount * VAT / (1 + VAT)


def _tax_line(amount: Decimal, purse: Purse) -> Node:
    return {
        "title": "IVA",
        "rate": float(VAT),
        "ratePercentage": float(VAT * 100),
        "channelLiable": False,
        "priceSet": purse.bag(_included_tax(amount)),
    }


def unfulfilled(lines: Iterable[Node]) -> int:
    """Return how many units are still to be shipped."""
    return sum(line["unfulfilledQuantity"] for line in lines)
