"""What is kept of an order after a read: enough for the gates and the pages, no personal data."""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

from app.domain.shop_order import Address, FulfillmentOrder, Line, OrderRead

# A fulfillment order in one of these has something to ship, now or later.
LIVE_STATUSES = frozenset({"OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"})
PICK_UP_METHODS = frozenset({"PICK_UP", "RETAIL"})
NOTHING_TO_SHIP = "NONE"


@dataclass(frozen=True, slots=True)
class LineFacts:
    """An order line without its money."""

    id: str
    name: str
    sku: str
    gift_card: bool
    requires_shipping: bool


@dataclass(frozen=True, slots=True)
class PartFacts:
    """A fulfillment order. ``lines`` maps order line ids to the quantity still to fulfil."""

    id: str
    status: str
    location: str
    location_name: str
    method: str
    holds: list[str]
    lines: dict[str, int]

    @property
    def live(self) -> bool:
        """Whether there is something in it to ship."""
        ships = self.status in LIVE_STATUSES and self.method != NOTHING_TO_SHIP
        return ships and any(self.lines.values())


@dataclass(frozen=True, slots=True)
class Facts:
    """An order as last read. ``missing`` names required fields nobody entered, ``concealed`` fields
    that Shopify hides from the app."""

    financial_status: str = ""
    risk: str = "none"
    test: bool = False
    cancelled: bool = False
    closed: bool = False
    method: str = ""
    shipping_title: str = ""
    missing: list[str] = field(default_factory=list)
    concealed: list[str] = field(default_factory=list)
    lines: list[LineFacts] = field(default_factory=list)
    parts: list[PartFacts] = field(default_factory=list)

    @property
    def live_parts(self) -> list[PartFacts]:
        """Fulfillment orders with something to ship."""
        return [part for part in self.parts if part.live]

    @property
    def shipped_lines(self) -> list[LineFacts]:
        """Order lines that some live fulfillment order still asks for."""
        wanted = {line for part in self.live_parts for line, left in part.lines.items() if left}
        return [line for line in self.lines if line.id in wanted]

    def to_json(self) -> dict[str, Any]:
        """The form in which the database keeps it."""
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        """Read back what ``to_json`` wrote; an empty mapping is an order never read."""
        values = dict(stored)
        values["lines"] = [LineFacts(**line) for line in values.get("lines", [])]
        values["parts"] = [PartFacts(**part) for part in values.get("parts", [])]
        return cls(**values)


def facts_of(order: OrderRead) -> Facts:
    """Keep of a read what the gates need."""
    left_out = {line.id for line in order.lines if _left_out(line)}
    parts = [_part(part, left_out) for part in order.fulfillment_orders]
    method = next((part.method for part in parts if part.live), "")
    return Facts(
        financial_status=order.financial_status or "",
        risk=order.risk,
        test=order.test,
        cancelled=order.cancelled_at is not None,
        closed=order.closed_at is not None,
        method=method,
        shipping_title=(order.shipping_line.title or "") if order.shipping_line else "",
        missing=_missing(order, method),
        concealed=list(order.problems),
        lines=[_line(line) for line in order.lines],
        parts=parts,
    )


def _line(line: Line) -> LineFacts:
    return LineFacts(
        id=line.id,
        name=line.name,
        sku=(line.sku or "").strip(),
        gift_card=line.is_gift_card,
        requires_shipping=line.requires_shipping,
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
    )


def _missing(order: OrderRead, method: str) -> list[str]:
    if method in PICK_UP_METHODS or _complete(order.shipping_address):
        return []
    return ["shipping address"]


def _complete(address: Address | None) -> bool:
    return address is not None and bool(address.address1 and address.country_code)
