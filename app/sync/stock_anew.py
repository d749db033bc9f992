"""Notices a warehouse whose stock versions began anew, and has all of its stock read again.

A WMS whose database was restored or replaced tells lower versions than it did before. One such line
proves nothing: it may be late. What a whole reading has told of with older versions only, from an
empty cursor to its end, is how the warehouse stands; its version is forgotten then, and it is read
again. A line that comes by the way, in a page or a callback, is the reason to read everything, once
an hour at most; everything is read once a day anyway.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from pydantic import ValidationError
from sqlalchemy import Executable, Row, Table, select, update

from app.db import database_now, session
from app.models import Connection, FeedCursor, StockReading, WarehouseStock
from app.sync import journal
from app.sync.stock_state import reading_of
from app.wms.inventory import StockLine

FEED = "inventory"
_PAUSE = timedelta(hours=1)
_NO_VERSION = -1
_ANEW = "The warehouse's stock versions began anew: its quantities are read again."
_table = cast("Table", WarehouseStock.__table__)


def begin(connection: Connection) -> None:
    """Have all of the warehouse's stock read, from an empty cursor. The caller commits."""
    cursor = session().get(FeedCursor, (connection.id, connection.generation, FEED))
    if cursor is not None:
        cursor.cursor = ""


def is_whole(reading: StockReading) -> bool:
    """Whether the reading under way began from an empty cursor."""
    return reading.complete != reading.snapshot


def is_older(row: Row[Any], line: StockLine) -> bool:
    """Whether a line is told as it was before, or as something else under the same version."""
    if line.version == row.told_version:
        return bool(line.available != row.available)
    return bool(line.version < row.told_version)


def note(reading: StockReading, older: Collection[Row[Any]]) -> bool:
    """Keep in mind which lines a page told of with older versions only. True: all of the stock is
    to be read, because nothing else explains it. The caller commits."""
    if older and not is_whole(reading):
        return _may_begin(reading)
    unheard = [row.id for row in older if row.snapshot != reading.snapshot]
    if unheard:
        values = {"older": True, "snapshot": reading.snapshot}
        session().execute(update(_table).where(_table.c.id.in_(unheard)).values(values))
    return False


def _may_begin(reading: StockReading) -> bool:
    return reading.begun_at is None or reading.begun_at < database_now() - _PAUSE


def is_proved(reading: StockReading) -> bool:
    """At the end of a whole reading: forget the versions of what it told of with older ones only.
    True: there were some, and all is to be read again. The caller commits."""
    mine = (_table.c.shop_id == reading.shop_id, _table.c.older)
    forgotten = update(_table).where(*mine).values(older=False, told_version=_NO_VERSION)
    if not getattr(session().execute(forgotten), "rowcount", 0):
        return False
    journal.write(reading.shop_id, "stock", _ANEW, level=journal.WARNING, code="versions-anew")
    return True


def hinted(connection: Connection, told: Mapping[str, Any]) -> None:
    """A callback told of a line: where its version is older than what is known, though it is of a
    later moment, all of the stock is to be read. The caller commits."""
    try:
        line = StockLine.model_validate(told)
    except ValidationError:
        return
    row = session().execute(_known(connection, line)).first()
    if row is None or not (is_older(row, line) and _is_later(line.as_of, row.as_of)):
        return
    if _may_begin(reading_of(connection.shop_id)):
        begin(connection)


def _known(connection: Connection, line: StockLine) -> Executable:
    named = _table.c.sku == line.sku
    if not line.sku:
        named = named & (_table.c.item == line.inventory_item_id)
    return select(_table.c.told_version, _table.c.available, _table.c.as_of).where(
        _table.c.connection_id == connection.id,
        _table.c.generation == connection.generation,
        _table.c.warehouse == line.warehouse,
        named,
    )


def _is_later(told: datetime | None, known: datetime | None) -> bool:
    return told is not None and known is not None and told > known
