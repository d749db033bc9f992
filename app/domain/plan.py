"""From an order's fulfillment orders to its outbound orders: new, changed, held back, gone.

All fulfillment orders of an order are planned together, because Shopify splits, merges and moves
them. Units never stand in two outbound orders at once: while one that was sent loses quantity of an
order line, no other gains it until the WMS has accepted the loss (*reduce before add*).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from app.domain.facts import PartFacts
from app.domain.states import DROPPED, ON_ITS_WAY, State

Quantities = dict[str, int]


def less(lines: Quantities, gone: Quantities) -> Quantities:
    """What is left of some units after others are gone; lines with none are left out."""
    left = {line: number - gone.get(line, 0) for line, number in lines.items()}
    return {line: number for line, number in left.items() if number > 0}


@dataclass(frozen=True, slots=True)
class Known:
    """An outbound order there is. ``confirmed`` is what the WMS has accepted of each order line,
    ``fulfilled`` what Tagdock has fulfilled of it in Shopify, ``by_hand`` what the WMS has shipped
    and somebody else has fulfilled there. ``sent`` is what a revision in flight asks for, which the
    WMS may have accepted by now; None when that is not known."""

    id: int
    fulfillment_order: str
    external_id: str
    warehouse: str
    state: State
    ever_accepted: bool = False
    confirmed: Quantities = field(default_factory=dict)
    fulfilled: Quantities = field(default_factory=dict)
    sent: Quantities | None = None
    by_hand: Quantities = field(default_factory=dict)

    @property
    def settled(self) -> Quantities:
        """What has left of it and is fulfilled in Shopify, by whomever."""
        lines = {*self.fulfilled, *self.by_hand}
        return {line: self.fulfilled.get(line, 0) + self.by_hand.get(line, 0) for line in lines}

    @property
    def in_flight(self) -> bool:
        """Whether a revision is on its way, so that the WMS may have more than is confirmed."""
        return self.state in ON_ITS_WAY

    @property
    def reached_wms(self) -> bool:
        """Whether the WMS has, had or may by now have some revision of it."""
        return self.ever_accepted or self.in_flight

    def at_most(self, line: str) -> int | None:
        """The most that the WMS may have of an order line; None when that is not known."""
        if self.state in DROPPED:
            return 0
        confirmed = self.confirmed.get(line, 0)
        if not self.in_flight:
            return confirmed
        return None if self.sent is None else max(confirmed, self.sent.get(line, 0))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An outbound order there should be. ``known`` is the one to change, None for a new one.

    ``held_back``: another one must first lose units that this one gains. ``reduces``: held back,
    but it must itself lose units; ``lines`` ask for those reductions alone and may go at once.
    """

    external_id: str
    fulfillment_order: str
    location: str
    warehouse: str
    lines: Quantities
    known: Known | None = None
    held_back: bool = False
    reduces: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What should be at the WMS, and the outbound orders that should not be there any more."""

    wanted: tuple[Wanted, ...]
    gone: tuple[Known, ...]


def plan(
    parts: Sequence[PartFacts],
    known: Sequence[Known],
    warehouse_for: Callable[[str], str | None],
    *,
    reopen: bool = False,
) -> Plan:
    """Compare an order's fulfillment orders with its outbound orders.

    ``warehouse_for`` maps a location's gid to a warehouse code, None for *Don't send*. ``reopen``:
    a person asked for this send, so outbound orders that the WMS cancelled by itself are wanted
    again; those that were only not wanted for a while always are.
    """
    found = [w for part in parts if (w := _want(part, known, warehouse_for, reopen)) is not None]
    kept = {wanted.known.id for wanted in found if wanted.known}
    gone = tuple(k for k in known if k.id not in kept and k.state not in DROPPED)
    return Plan(tuple(_hold_back(found, known)), gone)


def _want(
    part: PartFacts,
    known: Sequence[Known],
    warehouse_for: Callable[[str], str | None],
    reopen: bool,
) -> Wanted | None:
    mine = [k for k in known if k.fulfillment_order == part.id]
    latest = mine[-1] if mine else None
    warehouse = warehouse_for(part.location)
    if warehouse is None or not part.live:
        return _finished(part, latest)
    if latest is None or _begins_anew(latest, warehouse):
        external_id = _external_id(part.id, len(mine))
        return Wanted(external_id, part.id, part.location, warehouse, _quantities(part, None))
    if latest.state is State.CANCELLED and not reopen:
        return None
    lines = _quantities(part, latest)
    return Wanted(latest.external_id, part.id, part.location, warehouse, lines, latest)


def _finished(part: PartFacts, known: Known | None) -> Wanted | None:
    """Nothing is left to ship from there: what has left and is fulfilled stays as it is, wherever
    it was."""
    if known is None or known.state is State.SUPERSEDED or not any(known.settled.values()):
        return None
    lines = {line: quantity for line, quantity in sorted(known.settled.items()) if quantity}
    return Wanted(known.external_id, part.id, part.location, known.warehouse, lines, known)


def _begins_anew(latest: Known, warehouse: str) -> bool:
    """A whole move, or one that was dropped before the WMS ever had it and is wanted after all."""
    moved = latest.warehouse != warehouse and latest.reached_wms
    dropped = latest.state in DROPPED and not latest.ever_accepted
    return moved or dropped


def _external_id(gid: str, moves: int) -> str:
    return f"{gid}#{moves + 1}" if moves else gid


def _quantities(part: PartFacts, known: Known | None) -> Quantities:
    """What is still to fulfil and what was already fulfilled of it."""
    settled, left = known.settled if known else {}, part.lines
    lines = {line: left.get(line, 0) + settled.get(line, 0) for line in {*left, *settled}}
    return {line: quantity for line, quantity in sorted(lines.items()) if quantity}


def _hold_back(found: Sequence[Wanted], known: Sequence[Known]) -> Iterable[Wanted]:
    keeps = {wanted.known.id: wanted.lines for wanted in found if wanted.known}
    for wanted in found:
        losing = {
            line
            for line in _gains(wanted)
            for other in known
            if other is not wanted.known and _loses(other, line, keeps.get(other.id, {}))
        }
        yield _held(wanted, losing) if losing else wanted


def _gains(wanted: Wanted) -> set[str]:
    """Order lines it asks more of than the WMS has. While it is in flight nothing of it is posted,
    and it is planned again before anything is."""
    if wanted.known and wanted.known.in_flight:
        return set()
    had = wanted.known.confirmed if wanted.known else {}
    return {line for line, quantity in wanted.lines.items() if quantity > had.get(line, 0)}


def _loses(known: Known, line: str, keeps: Quantities) -> bool:
    most = known.at_most(line)
    return most is None or most > keeps.get(line, 0)


def _held(wanted: Wanted, losing: set[str]) -> Wanted:
    had = wanted.known.confirmed if wanted.known else {}
    capped = {line: had.get(line, 0) if line in losing else n for line, n in wanted.lines.items()}
    lines = {line: quantity for line, quantity in capped.items() if quantity}
    if lines and any(quantity > lines.get(line, 0) for line, quantity in had.items()):
        return replace(wanted, lines=lines, held_back=True, reduces=True)
    return replace(wanted, held_back=True)
