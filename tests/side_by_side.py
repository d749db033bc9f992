"""Tests in several processes at once: what they share, and which want the machine to themselves.

With ``pytest -n auto`` a process takes a file's tests on one kind of database, then those of
another. Folders whose tests share a running deployment stay with one process, and begin first.
Tests that measure time are marked ``alone`` and come last: while one of them runs, no other does.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

# Folders in the order of their beginning; those named in _WHOLE are not divided by file.
_ORDER = ("tests/faults", "tests/e2e/pages", "tests/e2e", "tests/sync", "tests/web")
_WHOLE = ("tests/faults", "tests/e2e/pages", "tests/e2e")


class Shares(LoadScopeScheduling):
    """Hands tests out by file and kind of database, in the order they were collected in."""

    def _split_scope(self, nodeid: str) -> str:
        file, _, test = nodeid.partition("::")
        folder = next((folder for folder in _WHOLE if file.startswith(f"{folder}/")), file)
        return f"{folder} {'postgresql' in test.partition('[')[2]}"


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Shares:
    """Hand tests out by shares, in the order of `pytest_collection_modifyitems`."""
    config.option.loadscopereorder = False
    return Shares(config, log)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Processes for ``-n auto``: two more than there are cores, as two begin with tests that mostly
    wait."""
    return (os.cpu_count() or 1) + 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Among several processes: what takes long comes first, what wants to be alone last."""
    if _is_one_of_several():
        items.sort(key=_turn)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Among several processes: let a test run when nobody is alone, or when nobody else runs."""
    if not _is_one_of_several():
        return (yield)
    folder = Path(item.config.cache.mkdir("side_by_side"))
    with _entered(folder, alone=_wants_to_be_alone(item)):
        return (yield)


def _is_one_of_several() -> bool:
    return "PYTEST_XDIST_WORKER" in os.environ


def _turn(item: pytest.Item) -> tuple[bool, int]:
    places = [place for place, folder in enumerate(_ORDER) if item.nodeid.startswith(f"{folder}/")]
    return _wants_to_be_alone(item), min(places, default=len(_ORDER))


def _wants_to_be_alone(item: pytest.Item) -> bool:
    return item.get_closest_marker("alone") is not None


@contextmanager
def _entered(folder: Path, *, alone: bool) -> Iterator[None]:
    """Be in the room, with others or alone. Who wants to be alone keeps the door shut meanwhile,
    so that those inside leave and nobody enters."""
    with (folder / "door").open("w") as door, (folder / "room").open("w") as room:
        fcntl.flock(door, fcntl.LOCK_EX)
        fcntl.flock(room, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
        if not alone:
            fcntl.flock(door, fcntl.LOCK_UN)
        yield
