"""Stock in rows: what setting it would change, the biggest difference first, and what is left
alone for a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy import (
    ColumnElement,
    Select,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from app.db import reading, session
from app.domain import stock
from app.models import CatalogueItem, Shop, StockLevel, WarehouseStock
from app.sync.stock_runs import differs
from app.web.key_paging import Key, KeyCursor, after_row, page_behind, rows_behind
from app.web.paging import Page
from app.web.sentences import said

CHANGES = "changes"
_AT_ONCE = 1_000
_KINDS = (int, int)


@dataclass(frozen=True, slots=True)
class Row:
    """A quantity. ``now`` is what Shopify has (None: not stocked), ``there`` what the warehouse
    has, ``wanted`` what it will be; ``why`` it is left alone."""

    sku: str
    name: str
    product: str
    place: str
    now: int | None
    there: int | None
    wanted: int | None
    why: str = ""


def shown_of_request() -> str:
    """What the page's address asks for: the changes, or what is left alone for a reason."""
    asked = request.args.get("show", "")
    return asked if asked in stock.REASONS else CHANGES


def list_stock(shop: Shop, show: str, *, first: int = 0) -> Page[Row]:
    """A page of rows; only the ``first`` some when that is given."""
    query, keys = _asked(shop, show)
    if first:
        return Page(_read(shop, show, rows_behind(query, keys, None, first)))
    cursor = KeyCursor.read(request.args.get("cursor"), _KINDS)
    found = page_behind(query, keys, cursor)
    return Page(_read(shop, show, found.rows), found.next, found.previous)


def all_stock(shop: Shop, show: str) -> Iterator[Row]:
    """Every row. While a stretch is being sent, no transaction is open."""
    (query, keys), cursor = _asked(shop, show), None
    while True:
        session().rollback()
        with reading():
            rows = rows_behind(query, keys, cursor, _AT_ONCE)
        session().rollback()
        yield from _read(shop, show, rows)
        if len(rows) < _AT_ONCE:
            return
        cursor = after_row(rows[-1], keys)


def _asked(shop: Shop, show: str) -> tuple[Select[Any], list[Key]]:
    if show == CHANGES:
        size = func.abs(StockLevel.wanted - func.coalesce(StockLevel.seen, 0))
        query = _levels(shop, size.label("size")).where(differs())
        return query, [Key(size, falling=True), Key(StockLevel.__table__.c.id)]
    ways = (
        _levels(shop, literal(0).label("size")).where(StockLevel.reason == show),
        _lines(shop).where(WarehouseStock.reason == show),
    )
    both = union_all(*ways).subquery()
    return select(both), [Key(both.c.size), Key(both.c.id)]


def _levels(shop: Shop, size: ColumnElement[int]) -> Select[Any]:
    """Quantities in Shopify."""
    return select(
        literal("").label("sku"),
        StockLevel.item.label("item"),
        StockLevel.location.label("place"),
        StockLevel.seen.label("now"),
        (StockLevel.wanted + StockLevel.unsent).label("there"),
        StockLevel.wanted.label("wanted"),
        StockLevel.message.label("why"),
        size,
        StockLevel.__table__.c.id.label("id"),
    ).where(StockLevel.shop_id == shop.id)


def _lines(shop: Shop) -> Select[Any]:
    """Lines of the warehouse's that count for nothing in Shopify."""
    return select(
        WarehouseStock.sku.label("sku"),
        WarehouseStock.item.label("item"),
        WarehouseStock.warehouse.label("place"),
        null().label("now"),
        WarehouseStock.available.label("there"),
        null().label("wanted"),
        literal("").label("why"),
        literal(1).label("size"),
        WarehouseStock.__table__.c.id.label("id"),
    ).where(WarehouseStock.shop_id == shop.id)


def _named(shop: Shop, rows: list[Any]) -> dict[str, CatalogueItem]:
    """By SKU and by inventory item, what the rows of a page name of the catalogue."""
    items, skus = ({getattr(row, key) for row in rows} - {""} for key in ("item", "sku"))
    query = select(CatalogueItem).where(
        CatalogueItem.shop_id == shop.id,
        or_(CatalogueItem.item.in_(items), CatalogueItem.sku.in_(skus)),
    )
    found = session().scalars(query.order_by(CatalogueItem.name.desc())).all()
    return {key: item for item in found for key in (item.sku, item.item) if key}


def _read(shop: Shop, show: str, rows: list[Any]) -> list[Row]:
    places = {place["id"]: place["name"] for place in shop.locations}
    named = _named(shop, rows) if rows else {}
    return [_row(row, show, places, named.get(row.item) or named.get(row.sku)) for row in rows]


def _row(row: Any, show: str, places: dict[str, str], about: CatalogueItem | None) -> Row:
    sku = row.sku or (about.sku if about else row.item if row.size else "")
    return Row(
        sku,
        about.name if about else "",
        about.product if about else "",
        places.get(row.place, row.place),
        row.now,
        row.there,
        row.wanted,
        "" if show == CHANGES else said(row.why or stock.in_words(show, sku)),
    )
