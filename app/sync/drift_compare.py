"""Compares some orders on both sides: asks Shopify and the warehouse, and keeps what differs.

What changed while they were asked, and what is being worked on, is left for another time. A
warehouse that does not answer is asked no more; what it would have said stays as it was.
"""

import time
from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass, field

from sqlalchemy.orm import selectinload

from app.db import database_now, session
from app.domain import drift_compare
from app.domain.drift import SHOPIFY, WMS, Difference, ShopSide, Told
from app.domain.tags import TagState, Vocabulary
from app.errors import Rejected, TryLater, Uncertain
from app.models import Connection, DriftRow, Order, Shipment, Shop
from app.shopify.comparing import read_sides
from app.sync import breaker, drift_order, drift_rows
from app.sync.claims import Claim, renew
from app.sync.engine import atomically
from app.sync.outside import BACKGROUND, settings, shopify_for, wms_for
from app.sync.preferences import settings_of
from app.sync.situations import connection_of, paused_because
from app.wms.http import ConnectorApi

# Asking the warehouse ends after this; those not reached are compared by the next step.
_ASK_SECONDS = 8.0
# An order's id, and the external id of one that the warehouse still has to ship of it.
Wanted = tuple[int, str]


@dataclass(slots=True)
class Evidence:
    """What was heard of some orders. ``marks``: how ours stood when it was asked; an order that
    was being worked on has none. ``silent``: the warehouse gave no answer; ``late``: the orders
    that it was not asked about, because it takes too long."""

    marks: dict[int, int] = field(default_factory=dict)
    sides: dict[str, ShopSide] = field(default_factory=dict)
    told: dict[str, Told | None] = field(default_factory=dict)
    silent: bool = False
    late: set[int] = field(default_factory=set)


def gather(
    shop: Shop, order_ids: Sequence[int], read: Collection[int], claimed: Claim, *, silent: bool
) -> Evidence:
    """Ask about at most ten orders: the warehouse about what it still has to ship, Shopify about
    those in ``read``. Commits; no transaction is open meanwhile. Raises what Shopify raises."""
    found = Evidence(silent=silent)
    asked, wanted = _plan(shop, order_ids, read, found)
    if asked:
        found.sides = read_sides(shopify_for(shop, BACKGROUND), asked)
    if wanted and not found.silent:
        _ask_warehouse(shop, wanted, claimed, found)
    session().commit()
    return found


def _plan(
    shop: Shop, order_ids: Sequence[int], read: Collection[int], found: Evidence
) -> tuple[list[str], list[Wanted]]:
    asked, wanted = [], []
    orders = load(shop.id, order_ids)
    busy = drift_order.under_way(shop.id, orders)
    parcels = drift_order.shipments_of([order.id for order in orders])
    for order in orders:
        if order.id in busy or order.hidden or order.deleted:
            continue
        found.marks[order.id] = drift_order.mark_of(order, parcels[order.id])
        asked += [order.gid] if order.id in read else []
        kept = drift_order.consignments_of(order, parcels[order.id])
        wanted += [(order.id, each.external_id) for each in kept if each.is_open]
    session().commit()
    return asked, wanted


def load(shop_id: int, order_ids: Sequence[int]) -> list[Order]:
    """These orders of a shop, with their warehouse orders."""
    query = session().query(Order).options(selectinload(Order.outbound_orders))
    return query.filter(Order.shop_id == shop_id, Order.id.in_(order_ids)).order_by(Order.id).all()


def _ask_warehouse(shop: Shop, wanted: Sequence[Wanted], claimed: Claim, found: Evidence) -> None:
    connection = connection_of(shop)
    if connection is None or _rests(connection):
        session().rollback()
        found.silent = True
        return
    with closing(wms_for(connection)) as wms:
        try:
            _hear(wms, wanted, claimed, found)
        except (TryLater, Uncertain) as problem:
            found.silent = True
            breaker.failed(shop, problem)
        except Rejected as problem:
            found.silent = True
            breaker.refused(shop, problem)


def _hear(wms: ConnectorApi, wanted: Sequence[Wanted], claimed: Claim, found: Evidence) -> None:
    """Ask as long as the time allows. The first order is never late: it would be so again."""
    end = time.monotonic() + _ASK_SECONDS
    for place, (_, external_id) in enumerate(wanted):
        if place and time.monotonic() > end:
            found.late = {order_id for order_id, _ in wanted[place:]} - {wanted[0][0]}
            return
        atomically(lambda: renew(claimed))
        found.told[external_id] = _told(wms, external_id)


def _rests(connection: Connection) -> bool:
    resting = breaker.is_resting(connection, database_now())
    return resting or bool(paused_because(connection))


def _told(wms: ConnectorApi, external_id: str) -> Told | None:
    order = wms.by_ref(external_id)
    return Told(order.revision, order.state) if order else None


def take(shop: Shop, order_ids: Sequence[int], evidence: Evidence) -> dict[str, int]:
    """Keep what differs of the orders that were asked about; counts. The caller commits."""
    counts = {"checked": 0, "found": 0, "gone": 0, "under_way": 0}
    orders = load(shop.id, order_ids)
    busy = drift_order.under_way(shop.id, orders)
    parcels = drift_order.shipments_of(order_ids)
    known = drift_rows.standing_of(shop.id, order_ids)
    for order in orders:
        rows, mark = parcels[order.id], drift_order.mark_of(order, parcels[order.id])
        if order.hidden or order.deleted:
            drift_rows.keep(order, known[order.id], [], (SHOPIFY, WMS))
        elif order.id in busy or evidence.marks.get(order.id) != mark:
            counts["under_way"] += 1
            drift_rows.touch(known[order.id])
        else:
            new, gone = _judge(shop, order, rows, known[order.id], evidence)
            counts["checked"] += 1
            counts["found"] += new
            counts["gone"] += gone
    return counts


def _judge(
    shop: Shop,
    order: Order,
    rows: Sequence[Shipment],
    known: Sequence[DriftRow],
    evidence: Evidence,
) -> tuple[int, int]:
    kept = drift_order.consignments_of(order, rows)
    waited = [each for each in kept if each.is_open]
    found: list[Difference] = []
    asked = set()
    if all(each.external_id in evidence.told for each in waited):
        asked.add(WMS)
        for each in waited:
            difference = drift_compare.at_warehouse(each, evidence.told[each.external_id])
            found += [difference] if difference else []
    side = evidence.sides.get(order.gid)
    if side is not None:
        asked.add(SHOPIFY)
        if settings_of(shop).fulfil:
            parcels = drift_order.parcels_of(order, rows, settings_of(shop))
            found += drift_compare.in_shopify(parcels, kept, side)
        found += tag_of(order, side.tags)
    numbers = drift_rows.keep(order, known, found, asked)
    if side is not None and not found and not ({row.side for row in known} - asked):
        mark = drift_order.mark_of(order, rows)
        drift_rows.remember_alike(order, mark, side.updated_at)
    return numbers


def tag_of(order: Order, tags: Sequence[str]) -> list[Difference]:
    """Whether an order's state tags in Shopify are others than its state."""
    vocabulary = Vocabulary(settings().tag_prefix)
    seen = sorted(vocabulary.state_tags(tags))
    no_sync = vocabulary.tag(TagState.NO_SYNC).casefold()
    command = no_sync in map(str.casefold, seen) and no_sync not in map(
        str.casefold, order.tags_written
    )
    wanted = vocabulary.tag(TagState(order.tag_state))
    found = drift_compare.of_tag(wanted, seen, f"state:{order.id}", command=command)
    return [found] if found else []
