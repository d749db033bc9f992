"""Takes a read of an order in: its facts, what its tags say, its outbound orders."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from app.db import database_now, session
from app.domain import documents, rules
from app.domain.documents import Addressee, Document
from app.domain.facts import Facts, facts_of, is_cash_on_delivery
from app.domain.plan import Known, Plan, Wanted, plan
from app.domain.settings import Settings
from app.domain.shop_order import OrderRead
from app.domain.states import Event, State
from app.domain.tags import Vocabulary
from app.errors import TryLater
from app.models import Connection, Order, OutboundOrder, Revision, Shop
from app.shopify.content import content_hash_of_read
from app.sync.engine import live, record
from app.sync.hands import observe_tags
from app.sync.order_terms import keep_terms, terms_of
from app.sync.outside import settings
from app.sync.situations import situation_of

# A cancellation the WMS answered so is not asked again: a person decides.
TOO_LATE = "too-late"
_NEVER_SENT = {State.PLANNED, State.CANCELLED, State.SUPERSEDED}


@dataclass(frozen=True, slots=True)
class Ready:
    """An outbound order with the document the WMS should have of it. ``on_hold``: the merchant
    holds it in Shopify, and the WMS has nothing of it yet."""

    outbound: OutboundOrder
    document: Document
    on_hold: bool


@dataclass(frozen=True, slots=True)
class Before:
    """What we knew of an order when a read of it was asked for."""

    gid: str
    tags_written: list[str]
    content_hash: str
    order_updated_at: datetime | None


def before_reading(ids: Iterable[int]) -> dict[int, Before]:
    """What is known of these orders now, for ``absorb`` to tell what overtook the read."""
    columns = (Order.id, Order.gid, Order.tags_written, Order.content_hash, Order.order_updated_at)
    rows = session().query(*columns).filter(Order.id.in_(list(ids)))
    return {row.id: _known_of(row) for row in rows}


def _known_of(order: Any) -> Before:
    return Before(order.gid, order.tags_written, order.content_hash, order.order_updated_at)


def absorb(
    order: Order,
    before: Before,
    read: OrderRead | None,
    shop: Shop,
    connection: Connection | None,
) -> list[Ready]:
    """Bring an order's rows up to date with a read. The caller commits.

    ``read`` None: Shopify shows no such order. Returns every outbound order that should be at the
    WMS with its present document; none is held back by another. Raises TryLater when we wrote or
    read the order meanwhile and this read may be the older one.
    """
    if read is None:
        order.hidden = True
        return []
    if _is_overtaken(order, before, read):
        raise TryLater("The order changed while it was read.", 0.5, counts=False)
    _take_facts(order, read)
    _take_tags(order, read)
    _take_cancellation(order)
    _decide_tracking(order, shop, connection)
    at = situation_of(order, shop, connection)
    order.unplanned = any(at.is_unmapped(part.location) for part in at.facts.live_parts)
    if connection is None or not order.tracked or _is_left_behind(order):
        return []
    return _replan(order, read, shop, connection)


def _is_overtaken(order: Order, before: Before, read: OrderRead) -> bool:
    """Whether something newer than this read came in between. Shopify's times are whole seconds,
    so the same time tells nothing."""
    newer = order.order_updated_at is None or read.updated_at > order.order_updated_at
    return _known_of(order) != before and not newer


def _is_left_behind(order: Order) -> bool:
    """Whether the order went to a warehouse account that is not ours any more: only a person
    sends it to the new one."""
    sent = any(outbound.sent_revision for outbound in order.outbound_orders)
    return sent and not live(order) and not order.manual


def _take_facts(order: Order, read: OrderRead) -> None:
    terms = terms_of(order)
    order.hidden = False
    order.name = read.name
    order.placed_at = read.created_at
    order.facts = facts_of(read).to_json()
    order.content_hash = content_hash_of_read(read)
    keep_terms(order, terms)


def _take_tags(order: Order, read: OrderRead) -> None:
    """Act on state tags set by hand, unless our own later write has overtaken this read."""
    if order.order_updated_at and read.updated_at < order.order_updated_at:
        return
    order.order_updated_at = read.updated_at
    observe_tags(order, read.tags)


def _take_cancellation(order: Order) -> None:
    """A cancelled order is asked back from the WMS, or quietly leaves when it never got there."""
    if not Facts.from_json(order.facts).cancelled:
        return
    for outbound in live(order):
        if outbound.state in (State.SENDING, State.AWAITING):
            outbound.cancel_wanted = True
        elif not _is_too_late(outbound):
            known = bool(outbound.confirmed_revision)
            record(order, Event.CANCELLED if known else Event.WITHDRAWN, outbound=outbound)


def _is_too_late(outbound: OutboundOrder) -> bool:
    """Whether the WMS has said that it is too late to cancel it: a person decides."""
    return outbound.state == State.REJECTED and outbound.reason == TOO_LATE


def _decide_tracking(order: Order, shop: Shop, connection: Connection | None) -> None:
    """Let importable orders placed since the install in, and those that can't be imported out."""
    begun = any(o.confirmed_revision or o.state not in _NEVER_SENT for o in live(order))
    if begun:
        return
    at = situation_of(order, shop, connection)
    if order.tracked:
        order.tracked = rules.importable(at) or not at.facts.parts
    elif not order.taken_out and order.placed_at and order.placed_at >= shop.installed_at:
        order.tracked = bool(at.facts.parts) and rules.importable(at)


def _replan(order: Order, read: OrderRead, shop: Shop, connection: Connection) -> list[Ready]:
    at = situation_of(order, shop, connection)
    known = {outbound.id: outbound for outbound in live(order)}
    if at.facts.cancelled:
        return []
    found = plan(
        at.parts,
        [_known(outbound) for outbound in known.values()],
        at.warehouse_for,
        reopen=order.manual,
    )
    _let_go(order, found, known)
    outbounds = [(wanted, _row(order, wanted, known, connection)) for wanted in found.wanted]
    cod_on = _cod_carrier(outbounds, read)
    content = _without_state_tags(read)
    return [
        ready
        for wanted, outbound in outbounds
        if (ready := _want(wanted, outbound, content, cod_on, at.settings)) is not None
    ]


def _without_state_tags(read: OrderRead) -> OrderRead:
    """The order as the merchant sees it: our own tags are no content."""
    ours = Vocabulary(settings().tag_prefix).state_tags(read.tags)
    return replace(read, tags=tuple(tag for tag in read.tags if tag not in ours))


def _known(outbound: OutboundOrder) -> Known:
    return Known(
        id=outbound.id,
        fulfillment_order=outbound.fulfillment_order,
        external_id=outbound.external_id,
        warehouse=outbound.warehouse,
        state=State(outbound.state),
        ever_accepted=outbound.confirmed_revision > 0,
        confirmed=dict(outbound.confirmed_lines),
        fulfilled=dict(outbound.fulfilled_lines),
        sent=sent_lines(outbound),
    )


def sent_lines(outbound: OutboundOrder) -> dict[str, int] | None:
    """What the revision sent last asks for; None when none was."""
    if not outbound.sent_revision:
        return None
    frozen = session().get(Revision, (outbound.id, outbound.sent_revision))
    return lines_of(frozen.document) if frozen else None


def lines_of(document: Document) -> dict[str, int]:
    """The quantities a document asks for, by order line."""
    return {line["line_id"]: line["quantity"] for line in document["lines"]}


def _let_go(order: Order, found: Plan, known: dict[int, OutboundOrder]) -> None:
    for gone in found.gone:
        outbound = known[gone.id]
        if outbound.state in (State.SENDING, State.AWAITING):
            outbound.cancel_wanted = True
        elif not _is_too_late(outbound):
            known_there = bool(outbound.confirmed_revision)
            event = Event.CANCELLED if known_there else Event.VANISHED
            record(order, event, outbound=outbound)


def _row(
    order: Order, wanted: Wanted, known: dict[int, OutboundOrder], connection: Connection
) -> OutboundOrder:
    if wanted.known is not None:
        return known[wanted.known.id]
    outbound = OutboundOrder(
        shop_id=order.shop_id,
        connection_id=connection.id,
        generation=connection.generation,
        fulfillment_order=wanted.fulfillment_order,
        external_id=wanted.external_id,
        state=State.PLANNED,
    )
    order.outbound_orders.append(outbound)
    session().flush()
    return outbound


def _cod_carrier(outbounds: list[tuple[Wanted, OutboundOrder]], read: OrderRead) -> str:
    """The external id of the one outbound order that carries the cash on delivery; it never
    changes once chosen."""
    rows = [outbound for _, outbound in outbounds]
    if not rows or not is_cash_on_delivery(read):
        return ""
    carrier = next((row for row in rows if row.carries_cod), rows[0])
    carrier.carries_cod = True
    return carrier.external_id


def _want(
    wanted: Wanted, outbound: OutboundOrder, read: OrderRead, cod_on: str, rules_of: Settings
) -> Ready | None:
    """Set what the WMS should have of an outbound order."""
    outbound.location, outbound.warehouse = wanted.location, wanted.warehouse
    outbound.lines, outbound.held_back = wanted.lines, wanted.held_back
    outbound.cancel_wanted = False
    document = documents.build(
        read,
        Addressee(
            wanted.external_id,
            wanted.fulfillment_order,
            wanted.warehouse,
            wanted.lines,
            cod_on,
        ),
        rules_of,
    )
    content = documents.content_hash(document)
    if outbound.wanted_hash != content or not outbound.wanted_revision:
        outbound.wanted_hash = content
        outbound.wanted_revision = _revision_for(outbound, content)
        outbound.tries = 0
    if outbound.confirmed_revision and not outbound.confirmed_lines:
        # Cancelled at the WMS: only a higher revision opens it again.
        outbound.wanted_revision = max(outbound.wanted_revision, outbound.sent_revision + 1)
    if wanted.held_back and not wanted.reduces:
        return None
    return Ready(outbound, document, on_hold=_is_on_hold(outbound, read))


def _is_on_hold(outbound: OutboundOrder, read: OrderRead) -> bool:
    part = next(p for p in read.fulfillment_orders if p.id == outbound.fulfillment_order)
    held = bool(part.holds) or part.status in ("ON_HOLD", "SCHEDULED")
    return held and not outbound.confirmed_revision


def _revision_for(outbound: OutboundOrder, content: str) -> int:
    """The revision of the last attempt while the content is the same, else the one after it."""
    same = outbound.sent_revision and outbound.sent_hash == content
    return outbound.sent_revision if same else outbound.sent_revision + 1


def first_seen(shop: Shop, gid: str, *, name: str = "") -> Order:
    """The row of an order, made if this is the first we hear of it. The caller commits."""
    order = session().query(Order).filter_by(shop_id=shop.id, gid=gid).one_or_none()
    if order is None:
        order = Order(shop_id=shop.id, gid=gid, name=name, first_seen_at=database_now())
        session().add(order)
        session().flush()
    return order
