"""What has changed and is to be judged again: lines of the warehouse's, levels of Shopify's."""

from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, or_, select, update

from app.db import dialect, insert_into, session
from app.domain.facts import Facts
from app.domain.skus import alike
from app.domain.states import Effect
from app.domain.stock import BY_SKU, Place, unsent
from app.models import CatalogueItem, Connection, Order, Shop, StockLevel, WarehouseStock
from app.sync.owing import owe
from app.sync.situations import connection_of
from app.sync.stock_state import INBOX_WAIT, is_setting, owe_stock

_levels = cast("Table", StockLevel.__table__)
_QUIETLY = {"synchronize_session": False}
# Clocks differ, and Shopify's times are whole seconds.
_SLACK = timedelta(minutes=2)


def lines(shop_id: int, *conditions: ColumnElement[bool], **values: Any) -> None:
    """Have the shop's lines matched again, those that meet all conditions. The caller commits."""
    statement = update(WarehouseStock).where(WarehouseStock.shop_id == shop_id, *conditions)
    session().execute(statement.values(due=True, **values), execution_options=_QUIETLY)


def items(shop_id: int, changed: Collection[str], skus: Collection[str]) -> None:
    """Have the lines matched again that are, were or may be of some items: their ids, and the SKUs
    that they have now. The caller commits."""
    mine = (
        WarehouseStock.target.in_(changed),
        WarehouseStock.item.in_(changed),
        WarehouseStock.sku.in_({sku.strip() for sku in skus} - {""}),
    )
    lines(shop_id, or_(*mine))


def vanished(shop_id: int, gone: ColumnElement[bool]) -> None:
    """Have the lines matched again that counted for items that are gone from the shop, and those
    that another item of the same SKU may be meant by now. The caller commits."""
    items, written = (
        select(column).where(gone).scalar_subquery()
        for column in (CatalogueItem.item, CatalogueItem.alike)
    )
    lines(shop_id, WarehouseStock.sku != "", WarehouseStock.alike.in_(written))
    lines(shop_id, WarehouseStock.item != "", WarehouseStock.item.in_(items))
    lines(shop_id, WarehouseStock.target.in_(items), target="", location="")


def levels(shop_id: int, *conditions: ColumnElement[bool], **values: Any) -> int:
    """Have the shop's levels judged again, those that meet all conditions; returns how many. The
    caller commits."""
    statement = update(StockLevel).where(StockLevel.shop_id == shop_id, *conditions)
    statement = statement.values(due=True, version=StockLevel.version + 1, **values)
    done = session().execute(statement, execution_options=_QUIETLY)
    return int(getattr(done, "rowcount", 0))


def places(shop_id: int, found: Iterable[tuple[str, str]]) -> None:
    """Have the levels of some (item, location) judged again; those that are new are made. The
    caller commits."""
    statement = insert_into(_levels, dialect())
    upsert = statement.on_conflict_do_update(
        index_elements=["shop_id", "item", "location"],
        set_={"due": True, "version": _levels.c.version + 1},
    )
    rows = [
        {"shop_id": shop_id, "item": item, "location": location, "due": True}
        | {"reason": "", "message": "", "version": 1, "unsent": 0}
        for item, location in sorted(set(found))
    ]
    if rows:
        session().execute(upsert, rows)


def unsettle(shop: Shop) -> None:
    """Have all of a shop's stock matched and judged again. The caller commits."""
    lines(shop.id)
    levels(shop.id, or_(StockLevel.wanted.is_not(None), StockLevel.told.is_not(None)))
    owe_stock(shop)


def warehouses_told(connection: Connection, default: str, info: Mapping[str, Any]) -> None:
    """The WMS names its warehouses: others than before may count for other locations. The caller
    commits."""
    known = (connection.default_warehouse, connection.info.get("warehouses"))
    if known != (default, info.get("warehouses")):
        lines(connection.shop_id)


def order_accepted(shop: Shop, connection_id: str) -> None:
    """The warehouse has an order from now on: a look at its stock tells what that left. The caller
    commits."""
    if is_setting(shop):
        owe(shop.id, ("connection", connection_id), Effect.FEED)


def order_read(shop: Shop, order: Order, known: Mapping[str, Any]) -> None:
    """An order was read, of which ``known`` was kept before: where we set a quantity without
    knowing of it, or where it kept other units than it does now, the level is judged again. The
    caller commits."""
    if not is_setting(shop):
        return
    before = Facts.from_json(known)
    had, has = unsent(before, ()), unsent(Facts.from_json(order.facts), ())
    if had == has:
        return
    changed = {place for place in {*had, *has} if had[place] != has[place]}
    if _mark(order, changed, forget=bool(before.parts)):
        owe_stock(shop)


def restocked(order: Order, location: str, lines: Collection[str]) -> None:
    """Units of these order lines were put on the shelf at a location of Shopify's, on top of what
    it had: the levels are read again. The caller commits."""
    shop = session().get_one(Shop, order.shop_id)
    if not lines or not is_setting(shop):
        return
    known = [line for line in Facts.from_json(order.facts).lines if line.id in lines]
    names = {name for line in known for name in (line.item, line.sku and f"{BY_SKU}{line.sku}")}
    if _mark(order, {(location, name) for name in names - {""}}, forget=True):
        _look_first(shop)


def order_lost(order: Order) -> None:
    """The warehouse has units of an order no more that Shopify keeps: what follows for the levels
    is judged again. The caller commits."""
    shop = session().get_one(Shop, order.shop_id)
    if not is_setting(shop):
        return
    kept = set(unsent(Facts.from_json(order.facts), ()))
    if levels(order.shop_id, *_of(order, kept)):
        _look_first(shop)


def _look_first(shop: Shop) -> None:
    """Judge what is due, with what the warehouse has by now: it may have told of it before."""
    connection = connection_of(shop)
    if connection is not None:
        owe(shop.id, ("connection", connection.id), Effect.FEED)
        owe_stock(shop, wait=INBOX_WAIT)


def _mark(order: Order, changed: Collection[Place], *, forget: bool) -> int:
    """Of an order that is new to us only what was set since it was placed. What has changed since
    we knew it may be another quantity in Shopify by now."""
    conditions = _of(order, changed)
    if forget:
        return levels(order.shop_id, *conditions, seen=None)
    if order.placed_at is None:
        return 0
    # What is being set just now may be set without knowing of it, too.
    recent = or_(StockLevel.told_at >= order.placed_at - _SLACK, StockLevel.due)
    return levels(order.shop_id, *conditions, recent)


def _of(order: Order, changed: Collection[Place]) -> list[ColumnElement[bool]]:
    """The conditions that a level is at one of these places, and is set."""
    names = {name for _, name in changed}
    skus = {name.removeprefix(BY_SKU) for name in names if name.startswith(BY_SKU)}
    written = select(CatalogueItem.item, CatalogueItem.sku).where(
        CatalogueItem.shop_id == order.shop_id, CatalogueItem.alike.in_(map(alike, skus))
    )
    found = session().execute(written) if skus else ()
    of_items = {*names, *(row.item for row in found if row.sku.strip() in skus)}
    return [
        StockLevel.item.in_(of_items),
        StockLevel.location.in_({location for location, _ in changed}),
        StockLevel.wanted.is_not(None),
    ]
