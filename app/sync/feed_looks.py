"""Looks at the warehouse's feeds. One that fails while the warehouse answers otherwise is broken:
it is asked for by itself, at growing waits, and holds up neither the others nor what is sent.

A warehouse that answers nothing at all is rested by its breaker, and so are its feeds.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select

from app.db import session
from app.domain.retries import after_failure
from app.domain.states import Effect
from app.errors import Rejected, TryLater
from app.models import Owed, Shop
from app.sync import breaker, feeds, journal
from app.sync.claims import Claim, finish, postpone
from app.sync.engine import atomically
from app.sync.owing import owe
from app.sync.situations import connection_of

_SECONDS = 8.0
_FIRST_WAIT = 2.0
_BROKEN = "feed-broken"
_UNREAD = {
    feeds.SHIPMENTS: "The warehouse's shipments can't be read; everything else goes on.",
    feeds.INVENTORY: "The warehouse's stock can't be read; everything else goes on.",
    feeds.CANCELLATIONS: "The warehouse's cancellations can't be read; everything else goes on.",
    feeds.RETURNS: "The warehouse's returns can't be read; everything else goes on.",
}
_READ_AGAIN = {
    feeds.SHIPMENTS: "The warehouse's shipments can be read again.",
    feeds.INVENTORY: "The warehouse's stock can be read again.",
    feeds.CANCELLATIONS: "The warehouse's cancellations can be read again.",
    feeds.RETURNS: "The warehouse's returns can be read again.",
}


@dataclass(slots=True)
class _Pass:
    """What came of reading several feeds: whether something is left to read, which are broken, and
    what was refused."""

    left: bool = False
    broken: dict[str, TryLater] = field(default_factory=dict)
    refused: list[Rejected] = field(default_factory=list)


def read_owed(shop: Shop, claims: Sequence[Claim]) -> None:
    """Read a broken feed again, or all the others; what is left when the time is up is owed again.

    Raises TryLater when the warehouse does not answer, Rejected when it refuses.
    """
    for claimed in claims:
        feed = session().get_one(Owed, claimed.id).subject_type
        if feed in feeds.FEEDS:
            _read_broken(shop, feed, claimed)
        else:
            _read_all(shop, claimed)


def _read_all(shop: Shop, claimed: Claim) -> None:
    end, found = time.monotonic() + _SECONDS, _Pass()
    known = _broken(claimed.subject_id)
    for feed in (each for each in feeds.FEEDS if each not in known):
        if found.broken and time.monotonic() > end:
            found.left = True
            break
        _read_one(shop, feed, found)
    atomically(lambda: _note(shop, found.broken))
    if found.refused:
        raise found.refused[0]

    def work() -> None:
        finish([claimed])
        if found.left:
            feeds.owe_look(shop.id, claimed.subject_id)

    atomically(work)


def _read_one(shop: Shop, feed: str, found: _Pass) -> None:
    """Read one feed of several; what it answers is no matter of the others'."""
    try:
        found.left |= not feeds.read(shop, feed)[1]
    except TryLater as problem:
        _require_answer(shop, problem)
        found.broken[feed] = problem
    except Rejected as problem:
        if breaker.refused(shop, problem):
            raise
        found.refused.append(problem)


def _require_answer(shop: Shop, problem: TryLater) -> None:
    """Raise the problem if it is the warehouse's as a whole: it paces us, or answers nothing."""
    if not problem.counts or not breaker.answers(shop):
        raise problem


def _broken(connection_id: str) -> dict[str, str]:
    """The feeds that are known to be broken, each with what was wrong last."""
    query = select(Owed.subject_type, Owed.last_error).where(
        Owed.subject_type.in_(feeds.FEEDS),
        Owed.subject_id == connection_id,
        Owed.effect == Effect.FEED,
        Owed.dead_at.is_(None),
    )
    found = {row.subject_type: row.last_error for row in session().execute(query)}
    session().rollback()
    return found


def _note(shop: Shop, broken: dict[str, TryLater]) -> None:
    """Owe each broken feed a look of its own, and say so once."""
    for feed, problem in broken.items():
        _owe(shop, feed, wait=max(problem.wait, _FIRST_WAIT))
        text = _told(feed, problem.message)
        journal.write(shop.id, "feed", text, level=journal.WARNING, code=_BROKEN)


def _owe(shop: Shop, feed: str, *, wait: float = 0.0) -> None:
    connection = connection_of(shop)
    if connection is not None:
        owe(shop.id, (feed, connection.id), Effect.FEED, wait=wait)


def _told(feed: str, why: str) -> str:
    return f"{_UNREAD[feed]} {why}".strip()


def _read_broken(shop: Shop, feed: str, claimed: Claim) -> None:
    done, problem = _tried(shop, feed)

    def work() -> None:
        if problem is not None:
            wait = after_failure(claimed.attempts, problem.wait)
            postpone([claimed], wait, problem.message, hold=problem.wait, counts=True)
            return
        finish([claimed])
        journal.write(shop.id, "feed", _READ_AGAIN[feed])
        if not done[1]:
            feeds.owe_look(shop.id, claimed.subject_id)

    atomically(work)


def _tried(shop: Shop, feed: str) -> tuple[tuple[Counter[str], bool], TryLater | None]:
    """Read a feed; also what went wrong, if that is its own fault."""
    try:
        return feeds.read(shop, feed), None
    except TryLater as problem:
        _require_answer(shop, problem)
        return (Counter(), True), problem


def read_for_job(shop: Shop, feed: str, *, by_person: bool) -> tuple[Counter[str], bool, str]:
    """Read a feed for a job: what was new, whether that was all, and, in a sentence, what is wrong
    with the feed. One that is known to be broken is tried for a person only.

    Raises TryLater when the warehouse does not answer, Rejected when it refuses.
    """
    connection = connection_of(shop)
    known = _broken(connection.id) if connection is not None else {}
    if feed in known and not by_person:
        return Counter(), True, _told(feed, known[feed])
    (counts, done), problem = _tried(shop, feed)
    if problem is not None and feed not in known:
        atomically(lambda: _note(shop, {feed: problem}))
    elif problem is None and feed in known:
        atomically(lambda: _owe(shop, feed))
    return counts, done, _told(feed, problem.message) if problem else ""
