"""What was edited after sending: what the warehouse confirmed beside what it should have now."""

from dataclasses import dataclass

from sqlalchemy import select

from app.db import session
from app.domain.states import State
from app.models import Order, OutboundOrder, Revision
from app.sync.engine import live

REMOVED, ADDED, CHANGED = "removed", "added", "changed"
_OVER = {State.CANCELLED, State.SUPERSEDED}


@dataclass(frozen=True, slots=True)
class LineChange:
    """A line that differs. ``before`` and ``now`` are quantities, 0 where it isn't there."""

    name: str
    sku: str
    before: int
    now: int

    @property
    def kind(self) -> str:
        """Removed, added or changed."""
        if not self.now:
            return REMOVED
        return CHANGED if self.before else ADDED


@dataclass(frozen=True, slots=True)
class Difference:
    """A warehouse order that isn't at the warehouse as it should be. Without ``lines`` something
    else of it changed: its address, shipping or note."""

    warehouse: str
    confirmed_revision: int
    wanted_revision: int
    lines: list[LineChange]


def differences(order: Order) -> list[Difference]:
    """Where the warehouse has something else than it should have now."""
    return [_difference(order, outbound) for outbound in live(order) if _differs(outbound)]


def _differs(outbound: OutboundOrder) -> bool:
    known = outbound.confirmed_revision > 0 and outbound.state not in _OVER
    behind = outbound.wanted_revision > outbound.confirmed_revision
    return known and (behind or _units(outbound.confirmed_lines) != _units(outbound.lines))


def _units(lines: dict[str, int]) -> dict[str, int]:
    return {line: quantity for line, quantity in lines.items() if quantity}


def _difference(order: Order, outbound: OutboundOrder) -> Difference:
    before, now = _units(outbound.confirmed_lines), _units(outbound.lines)
    words = _words(order, outbound)
    changed = [line for line in {**before, **now} if before.get(line, 0) != now.get(line, 0)]
    return Difference(
        warehouse=outbound.warehouse,
        confirmed_revision=outbound.confirmed_revision,
        wanted_revision=outbound.wanted_revision,
        lines=[
            LineChange(*words.get(line, (line, "")), before.get(line, 0), now.get(line, 0))
            for line in changed
        ],
    )


def _words(order: Order, outbound: OutboundOrder) -> dict[str, tuple[str, str]]:
    """Each line's name and SKU: as in the order now, else as the warehouse was told."""
    query = select(Revision.document["lines"]).where(
        Revision.outbound_order_id == outbound.id,
        Revision.revision == outbound.confirmed_revision,
    )
    told = {line["line_id"]: _named(line) for line in session().scalar(query) or []}
    return told | {line["id"]: _named(line) for line in order.facts.get("lines", [])}


def _named(line: dict[str, str]) -> tuple[str, str]:
    return line.get("name", ""), line.get("sku", "")
