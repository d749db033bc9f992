"""Ends what a starter leaves behind, however it went. Standard library only: any Python runs it.

    python reaper.py

Standard input names process groups, a line each: ``+ GROUP SIGNAL`` adds one, ``- GROUP`` forgets
it. The input ends when the starter closes it or dies; then each group gets its signal, and after a
few seconds what is left is killed.
"""

import os
import signal
import sys
import time
from collections.abc import Iterable

_GRACE_SECONDS = 5.0


def read(lines: Iterable[str]) -> dict[int, int]:
    """Return the groups, with their signals, that are not forgotten when the lines end."""
    groups: dict[int, int] = {}
    for line in lines:
        action, group, *number = line.split()
        if action == "+":
            groups[int(group)] = int(number[0])
        else:
            groups.pop(int(group), None)
    return groups


def end(groups: dict[int, int], grace: float = _GRACE_SECONDS) -> None:
    """Signal every group, wait for them to go, kill those that stay."""
    left = {group for group, number in groups.items() if _signal(group, number)}
    deadline = time.monotonic() + grace
    while left and time.monotonic() < deadline:
        time.sleep(0.05)
        left = {group for group in left if _signal(group, 0)}
    for group in left:
        _signal(group, signal.SIGKILL)


def _signal(group: int, number: int) -> bool:
    """Signal a group; False when nothing of it is left."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    except PermissionError:  # macOS says so of zombies
        return False
    return True


if __name__ == "__main__":
    end(read(sys.stdin))
