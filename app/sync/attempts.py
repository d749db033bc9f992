"""The ledger of fulfilling: what is attempted, what was fulfilled, what was taken back.

While an attempt is open the order says so (``fulfilling``), and each one that ends is counted
(``fulfilled_seq``): a read of the order that began before would show units as still open that are
not, or the other way round.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.db import database_now, session
from app.domain.facts import Facts
from app.domain.shipments import CANCELLED, Allocation, Tracking, without
from app.models import Order, OutboundOrder, Shipment
from app.shopify.fulfillments import Made

# Clocks differ, and Shopify's times are whole seconds.
_SLACK = timedelta(minutes=2)
# Marks a taking off of units, or an attempt, that was given up.
_LEFT = "left"


def begin(row: Shipment, order: Order, found: Allocation, tracking: Tracking) -> None:
    """Write down what is about to be fulfilled. The caller commits before the request."""
    row.attempt = {
        "at": database_now().isoformat(),
        "units": dict(found.units),
        "missing": dict(found.missing),
        "portions": {portion.fulfillment_order: dict(portion.lines) for portion in found.portions},
        "tracking": as_json(tracking),
    }
    order.fulfilling = True


def leave(row: Shipment, order: Order) -> None:
    """What became of an attempt can't be found out for now: reads of the order go on. The caller
    commits."""
    row.attempt = {**(row.attempt or {}), _LEFT: True}
    _let_reads_go_on(order)


def drop(row: Shipment, order: Order) -> None:
    """The attempt did not take place. The caller commits."""
    row.attempt = None
    _end(row, order)


def succeed(
    row: Shipment, outbound: OutboundOrder, order: Order, fulfillment: str
) -> Mapping[str, int]:
    """The attempt made this fulfillment. Returns the units that nobody asked for any more. The
    caller commits."""
    attempt: dict[str, Any] = row.attempt or {}
    # Units of a fulfillment before this one, which were counted all the while.
    replaced = row.pushed.get("replaces", {})
    row.fulfillment = fulfillment
    row.pushed = {"units": attempt["units"], "tracking": attempt["tracking"], "told": ""}
    outbound.fulfilled_lines = _plus(
        _plus(outbound.fulfilled_lines, replaced, -1), attempt["units"], 1
    )
    _take_from_facts(order, attempt["portions"])
    row.attempt = None
    _end(row, order)
    missing: Mapping[str, int] = attempt["missing"]
    return missing


def take_back(row: Shipment, outbound: OutboundOrder, order: Order) -> None:
    """The fulfillment was cancelled. What waits anew is in new fulfillment orders, which a read
    will show. The caller commits."""
    outbound.fulfilled_lines = _plus(outbound.fulfilled_lines, row.pushed.get("units", {}), -1)
    row.pushed = row.pushed | {"withdrawn": True}
    order.fulfilled_seq += 1


def begin_anew(row: Shipment) -> None:
    """A shipment that was taken back may leave after all: then the next fulfillment is another one.
    The caller commits."""
    if row.pushed.get("withdrawn") and row.state != CANCELLED:
        row.fulfillment, row.pushed = "", {}


def find(row: Shipment, made: Sequence[Made]) -> str | None:
    """The fulfillment that an attempt of unknown outcome has made: one that no shipment owns, of
    the same units and parcels, made since."""
    attempt: dict[str, Any] = row.attempt or {}
    since = datetime.fromisoformat(attempt["at"]) - _SLACK
    numbers = frozenset(attempt["tracking"]["numbers"])
    owned = {
        gid
        for (gid,) in session()
        .query(Shipment.fulfillment)
        .filter(Shipment.order_id == row.order_id, Shipment.fulfillment != "")
    }
    for each in made:
        same = dict(each.units) == attempt["units"] and each.numbers == numbers
        if same and not each.cancelled and each.created_at >= since and each.id not in owned:
            return each.id
    return None


def end_taking(order: Order) -> None:
    """Units are no longer being taken off the order. The caller commits."""
    order.fulfilling = _is_taking(order) or _is_attempted(order)
    order.fulfilled_seq += 1


def leave_taking(outbound: OutboundOrder) -> None:
    """Nobody finds out any more what became of units that were being taken off, if some were:
    reads of the order go on. The caller commits."""
    if outbound.taking is not None:
        outbound.taking = {**outbound.taking, _LEFT: True}
        _let_reads_go_on(outbound.order)


def resume_taking(outbound: OutboundOrder) -> None:
    """What became of units that were being taken off is found out after all, if that was left. The
    caller commits."""
    if outbound.taking is not None and _LEFT in outbound.taking:
        outbound.taking = {key: each for key, each in outbound.taking.items() if key != _LEFT}
        outbound.order.fulfilling = True


def as_json(tracking: Tracking) -> dict[str, Any]:
    """The form in which the database keeps a tracking."""
    return {
        "company": tracking.company,
        "numbers": list(tracking.numbers),
        "urls": list(tracking.urls),
    }


def _end(row: Shipment, order: Order) -> None:
    order.fulfilling = _is_taking(order) or _is_attempted(order, but=row)
    order.fulfilled_seq += 1


def _let_reads_go_on(order: Order) -> None:
    order.fulfilling = False
    order.fulfilled_seq += 1


def _is_taking(order: Order) -> bool:
    takings = [outbound.taking for outbound in order.outbound_orders]
    return any(taking is not None and _LEFT not in taking for taking in takings)


def _is_attempted(order: Order, *, but: Shipment | None = None) -> bool:
    """Whether some attempt is open of which the outcome is yet to be found out."""
    query = session().query(Shipment)
    open_ones = query.filter(Shipment.order_id == order.id, Shipment.attempt.is_not(None))
    return any(row is not but and _LEFT not in (row.attempt or {}) for row in open_ones)


def _plus(had: Mapping[str, int], units: Mapping[str, int], sign: int) -> dict[str, int]:
    sums = {line: had.get(line, 0) + sign * units.get(line, 0) for line in {*had, *units}}
    return {line: number for line, number in sums.items() if number > 0}


def _take_from_facts(order: Order, portions: Mapping[str, Mapping[str, int]]) -> None:
    """What we know of the order is kept true without a read."""
    facts = Facts.from_json(order.facts)
    parts = [
        without(part, portions[part.id]) if part.id in portions else part for part in facts.parts
    ]
    order.facts = facts.with_parts(parts).to_json()
