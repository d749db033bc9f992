"""How fast something is at its best: other work on the machine is not its fault."""

from collections.abc import Callable

ROUNDS = 3


def at_best(measure: Callable[[], float], enough: float) -> float:
    """The least of three measurements; once one is within ``enough``, no more are taken."""
    least = measure()
    for _ in range(ROUNDS - 1):
        if least > enough:
            least = min(least, measure())
    return least
