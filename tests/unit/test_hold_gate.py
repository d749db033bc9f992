"""The gate *hold* looks at what is still to be sent."""

from typing import Any

import pytest
from made_orders import LOCATION, a_part, an_order
from test_rules import OTHER_LOCATION, situation

from app.domain import gates

FIRST, SECOND = "gid://shopify/FulfillmentOrder/1", "gid://shopify/FulfillmentOrder/2"
THERE = frozenset({FIRST})
ON_HOLD = {"status": "ON_HOLD", "holds": ("Other",)}


def parts(first: dict[str, Any], second: dict[str, Any]) -> Any:
    """An order in two parts."""
    both = a_part(**{"id": FIRST, **first}), a_part(**{"id": SECOND, **second})
    return an_order(fulfillment_orders=both)


@pytest.mark.parametrize(
    ("first", "second", "changes", "holds"),
    [
        ({}, ON_HOLD, {}, False),
        ({}, ON_HOLD, {"there": THERE}, True),
        ({}, {"status": "SCHEDULED"}, {"there": THERE}, True),
        ({}, ON_HOLD, {"there": THERE, "changed": THERE}, False),
        (ON_HOLD, ON_HOLD, {"there": THERE, "changed": THERE}, True),
        (ON_HOLD, {}, {"there": THERE}, False),
        (ON_HOLD, {}, {"there": THERE | {SECOND}}, False),
        (ON_HOLD, ON_HOLD, {"there": THERE | {SECOND}}, True),
        (
            {"location_id": OTHER_LOCATION},
            ON_HOLD,
            {"locations": {LOCATION: "WH", OTHER_LOCATION: None}},
            True,
        ),
        (
            {},
            {**ON_HOLD, "location_id": OTHER_LOCATION},
            {"locations": {LOCATION: "WH", OTHER_LOCATION: None}, "there": THERE},
            False,
        ),
    ],
)
def test_what_waits_is_what_the_warehouse_has_not(
    first: dict[str, Any], second: dict[str, Any], changes: dict[str, Any], holds: bool
) -> None:
    assert bool(gates.hold(situation(parts(first, second), **changes))) is holds
