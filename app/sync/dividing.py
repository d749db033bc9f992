"""Divides shipments of more lines than Shopify takes in one request, unless they are all that a
fulfillment order asks for: then their lines need not be named. So it does with shipments that have
grown since they were fulfilled, for nothing can be added to a fulfillment.

Each part is a shipment of its own, with a fulfillment of its own: the number says which of the
warehouse's shipments it belongs to. Parts keep their lines, whatever the warehouse tells later, and
follow it in everything else; new lines belong to the first. What is fulfilled of a line stays
where it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.db import session
from app.domain import shipments
from app.domain.facts import PartFacts
from app.domain.plan import less
from app.domain.shipments import CANCELLED, Allocation
from app.domain.states import Effect
from app.models import Shipment
from app.shopify.client import LONGEST_ARRAY
from app.sync.owing import owe

_MARK, _NOT_WHOLE = " · ", "not_whole"
# Room for the mark and the position.
_LONGEST = 120


def allocate(row: Shipment, open_parts: Sequence[PartFacts]) -> Allocation:
    """Find the units of a shipment among an order's fulfillment orders. One that is not whole
    leaves lines to parts of its own, which Shopify is owed then. The caller commits."""
    own, location = row.outbound_order.fulfillment_order, row.outbound_order.location
    found = shipments.allocate(row.lines, open_parts, own, location)
    too_long = any(len(portion.lines) > LONGEST_ARRAY for portion in found.portions)
    if not too_long or not row.pushed.get(_NOT_WHOLE):
        return found
    for each in _divide(row):
        owe(each.shop_id, ("shipment", str(each.id)), Effect.FULFIL)
    return shipments.allocate(row.lines, open_parts, own, location)


def note_not_whole(row: Shipment) -> None:
    """A fulfillment order asks for other units too. The caller commits."""
    row.pushed = row.pushed | {_NOT_WHOLE: True}


def split_off_growth(row: Shipment, parts: Sequence[PartFacts]) -> None:
    """Make units that came to a fulfilled shipment later, and that Shopify asks for or holds, a
    part of their own, which Shopify is owed then. The caller commits."""
    outbound = row.outbound_order
    there = [replace(part, status="OPEN") for part in parts if part.live]
    found = shipments.allocate(_growth(row), there, outbound.fulfillment_order, outbound.location)
    if not found.units:
        return
    part = _part(row, len(parts_of(row)) + 2, found.units)
    row.lines = less(row.lines, dict(found.units))
    session().add(part)
    session().flush()
    _divide_what_left_before(row, [part])
    owe(part.shop_id, ("shipment", str(part.id)), Effect.FULFIL)


def _growth(row: Shipment) -> dict[str, int]:
    """The units that a shipment has and its fulfillment has not."""
    stands = row.fulfillment and row.state != CANCELLED and not row.pushed.get("withdrawn")
    return less(row.lines, row.pushed["units"]) if stands and "units" in row.pushed else {}


def _divide(row: Shipment) -> list[Shipment]:
    lines, first = sorted(row.lines), len(parts_of(row)) + 2
    own, *others = [lines[at : at + LONGEST_ARRAY] for at in range(0, len(lines), LONGEST_ARRAY)]
    parts = []
    for position, each in enumerate(others, start=first):
        part = _part(row, position, {line: row.lines[line] for line in each})
        part.pushed = _pushed(row, each)
        parts.append(part)
    session().add_all(parts)
    row.pushed, row.lines = _pushed(row, own), {line: row.lines[line] for line in own}
    session().flush()
    _divide_what_left_before(row, parts)
    return parts


def parts_of(row: Shipment) -> list[Shipment]:
    """The parts that a shipment was divided into, without the first, which is itself."""
    start = _number(row, "")
    query = (
        session()
        .query(Shipment)
        .filter_by(connection_id=row.connection_id, generation=row.generation)
    )
    # What follows 9 is a colon.
    found = query.filter(Shipment.number > start, Shipment.number < f"{start}:")
    return found.order_by(Shipment.id).all()


def share_out(row: Shipment, parts: list[Shipment]) -> None:
    """Let the parts of a shipment follow what the warehouse told of it."""
    had = row.pushed or {}
    left, own = row.lines, had.get("units") or had.get("replaces") or {}
    for part in parts:
        part.lines = _share(part, less(left, own))
        left = less(left, part.lines)
        part.told_version, part.seen_at, part.packages = row.told_version, row.seen_at, row.packages
        part.state = row.state if part.lines else CANCELLED
        part.settled, part.reason, part.message = False, "", ""
    row.lines = left


def _share(part: Shipment, free: Mapping[str, int]) -> dict[str, int]:
    """A part's lines of those that are free. One that is fulfilled does not grow."""
    mine = {line: free[line] for line in part.lines if line in free}
    if not part.fulfillment:
        return mine
    return {line: min(number, part.lines[line]) for line, number in mine.items()}


def _part(row: Shipment, position: int, lines: Mapping[str, int]) -> Shipment:
    return Shipment(
        shop_id=row.shop_id,
        order_id=row.order_id,
        outbound_order_id=row.outbound_order_id,
        connection_id=row.connection_id,
        generation=row.generation,
        number=_number(row, str(position)),
        told_version=row.told_version,
        state=row.state,
        seen_at=row.seen_at,
        packages=row.packages,
        lines=dict(lines),
        pushed={},
    )


def _number(row: Shipment, position: str) -> str:
    return f"{row.number[:_LONGEST]}{_MARK}{position}"


def _pushed(row: Shipment, lines: Sequence[str]) -> dict[str, Any]:
    """What a part knows of a fulfillment that was taken back: its own units of it."""
    replaced = row.pushed.get("replaces")
    if replaced is None:
        return dict(row.pushed)
    mine = {line: replaced[line] for line in lines if line in replaced}
    return row.pushed | {"replaces": mine}


def _divide_what_left_before(row: Shipment, parts: list[Shipment]) -> None:
    """Keep what left before the warehouse lost an order (``losses.py``) true."""
    outbound = row.outbound_order
    if str(row.id) in outbound.shipped_before:
        left = {str(each.id): each.lines for each in (row, *parts)}
        outbound.shipped_before = outbound.shipped_before | left
