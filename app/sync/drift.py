"""The drift report: goes through every order that changed in sixty days, and compares both sides.

Shopify lists them fifty at a time with their tags. One that was found alike, and that has changed
neither there nor here since, is not read again for a week. What the warehouse still has to ship is
asked for every time: it may have lost an order without a word.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer, selectinload

from app.db import database_now, session
from app.domain.drift import Difference, Kind, Repair
from app.domain.states import Effect
from app.domain.tags import TagState, Vocabulary
from app.models import DriftLook, Order, Run, Shop
from app.shopify.comparing import MOST
from app.shopify.orders import list_orders
from app.shopify.values import OrderBrief
from app.sync import drift_compare, drift_order, drift_rows, drift_stock, journal, runs
from app.sync.claims import Claim, finish
from app.sync.drift_rows import DRIFT
from app.sync.engine import atomically
from app.sync.outside import BACKGROUND, settings, shopify_for
from app.sync.owing import BULK, owe

WINDOW, READ_ANYWAY = timedelta(days=60), timedelta(days=7)
# Shopify's webhook about a new order comes first.
_ARRIVING = timedelta(minutes=1)
SILENT = "The warehouse didn't answer, so orders were not compared with it."


@dataclass(slots=True)
class Place:
    """How far a run is: orders of the page that are still to be compared (those to be read from
    Shopify too are marked), the page after it, and the last level of stock that was compared."""

    after: str = ""
    left: list[list[int]] = field(default_factory=list)
    last: bool = False
    silent: bool = False
    level: int = 0
    levels_left: bool = True

    @classmethod
    def of(cls, run: Run) -> "Place":
        """Where a run stopped."""
        return cls(**json.loads(run.cursor)) if run.cursor else cls()

    def write(self) -> str:
        """The form that a run keeps."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return json.dumps(values, separators=(",", ":"))


def compare_now(shop: Shop, actor: str) -> str:
    """Start a comparison, unless one is under way; the run's id. The caller commits, then rings."""
    running = last_run(shop.id)
    if running is not None and running.finished_at is None:
        return running.id
    run = runs.begin(shop.id, DRIFT, actor)
    owe(shop.id, ("run", run.id), Effect.RUN, lane=BULK)
    journal.write(shop.id, "run", "Drift: started by hand.", run_id=run.id, actor=actor)
    return run.id


def last_run(shop_id: int) -> Run | None:
    """The comparison that was started last."""
    query = select(Run).where(Run.shop_id == shop_id, Run.kind == DRIFT)
    return session().scalar(query.order_by(Run.started_at.desc()).limit(1))


def step(shop: Shop, claimed: Claim) -> None:
    """Compare the next orders of the page, or turn to the next page."""
    place = Place.of(session().get_one(Run, claimed.subject_id))
    if place.left:
        _compare(shop, claimed, place)
    elif place.last and place.levels_left:
        _compare_stock(shop, claimed, place)
    elif place.last:
        atomically(lambda: _end(shop, claimed))
    else:
        _turn(shop, claimed, place)


def _compare(shop: Shop, claimed: Claim, place: Place) -> None:
    mine, place.left = place.left[:MOST], place.left[MOST:]
    ids, read = [each for each, _ in mine], [each for each, wanted in mine if wanted]
    evidence = drift_compare.gather(shop, ids, read, claimed, silent=place.silent)
    place.silent = evidence.silent
    place.left = [each for each in mine if each[0] in evidence.late] + place.left
    heard = [each for each in ids if each not in evidence.late]

    def work() -> None:
        counts = drift_compare.take(session().get_one(Shop, shop.id), heard, evidence)
        _go_on(claimed, place, counts)

    atomically(work)


def _compare_stock(shop: Shop, claimed: Claim, place: Place) -> None:
    by_person = session().get_one(Run, claimed.subject_id).started_by != runs.SCHEDULE
    ids = drift_stock.next_levels(shop, place.level, all_of_them=by_person)
    found = drift_stock.look(shop, ids, claimed) if ids else {}
    place.level, place.levels_left = ids[-1] if ids else 0, bool(ids)

    def work() -> None:
        fresh = session().get_one(Shop, shop.id)
        _go_on(claimed, place, drift_stock.take(fresh, found) if found else {})

    atomically(work)


def _turn(shop: Shop, claimed: Claim, place: Place) -> None:
    since = f"{database_now() - WINDOW:%Y-%m-%dT%H:%M:%SZ}"
    client = shopify_for(shop, BACKGROUND)
    query = f"status:any updated_at:>='{since}'"
    page = list_orders(client, query=query, after=place.after or None)

    def work() -> None:
        fresh = session().get_one(Shop, shop.id)
        orders = _known(shop.id, [brief.id for brief in page.orders])
        unknown = [brief for brief in page.orders if brief.id not in orders]
        counts = {"looked": len(page.orders), "found": _note_unknown(fresh, unknown, claimed)}
        there = [brief for brief in page.orders if brief.id in orders]
        place.left = _to_compare(shop.id, orders, there)
        place.after, place.last = page.next_cursor or "", page.next_cursor is None
        _go_on(claimed, place, counts)

    atomically(work)


def _go_on(claimed: Claim, place: Place, counts: dict[str, int]) -> None:
    run = session().get_one(Run, claimed.subject_id)
    run.cursor = place.write()
    runs.count(run, counts)
    owe(run.shop_id, ("run", run.id), Effect.RUN, lane=claimed.lane)
    finish([claimed])


def _end(shop: Shop, claimed: Claim) -> None:
    run = session().get_one(Run, claimed.subject_id)
    gone = drift_rows.sweep(shop, run.started_at)
    runs.finish(run, counts={"gone": gone})
    if Place.of(run).silent:
        run.message = SILENT
    finish([claimed])


def _known(shop_id: int, gids: Sequence[str]) -> dict[str, Order]:
    query = session().query(Order).options(defer(Order.facts), selectinload(Order.outbound_orders))
    rows = query.filter(Order.shop_id == shop_id, Order.gid.in_(gids))
    return {order.gid: order for order in rows}


def _note_unknown(shop: Shop, briefs: Sequence[OrderBrief], claimed: Claim) -> int:
    """Orders in Shopify that we have never heard of; how many are new. Those that are just being
    told of are not."""
    waiting = drift_order.waiting_for(shop.id, [brief.id for brief in briefs])
    arriving = database_now() - _ARRIVING
    new = 0
    for brief in briefs:
        if brief.id not in waiting and brief.updated_at < arriving and _is_ours(shop, brief):
            found = Difference(
                Kind.MISSING,
                f"missing:{brief.id}",
                Repair.READ_IN,
                f"Order {brief.name}.",
                "Tagdock doesn't know it.",
            )
            new += drift_rows.note(
                shop.id, found, subject=brief.id, name=brief.name, run_id=claimed.subject_id
            )
    return new


def _is_ours(shop: Shop, brief: OrderBrief) -> bool:
    """Placed since the install, or tagged by hand to be sent."""
    vocabulary = Vocabulary(settings().tag_prefix)
    no_sync = vocabulary.tag(TagState.NO_SYNC).casefold()
    return brief.created_at >= shop.installed_at or no_sync in map(str.casefold, brief.tags)


def _to_compare(
    shop_id: int, orders: dict[str, Order], briefs: Sequence[OrderBrief]
) -> list[list[int]]:
    """Which orders of a page to compare, each with 1 if Shopify is to be asked too."""
    ids = [order.id for order in orders.values()]
    parcels, rows = drift_order.shipments_of(ids), drift_rows.standing_of(shop_id, ids)
    looks = {look.order_id: look for look in session().query(DriftLook).filter(_is_of(ids))}
    found = []
    for brief in briefs:
        order = orders[brief.id]
        mark = drift_order.mark_of(order, parcels[order.id])
        reads = bool(rows[order.id] or drift_compare.tag_of(order, brief.tags)) or (
            _was_sent(order) and not _is_alike(looks.get(order.id), brief.updated_at, mark)
        )
        kept = drift_order.consignments_of(order, parcels[order.id])
        if reads or any(each.is_open for each in kept):
            found.append([order.id, int(reads)])
    return found


def _is_of(ids: Sequence[int]) -> Any:
    return DriftLook.order_id.in_(ids)


def _was_sent(order: Order) -> bool:
    return any(outbound.confirmed_revision for outbound in order.outbound_orders)


def _is_alike(look: DriftLook | None, updated_at: datetime, mark: int) -> bool:
    """Whether nothing has changed since an order was found alike, not long ago."""
    if look is None or look.compared_at < database_now() - READ_ANYWAY:
        return False
    return look.order_updated_at == updated_at and look.mark == mark
