"""The transition table of app/domain/states.py, drawn for docs/states.md."""

from collections import defaultdict
from collections.abc import Iterator

from app.domain.states import Effect, Event, State, advance

INTRODUCTION = """\
# States of an outbound order

<!-- Written by `make docs` from app/domain/states.py. -->

An **outbound order** is what the WMS knows of one fulfillment order. An event moves it from state
to state and says what is owed from then on; both are committed together. An order that has no
outbound order yet is *absent*. What is not in the picture or the table changes nothing.

## Where events lead
"""

TABLE_HEAD = """\
## Every cell

A cell names the state it leads to in **bold** and what is owed in `code`; an empty one changes
nothing. `read`: read the order from Shopify and plan. `send`: read, plan and post what the WMS
should have. `look_up`: ask the WMS by reference. `cancel`: ask it back from the WMS. `tag`: draw
the tag afresh.
"""

Cells = tuple[str, ...]


def states() -> str:
    """The text of docs/states.md."""
    return "\n".join((INTRODUCTION, *_picture(), "", TABLE_HEAD, *_table(), ""))


def _picture() -> Iterator[str]:
    yield "```mermaid"
    yield "stateDiagram-v2"
    yield f"    [*] --> {State.PLANNED}"
    for (before, after), events in _moves().items():
        yield f"    {before} --> {after}: {', '.join(events)}"
    yield "```"


def _moves() -> dict[tuple[State, State], list[Event]]:
    moves = defaultdict(list)
    for state in State:
        for event in Event:
            after = advance(state, event).state
            if after is not state:
                moves[state, after].append(event)
    return moves


def _table() -> Iterator[str]:
    yield f"| event | {' | '.join(State)} |"
    yield "| --- " * (len(State) + 1) + "|"
    for cells, events in _rows().items():
        yield f"| {', '.join(events)} | {' | '.join(cells)} |"


def _rows() -> dict[Cells, list[Event]]:
    """Events that do the same everywhere share a row."""
    rows = defaultdict(list)
    for event in Event:
        rows[tuple(_cell(state, event) for state in State)].append(event)
    return rows


def _cell(state: State, event: Event) -> str:
    step = advance(state, event)
    moved = [f"**{step.state}**"] if step.state is not state else []
    return " ".join([*moved, *(_owed(effect) for effect in step.owes)])


def _owed(effect: Effect) -> str:
    return f"`{effect}`"
