"""The waits between tries."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.retries import CAP_SECONDS, after_failure, after_refusal, before_check


@pytest.mark.parametrize(
    ("tries", "minutes"),
    [(0, 5), (1, 5), (2, 15), (3, 60), (4, 60), (5, 60), (11, 60), (12, None), (13, None)],
)
def test_refusals_wait_5_15_60_minutes_then_hours_then_for_a_person(
    tries: int, minutes: int | None
) -> None:
    expected = None if minutes is None else timedelta(minutes=minutes)
    assert after_refusal(tries) == expected


def test_an_order_is_tried_twelve_times() -> None:
    tries = 1
    while after_refusal(tries):
        tries += 1
    assert tries == 12


@given(st.integers(0, 10_000), st.floats(0, 86_400))
def test_failures_wait_as_long_as_asked_and_never_much_longer(
    attempts: int, at_least: float
) -> None:
    wait = after_failure(attempts, at_least)
    assert at_least < wait <= at_least + CAP_SECONDS


@pytest.mark.parametrize("attempts", range(12))
def test_failures_wait_longer_and_longer(attempts: int) -> None:
    ceiling = min(CAP_SECONDS, 2 * 2**attempts)
    waits = [after_failure(attempts) for _ in range(200)]
    assert max(waits) <= ceiling
    assert max(waits) > ceiling / 2, "the whole range is used"
    assert len(set(waits)) > 100, "no two workers come back together"


def test_checks_grow_apart_and_never_stop() -> None:
    waits = [before_check(checks) for checks in range(20)]
    assert waits == sorted(waits)
    assert waits[0] == 1
    assert waits[-1] == 300
