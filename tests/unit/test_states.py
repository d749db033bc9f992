"""The transition table against what it should say, cell by cell, and what must hold of any path."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.states import TRANSITIONS, Effect, Event, State, Step, advance
from docs.state_table import states

PAGE = Path(__file__).parents[2] / "docs" / "states.md"

# A cell names the state it leads to in capitals and what is owed in small letters: r read, s send,
# l look up, c cancel, t tag. A dot changes nothing.
GRID = """
                       AB     PL     SE     AW     AC     RE     CG     CD     SU     DO
seen                   r      .      .      .      .      .      .      .      .      .
routed                 r      r      r      r      r      r      r      r      r      r
changed                r      r      r      r      r      r      r      r      r      r
edited                 r      r      r      r      r      r      r      r      r      r
paid                   r      r      r      r      r      r      r      r      r      r
risk_changed           r      r      r      r      r      r      r      r      r      r
moved                  r      r      r      r      r      r      r      r      r      r
split                  r      r      r      r      r      r      r      r      r      r
merged                 r      r      r      r      r      r      r      r      r      r
hold_placed            r      r      r      r      r      r      r      r      r      r
hold_released          r      r      r      r      r      r      r      r      r      r
scheduled_ready        r      r      r      r      r      r      r      r      r      r
line_reduced           r      r      r      r      r      r      r      r      r      r
fulfilled_elsewhere    r      r      r      r      r      r      r      r      r      r
fulfillment_cancelled  r      r      r      r      r      r      r      r      r      r
product_changed        .      r      .      .      .      r      .      .      .      .
send                   s      s      s      s      s      s      s      s      s      s
retry_due              r      s      .      .      s      s      .      .      .      .
posted                 .      SE     .      .      SE     SE     .      SE     SE     SE
accepted               .      .      AW:t   .      .      .      .      .      .      .
confirmed              .      .      AC:t   AC:t   .      AC:t   .      .      .      .
overtaken              .      .      AC:st  AC:st  .      .      .      .      .      .
never_received         .      .      PL:s   PL:st  PL:s   .      .      .      .      .
rejected               .      .      RE:t   RE:t   .      .      .      .      .      .
gave_up                .      .      RE:t   RE:t   .      .      RE:t   .      .      .
tagged_no_sync         rt     rt     t      t      l      PL:rt  t      PL:rt  t      l
untagged               .      .      .      .      .      .      .      .      .      .
tags_foreign           t      t      t      t      t      t      t      t      t      t
cancelled              t      CG:ct  .      .      CG:ct  CG:ct  c      .      .      .
withdrawn              .      CD:t   .      .      .      CD:t   .      .      .      .
vanished               .      SU:t   .      .      CG:ct  SU:t   .      .      .      .
deleted                .      CD     .      .      CG:c   CD     c      .      .      .
units_asked_back       .      .      .      .      CG:ct  CG:ct  .      .      .      .
cancel_accepted        .      .      .      .      .      CD:t   CD:t   .      .      .
given_back             .      .      .      .      .      SU:rt  SU:rt  .      .      .
wanted_again           .      .      .      .      .      .      .      .      PL:t   .
cancel_partly          .      .      .      .      .      .      AC:t   .      .      .
cancel_too_late        .      .      .      .      .      .      RE:t   .      .      .
wms_cancelled          .      .      .      .      CD:t   CD:t   CD:t   .      .      .
shipped                .      .      .      .      .      .      .      .      .      .
delivered              t      t      t      t      t      t      t      t      t      t
closed                 .      .      .      .      DO     .      .      .      .      .
shop_disconnected      .      .      .      .      .      .      .      .      .      .
"""
STATES = {
    "AB": State.ABSENT,
    "PL": State.PLANNED,
    "SE": State.SENDING,
    "AW": State.AWAITING,
    "AC": State.ACCEPTED,
    "RE": State.REJECTED,
    "CG": State.CANCELLING,
    "CD": State.CANCELLED,
    "SU": State.SUPERSEDED,
    "DO": State.DONE,
}
EFFECTS = {
    "r": Effect.READ,
    "s": Effect.SEND,
    "l": Effect.LOOK_UP,
    "c": Effect.CANCEL,
    "t": Effect.TAG,
}
# The events that tell what became of a send; nothing else may end one.
OUTCOMES = {
    Event.ACCEPTED,
    Event.CONFIRMED,
    Event.OVERTAKEN,
    Event.NEVER_RECEIVED,
    Event.REJECTED,
    Event.GAVE_UP,
}
IN_FLIGHT = (State.SENDING, State.AWAITING)
SETTLED = (State.ACCEPTED, State.CANCELLED)


def cells() -> Iterator[tuple[State, Event, str]]:
    """Every cell of the grid."""
    head, *rows = GRID.strip().splitlines()
    states = [STATES[name] for name in head.split()]
    for row in rows:
        name, *texts = row.split()
        for state, text in zip(states, texts, strict=True):
            yield state, Event(name), text


def step(state: State, text: str) -> Step:
    """What a cell of the grid says."""
    found = re.fullmatch(r"([A-Z]*):?([a-z]*)\.?", text)
    assert found, text
    return Step(STATES.get(found[1], state), tuple(EFFECTS[each] for each in found[2]))


@pytest.mark.parametrize(("state", "event", "text"), list(cells()))
def test_cell(state: State, event: Event, text: str) -> None:
    found, expected = advance(state, event), step(state, text)
    assert found.state is expected.state
    assert set(found.owes) == set(expected.owes)
    assert len(found.owes) == len(expected.owes)


def test_the_grid_has_every_cell_once() -> None:
    listed = [(state, event) for state, event, _ in cells()]
    assert len(listed) == len(set(listed)) == len(State) * len(Event)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_a_cell_not_in_the_table_changes_nothing(state: State, event: Event) -> None:
    if (state, event) not in TRANSITIONS:
        assert advance(state, event) == Step(state)


EVENTS_AT_LEAST = """
seen routed send accepted confirmed rejected gave_up retry_due edited paid risk_changed moved split
merged hold_placed hold_released scheduled_ready line_reduced fulfilled_elsewhere
fulfillment_cancelled tagged_no_sync untagged cancelled cancel_accepted cancel_partly
cancel_too_late wms_cancelled shipped delivered closed deleted shop_disconnected
"""


def test_the_table_knows_every_event_it_must() -> None:
    assert set(EVENTS_AT_LEAST.split()) <= {event.value for event in Event}


paths = st.lists(st.sampled_from(list(Event)), max_size=30)


def walk(events: list[Event]) -> State:
    state = State.PLANNED
    for event in events:
        state = advance(state, event).state
    return state


def reachable(state: State) -> set[State]:
    """Every state some sequence of events leads to."""
    found, edge = {state}, [state]
    while edge:
        here = edge.pop()
        steps = {advance(here, event).state for event in Event} - found
        found |= steps
        edge += steps
    return found


@given(paths)
def test_no_path_is_a_dead_end(events: list[Event]) -> None:
    assert reachable(walk(events)) & set(SETTLED)


@given(paths)
def test_a_person_can_always_send(events: list[Event]) -> None:
    state = walk(events)
    assert Effect.SEND in advance(state, Event.SEND).owes
    assert advance(state, Event.SEND).state is state, "only a post begins a send"


@given(paths, st.sampled_from(list(Event)))
def test_a_send_ends_by_its_outcome_alone(events: list[Event], event: Event) -> None:
    state = walk(events)
    if state in IN_FLIGHT and advance(state, event).state is not state:
        assert event in OUTCOMES


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", sorted(set(Event) - {Event.POSTED}))
def test_only_a_post_begins_a_send(state: State, event: Event) -> None:
    if advance(state, event).state in IN_FLIGHT:
        assert state in IN_FLIGHT


@pytest.mark.parametrize("state", IN_FLIGHT)
@pytest.mark.parametrize("event", Event)
def test_nothing_is_sent_again_by_itself_while_it_is_on_its_way(state: State, event: Event) -> None:
    """A wish to send is kept (the wanted revision rises, nothing is posted); else a send is owed
    only by an outcome that asks for the next one."""
    if Effect.SEND in advance(state, event).owes:
        assert event in {Event.SEND, Event.OVERTAKEN, Event.NEVER_RECEIVED}


@pytest.mark.parametrize("state", sorted(set(State) - {State.ABSENT}))
@pytest.mark.parametrize("event", Event)
def test_every_change_that_people_see_is_drawn(state: State, event: Event) -> None:
    """What changes the tag owes the tag, or the work that ends by drawing it."""
    after = advance(state, event)
    quiet = {Event.POSTED, Event.DELETED, Event.CLOSED}
    if after.state is not state and event not in quiet:
        assert {Effect.TAG, Effect.SEND} & set(after.owes)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", Event)
def test_cancelling_always_asks_the_warehouse(state: State, event: Event) -> None:
    after = advance(state, event)
    began = after.state is State.CANCELLING and state is not State.CANCELLING
    all_of_it = state is State.CANCELLING and event in (Event.CANCELLED, Event.DELETED)
    assert (Effect.CANCEL in after.owes) == (began or all_of_it)


@pytest.mark.parametrize("state", State)
def test_untagged_finishes_silently(state: State) -> None:
    assert advance(state, Event.UNTAGGED) == Step(state)


@pytest.mark.parametrize("event", Event)
def test_an_order_without_outbound_orders_only_owes(event: Event) -> None:
    assert advance(State.ABSENT, event).state is State.ABSENT


@pytest.mark.parametrize(("state", "event"), list(TRANSITIONS))
def test_cells_owe_what_belongs_to_an_order(state: State, event: Event) -> None:
    assert set(TRANSITIONS[state, event].owes) <= set(EFFECTS.values())


def test_the_drawn_table_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == states(), "run `make docs`"


def test_the_drawn_table_shows_every_event_and_every_move() -> None:
    drawn = PAGE.read_text(encoding="utf-8")
    rows = [line.split("|")[1] for line in drawn.splitlines() if line.startswith("| ")]
    named = [event.strip() for row in rows[1:] for event in row.split(",")]
    assert sorted(named) == sorted(["---", *Event])
    for (state, event), step in TRANSITIONS.items():
        if step.state is not state:
            assert re.search(rf"(?m)^    {state} --> {step.state}: .*\b{event}\b", drawn)
