"""When a merchant is told that something is wrong, and that it is over.

Pure: what is seen of a shop, and what it was told before, go in; whether to tell comes out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# At most one alert a cause in this time.
REST = timedelta(hours=1)
ESTABLISHED = "established"


class Cause(StrEnum):
    """What may be wrong. The first four are also states of the connection."""

    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    UNUSABLE = "unusable"
    OTHER_ACCOUNT = "other_account"
    ERRORS = "errors"
    GAVE_UP = "gave_up"
    DRIFT = "drift"


# A state of the connection is an alert when it has lasted this long.
CONNECTION = {
    Cause.REFUSED: timedelta(0),
    Cause.UNREACHABLE: timedelta(minutes=5),
    Cause.UNUSABLE: timedelta(minutes=5),
    Cause.OTHER_ACCOUNT: timedelta(0),
}


class Turn(StrEnum):
    """What an alert's cause asks for now."""

    NOTHING = "nothing"
    RAISE = "raise"  # tell that it is so
    END = "end"  # tell that it is over
    DROP = "drop"  # it is over, and nobody was told of it


@dataclass(frozen=True, slots=True)
class Signs:
    """What is seen of a shop: its connection's state (empty when it has none), orders in error,
    work that was given up, and differences that the drift report lists."""

    status: str = ""
    since: datetime | None = None
    errors: int = 0
    given_up: int = 0
    drift: int = 0


@dataclass(frozen=True, slots=True)
class Known:
    """What was told of a cause: ``told_at`` is the last alert, ``told`` whether it was of the
    trouble that lasts now, ``size`` how large that was."""

    told_at: datetime | None = None
    told: bool = False
    size: int = 0


def present(signs: Signs, pile: int, now: datetime) -> dict[Cause, int]:
    """Return the causes there are, each with its size. ``pile``: as many orders are worth it."""
    found = {}
    for cause, patience in CONNECTION.items():
        if signs.status == cause and signs.since is not None and now - signs.since >= patience:
            found[cause] = 1
    if signs.errors >= pile:
        found[Cause.ERRORS] = signs.errors
    if signs.given_up:
        found[Cause.GAVE_UP] = signs.given_up
    if signs.drift:
        found[Cause.DRIFT] = signs.drift
    return found


def begin(cause: Cause, size: int, known: Known, now: datetime) -> Turn:
    """Decide about a cause that is present: it is told once, and after an hour once more if the
    connection is still broken or the pile has grown."""
    if known.told_at is not None and now - known.told_at < REST:
        return Turn.NOTHING
    news = not known.told or cause in CONNECTION or size > known.size
    return Turn.RAISE if news else Turn.NOTHING


def end(cause: Cause, known: Known, signs: Signs, found: Mapping[Cause, int]) -> Turn:
    """Decide about a cause that was present and is not any more.

    A broken connection is mended only when it is established: until then its trouble goes on,
    unless another one took its place or there is no connection any more.
    """
    over = Turn.END if known.told else Turn.DROP
    if cause not in CONNECTION or signs.status == ESTABLISHED:
        return over
    replaced = not signs.status or any(other in found for other in CONNECTION)
    return Turn.DROP if replaced else Turn.NOTHING
