"""From an order's fulfillment orders to its outbound orders: new, changed, held back, gone.

All fulfillment orders of an order are planned together, because Shopify splits, merges and moves
them. Units never stand in two outbound orders at once: while one that was sent loses quantity of an
order line, no other gains it until the WMS has accepted the loss (*reduce before add*).
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from app.domain.facts import PartFacts
from app.domain.states import State

Quantities = dict[str, int]
_OVER = frozenset({State.CANCELLED, State.SUPERSEDED})


@dataclass(frozen=True, slots=True)
class Known:
    """An outbound order there is. ``confirmed`` is what the WMS has accepted of each order line,
    ``fulfilled`` what Tagdock has fulfilled of it in Shopify."""

    id: int
    fulfillment_order: str
    external_id: str
    warehouse: str
    state: State
    ever_accepted: bool = False
    confirmed: Quantities = field(default_factory=dict)
    fulfilled: Quantities = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An outbound order there should be. ``known`` is the one to change, None for a new one.

    ``held_back``: another one must first lose units that this one gains.
    """

    external_id: str
    fulfillment_order: str
    location: str
    warehouse: str
    lines: Quantities
    known: Known | None = None
    held_back: bool = False


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
    a person asked for this send, so outbound orders that were cancelled are wanted again.
    """
    found = [w for part in parts if (w := _want(part, known, warehouse_for, reopen)) is not None]
    kept = {wanted.known.id for wanted in found if wanted.known}
    gone = tuple(k for k in known if k.id not in kept and k.state not in _OVER)
    return Plan(tuple(_hold_back(found, known)), gone)


def _want(
    part: PartFacts,
    known: Sequence[Known],
    warehouse_for: Callable[[str], str | None],
    reopen: bool,
) -> Wanted | None:
    warehouse = warehouse_for(part.location)
    mine = [k for k in known if k.fulfillment_order == part.id]
    latest = mine[-1] if mine else None
    lines = _quantities(part, latest)
    if warehouse is None or not any(lines.values()):
        return None
    moved = latest is not None and latest.warehouse != warehouse and latest.ever_accepted
    if latest is None or moved:
        return Wanted(_external_id(part.id, len(mine)), part.id, part.location, warehouse, lines)
    if latest.state in _OVER and not reopen and latest.warehouse == warehouse:
        return None
    return Wanted(latest.external_id, part.id, part.location, warehouse, lines, latest)


def _external_id(gid: str, moves: int) -> str:
    return f"{gid}#{moves + 1}" if moves else gid


def _quantities(part: PartFacts, known: Known | None) -> Quantities:
    """What is still to fulfil and what Tagdock has already fulfilled of it."""
    fulfilled = known.fulfilled if known else {}
    left = part.lines if part.live else {}
    lines = {line: left.get(line, 0) + fulfilled.get(line, 0) for line in {*left, *fulfilled}}
    return {line: quantity for line, quantity in lines.items() if quantity}


def _hold_back(found: Iterable[Wanted], known: Sequence[Known]) -> Iterable[Wanted]:
    wanted = list(found)
    by_id = {w.known.id: w for w in wanted if w.known}
    losing = {
        line
        for k in known
        for line, quantity in k.confirmed.items()
        if quantity > (by_id[k.id].lines.get(line, 0) if k.id in by_id else 0)
    }
    return [_held(w) if _gains(w) & losing else w for w in wanted]


def _gains(wanted: Wanted) -> set[str]:
    had = wanted.known.confirmed if wanted.known else {}
    return {line for line, quantity in wanted.lines.items() if quantity > had.get(line, 0)}


def _held(wanted: Wanted) -> Wanted:
    return Wanted(
        wanted.external_id,
        wanted.fulfillment_order,
        wanted.location,
        wanted.warehouse,
        wanted.lines,
        wanted.known,
        held_back=True,
    )
