"""Orders to test with, complete and plausible; tests replace what they are about."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from app.domain.shop_order import (
    Address,
    Customer,
    FulfillmentOrder,
    FulfillmentOrderLine,
    Line,
    Money,
    OrderRead,
    ShippingLine,
    Totals,
)

PLACED = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
PART = "gid://shopify/FulfillmentOrder/1"
LOCATION = "gid://shopify/Location/7"
HOME = Address(
    name="Zoë Müller-Ōta",
    company="Straßenküche GmbH",
    address1="Via Larga 1",
    address2="Scala B",
    city="Milano",
    province="Milano",
    province_code="MI",
    zip="20122",
    country_code="IT",
    phone="+390212345",
)


def euro(amount: str) -> Money:
    """An amount in euro, as Shopify writes it."""
    return Money(amount, "EUR")


def line_id(number: int) -> str:
    """The gid of an order line."""
    return f"gid://shopify/LineItem/{number}"


def a_line(number: int = 1, **changes: Any) -> Line:
    """An order line of two pieces, with a SKU."""
    made = Line(
        id=line_id(number),
        name=f"Shirt {number}",
        sku=f"TS-{number}",
        own_sku=f"TS-{number}",
        variant_id=f"gid://shopify/ProductVariant/{number}",
        quantity=2,
        current_quantity=2,
        requires_shipping=True,
        is_gift_card=False,
        unit_price=euro("37.85"),
        discount=euro("0.00"),
        tax=euro("13.65"),
    )
    return replace(made, **changes)


def a_part(
    gid: str = PART, quantities: dict[int, int] | None = None, **changes: Any
) -> FulfillmentOrder:
    """A fulfillment order that asks for quantities of order lines, two of line 1 unless told."""
    lines = tuple(
        FulfillmentOrderLine(
            id=f"gid://shopify/FulfillmentOrderLineItem/{number}",
            line_id=line_id(number),
            quantity_remaining=quantity,
            quantity_total=quantity,
            sku=f"TS-{number}",
            inventory_item_id=f"gid://shopify/InventoryItem/{number}",
        )
        for number, quantity in ({1: 2} if quantities is None else quantities).items()
    )
    made = FulfillmentOrder(
        id=gid,
        status="OPEN",
        request_status="UNSUBMITTED",
        location_id=LOCATION,
        location_name="Milano",
        method="SHIPPING",
        holds=(),
        fulfill_at=None,
        fulfill_by=None,
        updated_at=PLACED,
        lines=lines,
    )
    return replace(made, **changes)


def an_order(**changes: Any) -> OrderRead:
    """A paid order of one line in one fulfillment order, to an address in Italy."""
    made = OrderRead(
        id="gid://shopify/Order/9",
        name="#1001",
        created_at=PLACED,
        updated_at=PLACED,
        processed_at=PLACED,
        cancelled_at=None,
        closed_at=None,
        test=False,
        tags=(),
        note=None,
        email="zoe@example.com",
        phone=None,
        custom_attributes={},
        financial_status="paid",
        fulfillment_status="unfulfilled",
        gateway_names=("shopify_payments",),
        source_name="web",
        risk="accept",
        currency="EUR",
        presentment_currency="EUR",
        totals=Totals(
            subtotal=euro("75.70"),
            shipping=euro("6.90"),
            tax=euro("13.65"),
            discount=euro("0.00"),
            total=euro("82.60"),
        ),
        outstanding=euro("0.00"),
        payment_terms=None,
        customer=Customer("Zoë Müller-Ōta", "zoe@example.com", "+390298765"),
        shipping_address=HOME,
        billing_address=HOME,
        shipping_line=ShippingLine("express", "Express"),
        lines=(a_line(),),
        fulfillment_orders=(a_part(),),
    )
    return replace(made, **changes)
