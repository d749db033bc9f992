"""Refuses a run in which a test asks for a fixture that there isn't, before any test has run."""

import os

import pytest


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name the tests that could not be set up; pytest alone finds out when their turn comes."""
    if "PYTEST_XDIST_WORKER" in os.environ:  # it can't tell anybody; `make test` has asked before
        return
    wrong = [f"{item.nodeid} asks for {name!r}" for item in items for name in _missing(item)]
    if wrong:
        raise pytest.UsageError("There are no such fixtures:\n" + "\n".join(wrong))


def _missing(item: pytest.Item) -> list[str]:
    if not isinstance(item, pytest.Function):
        return []
    known = item._fixtureinfo.name2fixturedefs
    return [name for name in item.fixturenames if name not in known and name != "request"]
