"""Notices a SKU that may be another one's new name at the warehouse.

A WMS that names Shopify's inventory items tells an item under a new SKU when the article is renamed
there; that the old SKU is gone it does not say. Both would be added up. So a line that is new by
the way is not kept where its warehouse has the item under another SKU already: everything is read
instead. Within a whole reading the line that was not told again gives way at once.
"""

from collections.abc import Collection
from typing import Any, cast

from sqlalchemy import Row, Table, delete, or_, select

from app.db import session
from app.models import Connection, WarehouseStock
from app.sync import stock_marks
from app.wms.inventory import StockLine

_table = cast("Table", WarehouseStock.__table__)
_READ = ("id", "item", "target", "location", "warehouse")


def doubtful(connection: Connection, lines: Collection[StockLine]) -> list[StockLine]:
    """Those of some lines, none of which is known, whose item their warehouse has already."""
    found = {_place(row) for row in _same_items(connection, lines)}
    return [line for line in lines if (line.inventory_item_id, line.warehouse) in found]


def replace(connection: Connection, lines: Collection[StockLine], snapshot: int) -> int:
    """Forget the lines that a whole reading has not told of yet, and that these new ones may be
    meant by now; returns how many. The caller commits."""
    new = {(line.inventory_item_id, line.warehouse) for line in lines}
    rows = _same_items(connection, lines, before=snapshot)
    gone = [row for row in rows if _place(row) in new]
    if gone:
        stock_marks.places(
            connection.shop_id, {(row.target, row.location) for row in gone if row.target}
        )
        session().execute(delete(_table).where(_table.c.id.in_([row.id for row in gone])))
    return len(gone)


def _place(row: Row[Any]) -> tuple[str, str]:
    return row.item or row.target, row.warehouse


def _same_items(
    connection: Connection, lines: Collection[StockLine], *, before: int | None = None
) -> list[Row[Any]]:
    """What is known of the items of some lines, as far as it was told before a reading."""
    items = {line.inventory_item_id for line in lines} - {""}
    if not items:
        return []
    query = select(*(_table.c[name] for name in _READ)).where(
        _table.c.shop_id == connection.shop_id,
        _table.c.connection_id == connection.id,
        _table.c.generation == connection.generation,
        or_(_table.c.item.in_(items), _table.c.target.in_(items)),
    )
    if before is not None:
        query = query.where(_table.c.snapshot < before)
    return list(session().execute(query))
