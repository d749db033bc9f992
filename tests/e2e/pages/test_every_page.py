"""Every page, in a store with everything to show: for everybody, on any width, in longer words,
and light enough for a phone. docs/pages.md has their pictures."""

import re
from collections.abc import Callable

import pytest

from app import create_app
from tests.e2e.pages.inspection import Inspection
from tests.e2e.pages.visit import PAGES, Visitor
from tests.web.addresses import pages
from tests.world import config_for

Inspect = Callable[[str], Inspection]
KB = 1024
SECOND, SHIFT = 1_000, 0.01
# What people open all day; the best of some openings counts, for this machine may be busy.
OFTEN, OPENINGS = ("home", "orders", "order in error", "logs"), 5
every_page = pytest.mark.parametrize("name", PAGES)


@every_page
def test_it_runs_without_an_error_and_keeps_nobody_out(inspected: Inspect, name: str) -> None:
    found = inspected(name)
    assert found.troubles == []
    assert found.barriers == []


@every_page
def test_at_a_desk_and_on_a_phone_it_is_whole(inspected: Inspect, name: str) -> None:
    assert inspected(name).flaws == []


@every_page
def test_it_can_be_turned_round(inspected: Inspect, name: str) -> None:
    assert inspected(name).turned == []


@every_page
def test_words_two_fifths_longer_fit(inspected: Inspect, name: str) -> None:
    assert inspected(name).longer == []


@every_page
def test_italian_fits(in_italian: Inspect, name: str) -> None:
    found = in_italian(name)
    assert (found.language, found.flaws, found.troubles) == ("it", [], [])


@every_page
def test_it_is_light(inspected: Inspect, name: str) -> None:
    weight = inspected(name).weight
    assert 0 < weight["html"] <= 60 * KB
    assert weight["script"] <= 15 * KB
    assert 0 < weight["style"] <= 6 * KB


@every_page
def test_nothing_on_it_jumps_while_it_loads(inspected: Inspect, name: str) -> None:
    assert inspected(name).weight["shift"] <= SHIFT


@pytest.mark.alone
@pytest.mark.parametrize("name", OFTEN)
def test_it_is_there_within_a_second(inspected: Inspect, visitor: Visitor, name: str) -> None:
    painted = inspected(name).weight["paint"]
    for _ in range(OPENINGS):
        if 0 < painted <= SECOND:
            return
        painted = visitor.look(visitor.open(name), "weigh")["paint"]
    raise AssertionError(f"{OPENINGS} openings, and the last took {painted:.0f} ms")


def test_no_page_is_forgotten() -> None:
    """Every address that answers with a page is among those that are looked at."""
    opened = {re.sub(r"^\w+:|\?.*$", "", path) for path in PAGES.values()}
    rules = {re.sub(r"\{\w+\}|\d+$", "<number>", path) for path in opened}
    assert pages(create_app(config_for()).url_map) == rules
