"""What Shopify says, as plain frozen values: no GraphQL, no tables, no library types."""

from collections.abc import Mapping
from dataclasses import dataclass
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
    """A part of the order fulfilled at one location. Words of Shopify's enums, as they are."""

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


@dataclass(frozen=True, slots=True)
class OrderRead:
    """An order with everything its gates and its WMS document need.

    ``financial_status``, ``fulfillment_status`` and ``risk`` are in lower case; ``risk`` is
    ``accept``, ``investigate``, ``cancel`` or ``none``. Totals are the current ones, after edits
    and refunds, in the shop's currency. ``lines`` are all of the order's, removed ones too.
    ``problems`` names the fields that Shopify hid from the app.
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


@dataclass(frozen=True, slots=True)
class OrderBrief:
    """An order as a list shows it: enough to see whether it changed."""

    id: str
    name: str
    tags: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class OrderPage:
    """One page of a list; ``next_cursor`` is None on the last."""

    orders: tuple[OrderBrief, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class TagEdit:
    """Tags to put on and to take off one order."""

    order_id: str
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TagResult:
    """An order's tags read back after an edit; None where Shopify gave none.

    ``error`` is Shopify's own sentence where it refused, or says that the order was not found.
    """

    order_id: str
    tags: tuple[str, ...] | None
    updated_at: datetime | None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Location:
    """A place the shop fulfils from."""

    id: str
    name: str
    active: bool
    fulfills_online_orders: bool
    is_fulfillment_service: bool


@dataclass(frozen=True, slots=True)
class ShopInfo:
    """The shop as the app sees it. ``scopes`` are what the merchant granted."""

    name: str
    currency: str
    timezone: str
    plan: str
    scopes: frozenset[str]
    locations: tuple[Location, ...]


@dataclass(frozen=True, slots=True)
class TokenSet:
    """Access to a shop. ``expires_at`` None means the token never expires."""

    access_token: str
    expires_at: datetime | None
    refresh_token: str | None
    refresh_expires_at: datetime | None
    scope: str


@dataclass(frozen=True, slots=True)
class Session:
    """Who is asking, as a verified ID token says. ``shop`` is the whole myshopify.com domain."""

    shop: str
    user_id: str
    expires_at: datetime
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class Webhook:
    """A delivery whose signature is good. All but the body could be forged on a replay."""

    topic: str
    shop: str
    webhook_id: str
    event_id: str
    triggered_at: datetime | None
    body: Mapping[str, object]
