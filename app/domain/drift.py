"""Differences between Shopify and the warehouse: their kinds, their repairs, and both sides of an
order as ``drift_compare.py`` compares them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.domain.shipments import Quantities, Tracking

SHOPIFY, WMS = "shopify", "wms"


class Kind(StrEnum):
    """What differs."""

    MISSING = "missing"
    DOUBLED = "doubled"
    QUANTITY = "quantity"
    TRACKING = "tracking"
    STATE = "state"
    STOCK = "stock"


class Repair(StrEnum):
    """What puts it right: each is done by the engine as if it had never been done before."""

    NONE = ""
    READ_IN = "read_in"  # take the order in
    SEND = "send"  # look it up, and send the same revision again
    SEND_REST = "send_rest"  # look it up, and send what had not left as the next revision
    RESEND = "resend"  # send what is wanted, as the next revision there
    TAKE_CANCELLED = "take_cancelled"  # count it as cancelled by the warehouse
    FULFIL = "fulfil"  # try the shipment again
    REFULFIL = "refulfil"  # its fulfillment was cancelled: make another
    REMAKE = "remake"  # cancel its fulfillment, and make another
    WITHDRAW = "withdraw"  # cancel the fulfillment that belongs to no shipment
    TRACK = "track"  # give the fulfillment its tracking
    READ = "read"  # read the order: the tag is a person's command
    TAG = "tag"  # write the tag
    SET_STOCK = "set_stock"  # set the quantity


# What may be done to many at once; the others tell a buyer something, or take something back.
SAFE = frozenset(
    {
        Repair.READ_IN,
        Repair.SEND,
        Repair.RESEND,
        Repair.FULFIL,
        Repair.TRACK,
        Repair.READ,
        Repair.TAG,
        Repair.SET_STOCK,
    }
)


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that differs, in the words of each side. ``key`` names it within the shop."""

    kind: Kind
    key: str
    repair: Repair
    shopify: str
    warehouse: str
    side: str = SHOPIFY
    about: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fulfilled:
    """A fulfillment as Shopify has it. ``units`` maps order lines to quantities."""

    id: str
    units: Quantities
    tracking: Tracking


@dataclass(frozen=True, slots=True)
class ShopSide:
    """An order as Shopify has it. ``fulfillments`` are those that stand, ``ordered`` how often
    each line of them was bought."""

    tags: tuple[str, ...] = ()
    updated_at: datetime | None = None
    fulfillments: tuple[Fulfilled, ...] = ()
    ordered: Quantities = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A shipment. ``tracking`` is what Shopify should have; ``due``: it should be fulfilled there;
    ``cancelled``: the warehouse took it back. ``openings``: units that Shopify still asks for."""

    id: int
    fulfillment: str
    lines: Quantities
    tracking: Tracking
    due: bool = True
    cancelled: bool = False
    openings: Quantities = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consignment:
    """A warehouse order that we take for accepted. ``lines`` are what the warehouse still has of
    it, shipped units among them, ``fulfilled`` what of these Tagdock has fulfilled."""

    id: int
    external_id: str
    confirmed: int
    sent: int
    lines: Quantities
    shipped: Quantities = field(default_factory=dict)
    fulfilled: Quantities = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether the warehouse has something of it to ship. What it shipped it may forget."""
        return any(number > self.shipped.get(line, 0) for line, number in self.lines.items())

    @property
    def is_untouched(self) -> bool:
        """Whether nothing of it was shipped."""
        return not any(self.shipped.values())

    @property
    def is_settled(self) -> bool:
        """Whether all that was shipped is fulfilled: then what is open is known."""
        return all(n <= self.fulfilled.get(line, 0) for line, n in self.shipped.items())


@dataclass(frozen=True, slots=True)
class Told:
    """A warehouse order as the WMS has it; None for one that it never received."""

    revision: int
    state: str


def as_json(tracking: Tracking) -> dict[str, Any]:
    """The form in which the database keeps a tracking."""
    return {
        "company": tracking.company,
        "numbers": list(tracking.numbers),
        "urls": list(tracking.urls),
    }
