"""Asks the WMS how the orders stand that it has: there is no feed for that.

A callback makes us ask at once, *Sync status* asks at least hourly. One look at a time is taken in,
so an old answer never follows a newer one.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from app.db import database_now, session
from app.domain.retries import FAILURE_TRIES, after_failure
from app.domain.states import Effect, State
from app.domain.warehouse_states import CANCELLED, OVER, TOLD, next_look
from app.errors import Rejected, TryLater
from app.models import Connection, OutboundOrder, Shop
from app.sync import breaker, issues, journal, on_hold, progress, seller, sla
from app.sync.claims import Claim, await_arrival, finish, postpone
from app.sync.engine import atomically
from app.sync.outside import wms_for
from app.sync.owing import BULK, DEFAULT, owe
from app.sync.shipping import outbound_of
from app.sync.situations import connection_of, is_on_its_way
from app.wms.base import WmsOrder
from app.wms.http import ConnectorApi

# So many looks are owed by one run, every five minutes: 12,000 an hour.
MOST_LOOKS = 1000
# Asking ends after this; those not reached are asked about when the claim is due again.
_ASK_SECONDS = 8.0
_FIRST_LOOK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What we knew when the WMS was asked: an answer to that says nothing once it has changed."""

    external_id: str
    state: str
    revision: int
    held: bool
    hold_wanted: bool
    wms_ship_by: datetime | None


def hinted(connection: Connection, external_id: str) -> bool:
    """The WMS says that an order stands otherwise than before: it is asked. False: it is not ours.
    The caller commits."""
    outbound = outbound_of(connection, external_id)
    if outbound is not None:
        owe_look(outbound)
    return outbound is not None


def owe_look(outbound: OutboundOrder, *, lane: str = DEFAULT) -> None:
    """Owe a question about one outbound order. The caller commits."""
    owe(outbound.shop_id, ("outbound", str(outbound.id)), Effect.ASK_STATE, lane=lane)


def accepted(outbound: OutboundOrder) -> None:
    """The WMS has it: from now on it is asked now and then how it stands. The caller commits."""
    outbound.look_at = database_now() + _FIRST_LOOK
    if outbound.wms_held or outbound.cancellations:
        owe_look(outbound)


def refused(outbound: OutboundOrder) -> None:
    """The WMS refused a revision: of the one before, it may have cancelled something meanwhile. The
    caller commits."""
    if outbound.confirmed_revision and outbound.cancellations:
        owe_look(outbound)


def owe_due(shop_id: int, *, all_open: bool) -> int:
    """Owe a question about the open orders that it is time for, or about all; those not asked for
    the longest come first. How many. The caller commits."""
    query = (
        session()
        .query(OutboundOrder)
        .filter(OutboundOrder.shop_id == shop_id, OutboundOrder.look_at.is_not(None))
    )
    if not all_open:
        query = query.filter(OutboundOrder.look_at <= database_now())
    rows = query.order_by(OutboundOrder.look_at).limit(MOST_LOOKS).all()
    for outbound in rows:
        owe_look(outbound, lane=BULK)
        outbound.look_at = _after(outbound)
    return len(rows)


def _after(outbound: OutboundOrder) -> datetime | None:
    now = database_now()
    wait = next_look(outbound.wms_state, now - (outbound.confirmed_at or now))
    return now + wait if wait else None


def look(shop: Shop, claims: Sequence[Claim]) -> None:
    """Ask the WMS about each claimed outbound order, and take in what it says. Of one that is on
    its way it could not say yet how it will stand."""
    coming = [claimed for claimed in claims if _is_coming(int(claimed.subject_id))]
    there = [claimed for claimed in claims if claimed not in coming]
    if coming:
        atomically(lambda: await_arrival(coming))
    if there:
        _ask_alone(shop, there)


def _ask_alone(shop: Shop, claims: Sequence[Claim]) -> None:
    """Ask about them; what fails while the WMS answers otherwise waits by itself. Raises TryLater
    when it answers nothing, or was asked too often."""
    try:
        _ask(shop, [int(claimed.subject_id) for claimed in claims], claims)
    except TryLater as problem:
        worn = max(claimed.attempts for claimed in claims) >= FAILURE_TRIES
        if worn or not problem.counts or not breaker.answers(shop):
            raise
        why, asked_for = problem.message, problem.wait
        atomically(lambda: _put_off(claims, why, asked_for))


def _put_off(claims: Sequence[Claim], why: str, asked_for: float) -> None:
    for claimed in claims:
        wait = after_failure(claimed.attempts, asked_for)
        postpone([claimed], wait, why, hold=asked_for, counts=True)


def look_first(shop: Shop, ids: Sequence[int]) -> None:
    """Take in how these outbound orders stand before we change something of them at the WMS, which
    may hold them meanwhile, if it can. If it does not say, they are taken as they were known."""
    connection = connection_of(shop)
    if connection is None or not on_hold.can_hold(connection):
        return
    try:
        _ask(shop, ids, ())
    except TryLater as problem:
        breaker.paced(shop, problem)
        session().rollback()
    except Rejected:
        session().rollback()


def those_there(order_ids: Sequence[int]) -> list[int]:
    """The outbound orders of these orders that the WMS has and may still hold."""
    query = select(OutboundOrder.id).where(
        OutboundOrder.order_id.in_(order_ids),
        OutboundOrder.archived.is_(False),
        OutboundOrder.confirmed_revision > 0,
        OutboundOrder.state.in_((State.ACCEPTED, State.REJECTED)),
        OutboundOrder.wms_state.not_in(OVER),
    )
    return list(session().scalars(query.order_by(OutboundOrder.id)))


def _ask(shop: Shop, ids: Sequence[int], claims: Sequence[Claim]) -> None:
    before = {number: _seen(number) for number in ids}
    connection = connection_of(shop)
    if connection is None:
        atomically(lambda: finish(claims))
        return
    with closing(wms_for(connection)) as wms:
        found = _hear(wms, before)
    breaker.answered(connection)
    answered = [claimed for claimed in claims if int(claimed.subject_id) in found]
    left = [claimed for claimed in claims if claimed not in answered]

    def work() -> None:
        for number, told in found.items():
            _take(number, before[number], told)
        finish(answered)
        postpone(left, 0.0, "", hold=0.0, counts=False)

    atomically(work)


def _hear(wms: ConnectorApi, wanted: Mapping[int, Seen | None]) -> dict[int, WmsOrder | None]:
    """What the WMS says of outbound orders, as many as the time allows."""
    end = time.monotonic() + _ASK_SECONDS
    found: dict[int, WmsOrder | None] = {}
    for number, seen in wanted.items():
        if found and time.monotonic() > end:
            break
        found[number] = wms.by_ref(seen.external_id) if seen else None
    return found


def _is_coming(number: int) -> bool:
    outbound = session().get(OutboundOrder, number)
    return outbound is not None and is_on_its_way(outbound) and not outbound.archived


def _seen(number: int) -> Seen | None:
    """What there is to ask about; None: nothing."""
    outbound = session().get(OutboundOrder, number)
    if outbound is None or outbound.archived or not outbound.confirmed_revision:
        return None
    return _known(outbound)


def _known(outbound: OutboundOrder) -> Seen:
    return Seen(
        external_id=outbound.external_id,
        state=outbound.state,
        revision=outbound.confirmed_revision,
        held=outbound.held,
        hold_wanted=outbound.hold_wanted,
        wms_ship_by=outbound.wms_ship_by,
    )


def _take(number: int, seen: Seen | None, told: WmsOrder | None) -> None:
    outbound = session().get(OutboundOrder, number)
    if outbound is None or seen is None:
        return
    if _known(outbound) != seen:
        owe_look(outbound)
        return
    if told is not None and told.state != "received":
        _keep(outbound, told)
    outbound.look_at = _after(outbound)


def _keep(outbound: OutboundOrder, told: WmsOrder) -> None:
    before, outbound.wms_state = outbound.wms_state, told.state[:32]
    on_hold.seen_at_wms(outbound, before, told.hold_reason)
    sla.seen_at_wms(outbound, told.ship_by)
    progress.owe_if_wished(outbound)
    words = TOLD.get(told.state, "")
    if words and told.state != before:
        journal.write(
            outbound.shop_id, "state", f"The warehouse says: {words}.", order=outbound.order
        )
    if told.state != State.REJECTED:
        issues.tell_new(outbound.order, told.issues)
    if told.state == CANCELLED and told.revision == outbound.confirmed_revision:
        _take_cancelled(outbound)


def _take_cancelled(outbound: OutboundOrder) -> None:
    """The WMS has cancelled all of it. Its feed tells why, but not of which revision: what it told
    while another was on its way is found here."""
    if outbound.state in (State.ACCEPTED, State.REJECTED):
        seller.take_whole(outbound, "")
