"""Who does what is owed: rows of ``owed`` claimed for a lease and finished by their counter.

Nothing is ever done in the transaction that claims it, and no transaction is open while it is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, and_, case, delete, or_, select, update

from app import together
from app.db import database_now, session
from app.domain.states import Effect
from app.models import Owed
from app.sync.owing import DEFAULT, owe

# Lease > job timeout > a request's timeout. The job timeout is in app/sync/ring.py.
LEASE = timedelta(seconds=35)
# The inbox is taken in without any request; a worker that dies over it holds a whole shop up.
_LEASES = {Effect.RECEIVE: timedelta(seconds=15)}


class LeaseLost(Exception):
    """Somebody else holds the claim by now: whatever we found out must not be recorded."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An owed effect that is ours until ``until``. ``unfinished``: the attempt before never
    reported back, so its outcome is unknown."""

    id: int
    subject_id: str
    token: str
    attempts: int
    unfinished: bool
    lane: str
    until: datetime


def is_due(now: datetime) -> ColumnElement[bool]:
    """The condition that a row may be claimed now: also when its lease has run out."""
    return and_(
        Owed.due_at <= now,
        Owed.dead_at.is_(None),
        or_(Owed.held_until.is_(None), Owed.held_until <= now),
        or_(Owed.lease_until.is_(None), Owed.lease_until <= now),
    )


def claim(shop_id: int, effect: Effect, limit: int) -> list[Claim]:
    """Take up to ``limit`` due rows of an effect for a lease: staff's first, then the oldest.

    One guarded update; the attempt is counted before it is made. Commits.
    """
    together.write()
    now, token = database_now(), str(uuid4())
    due = (
        select(Owed.id)
        .where(Owed.shop_id == shop_id, Owed.effect == effect, is_due(now))
        .order_by(Owed.lane.desc(), Owed.due_at, Owed.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    taken = session().scalars(
        update(Owed)
        .where(Owed.id.in_(select(due.c.id)))
        .values(
            lease_token=token,
            lease_until=now + _LEASES.get(effect, LEASE),
            unfinished=Owed.lease_token.is_not(None),
            claimed_seq=Owed.owed_seq,
            attempts=Owed.attempts + 1,
        )
        .returning(Owed),
        execution_options={"synchronize_session": False, "populate_existing": True},
    )
    claims = sorted((_claim(row) for row in taken), key=lambda claimed: claimed.id)
    session().commit()
    return claims


def _claim(row: Owed) -> Claim:
    return Claim(
        id=row.id,
        subject_id=row.subject_id,
        token=row.lease_token or "",
        attempts=row.attempts,
        unfinished=row.unfinished,
        lane=row.lane,
        until=row.lease_until or row.due_at,
    )


def take(shop_id: int, subject: tuple[str, str], effect: Effect, *, lane: str = DEFAULT) -> Claim:
    """Owe an effect and claim it in the same breath: its first attempt begins with the caller's
    commit, and if the caller dies, the lease runs out and somebody looks after it."""
    owe(shop_id, subject, effect, lane=lane)
    together.write()
    now, token = database_now(), str(uuid4())
    row = session().scalars(
        update(Owed)
        .where(
            Owed.subject_type == subject[0], Owed.subject_id == subject[1], Owed.effect == effect
        )
        .values(
            lease_token=token,
            lease_until=now + LEASE,
            unfinished=False,
            claimed_seq=Owed.owed_seq,
            attempts=1,
        )
        .returning(Owed),
        execution_options={"synchronize_session": False, "populate_existing": True},
    )
    return _claim(row.one())


def finish(claims: Sequence[Claim]) -> None:
    """Record that the claims are done, in the transaction that records their outcome.

    A row that was owed again meanwhile stays, due when that asked for. Raises LeaseLost, rolled
    back, when one of them is not ours any more. The caller commits.
    """
    if not claims:
        return
    together.write()
    ours = {claimed.id for claimed in claims}
    held = and_(Owed.lease_token == claims[0].token, Owed.id.in_(ours))
    gone = set(
        session().scalars(
            delete(Owed).where(held, Owed.owed_seq == Owed.claimed_seq).returning(Owed.id),
            execution_options={"synchronize_session": False},
        )
    )
    kept = _release(held, attempts=0)
    if gone | kept != ours:
        session().rollback()
        raise LeaseLost


def postpone(
    claims: Sequence[Claim], wait: float, error: str, *, hold: float, counts: bool
) -> None:
    """Give claims back, due in ``wait`` seconds, or as was asked if they were owed again meanwhile;
    ``hold`` seconds pass whatever happens (the other side asked for it). ``counts`` False gives the
    attempt back too. The caller commits."""
    together.write()
    now = database_now()
    news = Owed.owed_seq > Owed.claimed_seq
    for claimed in claims:
        _release(
            and_(Owed.lease_token == claimed.token, Owed.id == claimed.id),
            due_at=case((news, Owed.due_at), else_=now + timedelta(seconds=wait)),
            held_until=now + timedelta(seconds=hold) if hold else None,
            attempts=claimed.attempts - (0 if counts else 1),
            last_error=error[:500],
        )


def bury(claims: Sequence[Claim], error: str) -> None:
    """Put claims among the dead letters, where a person can replay them. The caller commits."""
    together.write()
    for claimed in claims:
        _release(
            and_(Owed.lease_token == claimed.token, Owed.id == claimed.id),
            dead_at=database_now(),
            last_error=error[:500],
        )


def _release(held: ColumnElement[bool], **values: object) -> set[int]:
    return set(
        session().scalars(
            update(Owed)
            .where(held)
            .values(lease_token=None, lease_until=None, unfinished=False, **values)
            .returning(Owed.id),
            execution_options={"synchronize_session": False},
        )
    )
