"""The SKU doctor: compares the SKUs of Shopify's catalogue with those that the warehouse tells of.

What it finds is kept in rows, so that lists of any length can be looked through. It goes by groups
of SKUs that are alike (``app/domain/skus.py``): a changed product concerns its own group only.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Select, delete, exists, insert, select
from sqlalchemy.orm import InstrumentedAttribute

from app.db import database_now, session
from app.domain.skus import Finding, Item, Told, examine
from app.models import Catalogue, CatalogueItem, Connection, SkuFinding, WarehouseStock

_AT_ONCE = 300
_QUIETLY = {"synchronize_session": False}
_FIRST = ""


def go_on(state: Catalogue) -> bool:
    """Examine some more groups; False: there are no more. The caller commits."""
    new = _news_of_stock(state)
    if state.examining is not None:
        groups = _next_groups(state.shop_id, state.examining)
        state.examining = groups[-1] if groups else None
    else:
        groups = new
    look_at(state.shop_id, groups)
    state.examined_at = database_now()
    return bool(groups)


def look_at(shop_id: int, groups: Collection[str]) -> None:
    """Examine some groups anew. The caller commits."""
    if not groups:
        return
    old = delete(SkuFinding).where(SkuFinding.shop_id == shop_id, SkuFinding.alike.in_(groups))
    session().execute(old, execution_options=_QUIETLY)
    rows = [_row(shop_id, group, finding) for group, finding in _findings(shop_id, groups)]
    if rows:
        session().execute(insert(SkuFinding), rows)


def has_told(shop_id: int) -> bool:
    """Whether the warehouse has told of any stock."""
    return bool(session().scalar(_told(shop_id, WarehouseStock.id).limit(1)))


def _news_of_stock(state: Catalogue) -> list[str]:
    """The groups of the next SKUs that the warehouse has told of since. When it tells of its stock
    for the first time, everything is looked at again: now something can be missing there."""
    rows = session().execute(
        _told(state.shop_id, WarehouseStock.id, WarehouseStock.alike)
        .where(WarehouseStock.id > state.examined_stock)
        .order_by(WarehouseStock.id)
        .limit(_AT_ONCE)
    )
    news = list(rows.all())
    if not news:
        return []
    if not _heard_before(state):
        state.examining = _FIRST
    newest = _told(state.shop_id, WarehouseStock.id).order_by(WarehouseStock.id.desc()).limit(1)
    # Whatever is there now is seen on the way through all of it.
    whole = state.examining is not None
    state.examined_stock = session().scalar(newest) or 0 if whole else news[-1].id
    return [row.alike for row in news]


def _heard_before(state: Catalogue) -> bool:
    seen = _told(state.shop_id, WarehouseStock.id).where(WarehouseStock.id <= state.examined_stock)
    return bool(session().scalar(seen.limit(1)))


def _next_groups(shop_id: int, after: str) -> list[str]:
    """The groups behind one, of both sides and of what was found before."""
    columns = (CatalogueItem, WarehouseStock, SkuFinding)
    found: set[str] = set()
    for table in columns:
        query = select(table.alike).where(table.shop_id == shop_id, table.alike > after)
        found.update(session().scalars(query.distinct().order_by(table.alike).limit(_AT_ONCE)))
    return sorted(found, key=lambda group: group.encode())[:_AT_ONCE]


def _findings(shop_id: int, groups: Collection[str]) -> Iterator[tuple[str, Finding]]:
    items = _items(shop_id, groups)
    told = _told_in(shop_id, groups)
    gids = [item.item for those in items.values() for item in those]
    named = [one.item for those in told.values() for one in those if one.item]
    there = _among(_told(shop_id, WarehouseStock.item), WarehouseStock.item, gids)
    catalogue = select(CatalogueItem.item).where(CatalogueItem.shop_id == shop_id)
    ours = _among(catalogue, CatalogueItem.item, named)
    heard = has_told(shop_id)
    for group in groups:
        found = examine(items[group], told[group], there=there, ours=ours, heard=heard)
        yield from ((group, finding) for finding in found)


def _items(shop_id: int, groups: Collection[str]) -> dict[str, list[Item]]:
    query = select(CatalogueItem).where(
        CatalogueItem.shop_id == shop_id, CatalogueItem.alike.in_(groups)
    )
    found: dict[str, list[Item]] = defaultdict(list)
    for row in session().scalars(query.order_by(CatalogueItem.id)):
        item = Item(row.item, row.sku, row.name, row.variant, row.product, row.tracked, row.bundle)
        found[row.alike].append(item)
    return found


def _told_in(shop_id: int, groups: Collection[str]) -> dict[str, list[Told]]:
    columns = (WarehouseStock.sku, WarehouseStock.item, WarehouseStock.warehouse)
    query = _told(shop_id, WarehouseStock.alike, *columns).where(WarehouseStock.alike.in_(groups))
    found: dict[str, list[Told]] = defaultdict(list)
    for group, sku, item, warehouse in session().execute(query):
        found[group].append(Told(sku, item, warehouse))
    return found


def _told(shop_id: int, *columns: Any) -> Select[Any]:
    """What the warehouse that is connected now has told of."""
    present = exists().where(
        Connection.id == WarehouseStock.connection_id,
        Connection.generation == WarehouseStock.generation,
    )
    return select(*columns).where(WarehouseStock.shop_id == shop_id, present)


def _among(
    query: Select[Any], column: InstrumentedAttribute[str], gids: Collection[str]
) -> set[str]:
    return set(session().scalars(query.where(column.in_(gids)))) if gids else set()


def _row(shop_id: int, group: str, finding: Finding) -> dict[str, Any]:
    about = finding.about or Item("", finding.sku)
    return {
        "shop_id": shop_id,
        "kind": finding.kind.value,
        "alike": group,
        "sku": finding.sku[:255],
        "name": about.name[:512],
        "title": about.name.casefold()[:255],
        "variant": about.variant,
        "product": about.product,
        "warehouse": finding.warehouse[:255],
        "other": finding.other[:255],
    }
