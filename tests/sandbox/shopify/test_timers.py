"""What is done later."""

import threading
from collections.abc import Iterator

import pytest
from shopify_stand_in import until

from sandbox.shopify.timers import Timers


@pytest.fixture
def timers() -> Iterator[Timers]:
    made = Timers(workers=1)
    yield made
    made.stop()


def test_what_began_before_all_was_forgotten_begins_nothing_more(timers: Timers) -> None:
    begun, forgotten = threading.Event(), threading.Event()

    def deed() -> None:
        begun.set()
        assert forgotten.wait(60)
        timers.after(3600, lambda: None)

    timers.after(0, deed)
    assert begun.wait(60)
    timers.forget()
    forgotten.set()
    until(lambda: timers.waiting == 0)


def test_a_worker_that_did_something_forgotten_does_what_comes_next(timers: Timers) -> None:
    begun, forgotten, told = threading.Event(), threading.Event(), threading.Event()
    timers.after(0, lambda: [begun.set(), forgotten.wait(60)])
    assert begun.wait(60)
    timers.forget()
    forgotten.set()
    timers.after(0, lambda: timers.after(0, told.set))
    assert told.wait(60)
