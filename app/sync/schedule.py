"""What runs when: jobs, their slots in the database, and the ticker's look at what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select, update

from app.db import database_now, session
from app.domain.states import Effect
from app.domain.zones import next_time
from app.models import Connection, Owed, ScheduleSlot, Shop
from app.models.connection import USABLE
from app.sync import runs
from app.sync.claims import is_due
from app.sync.owing import BULK, owe


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job: its name in the API and how often it runs by itself; ``hour``: at that hour
    of the shop's day."""

    name: str
    every: timedelta
    hour: int | None = None

    def next_at(self, shop: Shop, now: datetime) -> datetime:
        """When it runs next. Not all shops' jobs of an hour begin in its first minute."""
        if self.hour is None:
            return now + self.every
        return next_time(self.hour, shop.id % 60, shop.timezone, now)


JOBS = (
    Job("sync_status", timedelta(minutes=5)),
    Job("import_orders", timedelta(minutes=5)),
    Job("export_shipped_orders", timedelta(minutes=5)),
    Job("export_delivered_orders", timedelta(minutes=5)),
    Job("update_inventory", timedelta(minutes=5)),
    Job("cancellations", timedelta(minutes=5)),
    Job("reconcile", timedelta(hours=1)),
)
# What keeps house: it has slots like the jobs, but nobody starts it and Home doesn't list it.
CHORES = (Job("prune", timedelta(days=1)), Job("scan_catalogue", timedelta(days=1)))
NIGHTLY = (Job("drift", timedelta(days=1), hour=3),)
SLOTS = (*JOBS, *CHORES, *NIGHTLY)
_NEEDS_WMS = (
    Effect.SEND,
    Effect.CONFIRM,
    Effect.CANCEL,
    Effect.HOLD,
    Effect.SLA,
    Effect.ASK_STATE,
    Effect.LOOK_UP,
    Effect.REGISTER,
    Effect.FEED,
    Effect.ANNOUNCE,
)


def start_due() -> int:
    """Start a run for every slot that is due. Any number of tickers may call this. Commits."""
    now = database_now()
    due = session().execute(
        select(ScheduleSlot.shop_id, ScheduleSlot.job, ScheduleSlot.next_at)
        .join(Shop, Shop.id == ScheduleSlot.shop_id)
        .where(ScheduleSlot.next_at <= now, Shop.installed)
    )
    started = sum(_start(*slot) for slot in due.all())
    session().commit()
    return started


def _start(shop_id: int, job: str, seen: object) -> int:
    """Move the slot on, unless another ticker has; the winner starts the run."""
    known = next((known for known in SLOTS if known.name == job), None)
    if known is None:
        return 0
    now = database_now()
    wait = known.next_at(session().get_one(Shop, shop_id), now) - now
    if not win_slot(shop_id, job, seen, wait):
        return 0
    run = runs.begin(shop_id, job, runs.SCHEDULE)
    owe(shop_id, ("run", run.id), Effect.RUN, lane=BULK)
    return 1


def win_slot(shop_id: int, job: str, seen: object, every: timedelta) -> bool:
    """Move a slot on by ``every``, if it is still as seen; False: another ticker was quicker. The
    caller commits."""
    won = session().scalar(
        update(ScheduleSlot)
        .where(
            ScheduleSlot.shop_id == shop_id,
            ScheduleSlot.job == job,
            ScheduleSlot.next_at == seen,
        )
        .values(next_at=database_now() + every)
        .returning(ScheduleSlot.shop_id),
        execution_options={"synchronize_session": False},
    )
    return won is not None


def due_shops() -> list[tuple[int, str]]:
    """Shops and lanes with something due that can be done now, lapsed leases included."""
    now = database_now()
    usable = and_(
        Connection.status.in_(USABLE),
        or_(Connection.open_until.is_(None), Connection.open_until <= now),
        or_(Connection.paced_until.is_(None), Connection.paced_until <= now),
    )
    found = session().execute(
        select(Owed.shop_id, Owed.lane)
        .join(Shop, Shop.id == Owed.shop_id)
        .outerjoin(Connection, Connection.shop_id == Owed.shop_id)
        .where(
            is_due(now),
            or_(Shop.installed, Owed.effect == Effect.RECEIVE),
            or_(Owed.effect.not_in(_NEEDS_WMS), usable),
        )
        .distinct()
    )
    shops = [(row.shop_id, row.lane) for row in found]
    session().rollback()
    return shops
