"""Reads Shopify's catalogue: all of it in a numbered scan, or what changed since the last look.

For whoever scans as part of a run: ``read_page`` asks Shopify, with no transaction open;
``take_page`` takes the page in and says where to go on, in the transaction that keeps it:

    page = catalogue.read_page(shop, run.cursor, location)
    run.cursor = catalogue.take_page(shop.id, page)  # empty: that was all

Begin with an empty cursor. Scans may cross: what is deleted at the end of one was found by none
since it began. ``catalogue_changes.py`` reads what changed since.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Executable, Table, and_, case, delete, func, select

from app.db import database_now, dialect, insert_into, session
from app.domain.skus import Item, alike
from app.domain.states import Effect
from app.models import Catalogue, CatalogueItem, Shop, StockLevel, WarehouseStock
from app.shopify.catalogue import VariantPage, list_variants
from app.sync import stock_marks
from app.sync.outside import BACKGROUND, shopify_for
from app.sync.owing import BULK, owe

_QUIETLY = {"synchronize_session": False}
_TOLD = ("variant", "product", "sku", "name", "tracked", "bundle", "alike")
_items = cast("Table", CatalogueItem.__table__)
_levels = cast("Table", StockLevel.__table__)


@dataclass(frozen=True, slots=True)
class Read:
    """A page as it was read; ``scan`` is the number of the scan, 0 on its first page."""

    found: VariantPage
    scan: int
    location: str
    began: datetime


def read_page(shop: Shop, cursor: str, location: str = "") -> Read:
    """Ask Shopify for the page at ``cursor`` (empty: the first) of a full scan. ``location`` (its
    id) adds what is available there, for which ``read_inventory`` must be granted.

    Ends the transaction. Raises TryLater, Rejected.
    """
    began = database_now()
    number, _, after = cursor.partition("|")
    client = shopify_for(shop, BACKGROUND)
    found = list_variants(client, after=after or None, location=location)
    return Read(found, int(number or 0), location, began)


def take_page(shop_id: int, read: Read) -> str:
    """Take a page in; return the cursor of the next, empty after the last. At the end of a scan
    what it did not find is gone. The caller commits."""
    state = state_of(shop_id)
    number = read.scan or _begin(state)
    keep(state, read.found.items, number)
    if read.location:
        _keep_seen(shop_id, read)
    if read.found.next_cursor:
        return f"{number}|{read.found.next_cursor}"
    _end(state, number)
    return ""


def state_of(shop_id: int) -> Catalogue:
    """How far a shop's catalogue is read. The caller commits."""
    state = session().get(Catalogue, shop_id)
    if state is None:
        state = Catalogue(shop_id=shop_id)
        session().add(state)
        session().flush()
    return state


def _begin(state: Catalogue) -> int:
    state.scan += 1
    # What changes while it runs is read afterwards.
    if state.changed_until is None:
        state.changed_until = database_now()
    return state.scan


def _end(state: Catalogue, number: int) -> None:
    gone = and_(CatalogueItem.shop_id == state.shop_id, CatalogueItem.scan < number)
    stock_marks.vanished(state.shop_id, gone)
    vanished = select(CatalogueItem.item).where(gone)
    levels = delete(StockLevel).where(
        StockLevel.shop_id == state.shop_id, StockLevel.item.in_(vanished.scalar_subquery())
    )
    session().execute(levels, execution_options=_QUIETLY)
    session().execute(delete(CatalogueItem).where(gone), execution_options=_QUIETLY)
    state.scanned_at, state.examining = database_now(), ""
    owe_look(state.shop_id)


def owe_look(shop_id: int, *, wait: float = 0.0) -> None:
    """Owe a look at what changed in the catalogue and at the SKUs concerned, in ``wait`` seconds.
    The caller commits."""
    owe(shop_id, ("shop", str(shop_id)), Effect.CATALOGUE, lane=BULK, wait=wait)


def keep(state: Catalogue, items: Iterable[Item], scan: int) -> set[str]:
    """Keep items as they are now, found by a scan of this number. Returns the groups of SKUs that
    this changes; the warehouse's stock of them is matched again. The caller commits."""
    rows = {item.item: _row(state.shop_id, item, scan) for item in items}
    if not rows:
        return set()
    changed = _changed(state.shop_id, rows)
    session().execute(_keeping(), list(rows.values()))
    if changed:
        skus = {row["sku"] for pair in changed.values() for row in pair}
        stock_marks.items(state.shop_id, changed, skus)
    return {row["alike"] for pair in changed.values() for row in pair}


def _changed(shop_id: int, rows: Mapping[str, dict[str, Any]]) -> dict[str, list[Any]]:
    """The items about which something differs: each as it was, if it was, and as it is."""
    query = select(*(_items.c[name] for name in ("item", *_TOLD))).where(
        _items.c.shop_id == shop_id, _items.c.item.in_(rows)
    )
    known = {row.item: row._mapping for row in session().execute(query)}
    return {
        item: [each for each in (known.get(item), new) if each]
        for item, new in rows.items()
        if item not in known or any(known[item][name] != new[name] for name in _TOLD)
    }


def _row(shop_id: int, item: Item, scan: int) -> dict[str, Any]:
    return {
        "shop_id": shop_id,
        "item": item.item,
        "variant": item.variant,
        "product": item.product,
        "sku": item.sku[:255],
        "name": item.name[:512],
        "tracked": item.tracked,
        "bundle": item.bundle,
        "scan": scan,
        "alike": alike(item.sku, item.item),
    }


def _keeping() -> Executable:
    statement = insert_into(_items, dialect())
    new, known = statement.excluded, _items.c
    return statement.on_conflict_do_update(
        index_elements=["shop_id", "item"],
        set_={name: new[name] for name in _TOLD}
        | {"scan": case((new.scan > known.scan, new.scan), else_=known.scan)},
    )


def _keep_seen(shop_id: int, read: Read) -> None:
    """Keep what Shopify has at a location: for the items that the warehouse tells of, and for those
    that were of interest before. What somebody changed there meanwhile is noted as such."""
    statement = insert_into(_levels, dialect())
    now = database_now()
    wanted = _of_interest(shop_id, read)
    rows = [
        {"shop_id": shop_id, "item": item, "location": read.location, "seen": units, "seen_at": now}
        | {"due": False, "reason": "", "message": "", "version": 1}
        for item, units in read.found.available.items()
        if item in wanted
    ]
    changed = and_(_levels.c.seen != statement.excluded.seen, _levels.c.due.is_(False))
    expected = func.coalesce(_levels.c.expected, _levels.c.seen)
    new = {
        "seen": statement.excluded.seen,
        "seen_at": statement.excluded.seen_at,
        "expected": case((changed, expected), else_=_levels.c.expected),
    }
    upsert = statement.on_conflict_do_update(
        index_elements=["shop_id", "item", "location"],
        set_=new | {"version": _levels.c.version + 1},
    )
    if rows:
        session().execute(upsert, rows)


def _of_interest(shop_id: int, read: Read) -> Collection[str]:
    """Which of the items of a page the warehouse tells of, by id or SKU, or were known before."""
    there = read.found.available
    skus = {item.item: item.sku.strip() for item in read.found.items if item.item in there}
    lines, levels = WarehouseStock.shop_id == shop_id, StockLevel.shop_id == shop_id
    by_id = select(WarehouseStock.item).where(lines, WarehouseStock.item.in_(skus))
    by_sku = select(WarehouseStock.sku).where(
        lines, WarehouseStock.sku.in_({*skus.values()} - {""})
    )
    before = select(StockLevel.item).where(
        levels, StockLevel.location == read.location, StockLevel.item.in_(skus)
    )
    told = set(session().scalars(by_sku))
    named = {item for item, sku in skus.items() if sku in told}
    return {*session().scalars(by_id), *session().scalars(before), *named}
