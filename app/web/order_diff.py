"""What was edited after sending: what a warehouse confirmed beside what it should have now."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import and_, or_, select

from app.db import session
from app.domain.states import State
from app.models import Order, OutboundOrder, Revision
from app.sync.engine import live

REMOVED, ADDED, CHANGED = "removed", "added", "changed"
# Nothing of these is wanted any more.
_ENDING = {State.CANCELLING, State.CANCELLED, State.SUPERSEDED}


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
    """A warehouse that hasn't what it should have. Without ``lines`` something else of the order
    changed: its address, shipping or note."""

    warehouse: str
    lines: list[LineChange]


def differences(order: Order) -> list[Difference]:
    """Where a warehouse has something else than it should have now; one that was never sent
    anything is not among them."""
    outbounds = live(order)
    codes = dict.fromkeys(each.warehouse for each in outbounds if each.confirmed_revision)
    found = [
        _difference(order, code, [each for each in outbounds if each.warehouse == code])
        for code in codes
    ]
    return [each for each in found if each is not None]


def _difference(order: Order, code: str, there: list[OutboundOrder]) -> Difference | None:
    before = _sum(each.confirmed_lines for each in there)
    now = _sum(each.lines for each in there if each.state not in _ENDING)
    lines = [line for line in {**before, **now} if before[line] != now[line]]
    if not before or not (lines or any(map(_is_behind, there))):
        return None
    words = _words(order, there) if lines else {}
    return Difference(
        code,
        [LineChange(*words.get(line, (line, "")), before[line], now[line]) for line in lines],
    )


def _is_behind(outbound: OutboundOrder) -> bool:
    known = outbound.confirmed_revision > 0 and outbound.state not in _ENDING
    return known and outbound.wanted_revision > outbound.confirmed_revision


def _sum(parts: Iterable[dict[str, int]]) -> Counter[str]:
    total: Counter[str] = Counter()
    for lines in parts:
        total.update(lines)
    return +total


def _words(order: Order, there: list[OutboundOrder]) -> dict[str, tuple[str, str]]:
    """Each line's name and SKU: as in the order now, else as the warehouse was told."""
    confirmed = [
        and_(
            Revision.outbound_order_id == each.id,
            Revision.revision == each.confirmed_revision,
        )
        for each in there
        if each.confirmed_revision
    ]
    documents = session().scalars(select(Revision.document["lines"]).where(or_(*confirmed)))
    told = {line["line_id"]: _named(line) for lines in documents for line in lines or []}
    return told | {line["id"]: _named(line) for line in order.facts.get("lines", [])}


def _named(line: dict[str, str]) -> tuple[str, str]:
    return line.get("name", ""), line.get("sku", "")
