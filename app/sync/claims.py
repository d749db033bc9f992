"""Who does what is owed: rows of ``owed`` claimed for a lease and finished by their counter.

Nothing is ever done in the transaction that claims it, and no transaction is open while it is done.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from uuid import uuid4

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Row,
    Table,
    and_,
    bindparam,
    case,
    delete,
    or_,
    select,
    update,
)

from app import together
from app.db import UtcDateTime, database_now, session
from app.domain.states import Effect
from app.models import Owed
from app.sync.owing import DEFAULT, owe

# Lease > job timeout > a request's timeout. The job timeout is in app/sync/ring.py.
LEASE = timedelta(seconds=35)
# The inbox is taken in without any request; a worker that dies over it holds a whole shop up.
_LEASES = {Effect.RECEIVE: timedelta(seconds=15)}
# Seconds between two looks at whether something has reached the WMS.
_ARRIVAL_WAIT = 3.0

_table = cast("Table", Owed.__table__)
_owed = _table.c


def is_due(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """The condition that a row may be claimed now: also when its lease has run out."""
    return and_(
        _owed.due_at <= now,
        _owed.dead_at.is_(None),
        or_(_owed.held_until.is_(None), _owed.held_until <= now),
        or_(_owed.lease_until.is_(None), _owed.lease_until <= now),
    )


_OF_A_CLAIM = [
    _owed[name]
    for name in (
        "id",
        "subject_id",
        "lease_token",
        "attempts",
        "unfinished",
        "lane",
        "lease_until",
    )
]
_LEASED: dict[str, Any] = {"lease_token": bindparam("token"), "lease_until": bindparam("ends")}
_FREE: dict[str, Any] = {"lease_token": None, "lease_until": None, "unfinished": False}
_DUE = (
    select(_owed.id)
    .where(
        _owed.shop_id == bindparam("of_shop"),
        _owed.effect == bindparam("of_effect"),
        is_due(bindparam("now", type_=UtcDateTime())),
    )
    .order_by(_owed.lane.desc(), _owed.due_at, _owed.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("due")
)
_CLAIM = (
    update(_table)
    .where(_owed.id.in_(select(_DUE.c.id)))
    .values(
        unfinished=_owed.lease_token.is_not(None),
        claimed_seq=_owed.owed_seq,
        attempts=_owed.attempts + 1,
        **_LEASED,
    )
    .returning(*_OF_A_CLAIM)
)
_TAKE = (
    update(_table)
    .where(
        _owed.subject_type == bindparam("of_type"),
        _owed.subject_id == bindparam("of_subject"),
        _owed.effect == bindparam("of_effect"),
    )
    .values(unfinished=False, claimed_seq=_owed.owed_seq, attempts=1, **_LEASED)
    .returning(*_OF_A_CLAIM)
)
_HELD = and_(
    _owed.lease_token == bindparam("token"), _owed.id.in_(bindparam("ids", expanding=True))
)
_RENEW = update(_table).where(_HELD).values(lease_until=bindparam("ends")).returning(_owed.id)
_DELETE = delete(_table).where(_HELD, _owed.owed_seq == _owed.claimed_seq).returning(_owed.id)
_KEEP = update(_table).where(_HELD).values(attempts=0, **_FREE).returning(_owed.id)
_POSTPONE = (
    update(_table)
    .where(_HELD)
    .values(
        due_at=case(
            (_owed.owed_seq > _owed.claimed_seq, _owed.due_at),
            else_=bindparam("due", type_=UtcDateTime()),
        ),
        held_until=bindparam("held"),
        attempts=bindparam("tried"),
        last_error=bindparam("error"),
        **_FREE,
    )
)
_BURY = (
    update(_table)
    .where(_HELD)
    .values(dead_at=bindparam("now"), last_error=bindparam("error"), **_FREE)
    .returning(_owed.id)
)


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


def claim(shop_id: int, effect: Effect, limit: int) -> list[Claim]:
    """Take up to ``limit`` due rows of an effect for a lease: staff's first, then the oldest.

    One guarded update; the attempt is counted before it is made. Commits.
    """
    together.write()
    now = database_now()
    which = {"of_shop": shop_id, "of_effect": effect, "most": limit, "now": now}
    lease = {"token": str(uuid4()), "ends": now + _LEASES.get(effect, LEASE)}
    rows = session().execute(_CLAIM, {**which, **lease})
    claims = sorted((_claim(row) for row in rows), key=lambda claimed: claimed.id)
    session().commit()
    return claims


def _claim(row: Row[Any]) -> Claim:
    return Claim(
        id=row.id,
        subject_id=row.subject_id,
        token=row.lease_token,
        attempts=row.attempts,
        unfinished=row.unfinished,
        lane=row.lane,
        until=row.lease_until,
    )


def take(shop_id: int, subject: tuple[str, str], effect: Effect, *, lane: str = DEFAULT) -> Claim:
    """Owe an effect and claim it in the same breath: its first attempt begins with the caller's
    commit, and if the caller dies, the lease runs out and somebody looks after it."""
    owe(shop_id, subject, effect, lane=lane)
    together.write()
    which = {"of_type": subject[0], "of_subject": subject[1], "of_effect": effect}
    lease = {"token": str(uuid4()), "ends": database_now() + LEASE}
    return _claim(session().execute(_TAKE, {**which, **lease}).one())


def renew(claimed: Claim) -> None:
    """Hold a claim for another lease. Raises LeaseLost, rolled back, when it is not ours any more.
    The caller commits."""
    together.write()
    held = {"token": claimed.token, "ids": [claimed.id]}
    if session().scalar(_RENEW, {**held, "ends": database_now() + LEASE}) is None:
        session().rollback()
        raise LeaseLost


def finish(claims: Sequence[Claim]) -> None:
    """Record that the claims are done, in the transaction that records their outcome.

    A row that was owed again meanwhile stays, due when that asked for. Raises LeaseLost, rolled
    back, when one of them is not ours any more. The caller commits.
    """
    if not claims:
        return
    together.write()
    ours = {claimed.id for claimed in claims}
    held = {"token": claims[0].token, "ids": list(ours)}
    over = set(session().scalars(_DELETE, held))
    if over != ours:
        over |= set(session().scalars(_KEEP, held))
    if over != ours:
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
    values = {
        "due": now + timedelta(seconds=wait),
        "held": now + timedelta(seconds=hold) if hold else None,
        "error": error[:500],
    }
    for claimed in claims:
        tried = claimed.attempts - (0 if counts else 1)
        held = {"token": claimed.token, "ids": [claimed.id]}
        session().execute(_POSTPONE, {**held, **values, "tried": tried})


def await_arrival(claims: Sequence[Claim]) -> None:
    """Give claims back for a moment: what they are about is on its way to the WMS, and it costs no
    attempt to wait for that. The caller commits."""
    postpone(claims, _ARRIVAL_WAIT, "", hold=0.0, counts=False)


def bury(claims: Sequence[Claim], error: str) -> list[Claim]:
    """Put claims among the dead letters, where a person can replay them; returns those that were
    still held, and not finished or somebody else's by now. The caller commits."""
    together.write()
    buried = []
    for claimed in claims:
        held = {"token": claimed.token, "ids": [claimed.id]}
        values = {**held, "now": database_now(), "error": error[:500]}
        if session().scalars(_BURY, values).all():
            buried.append(claimed)
    return buried
