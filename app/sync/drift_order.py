"""What the drift report asks of the database about orders: whether they are at rest, whether they
changed since they were found alike, and their shipments and warehouse orders as values."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import and_, or_, select

from app.db import database_now, session
from app.domain import shipments
from app.domain.drift import Consignment, Parcel
from app.domain.facts import Facts
from app.domain.settings import Settings
from app.domain.states import UNDER_WAY, Effect
from app.domain.tags import TagState
from app.models import InboxItem, Order, OutboundOrder, Owed, Shipment
from app.models.inbox import SHOPIFY
from app.sync import shipping
from app.sync.engine import live
from app.sync.situations import is_there

# A read that is due much later is a look at the clock, not work under way.
_SOON = timedelta(minutes=1)


def shipments_of(order_ids: Collection[int]) -> dict[int, list[Shipment]]:
    """The shipments of some orders, oldest first."""
    found: dict[int, list[Shipment]] = {order_id: [] for order_id in order_ids}
    rows = session().query(Shipment).filter(Shipment.order_id.in_(order_ids))
    for row in rows.order_by(Shipment.id):
        found[row.order_id].append(row)
    return found


def mark_of(order: Order, parcels: Iterable[Shipment]) -> int:
    """A number that grows whenever our rows of an order change."""
    parts = sum(outbound.version for outbound in order.outbound_orders)
    return order.version + parts + sum(row.version for row in parcels)


def under_way(shop_id: int, orders: Sequence[Order]) -> set[int]:
    """Those of some orders that somebody is still at work on: they are compared another time."""
    parcels = shipments_of([order.id for order in orders])
    busy = {order.id for order in orders if _is_moving(order, parcels[order.id])}
    return busy | _owed(shop_id, orders, parcels) | _announced(shop_id, orders)


def _is_moving(order: Order, parcels: Sequence[Shipment]) -> bool:
    return (
        order.fulfilling
        or bool(order.tag_pending)
        or order.tag_state == TagState.SYNCING
        or any(outbound.state in UNDER_WAY for outbound in live(order))
        or any(parcel.attempt is not None for parcel in parcels)
    )


def _owed(
    shop_id: int, orders: Sequence[Order], parcels: Mapping[int, Sequence[Shipment]]
) -> set[int]:
    """Orders of which an effect is owed; dead letters move nothing any more."""
    owners = {
        "order": {str(order.id): order.id for order in orders},
        "outbound": {str(o.id): order.id for order in orders for o in order.outbound_orders},
        "shipment": {str(row.id): order_id for order_id, rows in parcels.items() for row in rows},
    }
    about = [
        and_(Owed.subject_type == kind, Owed.subject_id.in_(ids)) for kind, ids in owners.items()
    ]
    soon = or_(Owed.effect != Effect.READ, Owed.due_at <= database_now() + _SOON)
    rows = session().execute(
        select(Owed.subject_type, Owed.subject_id).where(
            Owed.shop_id == shop_id, Owed.dead_at.is_(None), soon, or_(*about)
        )
    )
    return {owners[row.subject_type][row.subject_id] for row in rows}


def _announced(shop_id: int, orders: Sequence[Order]) -> set[int]:
    """Orders of which Shopify has told something that was not acted on yet."""
    waiting = waiting_for(shop_id, [order.gid for order in orders])
    return {order.id for order in orders if order.gid in waiting}


def waiting_for(shop_id: int, gids: Sequence[str]) -> set[str]:
    """Those of some orders that a webhook in the inbox is about."""
    query = select(InboxItem.subject).where(
        InboxItem.shop_id == shop_id,
        InboxItem.subject.in_(gids),
        InboxItem.source == SHOPIFY,
        InboxItem.done_at.is_(None),
    )
    return set(session().scalars(query))


def consignments_of(order: Order, parcels: Sequence[Shipment]) -> list[Consignment]:
    """What the warehouse has of an order, as far as we know."""
    return [
        consignment_of(outbound, parcels)
        for outbound in live(order)
        if is_there(outbound) and outbound.confirmed_lines
    ]


def consignment_of(outbound: OutboundOrder, parcels: Iterable[Shipment]) -> Consignment:
    """What the warehouse has of an outbound order, as far as we know. What left before it had lost
    it once is no part of that."""
    shipped: dict[str, int] = {}
    mine = [row for row in parcels if row.outbound_order_id == outbound.id]
    for row in mine:
        if str(row.id) not in outbound.shipped_before and row.state != shipments.CANCELLED:
            for line, number in row.lines.items():
                shipped[line] = shipped.get(line, 0) + number
    return Consignment(
        outbound.id,
        outbound.external_id,
        outbound.confirmed_revision,
        outbound.sent_revision,
        {line: number for line, number in outbound.confirmed_lines.items() if number > 0},
        shipped,
        outbound.fulfilled_of_it,
    )


def parcels_of(order: Order, rows: Sequence[Shipment], settings: Settings) -> list[Parcel]:
    """An order's shipments, with what Shopify should have of each. While fulfilment is off that
    can't be said: fulfillments are made by hand then."""
    facts = Facts.from_json(order.facts)
    at_present = [row for row in rows if not row.outbound_order.archived]
    return [_parcel(row, facts, settings) for row in at_present]


def _parcel(row: Shipment, facts: Facts, settings: Settings) -> Parcel:
    now = shipping.snapshot_of(row, settings)
    own = next((p for p in facts.parts if p.id == row.outbound_order.fulfillment_order), None)
    wishes = shipments.Wishes(on_packed=settings.fulfil_on == "packed")
    had = shipments.Pushed(prepared=bool(row.pushed.get("prepared")))
    cancelled = row.state == shipments.CANCELLED
    # Taken back, it has none any more.
    anew = row.pushed.get("withdrawn") and not cancelled
    step = shipments.next_step(now, had, own.method if own else "", wishes)
    return Parcel(
        row.id,
        "" if anew else row.fulfillment,
        row.lines,
        now.tracking,
        due=isinstance(step, shipments.Fulfil),
        cancelled=cancelled,
        openings=_openings(facts),
    )


def _openings(facts: Facts) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in facts.parts:
        if part.status in ("OPEN", "IN_PROGRESS"):
            for line, number in part.lines.items():
                found[line] = found.get(line, 0) + number
    return found
