"""From Shopify's JSON to values. Pure: what is missing, hidden or empty becomes None."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from app.shopify.values import (
    Address,
    Customer,
    FulfillmentOrder,
    FulfillmentOrderLine,
    Line,
    Location,
    Money,
    OrderBrief,
    OrderRead,
    ShippingLine,
    Totals,
)

Node = Mapping[str, Any]
# By this the hold that tells of the warehouse's own is known as ours.
HOLD_HANDLE = "tagdock-warehouse"


def order(
    node: Node,
    lines: Iterable[Node],
    fulfillment_orders: Iterable[FulfillmentOrder],
    problems: tuple[str, ...],
) -> OrderRead:
    """Return an order whose lines and fulfillment orders have been read to their last page."""
    return OrderRead(
        id=node["id"],
        name=node["name"],
        created_at=moment(node["createdAt"]),
        updated_at=moment(node["updatedAt"]),
        processed_at=moment(node["processedAt"]),
        cancelled_at=_maybe_moment(node["cancelledAt"]),
        closed_at=_maybe_moment(node["closedAt"]),
        test=node["test"],
        tags=tuple(node["tags"]),
        note=node["note"] or None,
        email=node["email"] or None,
        phone=node["phone"] or None,
        custom_attributes={each["key"]: each["value"] or "" for each in node["customAttributes"]},
        financial_status=(node["displayFinancialStatus"] or "").lower() or None,
        fulfillment_status=node["displayFulfillmentStatus"].lower(),
        gateway_names=tuple(node["paymentGatewayNames"]),
        source_name=node["sourceName"] or None,
        risk=(node["risk"] or {"recommendation": "NONE"})["recommendation"].lower(),
        currency=node["currencyCode"],
        presentment_currency=node["presentmentCurrencyCode"],
        totals=_totals(node),
        outstanding=_money(node["totalOutstandingSet"]),
        payment_terms=None,
        customer=_customer(node),
        shipping_address=_address(node["shippingAddress"]),
        billing_address=_address(node["billingAddress"]),
        shipping_line=_shipping_line(node["shippingLine"]),
        lines=tuple(_line(each) for each in lines),
        fulfillment_orders=tuple(fulfillment_orders),
        problems=problems,
    )


def fulfillment_order(node: Node, lines: Iterable[Node]) -> FulfillmentOrder:
    """Return a fulfillment order whose lines have been read to their last page."""
    assigned, method = node["assignedLocation"], node["deliveryMethod"]
    holds = node["fulfillmentHolds"]
    foreign = [hold for hold in holds if not _is_own(hold)]
    return FulfillmentOrder(
        id=node["id"],
        status=_status(node["status"], only_own=bool(holds) and not foreign),
        request_status=node["requestStatus"],
        location_id=(assigned["location"] or {}).get("id"),
        location_name=assigned["name"],
        method=method["methodType"] if method else "NONE",
        holds=tuple(hold["displayReason"] or hold["reason"] for hold in foreign),
        own_hold=own_hold(holds),
        fulfill_at=_maybe_moment(node["fulfillAt"]),
        fulfill_by=_maybe_moment(node["fulfillBy"]),
        updated_at=moment(node["updatedAt"]),
        lines=tuple(_fulfillment_order_line(each) for each in lines),
    )


def own_hold(holds: Iterable[Node]) -> str:
    """Return the id of the hold that we have put on a fulfillment order, empty for none."""
    return next((str(hold["id"]) for hold in holds if _is_own(hold)), "")


def _is_own(hold: Node) -> bool:
    return bool(hold["heldByRequestingApp"] and hold["handle"] == HOLD_HANDLE)


def _status(status: str, *, only_own: bool) -> str:
    """What holds nothing but our own hold is open to us: we lift it before we fulfil."""
    return "OPEN" if only_own and status == "ON_HOLD" else status


def brief(node: Node) -> OrderBrief:
    """Return an order as a list shows it."""
    return OrderBrief(
        id=node["id"],
        name=node["name"],
        tags=tuple(node["tags"]),
        created_at=moment(node["createdAt"]),
        updated_at=moment(node["updatedAt"]),
    )


def location(node: Node) -> Location:
    """Return a location of the shop."""
    return Location(
        id=node["id"],
        name=node["name"],
        active=node["isActive"],
        fulfills_online_orders=node["fulfillsOnlineOrders"],
        is_fulfillment_service=node["isFulfillmentService"],
    )


def moment(text: str) -> datetime:
    """Return Shopify's ISO 8601 text as a time in UTC."""
    return datetime.fromisoformat(text).astimezone(UTC)


def _maybe_moment(text: str | None) -> datetime | None:
    return moment(text) if text else None


def _money(bag: Node) -> Money:
    return Money(amount=bag["shopMoney"]["amount"], currency=bag["shopMoney"]["currencyCode"])


def _totals(node: Node) -> Totals:
    return Totals(
        subtotal=_money(node["currentSubtotalPriceSet"]),
        shipping=_money(node["currentShippingPriceSet"]),
        tax=_money(node["currentTotalTaxSet"]),
        discount=_money(node["currentTotalDiscountsSet"]),
        total=_money(node["currentTotalPriceSet"]),
    )


def _customer(node: Node) -> Customer | None:
    if not node["customer"]:
        return None
    return Customer(
        name=node["customer"]["displayName"] or None,
        email=node["email"] or None,
        phone=node["phone"] or None,
    )


def _address(node: Node | None) -> Address | None:
    if not node:
        return None
    return Address(
        name=node["name"] or None,
        company=node["company"] or None,
        address1=node["address1"] or None,
        address2=node["address2"] or None,
        city=node["city"] or None,
        province=node["province"] or None,
        province_code=node["provinceCode"] or None,
        zip=node["zip"] or None,
        country_code=node["countryCodeV2"] or None,
        phone=node["phone"] or None,
    )


def _shipping_line(node: Node | None) -> ShippingLine | None:
    if not node:
        return None
    return ShippingLine(code=node["code"] or None, title=node["title"] or None)


def _line(node: Node) -> Line:
    variant, price = node["variant"] or {}, _money(node["originalUnitPriceSet"])
    return Line(
        id=node["id"],
        name=node["name"],
        sku=node["sku"] or variant.get("sku") or None,
        own_sku=node["sku"] or None,
        variant_id=variant.get("id"),
        quantity=node["quantity"],
        current_quantity=node["currentQuantity"],
        unfulfilled_quantity=node["unfulfilledQuantity"],
        requires_shipping=node["requiresShipping"],
        is_gift_card=node["isGiftCard"],
        unit_price=price,
        discount=_money(node["totalDiscountSet"]),
        tax=_sum(price.currency, (_money(tax["priceSet"]) for tax in node["taxLines"])),
        bundle=(node["lineItemGroup"] or {}).get("title"),
    )


def _sum(currency: str, parts: Iterable[Money]) -> Money:
    total = sum((Decimal(part.amount) for part in parts), Decimal("0.0"))
    return Money(amount=format(total, "f"), currency=currency)


def _fulfillment_order_line(node: Node) -> FulfillmentOrderLine:
    return FulfillmentOrderLine(
        id=node["id"],
        line_id=node["lineItem"]["id"],
        quantity_remaining=node["remainingQuantity"],
        quantity_total=node["totalQuantity"],
        sku=node["sku"] or None,
        inventory_item_id=node["inventoryItemId"],
    )
