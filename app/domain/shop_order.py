"""A Shopify order as plain frozen values: what the gates, the plan and the documents work on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Money:
    """An amount as Shopify wrote it (a decimal string) and its ISO 4217 currency."""

    amount: str
    currency: str


@dataclass(frozen=True, slots=True)
class Totals:
    """The order's sums, as they now stand, in the shop's currency."""

    subtotal: Money
    shipping: Money
    tax: Money
    discount: Money
    total: Money


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; every part may be missing or hidden from the app."""

    name: str | None = None
    company: str | None = None
    address1: str | None = None
    address2: str | None = None
    city: str | None = None
    province: str | None = None
    province_code: str | None = None
    zip: str | None = None
    country_code: str | None = None
    phone: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Who ordered, as far as the shop lets the app see."""

    name: str | None
    email: str | None
    phone: str | None


@dataclass(frozen=True, slots=True)
class ShippingLine:
    """The delivery option the buyer chose."""

    code: str | None
    title: str | None


@dataclass(frozen=True, slots=True)
class Line:
    """An order line. ``sku`` is the line's own (``own_sku``), else the variant's current one.

    ``unit_price`` is before discounts; ``discount`` (without the order's own) and ``tax`` are the
    whole line's. ``bundle`` is the title of the bundle that the line is a part of.
    ``current_quantity`` is what removals and refunds have left of it, ``unfulfilled_quantity`` how
    many units no fulfillment has.
    """

    id: str
    name: str
    sku: str | None
    own_sku: str | None
    variant_id: str | None
    quantity: int
    current_quantity: int
    requires_shipping: bool
    is_gift_card: bool
    unit_price: Money
    discount: Money
    tax: Money
    bundle: str | None = None
    unfulfilled_quantity: int = 0


@dataclass(frozen=True, slots=True)
class FulfillmentOrderLine:
    """What a fulfillment order still asks of an order line. ``line_id`` names the order line."""

    id: str
    line_id: str
    quantity_remaining: int
    quantity_total: int
    sku: str | None
    inventory_item_id: str | None


@dataclass(frozen=True, slots=True)
class FulfillmentOrder:
    """A part of the order fulfilled at one location. Words of Shopify's enums, as they are, except
    that what only our own hold keeps is open. ``holds`` are the reasons of all others;
    ``own_hold`` is the id of the hold by which we show that the warehouse holds it."""

    id: str
    status: str
    request_status: str
    location_id: str | None
    location_name: str
    method: str
    holds: tuple[str, ...]
    fulfill_at: datetime | None
    fulfill_by: datetime | None
    updated_at: datetime
    lines: tuple[FulfillmentOrderLine, ...]
    own_hold: str = ""


@dataclass(frozen=True, slots=True)
class OrderRead:
    """An order with everything its gates and its WMS document need.

    ``financial_status``, ``fulfillment_status`` and ``risk`` are in lower case; ``risk`` is
    ``accept``, ``investigate``, ``cancel`` or ``none``. Totals are the current ones, after edits
    and refunds, in the shop's currency. ``lines`` are all of the order's, removed ones too.
    ``problems`` names the fields that Shopify hid from the app. ``metafields`` are those asked for,
    by ``namespace.key``.
    """

    id: str
    name: str
    created_at: datetime
    updated_at: datetime
    processed_at: datetime
    cancelled_at: datetime | None
    closed_at: datetime | None
    test: bool
    tags: tuple[str, ...]
    note: str | None
    email: str | None
    phone: str | None
    custom_attributes: Mapping[str, str]
    financial_status: str | None
    fulfillment_status: str
    gateway_names: tuple[str, ...]
    source_name: str | None
    risk: str
    currency: str
    presentment_currency: str
    totals: Totals
    outstanding: Money
    payment_terms: str | None
    customer: Customer | None
    shipping_address: Address | None
    billing_address: Address | None
    shipping_line: ShippingLine | None
    lines: tuple[Line, ...]
    fulfillment_orders: tuple[FulfillmentOrder, ...]
    problems: tuple[str, ...] = ()
    metafields: Mapping[str, str] = field(default_factory=dict)
