"""Does what a shop is owed, for a while: claims, performs, and judges what went wrong."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

import structlog
from sqlalchemy import Table, bindparam, select

from app.db import UtcDateTime, database_now, session
from app.domain.retries import FAILURE_TRIES, after_failure
from app.domain.states import Effect
from app.errors import Rejected, TryLater, Uncertain
from app.models import Connection, Owed, Shop
from app.sync import (
    archive,
    breaker,
    cancel,
    catalogue_changes,
    confirm,
    connect,
    deletions,
    deliver,
    departures,
    drift_repair,
    feed_looks,
    fulfil,
    hold,
    inbox,
    look_up,
    mirror,
    progress,
    read,
    registration,
    returns,
    returns_announcing,
    returns_disposing,
    scheduled,
    send,
    shipped_first,
    sla,
    stock_set,
    tags,
    warehouse_state,
)
from app.sync.claims import Claim, LeaseLost, claim, is_due, postpone
from app.sync.dead import give_up
from app.sync.engine import atomically
from app.sync.install import read_shop
from app.sync.situations import connection_of, paused_because

_log = structlog.get_logger()
_UNSURE_WAIT = 0.5
_owed = cast("Table", Owed.__table__).c
_DUE_EFFECTS = (
    select(_owed.effect)
    .where(
        _owed.shop_id == bindparam("of_shop"),
        is_due(bindparam("now", type_=UtcDateTime())),
    )
    .distinct()
)


@dataclass(frozen=True, slots=True)
class Performer:
    """Who does an effect, how many at once, and whether it needs the WMS (and nothing else)."""

    perform: Callable[[Shop, Sequence[Claim]], None]
    limit: int = 10
    wms: bool = False
    only_wms: bool = False


# In the order in which they are looked for.
PERFORMERS: dict[Effect, Performer] = {
    Effect.RECEIVE: Performer(inbox.receive, 1),
    Effect.CHECK_INSTALL: Performer(departures.look, 1),
    Effect.CHECK_DELETED: Performer(deletions.look, 1),
    Effect.CONFIRM: Performer(confirm.confirm, 1, wms=True, only_wms=True),
    Effect.TAG: Performer(tags.write),
    Effect.CANCEL: Performer(cancel.cancel, 1, wms=True, only_wms=True),
    Effect.HOLD: Performer(hold.hold, 1, wms=True, only_wms=True),
    Effect.SLA: Performer(sla.tell_wms, 1, wms=True, only_wms=True),
    Effect.LOOK_UP: Performer(look_up.look_up, 1, wms=True, only_wms=True),
    Effect.FEED: Performer(feed_looks.read_owed, 1, wms=True, only_wms=True),
    Effect.FULFIL: Performer(fulfil.fulfil, 1),
    Effect.SEND: Performer(send.send, wms=True),
    Effect.MIRROR: Performer(mirror.mirror, 1),
    Effect.DEADLINE: Performer(sla.tell_shopify, 1),
    Effect.PROGRESS: Performer(progress.report, 1),
    Effect.CANCEL_ORDER: Performer(shipped_first.cancel_orders, 1),
    Effect.TAKE_OFF: Performer(shipped_first.take_off, 1),
    Effect.ANNOUNCE: Performer(returns_announcing.announce, 1, wms=True),
    Effect.DISPOSE: Performer(returns_disposing.dispose, 1),
    Effect.FIND_RETURNS: Performer(returns.find),
    Effect.ARCHIVE: Performer(archive.archive, 1),
    Effect.RUN: Performer(scheduled.perform, 1),
    Effect.STOCK: Performer(stock_set.perform, 1),
    Effect.REPAIR: Performer(drift_repair.look_after, 1),
    Effect.CATALOGUE: Performer(catalogue_changes.look, 1),
    Effect.READ: Performer(read.read),
    Effect.ASK_STATE: Performer(warehouse_state.look, wms=True, only_wms=True),
    Effect.TEST: Performer(connect.test_owed, 1),
    Effect.REGISTER: Performer(registration.register, 1, wms=True, only_wms=True),
    Effect.READ_SHOP: Performer(read_shop, 1),
    Effect.ALERT: Performer(deliver.deliver, 1),
}
_NEVER_GIVEN_UP = {
    Effect.CONFIRM,
    Effect.RECEIVE,
    Effect.CHECK_INSTALL,
    Effect.CHECK_DELETED,
    Effect.READ,
    Effect.TAG,
    Effect.ALERT,
    Effect.FULFIL,
    Effect.FEED,
    Effect.STOCK,
    Effect.FIND_RETURNS,
    Effect.DISPOSE,
}
WMS_EFFECTS = frozenset(effect for effect, who in PERFORMERS.items() if who.wms)


def drain(shop_id: int, seconds: float) -> bool:
    """Perform what is due for a shop for at most some ``seconds``; False: there is more to do."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        shop = present(shop_id)
        connection = connection_of(shop) if shop else None
        effect = _next(shop, connection) if shop else None
        if shop is None or effect is None:
            session().rollback()
            return True
        _perform(shop, effect, _limit(connection, effect))
    return False


def present(shop_id: int) -> Shop | None:
    """The shop as it is now, apart from the session: no commit makes it be read again."""
    shop = session().get(Shop, shop_id, populate_existing=True)
    if shop is not None:
        session().expunge(shop)
    return shop


def due_effects(shop: Shop, now: datetime) -> set[Effect]:
    """The effects of which something is due."""
    return set(session().scalars(_DUE_EFFECTS, {"of_shop": shop.id, "now": now}))


def _next(shop: Shop, connection: Connection | None) -> Effect | None:
    """The most pressing effect that is due and can be done now."""
    now = database_now()
    due = due_effects(shop, now)
    if not shop.installed:
        # Shopify's privacy topics come after an uninstall.
        due &= {Effect.RECEIVE}
    if due & WMS_EFFECTS:
        resting = connection is not None and breaker.is_resting(connection, now)
        if resting or paused_because(connection):
            due -= WMS_EFFECTS
    return next((effect for effect in PERFORMERS if effect in due), None)


def _perform(shop: Shop, effect: Effect, limit: int) -> None:
    performer = PERFORMERS[effect]
    claims = claim(shop.id, effect, limit)
    if not claims:
        return
    try:
        performer.perform(shop, claims)
    except LeaseLost:
        session().rollback()
        _log.warning("lease_lost", effect=effect, shop=shop.id)
    except (TryLater, Uncertain, Rejected) as problem:
        session().rollback()
        _judge(shop, effect, claims, problem)
    except Exception as error:  # noqa: BLE001 (whatever it is, the work must come back)
        session().rollback()
        _log.exception("performing_failed", effect=effect, shop=shop.id)
        _again(shop, effect, claims, TryLater(f"Tagdock failed: {type(error).__name__}."))


def _limit(connection: Connection | None, effect: Effect) -> int:
    """How many to take at once: of sends no more than the WMS takes in a request."""
    most = PERFORMERS[effect].limit
    return min(most, connection.max_batch) if connection and effect is Effect.SEND else most


def _judge(
    shop: Shop,
    effect: Effect,
    claims: Sequence[Claim],
    problem: TryLater | Uncertain | Rejected,
) -> None:
    """Give the claims back, later or never, by what went wrong."""
    if isinstance(problem, Rejected):
        _refused(shop, effect, claims, problem)
        return
    if PERFORMERS[effect].only_wms:
        breaker.failed(shop, problem)
    if isinstance(problem, Uncertain):
        problem = TryLater(problem.message, max(_UNSURE_WAIT, problem.wait))
    _again(shop, effect, claims, problem)


def _refused(shop: Shop, effect: Effect, claims: Sequence[Claim], problem: Rejected) -> None:
    if PERFORMERS[effect].wms and breaker.refused(shop, problem):
        _again(shop, effect, claims, TryLater(problem.message, counts=False))
    elif problem.code.startswith("shopify-token") or problem.code == "not-connected":
        _again(shop, effect, claims, TryLater(problem.message, 60.0, counts=False))
    elif effect is Effect.CONFIRM:
        _again(shop, effect, claims, TryLater(problem.message))
    else:
        atomically(lambda: give_up(shop, effect, claims, problem.message))


def _again(shop: Shop, effect: Effect, claims: Sequence[Claim], problem: TryLater) -> None:
    """Try later, unless it was tried too often. What became of a batch and what is on an order
    must be found out for ever."""
    worn = [c for c in claims if c.attempts >= FAILURE_TRIES and problem.counts]
    if effect in _NEVER_GIVEN_UP:
        worn = []
    fresh = [c for c in claims if c not in worn]
    _log.info("later", effect=effect, shop=shop.id, why=problem.message)

    def work() -> None:
        for claimed in fresh:
            wait = (
                problem.wait
                if not problem.counts
                else after_failure(claimed.attempts, problem.wait)
            )
            postpone([claimed], wait, problem.message, hold=problem.wait, counts=problem.counts)
        if worn:
            give_up(shop, effect, worn, problem.message)

    atomically(work)
