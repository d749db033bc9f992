"""What Shopify says, as plain frozen values: no GraphQL, no tables, no library types."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

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

__all__ = [
    "Address",
    "Customer",
    "FulfillmentOrder",
    "FulfillmentOrderLine",
    "Line",
    "Location",
    "Money",
    "OrderBrief",
    "OrderPage",
    "OrderRead",
    "Person",
    "Session",
    "ShippingLine",
    "ShopInfo",
    "TagEdit",
    "TagResult",
    "TokenSet",
    "Totals",
    "Webhook",
]


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
class Person:
    """A staff member: Shopify's number and the name to show, which may be empty."""

    user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Webhook:
    """A delivery whose signature is good. All but the body could be forged on a replay."""

    topic: str
    shop: str
    webhook_id: str
    event_id: str
    triggered_at: datetime | None
    body: Mapping[str, object]
