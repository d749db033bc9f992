"""Whatever is split, moved and merged while answers are on their way: the WMS is never asked for
more than was ordered, and in the end has exactly what is planned."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.facts import PartFacts
from app.domain.plan import Known, Quantities, Wanted, plan
from app.domain.states import Event, State, advance

ORDERED = {"shirt": 5, "hat": 3}
# Nothing is sent from the closet.
LOCATIONS = ["Milano", "Roma", "Torino", "Closet"]
IN_FLIGHT = {State.SENDING, State.AWAITING}
OVER = {State.CANCELLED, State.SUPERSEDED}


@dataclass
class Part:
    """A fulfillment order at Shopify."""

    id: str
    location: str
    lines: Quantities


@dataclass
class Row:
    """An outbound order as the database keeps it."""

    id: int
    part: str
    external_id: str
    warehouse: str
    state: State = State.PLANNED
    confirmed: Quantities = field(default_factory=dict)
    wanted: Quantities = field(default_factory=dict)
    sent: Quantities = field(default_factory=dict)
    sent_to: str = ""
    ever_accepted: bool = False
    cancel_wanted: bool = False
    too_late: bool = False
    # What the WMS has decided, before we hear of it.
    verdict: Event | None = None

    def happen(self, event: Event) -> None:
        self.state = advance(self.state, event).state


class World:
    """One order: its fulfillment orders, our rows, and what the WMS has."""

    def __init__(self) -> None:
        self.parts = [Part("F1", "Milano", dict(ORDERED))]
        self.rows: list[Row] = []
        self.wms: dict[str, Quantities] = {}
        self.ships_from: dict[str, str] = {}
        self.made = 1

    # Shopify: every verb takes three numbers that choose what it is done to.
    def split(self, a: int, b: int, c: int) -> None:
        self._take_out(a, b, c, self._part(a).location)

    def move_some(self, a: int, b: int, c: int) -> None:
        self._take_out(a, b, c, LOCATIONS[c % 4])

    def move_all(self, a: int, b: int, _c: int) -> None:
        self._part(a).location = LOCATIONS[b % 4]

    def merge(self, a: int, b: int, _c: int) -> None:
        one, two = self._part(a), self._part(b)
        if one is not two and one.location == two.location:
            lines = {line: one.lines.get(line, 0) + two.lines.get(line, 0) for line in ORDERED}
            self.parts = [part for part in self.parts if part not in (one, two)]
            self._new(one.location, lines)

    def _part(self, number: int) -> Part:
        return self.parts[number % len(self.parts)]

    def _take_out(self, a: int, b: int, c: int, location: str) -> None:
        part = self._part(a)
        line = sorted(part.lines)[b % len(part.lines)]
        taken = min(1 + c % 3, part.lines[line])
        if 0 < taken < sum(part.lines.values()):
            part.lines[line] -= taken
            self._new(location, {line: taken})

    def _new(self, location: str, lines: Quantities) -> None:
        self.made += 1
        self.parts.append(Part(f"F{self.made}", location, dict(lines)))

    # Tagdock: read, plan, post.
    def read(self, *_: int) -> None:
        found = plan(
            [PartFacts(p.id, "OPEN", p.location, "", "SHIPPING", [], p.lines) for p in self.parts],
            [self._known(row) for row in self.rows],
            lambda location: None if location == "Closet" else location,
        )
        for gone in found.gone:
            self._let_go(self._row(gone.id))
        for wanted in found.wanted:
            self._want(wanted)

    def _known(self, row: Row) -> Known:
        return Known(
            row.id,
            row.part,
            row.external_id,
            row.warehouse,
            row.state,
            row.ever_accepted,
            row.confirmed,
            sent=row.sent,
        )

    def _row(self, number: int) -> Row:
        return next(row for row in self.rows if row.id == number)

    def _let_go(self, row: Row) -> None:
        if row.state in IN_FLIGHT:
            row.cancel_wanted = True
        elif not row.too_late:
            row.happen(Event.CANCELLED if row.confirmed else Event.VANISHED)

    def _want(self, wanted: Wanted) -> None:
        if wanted.known:
            row = self._row(wanted.known.id)
            row.cancel_wanted = False
            row.happen(Event.WANTED_AGAIN)
        else:
            number = len(self.rows) + 1
            row = Row(number, wanted.fulfillment_order, wanted.external_id, wanted.warehouse)
            self.rows.append(row)
        row.warehouse, row.wanted = wanted.warehouse, wanted.lines
        may = wanted.reduces or not wanted.held_back
        if may and row.state not in IN_FLIGHT and wanted.lines != row.confirmed:
            row.happen(Event.POSTED)
            if row.state is State.SENDING:
                row.sent, row.sent_to, row.verdict = wanted.lines, wanted.warehouse, None

    # The WMS decides; later we hear of it.
    def take_in(self, a: int, b: int, _c: int) -> None:
        self._decide(a, Event.CONFIRMED if b % 3 else Event.REJECTED)

    def _decide(self, number: int, verdict: Event) -> None:
        waiting = [row for row in self.rows if row.state is State.SENDING and not row.verdict]
        for row in waiting[number % len(waiting) :][:1] if waiting else []:
            row.verdict = verdict
            if verdict is Event.CONFIRMED:
                self.wms[row.external_id] = row.sent
                first = self.ships_from.setdefault(row.external_id, row.sent_to)
                assert first == row.sent_to, "a move needs another external id"

    def cancel(self, a: int, b: int, c: int) -> None:
        self._decide_cancel(a, too_late=b % 4 == 0 and c % 2 == 0)

    def _decide_cancel(self, number: int, *, too_late: bool) -> None:
        waiting = [row for row in self.rows if row.state is State.CANCELLING and not row.verdict]
        for row in waiting[number % len(waiting) :][:1] if waiting else []:
            row.verdict = Event.CANCEL_TOO_LATE if too_late else Event.GIVEN_BACK
            if not too_late:
                self.wms.pop(row.external_id, None)

    def hear(self, a: int, *_: int) -> None:
        decided = [row for row in self.rows if row.verdict]
        for row in decided[a % len(decided) :][:1] if decided else []:
            verdict, row.verdict = row.verdict, None
            HEARD[verdict](row)
            row.happen(verdict)
            self._after(row)

    def _after(self, row: Row) -> None:
        if row.cancel_wanted and row.state in (State.ACCEPTED, State.REJECTED):
            row.cancel_wanted = False
            row.happen(Event.CANCELLED if row.confirmed else Event.WITHDRAWN)

    # What must hold.
    def at_the_wms(self, line: str) -> int:
        return sum(lines.get(line, 0) for lines in self.wms.values())

    def settle(self) -> None:
        """No more changes, and a WMS that says yes: go on until nothing is left to do."""
        for _ in range(40):
            before = repr((self.rows, self.wms))
            self.read()
            for number in range(len(self.rows)):
                self._decide(number, Event.CONFIRMED)
                self._decide_cancel(0, too_late=False)
                self.hear(0)
                self.never_too_much()
            if repr((self.rows, self.wms)) == before:
                return
        raise AssertionError(self.rows)

    def never_too_much(self) -> None:
        for line, ordered in ORDERED.items():
            assert self.at_the_wms(line) <= ordered, (line, self.wms, self.rows)


def _accepted(row: Row) -> None:
    row.confirmed, row.ever_accepted = row.sent, True


def _cancelled(row: Row) -> None:
    row.confirmed = {}


def _too_late(row: Row) -> None:
    row.too_late = True


HEARD: dict[Event | None, Callable[[Row], None]] = {
    Event.CONFIRMED: _accepted,
    Event.REJECTED: lambda _row: None,
    Event.GIVEN_BACK: _cancelled,
    Event.CANCEL_TOO_LATE: _too_late,
}
VERBS = ["split", "move_some", "move_all", "merge", "read", "read", "take_in", "cancel", "hear"]
numbers = st.integers(0, 11)
stories = st.lists(st.tuples(st.sampled_from(VERBS), numbers, numbers, numbers), max_size=60)
beginnings = st.sampled_from([["read"], ["read", "take_in", "hear"], ["read", "take_in"], []])


def tell(beginning: list[str], story: list[tuple[str, int, int, int]]) -> World:
    world = World()
    for verb in beginning:
        getattr(world, verb)(1, 1, 1)
    for verb, *chosen in story:
        getattr(world, verb)(*chosen)
        world.never_too_much()
    return world


def planned_per_part(world: World) -> dict[tuple[str, str], Quantities]:
    return {
        (part.id, part.location): {line: n for line, n in part.lines.items() if n}
        for part in world.parts
        if part.location != "Closet"
    }


def standing_per_part(world: World) -> dict[tuple[str, str], Quantities]:
    return {
        (row.part, world.ships_from[row.external_id]): world.wms[row.external_id]
        for row in world.rows
        if row.external_id in world.wms
    }


@settings(max_examples=250)
@given(beginnings, stories)
def test_the_wms_never_has_more_and_in_the_end_what_is_planned(
    beginning: list[str], story: list[tuple[str, int, int, int]]
) -> None:
    world = tell(beginning, story)
    world.settle()
    if not any(row.too_late for row in world.rows):
        assert standing_per_part(world) == planned_per_part(world)
        assert {row.state for row in world.rows} <= {State.ACCEPTED, *OVER}


@settings(max_examples=50)
@given(beginnings, stories)
def test_too_late_to_cancel_sends_nothing_twice(
    beginning: list[str], story: list[tuple[str, int, int, int]]
) -> None:
    world = tell(beginning, [*story, ("cancel", 0, 0, 0), ("hear", 0, 0, 0)])
    world.settle()
    for row in world.rows:
        if row.too_late:
            assert (row.state, world.wms[row.external_id]) == (State.REJECTED, row.confirmed)
