"""Looks at the warehouse's feeds. One that fails while the warehouse answers otherwise is broken:
it is asked for by itself, at growing waits, and holds up neither the others nor what is sent. One
that is refused is given up once, and tried again whenever the feeds are looked at.

A warehouse that answers nothing at all is rested by its breaker, and so are its feeds.
"""

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

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
from app.sync.situations import connection_of, paused_because

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


Problem = TryLater | Rejected


@dataclass(frozen=True, slots=True)
class _Trouble:
    """What is known to be wrong with a feed; ``given_up``: it was refused."""

    why: str
    given_up: bool


def read_owed(shop: Shop, claims: Sequence[Claim]) -> None:
    """Read a broken feed again, or all the others; what is left when the time is up is owed again.

    Raises TryLater when the warehouse does not answer, Rejected when it refuses us or that one.
    """
    for claimed in claims:
        feed = session().get_one(Owed, claimed.id).subject_type
        if feed in feeds.FEEDS:
            _read_broken(shop, feed, claimed)
        else:
            _read_all(shop, claimed)


def _read_all(shop: Shop, claimed: Claim) -> None:
    end, left = time.monotonic() + _SECONDS, False
    known = _known(claimed.subject_id)
    found: dict[str, Problem | None] = {}
    for feed in (each for each in feeds.FEEDS if not _waits(known.get(each))):
        if any(found.values()) and time.monotonic() > end:
            left = True
            break
        (_, done), found[feed] = _tried(shop, feed)
        left |= not done

    def work() -> None:
        for feed, problem in found.items():
            _note(shop, feed, problem, known.get(feed))
        finish([claimed])
        if left:
            feeds.owe_look(shop.id, claimed.subject_id)

    atomically(work)


def _tried(shop: Shop, feed: str) -> tuple[tuple[Counter[str], bool], Problem | None]:
    """Read a feed; also what went wrong, if that is its own fault."""
    try:
        return feeds.read(shop, feed), None
    except (TryLater, Rejected) as problem:
        if _is_of_all(shop, problem):
            raise
        return (Counter(), True), problem


def _is_of_all(shop: Shop, problem: Problem) -> bool:
    """Whether a problem is the warehouse's as a whole: it refuses us, paces us or answers
    nothing."""
    if isinstance(problem, Rejected):
        return breaker.refused(shop, problem)
    return not problem.counts or not breaker.answers(shop)


def _known(connection_id: str) -> dict[str, _Trouble]:
    """The feeds that are known to be broken or refused."""
    query = select(Owed.subject_type, Owed.last_error, Owed.dead_at).where(
        Owed.subject_type.in_(feeds.FEEDS),
        Owed.subject_id == connection_id,
        Owed.effect == Effect.FEED,
    )
    rows = session().execute(query)
    found = {row.subject_type: _Trouble(row.last_error, bool(row.dead_at)) for row in rows}
    session().rollback()
    return found


def _waits(trouble: _Trouble | None) -> bool:
    """Whether a feed has a look of its own coming."""
    return trouble is not None and not trouble.given_up


def _note(shop: Shop, feed: str, problem: Problem | None, known: _Trouble | None) -> None:
    """Owe a look of its own to a feed that is newly broken, and say so once; also to one that is
    broken no more, which ends what is known of it. The caller commits."""
    if problem is None:
        if known is not None:
            _owe(shop, feed)
        return
    if _waits(known) or (known is not None and isinstance(problem, Rejected)):
        return
    _owe(shop, feed, wait=0.0 if isinstance(problem, Rejected) else max(problem.wait, _FIRST_WAIT))
    text = _told(feed, problem.message)
    journal.write(shop.id, "feed", text, level=journal.WARNING, code=_BROKEN)


def _owe(shop: Shop, feed: str, *, wait: float = 0.0) -> None:
    connection = connection_of(shop)
    if connection is not None:
        owe(shop.id, (feed, connection.id), Effect.FEED, wait=wait)


def _told(feed: str, why: str) -> str:
    return f"{_UNREAD[feed]} {why}".strip()


def _read_broken(shop: Shop, feed: str, claimed: Claim) -> None:
    (_, done), problem = _tried(shop, feed)
    if isinstance(problem, Rejected):
        raise problem

    def work() -> None:
        if problem is not None:
            wait = after_failure(claimed.attempts, problem.wait)
            postpone([claimed], wait, problem.message, hold=problem.wait, counts=True)
            return
        finish([claimed])
        journal.write(shop.id, "feed", _READ_AGAIN[feed])
        if not done:
            feeds.owe_look(shop.id, claimed.subject_id)

    atomically(work)


def read_for_job(shop: Shop, feed: str, *, by_person: bool) -> tuple[Counter[str], bool, str]:
    """Read a feed for a job: what was new, whether that was all, and, in a sentence, why it can't
    be read. One that is known to be broken is tried for a person only.

    Raises TryLater when the warehouse does not answer, Rejected when it refuses us.
    """
    connection = connection_of(shop)
    if connection is None or not connection.token_stored:
        return Counter(), True, ""
    paused, known = paused_because(connection), _known(connection.id).get(feed)
    if paused:
        return Counter(), True, paused
    if known is not None and _waits(known) and not by_person:
        return Counter(), True, _told(feed, known.why)
    (counts, done), problem = _tried(shop, feed)
    if problem is not None or known is not None:
        atomically(lambda: _note(shop, feed, problem, known))
    return counts, done, _told(feed, problem.message) if problem else ""
