"""What the WMS shipped and somebody else than Tagdock fulfilled in Shopify."""

from dataclasses import replace
from typing import Any

import pytest

from app.domain.by_hand import History, fulfilled_by_hand
from app.domain.plan import Known
from app.domain.shop_order import FulfillmentOrder
from app.domain.states import State
from tests.unit.made_orders import PART, a_line, a_part, an_order, line_id

SHIRT = line_id(1)
OTHER = "gid://shopify/FulfillmentOrder/2"


def known(**changes: Any) -> Known:
    """An outbound order that the WMS has accepted with five shirts."""
    made = Known(1, PART, PART, "MI", State.ACCEPTED, ever_accepted=True, confirmed={SHIRT: 5})
    return replace(made, **changes)


def begun(gid: str = PART, *, left: int, of: int, status: str = "OPEN") -> FulfillmentOrder:
    """A fulfillment order for shirts, some of them fulfilled."""
    made = a_part(gid, {1: of}, status=status)
    lines = tuple(replace(line, quantity_remaining=left) for line in made.lines)
    return replace(made, lines=lines)


def by_hand(
    *parts: FulfillmentOrder,
    ordered: int = 5,
    shipped: int = 5,
    fulfilled: int = 0,
    reopened: int = 0,
    rows: list[Known] | None = None,
    confirmed: int = 5,
    grown: int = 0,
) -> int:
    """How many shirts of the first outbound order were fulfilled by hand."""
    read = an_order(lines=(a_line(1, current_quantity=ordered),), fulfillment_orders=parts)
    ours = {SHIRT: fulfilled} if fulfilled else {}
    there = rows or [known(fulfilled=ours, confirmed={SHIRT: confirmed})]
    again = {SHIRT: reopened} if reopened else {}
    history = History({SHIRT: shipped}, ours, {SHIRT: grown})
    found = fulfilled_by_hand(read, there, {each.id: history for each in there}, again)
    return found[1].get(SHIRT, 0)


@pytest.mark.parametrize(
    ("left", "shipped", "units"),
    [(0, 5, 5), (3, 2, 2), (1, 2, 2), (3, 5, 2), (5, 5, 0), (0, 0, 0)],
)
def test_what_was_shipped_and_is_fulfilled_by_nobody_of_ours(
    left: int, shipped: int, units: int
) -> None:
    assert by_hand(begun(left=left, of=5), shipped=shipped) == units


def test_what_tagdock_fulfilled_is_not_by_hand() -> None:
    assert by_hand(begun(left=3, of=5), shipped=5, fulfilled=2) == 0
    assert by_hand(begun(left=0, of=5), shipped=5, fulfilled=3) == 2


def test_units_that_are_open_elsewhere_may_be_the_same() -> None:
    merged = begun(left=0, of=5, status="CLOSED")
    assert by_hand(merged, a_part(OTHER, {1: 5})) == 0


def test_units_that_the_warehouse_has_are_others() -> None:
    rows = [known(), known(id=2, fulfillment_order=OTHER)]
    assert by_hand(begun(left=0, of=5), a_part(OTHER, {1: 5}), ordered=10, rows=rows) == 5


def test_units_that_are_open_again_have_left_all_the_same() -> None:
    closed = a_part(PART, {}, status="CLOSED")
    assert by_hand(closed, a_part(OTHER, {1: 5}), reopened=5) == 5


def test_units_taken_off_the_order_were_not_fulfilled() -> None:
    assert by_hand(a_part(PART, {1: 3}), ordered=3, shipped=2) == 0


def test_what_is_shipped_of_the_rest_was_not_fulfilled_by_hand() -> None:
    """Two were asked back, for four were fulfilled when two had been shipped; then the third is."""
    assert by_hand(begun(left=1, of=5), shipped=3, confirmed=3) == 2


def test_units_added_to_the_order_are_wanted_besides() -> None:
    assert by_hand(begun(left=5, of=7), ordered=7, shipped=2, grown=2) == 2


def test_one_unit_counts_once() -> None:
    read = an_order(
        lines=(a_line(1, current_quantity=5),),
        fulfillment_orders=(begun(left=0, of=5), begun(OTHER, left=0, of=5)),
    )
    rows = [known(), known(id=2, fulfillment_order=OTHER)]
    history = History({SHIRT: 5}, {}, {})
    found = fulfilled_by_hand(read, rows, {1: history, 2: history}, {})
    assert found == {1: {SHIRT: 5}, 2: {}}
