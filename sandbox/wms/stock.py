"""How much of each SKU lies in each warehouse, and how much of it is promised to orders."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sandbox.wms import quantities
from sandbox.wms.ledger import now
from sandbox.wms.orders import Order

Item = dict[str, Any]
CLOSED = ("shipped", "delivered", "cancelled")


class Bin(NamedTuple):
    """A SKU in a warehouse."""

    sku: str
    warehouse: str


@dataclass
class Level:
    """What was counted; ``told`` is what the feed shows of it."""

    on_hand: int = 0
    incoming: int = 0
    version: int = 0
    as_of: str | None = None
    told: tuple[Any, ...] = ()


@dataclass
class Claim:
    """What one order has to do with the stock: units promised, packed and gone, by bin."""

    waits: bool = False
    promised: Counter[Bin] = field(default_factory=Counter)
    packed: Counter[Bin] = field(default_factory=Counter)
    gone: Counter[Bin] = field(default_factory=Counter)


class Stock:
    """The stock of one account. SKUs that nobody counted are never short and never told of."""

    def __init__(self) -> None:
        # By external id; those that wait for goods in the order in which they began to.
        self.levels: dict[Bin, Level] = {}
        self.claims: dict[str, Claim] = {}
        self._promised: Counter[Bin] = Counter()
        self.waiting: dict[str, None] = {}
        self._waited_for: Counter[Bin] = Counter()
        self._packed: Counter[Bin] = Counter()
        self._bins: dict[str, list[Bin]] = {}
        self._ids: dict[str, str] = {}
        self._touched: dict[Bin, None] = {}

    def count(self, place: Bin, on_hand: int, incoming: int) -> None:
        """Say what lies in a bin and what is on its way there."""
        if place not in self.levels:
            self._bins.setdefault(place.sku, []).append(place)
        level = self.levels.setdefault(place, Level())
        level.on_hand, level.incoming = on_hand, incoming
        self._touched[place] = None

    def add(self, place: Bin, units: int) -> None:
        """Put units into a bin; where nobody counts they are not counted either."""
        if place in self.levels:
            self.levels[place].on_hand += units
            self._touched[place] = None

    def identify(self, sku: str, inventory_item_id: str | None) -> None:
        """Learn the shop's id of a SKU, from an order or by hand."""
        if inventory_item_id and self._ids.get(sku) != inventory_item_id:
            self._ids[sku] = inventory_item_id
            self._touched |= dict.fromkeys(self._bins.get(sku, ()))

    def follow(self, order: Order) -> None:
        """Take over how an order stands: what it still wants, what is packed, what has left."""
        for line in order.document.lines:
            self.identify(line.sku, line.inventory_item_id)
        self._replace(order.external_id, _claim(order))

    def forget(self, external_id: str) -> None:
        """Let an order's claim go; what has left stays away."""
        known = self.claims.get(external_id, Claim())
        nothing = dict.fromkeys(known.gone, 0)
        self._replace(external_id, Claim(promised=Counter(nothing), gone=known.gone))
        del self.claims[external_id]

    def available(self, place: Bin) -> int:
        """Units in a bin that are promised to nobody; below zero when too many are."""
        return self.levels[place].on_hand - self._promised[place]

    def short(self, order_id: str, place: Bin, units: int) -> bool:
        """Whether a bin cannot give units to an order.

        A new order comes after all others; one that waits, after those that do not.
        """
        level, own = self.levels.get(place), self.claims.get(order_id, Claim())
        if level is None:
            return False
        others = self._promised[place] - own.promised[place]
        if own.waits:
            others -= self._waited_for[place] - own.promised[place]
        return level.on_hand - others < units

    def packed(self, place: Bin) -> int:
        """Units that stand packed and have not left."""
        return self._packed[place]

    def changed(self) -> list[Item]:
        """The rows that changed since this was asked last, each with its next version."""
        touched, self._touched = list(self._touched), {}
        moment = now()
        return [item for place in touched if (item := self._next(place, moment))]

    def renumbered(self) -> list[Item]:
        """Every row, each with its first version again."""
        for level in self.levels.values():
            level.version = 1
        return [self.item(place) for place in self.levels]

    def item(self, place: Bin) -> Item:
        """A row as the feed shows it."""
        level = self.levels[place]
        return {
            "sku": place.sku,
            "inventory_item_id": self._ids.get(place.sku),
            "warehouse": place.warehouse,
            "on_hand": level.on_hand,
            "available": self.available(place),
            "incoming": level.incoming,
            "version": level.version,
            "as_of": level.as_of,
        }

    def _next(self, place: Bin, moment: str) -> Item | None:
        level = self.levels.get(place)
        if level is None:
            return None
        told = (level.on_hand, self.available(place), level.incoming, self._ids.get(place.sku))
        if told == level.told:
            return None
        level.told, level.as_of = told, moment
        level.version += 1
        return self.item(place)

    def _replace(self, external_id: str, claim: Claim) -> None:
        known = self.claims.get(external_id, Claim())
        self.claims[external_id] = claim
        if not claim.waits:
            self.waiting.pop(external_id, None)
        elif not known.waits:
            self.waiting[external_id] = None
        self._book(known, -1)
        self._book(claim, 1)

    def _book(self, claim: Claim, sign: int) -> None:
        """Add a claim to the sums, or take it off them."""
        for place, units in claim.promised.items():
            self._promised[place] += sign * units
            self._packed[place] += sign * claim.packed[place]
            self._waited_for[place] += sign * units * claim.waits
            if place in self.levels:
                self.levels[place].on_hand -= sign * claim.gone[place]
            self._touched[place] = None


def _claim(order: Order) -> Claim:
    packed, gone = quantities.packed(order), quantities.gone(order)
    claim = Claim(waits=bool(order.issues))
    for line in order.document.lines:
        place, away = Bin(line.sku, order.document.warehouse), gone[line.line_id]
        wanted = order.quantity(line.line_id) - away if order.state not in CLOSED else 0
        claim.promised[place] += wanted
        claim.packed[place] += packed[line.line_id] - away
        claim.gone[place] += away
    return claim
