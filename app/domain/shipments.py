"""What a shipment asks of Shopify next: what is open, what was told, what is still to come.

A shipment belongs to an outbound order and so to a fulfillment order. Its lines are resolved
through the order lines, because Shopify's fulfillment orders are split, merged and moved.
``next_step`` is asked again after each step, until nothing is left to do.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.facts import PICK_UP_METHODS, PartFacts

Quantities = Mapping[str, int]
PACKED, SHIPPED, IN_TRANSIT = "packed", "shipped", "in_transit"
OUT_FOR_DELIVERY, READY, DELIVERED = "out_for_delivery", "ready_for_pickup", "delivered"
CANCELLED = "cancelled"
# How far a shipment is; a state we do not know says no more than that it was shipped.
_RANKS = {
    PACKED: 0,
    SHIPPED: 1,
    IN_TRANSIT: 2,
    OUT_FOR_DELIVERY: 3,
    READY: 4,
    DELIVERED: 5,
}
# What a state is called where its name doesn't say it.
_WORDS = {
    IN_TRANSIT: "in transit",
    OUT_FOR_DELIVERY: "out for delivery",
    READY: "ready for pick-up",
}
# What Shopify is told on the way.
TOLD = (IN_TRANSIT, OUT_FOR_DELIVERY, READY, DELIVERED)


@dataclass(frozen=True, slots=True)
class Tracking:
    """How a buyer follows a shipment; empty when the WMS has not told yet."""

    company: str = ""
    numbers: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A shipment as the WMS told last. ``lines`` maps order lines to quantities."""

    state: str
    lines: Quantities
    tracking: Tracking = Tracking()


@dataclass(frozen=True, slots=True)
class Pushed:
    """What Shopify has of a shipment. ``fulfillment`` is empty while it has none; ``told`` the last
    state it was told; ``withdrawn``: its fulfillment was taken back."""

    fulfillment: str = ""
    tracking: Tracking = Tracking()
    told: str = ""
    prepared: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Wishes:
    """How the merchant wants it: fulfil once packed, or once shipped."""

    on_packed: bool = False


@dataclass(frozen=True, slots=True)
class Portion:
    """Units of one fulfillment order: its own line ids to quantities."""

    fulfillment_order: str
    lines: Quantities


@dataclass(frozen=True, slots=True)
class Allocation:
    """Where a shipment's units are still to be fulfilled. ``missing`` are units that no fulfillment
    order of the location asks for any more."""

    portions: tuple[Portion, ...] = ()
    units: Quantities = field(default_factory=dict)
    missing: Quantities = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Prepare:
    """Tell that a pick-up order is ready."""


@dataclass(frozen=True, slots=True)
class Fulfil:
    """Make the fulfillment."""


@dataclass(frozen=True, slots=True)
class Track:
    """Give the fulfillment its new tracking."""

    tracking: Tracking


@dataclass(frozen=True, slots=True)
class Tell:
    """Tell where the parcel is."""

    state: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Take the fulfillment back."""


Step = Prepare | Fulfil | Track | Tell | Withdraw


def next_step(now: Snapshot, had: Pushed, method: str, wishes: Wishes) -> Step | None:
    """What is to be done at Shopify now; None when it has all of it, or it is too early."""
    if now.state == CANCELLED:
        return Withdraw() if had.fulfillment and not had.withdrawn else None
    if had.withdrawn:
        # It leaves after all: nothing of what Shopify had counts any more.
        return _begin(now, Pushed(), method, wishes)
    if not had.fulfillment:
        return _begin(now, had, method, wishes)
    if now.tracking != had.tracking and now.tracking != Tracking():
        return Track(now.tracking)
    if now.state in TOLD and rank(now.state) > rank(had.told) and not _picked_up(now, method):
        return Tell(now.state)
    return None


def rank(state: str) -> int:
    """How far a shipment in this state is on its way; -1 for an empty one."""
    return _RANKS.get(state, _RANKS[SHIPPED]) if state else -1


def in_words(state: str) -> str:
    """A shipment's state as the log says it; one that we do not know as the WMS calls it."""
    return _WORDS.get(state) or state.replace("_", " ")


def in_units(number: int) -> str:
    """A number of units in words, as the log says it."""
    return "1 unit" if number == 1 else f"{number} units"


def _begin(now: Snapshot, had: Pushed, method: str, wishes: Wishes) -> Step | None:
    """A parcel is fulfilled when it is packed or leaves; a pick-up when it is picked up."""
    if method in PICK_UP_METHODS:
        if now.state == DELIVERED:
            return Fulfil()
        return Prepare() if now.state == READY and not had.prepared else None
    far_enough = rank(now.state) >= rank(PACKED if wishes.on_packed else SHIPPED)
    return Fulfil() if far_enough else None


def _picked_up(now: Snapshot, method: str) -> bool:
    """Whether its fulfillment says all there is: a pick-up has no way to follow."""
    return method in PICK_UP_METHODS and now.state in (READY, DELIVERED)


def allocate(lines: Quantities, parts: Sequence[PartFacts], own: str, location: str) -> Allocation:
    """Find the units of a shipment among an order's fulfillment orders: in its own first, then in
    others of the same location that are open. ``location`` is where its own was when it was sent,
    for Shopify may not show that one any more."""
    here = next((part.location for part in parts if part.id == own), location)
    open_parts = [part for part in parts if _may_fulfil(part, own, here)]
    open_parts.sort(key=lambda part: part.id != own)
    left, portions = dict(lines), []
    for part in open_parts:
        taken = {line: min(left.get(line, 0), part.lines.get(line, 0)) for line in part.line_ids}
        units = {line: number for line, number in taken.items() if number}
        for line, number in units.items():
            left[line] -= number
        if units:
            portions.append(Portion(part.id, {part.line_ids[line]: units[line] for line in units}))
    missing = {line: number for line, number in left.items() if number}
    found = {line: lines[line] - missing.get(line, 0) for line in lines}
    return Allocation(tuple(portions), {line: n for line, n in found.items() if n}, missing)


def _may_fulfil(part: PartFacts, own: str, location: str) -> bool:
    """Our own hold on another one shows that the warehouse still holds that."""
    free = part.id == own or not part.own_hold
    return part.status in ("OPEN", "IN_PROGRESS") and free and part.location == location


def without(part: PartFacts, lines: Quantities) -> PartFacts:
    """A fulfillment order after units of it were fulfilled; ``lines`` are by its own line ids."""
    order_line = {own: line for line, own in part.line_ids.items()}
    gone = {order_line[own]: number for own, number in lines.items() if own in order_line}
    left = {line: max(0, n - gone.get(line, 0)) for line, n in part.lines.items()}
    return part.with_lines(left)
