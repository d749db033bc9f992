"""Judges levels that are due: what each should have, and whether it has."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, case, func, null, select, true, update

from app.db import database_now, session
from app.domain import stock
from app.domain.stock import BY_SKU, Place
from app.models import CatalogueItem, Connection, Shop, StockLevel, WarehouseStock
from app.sync import journal

_table = cast("Table", StockLevel.__table__)
_lines = cast("Table", WarehouseStock.__table__).c
_READ = (
    "id",
    "item",
    "location",
    "seen",
    "wanted",
    "told",
    "unsent",
    "expected",
    "reason",
    "version",
)
_same_version = _table.c.version == bindparam("of_version")
_NOTE = (
    update(_table)
    .where(_table.c.id == bindparam("of_id"))
    .values(
        {
            name: bindparam(f"new_{name}", type_=_table.c[name].type)
            for name in ("seen_at", "wanted", "unsent", "expected", "reason", "message")
        }
    )
    .values(
        seen=case((_same_version, bindparam("new_seen", type_=_table.c.seen.type)), else_=null()),
        told=func.coalesce(bindparam("new_told", type_=_table.c.told.type), _table.c.told),
        told_at=func.coalesce(
            bindparam("new_told_at", type_=_table.c.told_at.type), _table.c.told_at
        ),
        due=case((_same_version, bindparam("new_due")), else_=true()),
        version=_table.c.version + 1,
    )
)


@dataclass(frozen=True, slots=True)
class Level:
    """A level that is due. ``sku`` is the item's; ``wanted`` None: nothing follows for it.
    ``stocked``: it was read just now, and is stocked there."""

    id: int
    item: str
    location: str
    sku: str
    seen: int | None
    wanted: int | None
    unsent: int
    told: int | None
    expected: int | None
    reason: str
    version: int
    stocked: bool | None = None

    @property
    def settled(self) -> bool:
        """Whether nothing is to be set: it is right, nothing follows for it, or there is nothing of
        it where it is not stocked either."""
        if self.wanted is None or self.seen == self.wanted:
            return True
        return self.stocked is False and self.wanted <= 0


def due_levels(shop: Shop, after: int, limit: int) -> list[Row[Any]]:
    """The shop's next levels that are due, behind one."""
    query = select(*(_table.c[name] for name in _READ)).where(
        _table.c.shop_id == shop.id, _table.c.due, _table.c.id > after
    )
    return list(session().execute(query.order_by(_table.c.id).limit(limit)))


def judge(
    shop: Shop, connection: Connection, rows: Sequence[Row[Any]], unsent: Mapping[Place, int]
) -> list[Level]:
    """Say of levels what each should have: the sum of what the warehouses tell, less the units of
    orders that they do not know of."""
    items = {row.item for row in rows}
    told, skus = _told(connection, items), _skus(shop.id, items)
    return [_level(row, told, skus.get(row.item, ""), unsent) for row in rows]


def _level(
    row: Row[Any], told: Mapping[Place, int], sku: str, unsent: Mapping[Place, int]
) -> Level:
    sum_ = told.get((row.location, row.item))
    kept = unsent.get((row.location, row.item), 0)
    kept += unsent.get((row.location, f"{BY_SKU}{sku}"), 0) if sku else 0
    return Level(
        id=row.id,
        item=row.item,
        location=row.location,
        sku=sku,
        seen=row.seen,
        wanted=None if sum_ is None else sum_ - kept,
        unsent=0 if sum_ is None else kept,
        told=row.told,
        expected=row.expected,
        reason=row.reason,
        version=row.version,
    )


def _told(connection: Connection, items: Collection[str]) -> dict[Place, int]:
    query = (
        select(_lines.location, _lines.target, func.sum(_lines.available).label("units"))
        .where(
            _lines.shop_id == connection.shop_id,
            _lines.target.in_(items),
            _lines.connection_id == connection.id,
            _lines.generation == connection.generation,
        )
        .group_by(_lines.location, _lines.target)
    )
    return {(row.location, row.target): int(row.units) for row in session().execute(query)}


def _skus(shop_id: int, items: Collection[str]) -> dict[str, str]:
    query = select(CatalogueItem.item, CatalogueItem.sku).where(
        CatalogueItem.shop_id == shop_id, CatalogueItem.item.in_(items)
    )
    return {row.item: row.sku.strip() for row in session().execute(query)}


def with_seen(levels: Iterable[Level], found: Mapping[Place, int]) -> list[Level]:
    """The same levels as Shopify has them now; what is not stocked at its location is unknown."""
    return [
        replace(level, seen=units, stocked=units is not None)
        for level in levels
        for units in (found.get((level.location, level.item)),)
    ]


def settle(shop_id: int, levels: Sequence[Level]) -> None:
    """Nothing is to be done for these levels, until something changes. The caller commits."""
    notes = []
    for level in levels:
        lost = level.wanted is None and (level.told is not None or level.reason == stock.NOT_TOLD)
        reason = stock.NOT_TOLD if lost else ""
        notes.append(note(level, reason=reason, message=_tell(shop_id, level, reason)))
    write(notes)


def leave(shop_id: int, levels: Sequence[Level], reason: str, words: str) -> None:
    """Shopify can't have these levels, in its own words. The caller commits."""
    write(
        [
            note(level, reason=reason, message=_tell(shop_id, level, reason, words))
            for level in levels
        ]
    )


def _tell(shop_id: int, level: Level, reason: str, words: str = "") -> str:
    """Say why a level is left alone, in the log too when that is news; returns the sentence."""
    if not reason:
        return ""
    message = stock.in_words(reason, level.sku or level.item, words)
    if reason != level.reason:
        journal.write(shop_id, "left_out", message, level=journal.WARNING, code=reason)
    return message


def note(level: Level, *, due: bool = False, **values: Any) -> dict[str, Any]:
    """What is to be written of a level. When somebody else wrote it meanwhile, be it to mark it or
    because we slept through our lease, it is due anyway, and what Shopify has is not known."""
    known = {
        "seen": level.seen,
        "seen_at": None if level.seen is None else database_now(),
        "wanted": level.wanted,
        "unsent": level.unsent,
        "expected": None,
        "reason": "",
        "message": "",
        "told": None,
        "told_at": None,
        "due": due,
    } | values
    named = {f"new_{name}": value for name, value in known.items()}
    return {"of_id": level.id, "of_version": level.version, **named}


def write(notes: Sequence[dict[str, Any]]) -> None:
    """Write what became of levels, many at once. The caller commits."""
    if notes:
        session().execute(_NOTE, sorted(notes, key=lambda each: each["of_id"]))
