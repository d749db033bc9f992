"""What comes back: whose units they are, what became of them, what Shopify is still to be told.

A WMS tells absolute quantities by order line and disposition. Shopify keeps dispositions for each
line of a fulfillment that comes back. What it has there is read each time and compared, so units
are never disposed of twice, whoever did it first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

Quantities = Mapping[str, int]
OPEN, REQUESTED, CANCELED, DECLINED = "open", "requested", "canceled", "declined"
EXPECTED, RECEIVED, CLOSED = "expected", "received", "closed"
RESTOCKED, NOT_RESTOCKED, LATER = "RESTOCKED", "NOT_RESTOCKED", "PROCESSING_REQUIRED"
# What a WMS calls it → what Shopify calls it; the ends that are final come first.
KINDS = {"restock": RESTOCKED, "scrap": NOT_RESTOCKED, "quarantine": LATER}
_LONGEST_ARRAY = 250
_WORDS = {RESTOCKED: "restocked", NOT_RESTOCKED: "not restocked", LATER: "set aside"}


@dataclass(frozen=True, slots=True)
class Coming:
    """Units of an order line that come back. ``unit`` is the line of the fulfillment that they were
    shipped in."""

    line: str
    unit: str
    quantity: int
    sku: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one shipper shipped of a return; ``shipper`` None: nobody that we know."""

    shipper: int | None
    coming: tuple[Coming, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Units of an order line that came, and what the WMS did with them."""

    line: str
    disposition: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Goods:
    """A line of what Shopify waits for (``reverse_order``). ``done`` counts units by their end."""

    id: str
    reverse_order: str
    unit: str
    total: int
    done: Quantities = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Disposal:
    """Units of a line and the end they are to have."""

    goods: str
    reverse_order: str
    line: str
    kind: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be disposed of, and how many units of each order line Shopify has no place for."""

    disposals: tuple[Disposal, ...]
    beyond: Quantities


def parts_of(coming: Iterable[Coming], shipper_of: Mapping[str, int | None]) -> list[Part]:
    """Divide a return by who shipped its units, the first shipper first, nobody last."""
    by_shipper: dict[int | None, list[Coming]] = {}
    for each in coming:
        by_shipper.setdefault(shipper_of.get(each.unit), []).append(each)
    order = sorted(by_shipper, key=lambda shipper: (shipper is None, shipper or 0))
    return [Part(shipper, tuple(by_shipper[shipper])) for shipper in order]


def external_id(gid: str, position: int) -> str:
    """What a WMS knows a part of a return by; ``position`` counts from 0."""
    return f"{gid}#{position + 1}" if position else gid


def next_id(gid: str, taken: Iterable[str]) -> str:
    """The id for another part of a return, of which these parts have theirs."""
    positions = [int(known.partition("#")[2] or 1) for known in taken]
    return external_id(gid, max(positions, default=0))


def is_complete(state: str, told: Iterable[Told], announced: Quantities) -> bool:
    """Whether nothing more of it is to come."""
    return state == CLOSED or sum(each.quantity for each in told) >= sum(announced.values())


def odd(told: Iterable[Told], announced: Quantities) -> list[str]:
    """What of a telling can't be applied, in words: unknown lines and dispositions, too many."""
    found, came = [], dict.fromkeys(announced, 0)
    for each in told:
        if each.line not in announced:
            found.append(f"{in_units(each.quantity)} of a line that is not in it")
        elif each.disposition not in KINDS:
            named = each.disposition[:40] or "no disposition"
            found.append(f"{in_units(each.quantity)} with “{named}”")
        else:
            came[each.line] += each.quantity
    more = sum(max(0, number - announced[line]) for line, number in came.items())
    return [*found, f"{in_units(more)} more than announced"] if more else found


def due(told: Sequence[Told], units: Mapping[str, Sequence[str]], goods: Sequence[Goods]) -> Due:
    """What Shopify is still to be told. ``units`` names, for each order line, the lines of
    fulfillments that come back."""
    disposals: list[Disposal] = []
    beyond: dict[str, int] = {}
    for line, names in units.items():
        wanted = _wanted(told, line)
        shelf = [_Shelf(each) for each in goods if each.unit in names]
        for kind in KINDS.values():
            left = _missing(wanted, kind, [each.goods for each in shelf])
            for place in shelf:
                taken = min(left, place.room(kind))
                left -= taken
                if taken:
                    disposals.append(place.take(line, kind, taken))
            if left:
                beyond[line] = beyond.get(line, 0) + left
    return Due(tuple(disposals), beyond)


def _wanted(told: Iterable[Told], line: str) -> dict[str, int]:
    sums = dict.fromkeys(KINDS.values(), 0)
    for each in told:
        if each.line == line and each.disposition in KINDS:
            sums[KINDS[each.disposition]] += each.quantity
    return sums


def _missing(wanted: Quantities, kind: str, goods: Sequence[Goods]) -> int:
    """Units that have not this end yet. One that was set aside may have had its last end since."""
    has = {name: sum(each.done.get(name, 0) for each in goods) for name in KINDS.values()}
    ended = 0
    if kind == LATER:
        ended = sum(max(0, has[name] - wanted[name]) for name in (RESTOCKED, NOT_RESTOCKED))
    return max(0, wanted[kind] - has[kind] - ended)


class _Shelf:
    """A line of goods while ends are found for its units."""

    def __init__(self, goods: Goods) -> None:
        self.goods = goods
        self.final = sum(n for kind, n in goods.done.items() if kind != LATER)
        self.aside = goods.done.get(LATER, 0)

    def room(self, kind: str) -> int:
        """How many units may still get this end: a final one also those that were set aside."""
        return self.goods.total - self.final - (self.aside if kind == LATER else 0)

    def take(self, line: str, kind: str, quantity: int) -> Disposal:
        """Give units this end."""
        if kind == LATER:
            self.aside += quantity
        else:
            fresh = self.goods.total - self.final - self.aside
            self.aside -= max(0, quantity - fresh)
            self.final += quantity
        return Disposal(self.goods.id, self.goods.reverse_order, line, kind, quantity)


def one_call(disposals: Sequence[Disposal]) -> tuple[Disposal, ...]:
    """The first of them that Shopify takes in one request: of one reverse fulfillment order, and of
    one end, so that no line is named twice, and no more than an array may hold."""
    alike = (
        each
        for each in disposals
        if (each.reverse_order, each.kind) == (disposals[0].reverse_order, disposals[0].kind)
    )
    return tuple(islice(alike, _LONGEST_ARRAY))


def ends(goods: Iterable[Goods], units: Mapping[str, Sequence[str]]) -> dict[str, dict[str, int]]:
    """What became of the units of each order line, as Shopify has it."""
    found: dict[str, dict[str, int]] = {}
    line_of = {name: line for line, names in units.items() for name in names}
    for each in goods:
        line = line_of.get(each.unit)
        for kind, number in each.done.items() if line else ():
            counts = found.setdefault(line or "", {})
            counts[kind] = counts.get(kind, 0) + number
    return found


def news(had: Mapping[str, Quantities], now: Mapping[str, Quantities]) -> str:
    """What became of more units than before, in words; empty when nothing did."""
    more = dict.fromkeys(_WORDS, 0)
    for line, counts in now.items():
        for kind in _WORDS:
            more[kind] += max(0, counts.get(kind, 0) - had.get(line, {}).get(kind, 0))
    return ", ".join(f"{in_units(n)} {_WORDS[kind]}" for kind, n in more.items() if n)


def came(told: Iterable[Told]) -> str:
    """What came and what the WMS did with it, in words."""
    sums = dict.fromkeys(KINDS, 0)
    for each in told:
        if each.disposition in sums:
            sums[each.disposition] += each.quantity
    words = {name: _WORDS[kind] for name, kind in KINDS.items()} | {"scrap": "scrapped"}
    return ", ".join(f"{in_units(n)} {words[name]}" for name, n in sums.items() if n)


def in_units(number: int) -> str:
    """A number of units in words, as the log says it."""
    return "1 unit" if number == 1 else f"{number} units"
