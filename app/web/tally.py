"""What Home counts: orders by state and reason, and each job's last run."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from app.db import session
from app.models import Order, Owed, Run, ScheduleSlot, Shop
from app.sync.dead import GAVE_UP
from app.web import given_up
from app.web.words import BY_ITSELF, GATES, STATES

SWITCH = "automatic"


@dataclass(frozen=True, slots=True)
class Cause:
    """Orders in one state for one reason."""

    state: str
    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class Tally:
    """Orders by state, and why those that wait do: for a person, or until something passes."""

    states: dict[str, int]
    needs_you: list[Cause]
    by_itself: list[Cause]
    retrying: int
    given_up: int

    @property
    def total(self) -> int:
        """All orders we know."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job: its last run, and when it runs next."""

    name: str
    run: Run | None
    next_at: datetime | None


def count(shop: Shop, *, automatic: bool = False) -> Tally:
    """Count a shop's orders. ``automatic``: the switch is on, so what only it has held goes in a
    moment and needs nobody."""
    query = (
        select(Order.tag_state, Order.reason, func.count())
        .where(Order.shop_id == shop.id, Order.deleted.is_(False))
        .group_by(Order.tag_state, Order.reason)
    )
    causes = [Cause(*row) for row in session().execute(query)]
    states = {
        state: sum(cause.count for cause in causes if cause.state == state) for state in STATES
    }
    waiting = sorted(
        (cause for cause in causes if _waits(cause) and not (automatic and cause.reason == SWITCH)),
        key=lambda cause: -cause.count,
    )
    lost = given_up.count(shop)
    # What was given up is listed once, whether it is about an order or not.
    listed = {*BY_ITSELF, GAVE_UP} if lost else BY_ITSELF
    return Tally(
        states=states,
        needs_you=[cause for cause in waiting if cause.reason not in listed],
        by_itself=[cause for cause in waiting if cause.reason in BY_ITSELF],
        retrying=_retrying(shop),
        given_up=lost,
    )


def _waits(cause: Cause) -> bool:
    """A synced order waits too when a gate keeps back what changed since it was sent."""
    if cause.state == "synced":
        return cause.reason in GATES
    return cause.state in ("no_sync", "error") and bool(cause.reason)


def jobs(shop: Shop, names: tuple[str, ...]) -> list[Job]:
    """Each job with its last run."""
    slots = select(ScheduleSlot).where(ScheduleSlot.shop_id == shop.id)
    due = {slot.job: slot.next_at for slot in session().scalars(slots)}
    return [Job(name, _last_run(shop, name), due.get(name)) for name in names]


def _last_run(shop: Shop, name: str) -> Run | None:
    query = select(Run).where(Run.shop_id == shop.id, Run.kind == name)
    return session().scalar(query.order_by(Run.started_at.desc()).limit(1))


def _retrying(shop: Shop) -> int:
    """Effects that failed in a way that passes, and are due again by themselves."""
    waiting = select(func.count()).where(
        Owed.shop_id == shop.id, Owed.last_error != "", Owed.dead_at.is_(None), Owed.attempts > 0
    )
    return session().scalar(waiting) or 0
