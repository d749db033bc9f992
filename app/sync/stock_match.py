"""Finds what each line of the warehouse's stock counts for: an item of Shopify's at a location."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, or_, select, update

from app.db import session
from app.domain import stock
from app.domain.skus import alike
from app.domain.stock import Item, Line, Match
from app.models import CatalogueItem, Connection, Shop, WarehouseStock
from app.sync import journal, stock_marks
from app.sync.stock_state import count, places_of

LEFT_OUT = "left_out"
AT_ONCE = 500
_lines = cast("Table", WarehouseStock.__table__).c
_items = cast("Table", CatalogueItem.__table__).c
_READ = ("id", "sku", "item", "warehouse", "target", "location", "reason")
_MATCHED = (
    update(cast("Table", WarehouseStock.__table__))
    .where(_lines.id == bindparam("of_id"))
    .values(
        target=bindparam("new_target"),
        location=bindparam("new_location"),
        reason=bindparam("new_reason"),
        due=False,
    )
)


def match(shop: Shop, connection: Connection) -> int:
    """Match the next lines that are due; returns how many there were. What they count for, and
    counted for, is due to be judged. The caller commits."""
    rows = _due(shop, connection)
    found = _matches(rows, _candidates(shop.id, rows), _places(shop.id, connection))
    changed = [row for row in rows if _now(row) != found[row.id]]
    _keep(rows, changed, found)
    left_out = [row for row in changed if found[row.id].reason not in ("", row.reason)]
    for row in left_out:
        _tell(shop.id, row, found[row.id].reason)
    count(shop.id, {LEFT_OUT: len(left_out)})
    before = {(row.target, row.location) for row in changed}
    after = {(each.target, each.location) for each in found.values()}
    stock_marks.places(shop.id, (place for place in before | after if place[0]))
    return len(rows)


def _due(shop: Shop, connection: Connection) -> Sequence[Row[Any]]:
    query = select(*(_lines[name] for name in _READ)).where(
        _lines.shop_id == shop.id,
        _lines.due,
        _lines.connection_id == connection.id,
        _lines.generation == connection.generation,
    )
    # Whoever marks a line meanwhile waits, and is heard afterwards.
    query = query.order_by(_lines.id).limit(AT_ONCE).with_for_update()
    return session().execute(query).all()


def _places(shop_id: int, connection: Connection) -> Mapping[str, str]:
    """Where each warehouse counts, as of now: whoever changes that from here on marks lines that
    are ours until we commit."""
    session().refresh(connection)
    return places_of(session().get_one(Shop, shop_id, populate_existing=True), connection)


def _candidates(shop_id: int, rows: Sequence[Row[Any]]) -> dict[str, list[Item]]:
    """The shop's items by their ids, and by their SKUs after ``stock.BY_SKU``."""
    ids = {row.item for row in rows if row.item}
    written = {alike(row.sku) for row in rows if not row.item}
    query = select(_items.item, _items.sku, _items.tracked, _items.bundle).where(
        _items.shop_id == shop_id, or_(_items.item.in_(ids), _items.alike.in_(written))
    )
    found: dict[str, list[Item]] = {}
    for row in session().execute(query):
        item = Item(row.item, row.sku.strip(), row.tracked, row.bundle)
        found[item.id] = [item]
        found.setdefault(f"{stock.BY_SKU}{item.sku}", []).append(item)
    return found


def _matches(
    rows: Iterable[Row[Any]], candidates: Mapping[str, Sequence[Item]], places: Mapping[str, str]
) -> dict[int, Match]:
    return {
        row.id: stock.match(
            Line(row.sku, row.item, row.warehouse),
            candidates.get(row.item or f"{stock.BY_SKU}{row.sku}", ()),
            places,
        )
        for row in rows
    }


def _now(row: Row[Any]) -> Match:
    return Match(row.target, row.location, row.reason)


def _keep(
    rows: Sequence[Row[Any]], changed: Sequence[Row[Any]], found: Mapping[int, Match]
) -> None:
    same = {row.id for row in rows} - {row.id for row in changed}
    if same:
        over = update(WarehouseStock).where(WarehouseStock.id.in_(same)).values(due=False)
        session().execute(over, execution_options={"synchronize_session": False})
    if changed:
        session().execute(_MATCHED, [_values(row.id, found[row.id]) for row in changed])


def _values(line: int, matched: Match) -> dict[str, Any]:
    return {
        "of_id": line,
        "new_target": matched.target,
        "new_location": matched.location,
        "new_reason": matched.reason,
    }


def _tell(shop_id: int, row: Row[Any], reason: str) -> None:
    what = f"{row.sku or row.item} ({row.warehouse})"
    message = stock.in_words(reason, what)
    journal.write(shop_id, LEFT_OUT, message, level=journal.WARNING, code=reason)
