"""What a shipment asks of Shopify next, and whose units it fulfils."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.facts import PartFacts
from app.domain.shipments import (
    Allocation,
    Fulfil,
    Portion,
    Prepare,
    Pushed,
    Snapshot,
    Step,
    Tell,
    Track,
    Tracking,
    Wishes,
    Withdraw,
    allocate,
    in_units,
    in_words,
    next_step,
    rank,
    without,
)

OWN, OTHER, THIRD = (f"gid://shopify/FulfillmentOrder/{number}" for number in (1, 2, 3))
SHIRT, HAT = "gid://shopify/LineItem/1", "gid://shopify/LineItem/2"
MADE = "gid://shopify/Fulfillment/1"
HERE = "Milano"
FIRST = Tracking("DHL Express", ("DP-1",), ("https://t/1",))
SECOND = replace(FIRST, numbers=("DP-2",))
STATES = ("packed", "shipped", "in_transit", "out_for_delivery", "ready_for_pickup", "delivered")


def told(state: str, tracking: Tracking = FIRST) -> Snapshot:
    """A shipment in this state."""
    return Snapshot(state, {SHIRT: 1}, tracking)


def has(told_state: str = "", tracking: Tracking = FIRST, *, withdrawn: bool = False) -> Pushed:
    """A shipment that Shopify has."""
    return Pushed(MADE, tracking, told_state, withdrawn=withdrawn)


def after(step: Step, had: Pushed) -> Pushed:
    """What Shopify has once a step is taken."""
    match step:
        case Fulfil():
            return replace(had, fulfillment=MADE)
        case Prepare():
            return replace(had, prepared=True)
        case Track(tracking):
            return replace(had, tracking=tracking)
        case Tell(state):
            return replace(had, told=state)
        case Withdraw():
            return replace(had, withdrawn=True)


@pytest.mark.parametrize(
    ("state", "at_packing", "at_leaving"),
    [
        ("packed", Fulfil(), None),
        ("shipped", Fulfil(), Fulfil()),
        ("in_transit", Fulfil(), Fulfil()),
        ("out_for_delivery", Fulfil(), Fulfil()),
        ("ready_for_pickup", Fulfil(), Fulfil()),
        ("delivered", Fulfil(), Fulfil()),
        ("on_a_camel", Fulfil(), Fulfil()),
        ("cancelled", None, None),
    ],
)
def test_a_parcel_is_fulfilled_at_packing_or_at_leaving(
    state: str, at_packing: Step | None, at_leaving: Step | None
) -> None:
    for method in ("SHIPPING", "LOCAL", ""):
        assert next_step(told(state), Pushed(), method, Wishes(on_packed=True)) == at_packing
        assert next_step(told(state), Pushed(), method, Wishes()) == at_leaving


@pytest.mark.parametrize("method", ["PICK_UP", "RETAIL"])
def test_a_pick_up_is_told_ready_once_and_fulfilled_when_picked_up(method: str) -> None:
    for wishes in (Wishes(), Wishes(on_packed=True)):
        for early in ("packed", "shipped", "in_transit"):
            assert next_step(told(early), Pushed(), method, wishes) is None
        assert next_step(told("ready_for_pickup"), Pushed(), method, wishes) == Prepare()
        ready = Pushed(prepared=True)
        assert next_step(told("ready_for_pickup"), ready, method, wishes) is None
        assert next_step(told("delivered"), ready, method, wishes) == Fulfil()
        assert next_step(told("delivered"), Pushed(), method, wishes) == Fulfil()
        for over in ("ready_for_pickup", "delivered"):
            assert next_step(told(over), has(), method, wishes) is None


@pytest.mark.parametrize(
    ("now", "had", "step"),
    [
        (told("shipped", SECOND), has(), Track(SECOND)),
        (told("shipped", FIRST), has(tracking=Tracking()), Track(FIRST)),
        (told("delivered", SECOND), has(), Track(SECOND)),
        (told("shipped", FIRST), has(), None),
        (told("shipped", Tracking()), has(), None),
        (told("delivered", Tracking()), has(), Tell("delivered")),
    ],
    ids=["changed", "come later", "before news", "the same", "taken away", "none at all"],
)
def test_tracking_is_brought_up_to_date_but_never_taken_away(
    now: Snapshot, had: Pushed, step: Step | None
) -> None:
    assert next_step(now, had, "SHIPPING", Wishes()) == step


def test_where_a_parcel_is_is_told_only_forwards() -> None:
    told_of = ("in_transit", "out_for_delivery", "ready_for_pickup", "delivered")
    for place, state in enumerate(told_of):
        assert next_step(told(state), has(), "SHIPPING", Wishes()) == Tell(state)
        assert next_step(told(state), has(state), "SHIPPING", Wishes()) is None
        for later in told_of[place + 1 :]:
            assert next_step(told(state), has(later), "SHIPPING", Wishes()) is None
            assert next_step(told(later), has(state), "SHIPPING", Wishes()) == Tell(later)
    for silent in ("packed", "shipped", "on_a_camel"):
        assert next_step(told(silent), has(), "SHIPPING", Wishes()) is None


def test_what_is_taken_back_is_withdrawn_once_and_begins_anew_when_it_leaves_after_all() -> None:
    back = replace(has("delivered", withdrawn=True), prepared=True)
    assert next_step(told("cancelled"), has(), "SHIPPING", Wishes()) == Withdraw()
    assert next_step(told("cancelled"), back, "SHIPPING", Wishes()) is None
    assert next_step(told("cancelled"), Pushed(), "SHIPPING", Wishes()) is None
    for state in STATES:
        for method in ("SHIPPING", "PICK_UP"):
            for wishes in (Wishes(), Wishes(on_packed=True)):
                anew = next_step(told(state, SECOND), Pushed(), method, wishes)
                assert next_step(told(state, SECOND), back, method, wishes) == anew


@given(
    state=st.sampled_from([*STATES, "cancelled", "on_a_camel"]),
    method=st.sampled_from(["SHIPPING", "LOCAL", "PICK_UP", "RETAIL", ""]),
    on_packed=st.booleans(),
    tracking=st.sampled_from([Tracking(), FIRST, SECOND]),
)
def test_taking_each_step_comes_to_an_end(
    state: str, method: str, on_packed: bool, tracking: Tracking
) -> None:
    now, had = told(state, tracking), Pushed(tracking=FIRST)
    steps: list[type[Step]] = []
    while step := next_step(now, had, method, Wishes(on_packed=on_packed)):
        steps.append(type(step))
        assert len(steps) <= 4
        had = after(step, had)
    assert len(set(steps)) == len(steps), "nothing is done twice"


def test_states_have_their_order_and_words() -> None:
    assert [rank(state) for state in STATES] == sorted(rank(state) for state in STATES)
    assert rank("") < rank("packed") < rank("on_a_camel") == rank("shipped")
    assert [in_words(state) for state in ("packed", "ready_for_pickup", "on_a_camel")] == [
        "packed",
        "ready for pick-up",
        "on a camel",
    ]
    assert [in_units(number) for number in (0, 1, 2)] == ["0 units", "1 unit", "2 units"]


# --- Whose units ---------------------------------------------------------------------------------


def part(gid: str = OWN, status: str = "OPEN", location: str = "Milano", **lines: int) -> PartFacts:
    """A fulfillment order; quantities by ``shirt=`` and ``hat=``."""
    named = {"shirt": SHIRT, "hat": HAT}
    asked = {named[name]: number for name, number in lines.items()}
    ids = {line: f"{gid}/{line[-1]}" for line in asked}
    return PartFacts(gid, status, location, location, "SHIPPING", [], asked, ids)


def test_the_own_fulfillment_order_comes_first() -> None:
    parts = [part(OTHER, shirt=5), part(OWN, shirt=2, hat=1)]
    found = allocate({SHIRT: 3, HAT: 1}, parts, OWN, HERE)
    assert found == Allocation(
        (
            Portion(OWN, {f"{OWN}/1": 2, f"{OWN}/2": 1}),
            Portion(OTHER, {f"{OTHER}/1": 1}),
        ),
        {SHIRT: 3, HAT: 1},
        {},
    )


@pytest.mark.parametrize("status", ["CLOSED", "CANCELLED", "ON_HOLD", "SCHEDULED", "INCOMPLETE"])
def test_only_open_ones_are_fulfilled(status: str) -> None:
    found = allocate({SHIRT: 1}, [part(OWN, status, shirt=1)], OWN, HERE)
    assert found == Allocation((), {}, {SHIRT: 1})


def test_one_in_progress_is_open_too() -> None:
    assert allocate({SHIRT: 1}, [part(OWN, "IN_PROGRESS", shirt=1)], OWN, HERE).missing == {}


def test_another_locations_units_are_left_alone() -> None:
    parts = [part(OWN, shirt=1), part(OTHER, location="Roma", shirt=9)]
    found = allocate({SHIRT: 3}, parts, OWN, HERE)
    assert [portion.fulfillment_order for portion in found.portions] == [OWN]
    assert (found.units, found.missing) == ({SHIRT: 1}, {SHIRT: 2})


def test_when_its_own_is_not_shown_the_place_it_was_sent_for_counts() -> None:
    parts = [part(OTHER, location="Roma", shirt=9), part(THIRD, location="Milano", shirt=1)]
    found = allocate({SHIRT: 2}, parts, OWN, HERE)
    assert [portion.fulfillment_order for portion in found.portions] == [THIRD]
    assert (found.units, found.missing) == ({SHIRT: 1}, {SHIRT: 1})


def test_what_the_warehouse_still_holds_is_left_to_its_own_shipment() -> None:
    held = replace(part(OTHER, shirt=9), own_hold="gid://shopify/FulfillmentHold/1")
    found = allocate({SHIRT: 2}, [part(OWN, shirt=1), held], OWN, HERE)
    assert [portion.fulfillment_order for portion in found.portions] == [OWN]
    mine = replace(part(OWN, shirt=1), own_hold="gid://shopify/FulfillmentHold/1")
    assert allocate({SHIRT: 1}, [mine], OWN, HERE).missing == {}


def test_what_was_split_off_is_found_at_the_same_location() -> None:
    parts = [part(OWN, "CLOSED", shirt=0), part(OTHER, shirt=1), part(THIRD, shirt=1)]
    found = allocate({SHIRT: 2}, parts, OWN, HERE)
    assert [portion.fulfillment_order for portion in found.portions] == [OTHER, THIRD]


def test_a_line_that_nobody_asks_for_is_missing() -> None:
    found = allocate({SHIRT: 1, HAT: 2}, [part(OWN, shirt=1)], OWN, HERE)
    assert (found.units, found.missing) == ({SHIRT: 1}, {HAT: 2})
    assert allocate({}, [part(OWN, shirt=1)], OWN, HERE) == Allocation()
    assert allocate({SHIRT: 1}, [], OWN, HERE) == Allocation((), {}, {SHIRT: 1})


def test_a_line_without_its_own_id_is_not_fulfilled() -> None:
    old = replace(part(OWN, shirt=1), line_ids={})
    assert allocate({SHIRT: 1}, [old], OWN, HERE) == Allocation((), {}, {SHIRT: 1})


QUANTITIES = st.integers(min_value=0, max_value=6)
LINES = st.fixed_dictionaries({}, optional={"shirt": QUANTITIES, "hat": QUANTITIES})
PARTS = st.lists(
    st.builds(
        lambda gid, status, location, lines: part(gid, status, location, **lines),
        st.sampled_from([OWN, OTHER, THIRD]),
        st.sampled_from(["OPEN", "IN_PROGRESS", "ON_HOLD", "CLOSED"]),
        st.sampled_from(["Milano", "Roma"]),
        LINES,
    ),
    unique_by=lambda made: made.id,
    max_size=3,
)
SHIPPED = st.dictionaries(st.sampled_from([SHIRT, HAT]), st.integers(1, 9))


@given(shipped=SHIPPED, parts=PARTS)
def test_never_more_than_is_open_nor_than_was_shipped(
    shipped: dict[str, int], parts: list[PartFacts]
) -> None:
    found = allocate(shipped, parts, OWN, HERE)
    by_id = {made.id: made for made in parts}
    given_out = dict.fromkeys(shipped, 0)
    for portion in found.portions:
        asked = by_id[portion.fulfillment_order]
        assert asked.status in ("OPEN", "IN_PROGRESS")
        order_line = {own: line for line, own in asked.line_ids.items()}
        assert portion.lines, "no empty portion"
        for own, number in portion.lines.items():
            assert 0 < number <= asked.lines[order_line[own]]
            given_out[order_line[own]] += number
    assert {line: number for line, number in given_out.items() if number} == found.units
    for line, number in shipped.items():
        assert found.units.get(line, 0) + found.missing.get(line, 0) == number
    assert all(number > 0 for number in [*found.units.values(), *found.missing.values()])


@given(shipped=SHIPPED, parts=PARTS)
def test_what_is_open_at_the_location_is_used_before_anything_is_missing(
    shipped: dict[str, int], parts: list[PartFacts]
) -> None:
    found = allocate(shipped, parts, OWN, HERE)
    place = next((made.location for made in parts if made.id == OWN), HERE)
    for line, number in found.missing.items():
        here = [
            made.lines.get(line, 0)
            for made in parts
            if made.status in ("OPEN", "IN_PROGRESS") and made.location == place
        ]
        assert sum(here) == shipped[line] - number


@given(first=SHIPPED, second=SHIPPED, parts=PARTS)
def test_two_shipments_never_share_a_unit(
    first: dict[str, int], second: dict[str, int], parts: list[PartFacts]
) -> None:
    """What the first has taken is taken from what is known, as ``attempts.succeed`` does."""
    open_before = {line: sum(made.lines.get(line, 0) for made in parts) for line in (SHIRT, HAT)}
    one = allocate(first, parts, OWN, HERE)
    taken = {portion.fulfillment_order: portion.lines for portion in one.portions}
    left = [without(made, taken.get(made.id, {})) for made in parts]
    two = allocate(second, left, OWN, HERE)
    for line, number in open_before.items():
        assert one.units.get(line, 0) + two.units.get(line, 0) <= number


def test_a_fulfillment_order_that_is_empty_is_closed() -> None:
    made = part(OWN, shirt=2, hat=1)
    assert without(made, {f"{OWN}/1": 2}).lines == {SHIRT: 0, HAT: 1}
    assert without(made, {f"{OWN}/1": 2}).status == "OPEN"
    assert without(made, {f"{OWN}/1": 9, f"{OWN}/2": 1, "stranger": 4}).lines == {SHIRT: 0, HAT: 0}
    assert without(made, {f"{OWN}/1": 2, f"{OWN}/2": 1}).status == "CLOSED"
