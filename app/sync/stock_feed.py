"""Takes in what the warehouse tells of its stock. Only what is newer than the last telling counts;
of a warehouse whose versions began anew ``stock_anew.py`` takes care.

A reading from an empty cursor tells of everything: what it has not told of, when it has come to its
end, the warehouse does not know any more.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, delete, insert, or_, select, update

from app.db import session
from app.domain.states import Effect
from app.models import Connection, StockLevel, StockReading, WarehouseStock
from app.sync import catalogue_changes, journal, stock_anew, stock_marks, stock_renamed
from app.sync.owing import owe
from app.sync.stock_state import count, reading_of
from app.wms.feeds import FeedPage
from app.wms.inventory import StockLine, stock_in

CHANGED, KNOWN, ANEW = "changed", "known", "anew"
_MOST_NAMED = 20
_table = cast("Table", WarehouseStock.__table__)
_KNOWN = ("id", "sku", "item", "warehouse", "told_version", "available", "snapshot", "older")
_TOLD = ("item", "on_hand", "available", "incoming", "told_version", "as_of", "snapshot")
_CHANGE = (
    update(_table)
    .where(_table.c.id == bindparam("of_id"))
    .values({name: bindparam(f"new_{name}", type_=_table.c[name].type) for name in _TOLD})
    .values(due=True, older=False)
)
Key = tuple[str, str, str]
Book = dict[Key, Any]


@dataclass(frozen=True, slots=True)
class _Kept:
    """What became of a page: how many lines were news, which of them are new, the rows that were
    told as older, and whether a line was left out because its SKU may be another one's new name."""

    changed: int
    new: list[StockLine]
    older: list[Row[Any]]
    renamed: bool


def take(
    connection: Connection, page: FeedPage, *, fresh: bool, asked_at: datetime
) -> Counter[str]:
    """Keep a page; returns how many of its lines were news, and under ``ANEW`` whether to begin
    from an empty cursor again. ``fresh``: it is the first of all, ``asked_at``: when it was asked
    for, by our clock. The caller commits, and moves the cursor with it."""
    lines, senseless = stock_in(page)
    reading = reading_of(connection.shop_id)
    if fresh:
        reading.snapshot += 1
        reading.begun_at = asked_at
    kept = _keep(connection, lines, reading)
    _warn(connection, senseless)
    anew = stock_anew.note(reading, kept.older) or kept.renamed
    if stock_anew.is_whole(reading):
        stock_renamed.replace(connection, kept.new, reading.snapshot)
    anew = anew or (not page.has_more and stock_anew.is_proved(reading))
    marked = 0 if page.has_more or anew else _end(connection, reading, asked_at)
    count(connection.shop_id, {CHANGED: kept.changed})
    _owe(connection, anew=anew, news=bool(kept.changed or marked))
    return Counter({CHANGED: kept.changed, KNOWN: len(lines) - kept.changed, ANEW: int(anew)})


def _owe(connection: Connection, *, anew: bool, news: bool) -> None:
    subject = ("connection", connection.id)
    if news:
        owe(connection.shop_id, subject, Effect.STOCK)
    if anew:
        owe(connection.shop_id, subject, Effect.FEED)


def _keep(connection: Connection, lines: Sequence[StockLine], reading: StockReading) -> _Kept:
    """Keep what is newer."""
    book = _book(connection, lines)
    new: dict[Key, StockLine] = {}
    changed: dict[int, StockLine] = {}
    told: dict[int, Row[Any]] = {}
    older: dict[int, Row[Any]] = {}
    for line in sorted(lines, key=lambda each: each.version):
        key = (line.sku, line.inventory_item_id, line.warehouse)
        row = _row_of(book, key)
        if row is None:
            new[key] = line
        elif row.told_version < line.version:
            changed[row.id] = line
        elif stock_anew.is_older(row, line):
            older[row.id] = row
        else:
            told[row.id] = row
    new, snapshot = _merged(new), reading.snapshot
    doubtful: list[StockLine] = []
    if not stock_anew.is_whole(reading):
        doubtful = stock_renamed.doubtful(connection, new.values())
        new = {key: line for key, line in new.items() if line not in doubtful}
    _write(connection, new, changed, snapshot)
    _stamp([id_ for id_, row in told.items() if row.snapshot != snapshot or row.older], snapshot)
    heard = {*changed, *told}
    unheard = [row for id_, row in older.items() if id_ not in heard]
    return _Kept(len(new) + len(changed), list(new.values()), unheard, bool(doubtful))


def _book(connection: Connection, lines: Iterable[StockLine]) -> Book:
    """The lines that are known of these SKUs, and of these items without a SKU."""
    skus = {line.sku for line in lines} - {""}
    items = {line.inventory_item_id for line in lines if not line.sku}
    query = select(*(_table.c[name] for name in _KNOWN)).where(
        _table.c.connection_id == connection.id,
        _table.c.generation == connection.generation,
        or_(_table.c.sku.in_(skus), (_table.c.sku == "") & _table.c.item.in_(items)),
    )
    return {(row.sku, row.item, row.warehouse): row for row in session().execute(query)}


def _row_of(book: Book, key: Key) -> Row[Any] | None:
    """The line that this was before. A WMS may learn later which item a SKU is, or forget it."""
    if key in book:
        return cast("Row[Any]", book[key])
    sku, item, warehouse = key
    if sku and item:
        return book.get((sku, "", warehouse))
    same = [row for (s, _, where), row in book.items() if sku and (s, where) == (sku, warehouse)]
    return same[0] if len(same) == 1 else None


def _merged(new: dict[Key, StockLine]) -> dict[Key, StockLine]:
    """The same without those that are told with their item as well."""
    with_item = {(sku, warehouse) for sku, item, warehouse in new if item}
    return {key: line for key, line in new.items() if key[1] or (key[0], key[2]) not in with_item}


def _write(
    connection: Connection, new: dict[Key, StockLine], changed: dict[int, StockLine], snapshot: int
) -> None:
    own = {
        "shop_id": connection.shop_id,
        "connection_id": connection.id,
        "generation": connection.generation,
    }
    if new:
        catalogue_changes.notice(connection.shop_id)
        rows = [own | _values(line, snapshot) | _named(line) for line in new.values()]
        session().execute(insert(_table), rows)
    if changed:
        session().execute(
            _CHANGE,
            [
                {"of_id": id_, **{f"new_{k}": v for k, v in _values(line, snapshot).items()}}
                for id_, line in sorted(changed.items())
            ],
        )


def _values(line: StockLine, snapshot: int) -> dict[str, Any]:
    return {
        "item": line.inventory_item_id,
        "on_hand": line.on_hand,
        "available": line.available,
        "incoming": line.incoming,
        "told_version": line.version,
        "as_of": line.as_of,
        "snapshot": snapshot,
    }


def _named(line: StockLine) -> dict[str, Any]:
    return {"sku": line.sku, "warehouse": line.warehouse, "due": True}


def _stamp(ids: Sequence[int], snapshot: int) -> None:
    if ids:
        told = update(_table).where(_table.c.id.in_(ids)).values(snapshot=snapshot, older=False)
        session().execute(told)


def _end(connection: Connection, reading: StockReading, asked_at: datetime) -> int:
    """Everything was told up to this moment; returns how many levels that is news for."""
    reading.told_until = asked_at
    marked = stock_marks.levels(connection.shop_id, StockLevel.unsent != 0)
    if reading.complete == reading.snapshot:
        return marked
    reading.complete = reading.snapshot
    return marked + _forget(connection, reading.complete) + 1


def _forget(connection: Connection, snapshot: int) -> int:
    """What a whole reading did not tell of is not known any more: no quantity follows from it."""
    gone = (_table.c.shop_id == connection.shop_id, _table.c.snapshot < snapshot)
    places = session().execute(select(_table.c.target, _table.c.location).where(*gone))
    stock_marks.places(
        connection.shop_id, ((row.target, row.location) for row in places if row.target)
    )
    return int(getattr(session().execute(delete(_table).where(*gone)), "rowcount", 0))


def _warn(connection: Connection, senseless: Sequence[str]) -> None:
    """Nothing is left out silently."""
    if not senseless:
        return
    names = ", ".join(senseless[:_MOST_NAMED])
    more = len(senseless) - _MOST_NAMED
    message = f"Left out: lines of stock that can't be read: {names}" + (
        f" and {more} more." if more > 0 else "."
    )
    journal.write(connection.shop_id, "left_out", message, level=journal.WARNING, code="left-out")
