"""From fulfillment orders to outbound orders: new, changed, gone, moved, split, merged."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.facts import PartFacts
from app.domain.plan import Known, Plan, Wanted, plan
from app.domain.states import State

PART, OTHER = "gid://shopify/FulfillmentOrder/1", "gid://shopify/FulfillmentOrder/2"
SHIRT, HAT = "gid://shopify/LineItem/1", "gid://shopify/LineItem/2"
WAREHOUSES = {"Milano": "MI", "Roma": "RM", "Closet": None}
IN_FLIGHT = [State.SENDING, State.AWAITING]


def part(gid: str = PART, location: str = "Milano", **lines: int) -> PartFacts:
    """An open fulfillment order; quantities by ``shirt=`` and ``hat=``."""
    return PartFacts(gid, "OPEN", location, location, "SHIPPING", [], quantities(**lines))


def quantities(shirt: int = 0, hat: int = 0) -> dict[str, int]:
    return {line: count for line, count in ((SHIRT, shirt), (HAT, hat)) if count}


def known(number: int = 1, gid: str = PART, **changes: Any) -> Known:
    """An outbound order that the WMS has accepted with five shirts."""
    made = Known(
        id=number,
        fulfillment_order=gid,
        external_id=gid,
        warehouse="MI",
        state=State.ACCEPTED,
        ever_accepted=True,
        confirmed={SHIRT: 5},
    )
    return replace(made, **changes)


def unsent(number: int = 1, gid: str = PART, **changes: Any) -> Known:
    fresh = {"state": State.PLANNED, "ever_accepted": False, "confirmed": {}}
    return known(number, gid, **{**fresh, **changes})


def planned(
    parts: list[PartFacts], existing: list[Known] | None = None, *, reopen: bool = False
) -> Plan:
    return plan(parts, existing or [], WAREHOUSES.get, reopen=reopen)


def only(found: Plan) -> Wanted:
    (wanted,) = found.wanted
    return wanted


def test_a_new_fulfillment_order() -> None:
    found = planned([part(shirt=5, hat=1)])
    assert only(found) == Wanted(PART, PART, "Milano", "MI", {SHIRT: 5, HAT: 1})
    assert found.gone == ()


def test_nothing_to_do() -> None:
    assert planned([]) == Plan((), ())


@pytest.mark.parametrize(
    "silent",
    [
        part(location="Closet", shirt=5),
        part(location="Unknown", shirt=5),
        part(),
        replace(part(shirt=5), status="CLOSED"),
        replace(part(shirt=5), status="CANCELLED"),
        replace(part(shirt=5), method="NONE"),
    ],
)
def test_what_is_not_for_a_warehouse_is_not_planned(silent: PartFacts) -> None:
    assert planned([silent]) == Plan((), ())


@pytest.mark.parametrize("status", ["OPEN", "IN_PROGRESS", "ON_HOLD", "SCHEDULED"])
def test_whatever_may_ship_one_day_is_planned(status: str) -> None:
    assert only(planned([replace(part(shirt=5), status=status)])).lines == {SHIRT: 5}


@pytest.mark.parametrize("state", [State.PLANNED, State.ACCEPTED, State.REJECTED, *IN_FLIGHT])
def test_an_outbound_order_that_stands_is_kept(state: State) -> None:
    existing = known(state=state, sent={SHIRT: 5})
    found = planned([part(shirt=5)], [existing])
    assert only(found) == Wanted(PART, PART, "Milano", "MI", {SHIRT: 5}, existing)
    assert found.gone == ()


@pytest.mark.parametrize("count", [1, 4, 6])
def test_a_changed_quantity(count: int) -> None:
    wanted = only(planned([part(shirt=count)], [known()]))
    assert wanted.lines == {SHIRT: count}
    assert not wanted.held_back


def test_lines_come_and_go() -> None:
    wanted = only(planned([part(hat=1)], [known()]))
    assert wanted.lines == {HAT: 1}
    assert not wanted.held_back


@pytest.mark.parametrize(
    "left", [[], [replace(part(shirt=5), status="CLOSED")], [part(location="Closet", shirt=5)]]
)
@pytest.mark.parametrize(
    "state", [State.PLANNED, State.ACCEPTED, State.REJECTED, State.CANCELLING, *IN_FLIGHT]
)
def test_vanished_closed_or_not_sent_any_more_is_gone(left: list[PartFacts], state: State) -> None:
    existing = known(state=state)
    assert planned(left, [existing]) == Plan((), (existing,))


@pytest.mark.parametrize("state", [State.CANCELLED, State.SUPERSEDED])
def test_what_is_over_is_not_gone_again(state: State) -> None:
    assert planned([], [known(state=state, confirmed={})]) == Plan((), ())


class TestFulfilledByTagdock:
    def test_the_quantity_is_what_is_left_and_what_was_fulfilled(self) -> None:
        existing = known(fulfilled={SHIRT: 2})
        assert only(planned([part(shirt=3)], [existing])).lines == {SHIRT: 5}

    def test_all_fulfilled_stays_as_it_is(self) -> None:
        existing = known(fulfilled={SHIRT: 5})
        closed = replace(part(), status="CLOSED")
        found = planned([closed], [existing])
        assert only(found).lines == {SHIRT: 5}
        assert found.gone == ()

    @pytest.mark.parametrize("location", ["Roma", "Closet"])
    def test_all_fulfilled_stays_wherever_its_location_maps_to_now(self, location: str) -> None:
        existing = known(fulfilled={SHIRT: 5})
        closed = replace(part(location=location), status="CLOSED")
        found = planned([closed], [existing])
        assert (only(found).warehouse, only(found).known) == ("MI", existing)
        assert found.gone == ()

    def test_moved_on_only_what_is_left_goes_to_the_new_warehouse(self) -> None:
        existing = known(fulfilled={SHIRT: 2}, confirmed={SHIRT: 5})
        assert only(planned([part(location="Roma", shirt=3)], [existing])).lines == {SHIRT: 3}

    def test_fulfilled_by_hand_is_cancelled_at_the_warehouse(self) -> None:
        assert only(planned([part(shirt=3)], [known()])).lines == {SHIRT: 3}
        assert planned([replace(part(), status="CLOSED")], [known()]).gone == (known(),)


class TestWholeMove:
    def test_cancelled_at_the_old_then_sent_under_the_next_generation(self) -> None:
        old = known()
        found = planned([part(location="Roma", shirt=5)], [old])
        assert found.gone == (old,)
        assert only(found) == Wanted(
            f"{PART}#2", PART, "Roma", "RM", {SHIRT: 5}, None, held_back=True
        )
        cancelling = replace(old, state=State.CANCELLING)
        second = unsent(2, external_id=f"{PART}#2", warehouse="RM")
        found = planned([part(location="Roma", shirt=5)], [cancelling, second])
        assert only(found).known == second
        assert only(found).held_back
        cancelled = replace(old, state=State.CANCELLED, confirmed={})
        found = planned([part(location="Roma", shirt=5)], [cancelled, second])
        assert not only(found).held_back
        assert found.gone == ()

    def test_before_anything_was_sent_it_simply_goes_elsewhere(self) -> None:
        existing = unsent()
        wanted = only(planned([part(location="Roma", shirt=5)], [existing]))
        assert (wanted.known, wanted.external_id, wanted.warehouse) == (existing, PART, "RM")

    def test_a_refused_one_left_no_trace_and_simply_goes_elsewhere(self) -> None:
        existing = unsent(state=State.REJECTED)
        wanted = only(planned([part(location="Roma", shirt=5)], [existing]))
        assert (wanted.known, wanted.held_back) == (existing, False)

    @pytest.mark.parametrize("state", IN_FLIGHT)
    @pytest.mark.parametrize("sent", [None, {SHIRT: 5}])
    def test_in_flight_for_the_first_time_it_may_be_at_the_old_one(
        self, state: State, sent: dict[str, int] | None
    ) -> None:
        existing = unsent(state=state, sent=sent)
        found = planned([part(location="Roma", shirt=5)], [existing])
        assert found.gone == (existing,)
        assert only(found).external_id == f"{PART}#2"
        assert only(found).held_back

    def test_back_and_forth(self) -> None:
        first = known(state=State.CANCELLED, confirmed={})
        second = known(2, external_id=f"{PART}#2", warehouse="RM")
        found = planned([part(shirt=5)], [first, second])
        assert found.gone == (second,)
        assert only(found).external_id == f"{PART}#3"
        assert only(found).held_back

    def test_back_before_the_new_one_was_sent(self) -> None:
        first = known(state=State.CANCELLING)
        second = unsent(2, external_id=f"{PART}#2", warehouse="RM")
        found = planned([part(shirt=5)], [first, second])
        assert found.gone == (first,)
        assert (only(found).known, only(found).warehouse) == (second, "MI")
        assert only(found).held_back


class TestReduceBeforeAdd:
    def test_a_split_after_sending(self) -> None:
        first = known()
        found = planned([part(shirt=3), part(OTHER, shirt=2)], [first])
        reduced, added = found.wanted
        assert (reduced.lines, reduced.held_back) == ({SHIRT: 3}, False)
        assert (added.lines, added.held_back) == ({SHIRT: 2}, True)
        smaller = replace(first, confirmed={SHIRT: 3})
        assert not any(
            w.held_back for w in planned([part(shirt=3), part(OTHER, shirt=2)], [smaller]).wanted
        )

    @pytest.mark.parametrize("state", IN_FLIGHT)
    def test_until_the_reduction_is_accepted(self, state: State) -> None:
        sending = known(state=state, sent={SHIRT: 3})
        _, added = planned([part(shirt=3), part(OTHER, shirt=2)], [sending]).wanted
        assert added.held_back

    @pytest.mark.parametrize("state", IN_FLIGHT)
    @pytest.mark.parametrize("sent", [None, {SHIRT: 5}])
    def test_a_split_while_the_first_send_is_in_flight(
        self, state: State, sent: dict[str, int] | None
    ) -> None:
        first = unsent(state=state, sent=sent)
        _, added = planned([part(shirt=3), part(OTHER, shirt=2)], [first]).wanted
        assert added.held_back

    def test_what_is_in_flight_holds_back_only_its_own_lines(self) -> None:
        first = unsent(state=State.SENDING, sent={SHIRT: 5})
        _, added = planned([part(shirt=5), part(OTHER, hat=1)], [first]).wanted
        assert not added.held_back

    def test_a_split_before_sending_holds_nothing_back(self) -> None:
        found = planned([part(shirt=3), part(OTHER, shirt=2)], [unsent()])
        assert [wanted.held_back for wanted in found.wanted] == [False, False]

    def test_a_partial_move(self) -> None:
        found = planned([part(shirt=3), part(OTHER, "Roma", shirt=2)], [known()])
        assert [(w.warehouse, w.held_back) for w in found.wanted] == [("MI", False), ("RM", True)]

    def test_a_merge(self) -> None:
        one = known(1, PART, confirmed={SHIRT: 3})
        two = known(2, OTHER, confirmed={SHIRT: 2})
        found = planned([part("gid://shopify/FulfillmentOrder/3", shirt=5)], [one, two])
        assert found.gone == (one, two)
        assert only(found).held_back
        one, two = replace(one, state=State.CANCELLED), replace(two, state=State.CANCELLING)
        found = planned([part("gid://shopify/FulfillmentOrder/3", shirt=5)], [one, two])
        assert only(found).held_back

    def test_too_late_to_cancel_adds_nothing_for_ever(self) -> None:
        """The warehouse ships it: a person decides."""
        stuck = known(state=State.REJECTED)
        found = planned([part(OTHER, shirt=5)], [stuck])
        assert only(found).held_back

    def test_more_of_a_line_that_nobody_loses(self) -> None:
        found = planned([part(shirt=6), part(OTHER, hat=1)], [known()])
        assert [wanted.held_back for wanted in found.wanted] == [False, False]

    def test_an_exchange_reduces_first(self) -> None:
        one = known(1, PART, confirmed={SHIRT: 2, HAT: 1})
        two = known(2, OTHER, confirmed={SHIRT: 1, HAT: 2})
        found = planned([part(shirt=1, hat=2), part(OTHER, shirt=2, hat=1)], [one, two])
        assert [(w.lines, w.held_back, w.reduces) for w in found.wanted] == [
            ({SHIRT: 1, HAT: 1}, True, True),
            ({SHIRT: 1, HAT: 1}, True, True),
        ]


class TestAgain:
    @pytest.mark.parametrize("reopen", [False, True])
    def test_what_the_warehouse_cancelled_comes_back_only_for_a_person(self, reopen: bool) -> None:
        existing = known(state=State.CANCELLED, confirmed={})
        found = planned([part(shirt=5)], [existing], reopen=reopen)
        assert [w.known for w in found.wanted] == ([existing] if reopen else [])
        assert found.gone == ()

    @pytest.mark.parametrize("reopen", [False, True])
    def test_what_was_not_wanted_for_a_while_comes_back_by_itself(self, reopen: bool) -> None:
        existing = known(state=State.SUPERSEDED, confirmed={})
        wanted = only(planned([part(shirt=5)], [existing], reopen=reopen))
        assert (wanted.known, wanted.external_id) == (existing, PART)
        assert not wanted.held_back

    @pytest.mark.parametrize("state", [State.SUPERSEDED, State.CANCELLED])
    def test_dropped_before_it_was_ever_sent_and_wanted_after_all(self, state: State) -> None:
        """Moved to a location that is not sent, then to one that is."""
        wanted = only(planned([part(shirt=5)], [unsent(state=state)]))
        assert (wanted.known, wanted.external_id) == (None, f"{PART}#2")

    def test_cancelled_and_moved_meanwhile_begins_anew(self) -> None:
        existing = known(state=State.CANCELLED, confirmed={})
        wanted = only(planned([part(location="Roma", shirt=5)], [existing]))
        assert (wanted.known, wanted.external_id) == (None, f"{PART}#2")
