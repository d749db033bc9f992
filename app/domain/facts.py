"""What is kept of an order after a read: enough for the gates and the pages, no personal data."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Self

from app.domain.shop_order import Address, FulfillmentOrder, Line, OrderRead

# A fulfillment order in one of these has something to ship, now or later.
LIVE_STATUSES = frozenset({"OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"})
PICK_UP_METHODS = frozenset({"PICK_UP", "RETAIL"})
NOTHING_TO_SHIP = "NONE"
_CASH_ON_DELIVERY = re.compile(r"cash[ _-]on[ _-]delivery|contrassegno|(?<![a-z])cod(?![a-z])")


@dataclass(frozen=True, slots=True)
class LineFacts:
    """An order line without its money. ``variant``: whether it is of a product; a custom item is
    not. ``item``: the inventory item it takes from, where it is known. ``current``: how many units
    there are of it, ``unfulfilled``: how many of these no fulfillment has; None where an older
    version kept the line."""

    id: str
    name: str
    sku: str
    gift_card: bool
    requires_shipping: bool
    variant: bool = True
    item: str = ""
    current: int | None = None
    unfulfilled: int | None = None

    @property
    def ships(self) -> bool:
        """Whether a warehouse ships it: no gift card, tip or service."""
        return self.requires_shipping and not self.gift_card

    def without(self, gone: int) -> "LineFacts":
        """The same with fewer units unfulfilled."""
        if self.unfulfilled is None or not gone:
            return self
        return replace(self, unfulfilled=max(0, self.unfulfilled - gone))


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A fulfillment order. ``lines`` maps order line ids to the quantity still to fulfil,
    ``line_ids`` to the ids of the fulfillment order's own lines. ``holds`` are those of others,
    ``own_hold`` the id of the one by which we show that the warehouse holds it."""

    id: str
    status: str
    location: str
    location_name: str
    method: str
    holds: list[str]
    lines: dict[str, int]
    line_ids: dict[str, str] = field(default_factory=dict)
    own_hold: str = ""

    @property
    def live(self) -> bool:
        """Whether there is something in it to ship."""
        ships = self.status in LIVE_STATUSES and self.method != NOTHING_TO_SHIP
        return ships and any(self.lines.values())

    def without(self, left_out: Collection[str]) -> "PartFacts":
        """The same without some order lines."""
        lines = {line: left for line, left in self.lines.items() if line not in left_out}
        return replace(self, lines=lines)

    def with_lines(self, lines: dict[str, int]) -> "PartFacts":
        """The same with other quantities still to fulfil; with none at all it is closed."""
        status = self.status if any(lines.values()) else "CLOSED"
        return replace(self, lines=lines, status=status)


@dataclass(frozen=True, slots=True)
class Facts:
    """An order as last read. ``present`` names the fields somebody entered, as the settings call
    them; ``concealed`` those that Shopify hides from the app. ``reopened``: of which order lines
    how many units are open again because their fulfillment was cancelled."""

    financial_status: str = ""
    risk: str = "none"
    test: bool = False
    cancelled: bool = False
    closed: bool = False
    method: str = ""
    shipping_title: str = ""
    source_name: str = ""
    currency: str = ""
    presentment_currency: str = ""
    cash_on_delivery: bool = False
    on_account: bool = False
    present: list[str] = field(default_factory=list)
    concealed: list[str] = field(default_factory=list)
    lines: list[LineFacts] = field(default_factory=list)
    parts: list[PartFacts] = field(default_factory=list)
    reopened: dict[str, int] = field(default_factory=dict)

    @property
    def live_parts(self) -> list[PartFacts]:
        """Fulfillment orders with something to ship."""
        return [part for part in self.parts if part.live]

    @property
    def shipped_lines(self) -> list[LineFacts]:
        """Order lines that some live fulfillment order still asks for."""
        wanted = {line for part in self.live_parts for line, left in part.lines.items() if left}
        return [line for line in self.lines if line.id in wanted]

    def with_parts(self, parts: list[PartFacts]) -> "Facts":
        """The same with other fulfillment orders. What they ask for less is not unfulfilled."""
        gone = Counter(_asked(self.parts))
        gone.subtract(_asked(parts))
        lines = [line.without(gone[line.id]) for line in self.lines]
        return replace(self, parts=parts, lines=lines)

    def to_json(self) -> dict[str, Any]:
        """The form in which the database keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read back what ``to_json`` wrote; an empty mapping is an order never read."""
        names = {known.name for known in fields(cls)}
        values = {name: value for name, value in stored.items() if name in names}
        values["lines"] = [LineFacts(**line) for line in values.get("lines", [])]
        values["parts"] = [PartFacts(**part) for part in values.get("parts", [])]
        return cls(**values)


def _asked(parts: Iterable[PartFacts]) -> Counter[str]:
    """The units still to fulfil, by order line."""
    asked: Counter[str] = Counter()
    for part in parts:
        asked.update(part.lines)
    return asked


def facts_of(order: OrderRead) -> Facts:
    """Keep of a read what the gates need."""
    left_out = {line.id for line in order.lines if _left_out(line)}
    parts = [_part(part, left_out) for part in order.fulfillment_orders]
    method = next((part.method for part in parts if part.live), "")
    items = {
        line.line_id: line.inventory_item_id or ""
        for part in order.fulfillment_orders
        for line in part.lines
    }
    return Facts(
        financial_status=order.financial_status or "",
        risk=order.risk,
        test=order.test,
        cancelled=order.cancelled_at is not None,
        closed=order.closed_at is not None,
        method=method,
        shipping_title=(order.shipping_line.title or "") if order.shipping_line else "",
        source_name=order.source_name or "",
        currency=order.currency,
        presentment_currency=order.presentment_currency,
        cash_on_delivery=is_cash_on_delivery(order),
        on_account=bool(order.payment_terms),
        present=_present(order),
        concealed=list(order.problems),
        lines=[_line(line, items) for line in order.lines],
        parts=parts,
    )


def _line(line: Line, items: Mapping[str, str]) -> LineFacts:
    return LineFacts(
        id=line.id,
        name=line.name,
        sku=(line.sku or "").strip(),
        gift_card=line.is_gift_card,
        requires_shipping=line.requires_shipping,
        variant=line.variant_id is not None,
        item=items.get(line.id, ""),
        current=line.current_quantity,
        unfulfilled=line.unfulfilled_quantity,
    )


def _left_out(line: Line) -> bool:
    """Gift cards, tips and services: nothing a warehouse ships."""
    return line.is_gift_card or not line.requires_shipping


def _part(part: FulfillmentOrder, left_out: Collection[str]) -> PartFacts:
    return PartFacts(
        id=part.id,
        status=part.status,
        location=part.location_id or "",
        location_name=part.location_name,
        method=part.method,
        holds=list(part.holds),
        lines={
            line.line_id: line.quantity_remaining
            for line in part.lines
            if line.line_id not in left_out
        },
        line_ids={line.line_id: line.id for line in part.lines if line.line_id not in left_out},
        own_hold=part.own_hold,
    )


def is_cash_on_delivery(order: OrderRead) -> bool:
    """Whether the buyer pays at the door: unpaid, by a gateway that says so."""
    if order.financial_status == "paid":
        return False
    return any(_CASH_ON_DELIVERY.search(name.casefold()) for name in order.gateway_names)


def _present(order: OrderRead) -> list[str]:
    """The names of the fields that have something in them; never what."""
    address, customer = order.shipping_address, order.customer
    entered = {
        "shipping_address": _complete(address),
        "billing_address": _complete(order.billing_address),
        "zip": bool(address and address.zip),
        "province": bool(address and (address.province or address.province_code)),
        "company": bool(address and address.company),
        "name": bool((address and address.name) or (customer and customer.name)),
        "phone": bool(order.phone or (address and address.phone) or (customer and customer.phone)),
        "email": bool(order.email or (customer and customer.email)),
        "note": bool(order.note),
    }
    attributes = [f"attribute:{key}" for key, value in order.custom_attributes.items() if value]
    return [name for name, there in entered.items() if there] + attributes


def _complete(address: Address | None) -> bool:
    return address is not None and bool(address.address1 and address.country_code)
