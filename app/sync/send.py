"""Sends orders to the WMS: reads them, plans, writes the batch down, posts it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import uuid4

from sqlalchemy import bindparam, select
from sqlalchemy.orm import selectinload

from app.db import database_now, session
from app.domain import gates, rules
from app.domain.documents import content_hash
from app.domain.situation import Situation
from app.domain.states import UNDER_WAY, Effect, Event, State
from app.errors import Rejected
from app.models import Batch, BatchMember, Connection, Order, OutboundOrder, Revision, Shop
from app.sync import confirm, journal, reships, runs, units_back
from app.sync.absorb import absorb
from app.sync.breaker import is_well, require_pace
from app.sync.claims import Claim, finish, take
from app.sync.confirm import Posting
from app.sync.engine import atomically, live, owe_order, record, settle
from app.sync.on_hold import stays_held
from app.sync.outcomes import has_more_to_come, refused_of, show_refusal
from app.sync.outside import NORMAL, URGENT, shopify_for, wms_at
from app.sync.overtaken import before_reading, give_back, those_of
from app.sync.owing import STAFF
from app.sync.planning import Ready
from app.sync.reading import read_orders
from app.sync.situations import connection_of, is_untold, paused_because, situation_of
from app.sync.warehouse_state import look_first, those_there
from app.sync.webhook_facts import moment_of
from app.wms.base import encode_batch

# Routing mostly takes a second or two, and its webhook comes first.
_ROUTING_LOOK = 5.0
_OLDEST_FIRST = (
    select(Order)
    .options(selectinload(Order.outbound_orders))
    .where(Order.id.in_(bindparam("ids", expanding=True)))
    .order_by(Order.placed_at, Order.gid)
)


def send(shop: Shop, claims: Sequence[Claim]) -> None:
    """Bring the claimed orders' outbound orders to the WMS, in as few requests as it allows."""
    ids = [int(claimed.subject_id) for claimed in claims]
    known_there = those_there(ids)
    if known_there:
        look_first(shop, known_there)
    before = before_reading(ids)
    urgent = any(claimed.lane == STAFF for claimed in claims)
    client = shopify_for(shop, URGENT if urgent else NORMAL)
    reads = read_orders(shop, client, [known.gid for known in before.values()])

    def plan() -> list[Posting]:
        orders = oldest_first(before)
        connection = connection_of(shop)
        ready: list[Ready] = []
        mine = give_back(claims, orders, before, reads)
        for order in those_of(mine, orders):
            found = absorb(order, reads[order.gid], shop, connection)
            ready += _prepare(order, found, shop, connection)
        down = _write_down(shop, connection, ready, claims[0].lane) if connection else []
        finish(mine)
        return down

    confirm.post_all(shop, atomically(plan))


def oldest_first(ids: Iterable[int]) -> list[Order]:
    """The orders with what the WMS has of them, in the order in which they were placed."""
    return list(session().scalars(_OLDEST_FIRST, {"ids": list(ids)}))


def _prepare(
    order: Order, ready: list[Ready], shop: Shop, connection: Connection | None
) -> list[Ready]:
    """Keep what may and must go; tell the runs why the rest does not."""
    at = situation_of(order, shop, connection)
    verdict = rules.closed(at)
    order.failing = rules.makes_error(at, verdict)
    if verdict is not None and verdict.gate == "routed":
        _wait_for_routing(order, verdict)
        return []
    if verdict is not None:
        _hold(order, verdict)
        return []
    going = [each for each in ready if _must_go(each, connection) and _may_go_again(each.outbound)]
    posting = [each for each in going if not _is_asked_back(each.outbound, connection)]
    for each in posting:
        record(order, Event.POSTED, outbound=each.outbound)
    if posting or not has_more_to_come(order):
        reships.let_go(order)
    order.put_in = False
    show_refusal(order)
    order.manual = order.manual and has_more_to_come(order)
    settle(order, gates_open=not at.untold)
    if not posting:
        _nothing_new(order, at)
    return posting


def _must_go(ready: Ready, connection: Connection | None) -> bool:
    outbound = ready.outbound
    behind = outbound.wanted_revision > outbound.confirmed_revision
    waits = outbound.state in UNDER_WAY or ready.on_hold
    return behind and not waits and not is_untold(outbound, connection)


def _may_go_again(outbound: OutboundOrder) -> bool:
    """What the WMS refused goes again with other content, when its time has come, or by hand."""
    due = outbound.retry_at is not None and outbound.retry_at <= database_now()
    news = outbound.wanted_hash != outbound.sent_hash and not units_back.is_refused(outbound)
    return outbound.state != State.REJECTED or outbound.order.manual or news or due


def _is_asked_back(outbound: OutboundOrder, connection: Connection | None) -> bool:
    return connection is not None and units_back.ask(outbound, connection)


def _wait_for_routing(order: Order, verdict: rules.Verdict) -> None:
    """Shopify decides within two minutes where to fulfil from: the wish to send stays."""
    order.reason, order.message = verdict.gate, verdict.message
    runs.note(order, runs.WAITING, reason=verdict.gate, message=verdict.message, final=False)
    owe_order(order, Effect.SEND, wait=_ROUTING_LOOK)
    settle(order, gates_open=False)


def _hold(order: Order, verdict: rules.Verdict) -> None:
    """Leave the order where it is, with the reason."""
    news = order.manual or (order.reason, order.message) != (verdict.gate, verdict.message)
    order.reason, order.message, order.manual = verdict.gate, verdict.message, False
    if news:
        journal.write(
            order.shop_id,
            "waiting",
            f"Not sent. {verdict.message}",
            order=order,
            level=journal.WARNING,
            code=verdict.gate,
        )
    runs.note(order, runs.SKIPPED, reason=verdict.gate, message=verdict.message, final=True)
    settle(order, gates_open=False)


def _nothing_new(order: Order, at: Situation) -> None:
    if any(outbound.state in UNDER_WAY for outbound in live(order)):
        runs.note(order, runs.WAITING, message="Already on its way to the warehouse.", final=False)
    elif refused_of(order):
        order.manual = False
        runs.note(order, runs.FAILED, reason=order.reason, message=order.message, final=True)
    elif at.untold:
        _hold(order, rules.Verdict("edited", ok=False, message=gates.UNTOLD))
    else:
        message = "The warehouse has it; nothing changed."
        runs.note(order, runs.SENT, reason="unchanged", message=message, final=True)
        journal.write(order.shop_id, "unchanged", f"Not sent. {message}", order=order)


def _write_down(shop: Shop, connection: Connection, ready: list[Ready], lane: str) -> list[Posting]:
    """Write the batches' exact bytes down, each with a claim on finding out what becomes of it."""
    if paused_because(connection):
        raise Rejected("not-connected", paused_because(connection))
    require_pace(connection)
    size = connection.max_batch
    chunks = [ready[start : start + size] for start in range(0, len(ready), size)]
    return [_batch(shop, connection, chunk, lane) for chunk in chunks]


def _batch(shop: Shop, connection: Connection, ready: list[Ready], lane: str) -> Posting:
    body = encode_batch([_freeze(each, connection) for each in ready])
    batch = Batch(
        id=str(uuid4()),
        shop_id=shop.id,
        connection_id=connection.id,
        generation=connection.generation,
        body=body,
        created_at=database_now(),
        members=[
            BatchMember(outbound_order_id=each.outbound.id, revision=each.outbound.sent_revision)
            for each in ready
        ],
    )
    session().add(batch)
    session().flush()
    claimed = take(shop.id, ("batch", batch.id), Effect.CONFIRM, lane=lane)
    return Posting(batch.id, body, claimed, wms_at(connection), is_well(connection))


def _freeze(ready: Ready, connection: Connection) -> dict[str, object]:
    """The document under its revision: as first posted, if it was posted before and nobody has
    been taken out of it since. One that is held by now, or no more, takes the next revision, and so
    does one of which the WMS has given units back."""
    outbound, now = ready.outbound, database_now()
    ready.document["hold"] = stays_held(outbound, connection)
    if _was_otherwise(ready):
        outbound.wanted_revision = outbound.sent_revision + 1
    revision, sent_before = outbound.wanted_revision, outbound.sent_revision
    outbound.sent_revision, outbound.sent_hash = revision, outbound.wanted_hash
    outbound.sent_at, outbound.job_id = now, ""
    document = _document(ready, sent_before, now)
    outbound.sent_ship_by = moment_of(document.get("ship_by"))
    return document


def _was_otherwise(ready: Ready) -> bool:
    outbound = ready.outbound
    known = outbound.wanted_revision <= outbound.sent_revision
    frozen = session().get(Revision, (outbound.id, outbound.wanted_revision)) if known else None
    if frozen is None:
        return False
    otherwise = bool(frozen.document.get("hold")) != ready.document["hold"]
    return otherwise or frozen.content_hash != outbound.wanted_hash


def _document(ready: Ready, sent_before: int, now: datetime) -> dict[str, object]:
    outbound, revision = ready.outbound, ready.outbound.sent_revision
    known = revision <= sent_before
    frozen = session().get(Revision, (outbound.id, revision)) if known else None
    if frozen is not None and content_hash(frozen.document) == frozen.content_hash:
        return frozen.document
    document = {**ready.document, "revision": revision}
    if frozen is None:
        frozen = Revision(outbound_order_id=outbound.id, revision=revision, first_posted_at=now)
        session().add(frozen)
    frozen.document, frozen.content_hash = document, outbound.wanted_hash
    return document
