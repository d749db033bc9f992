"""The drift report's look at stock: levels at rest whose quantity in Shopify is another by now.

By schedule a third of them is read each night, and those that differed; a person's comparison reads
all. Nothing is compared while stock is not set, and nothing that is about to be set.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, or_, select, update

from app.db import database_now, session
from app.domain.drift import Difference, Kind, Repair
from app.domain.states import Effect
from app.models import CatalogueItem, DriftRow, Owed, Shop, StockLevel
from app.models.drift import OPEN, REPAIRING
from app.shopify.inventory import MOST_READ, read_available
from app.sync import drift_rows, stock_marks
from app.sync.claims import Claim, renew
from app.sync.engine import atomically
from app.sync.outside import BACKGROUND, shopify_for
from app.sync.owing import STAFF
from app.sync.situations import connection_of
from app.sync.stock_state import Mode, can_judge, mode_of, owe_stock, problem_of

_FRESH = timedelta(days=3)
Found = dict[int, tuple[int, int | None]]


def next_levels(shop: Shop, after: int, *, all_of_them: bool) -> list[int]:
    """The ids of the next levels to compare, none when there are no more. Ends no transaction."""
    settled = not problem_of(shop) and can_judge(shop, connection_of(shop))
    if mode_of(shop) is not Mode.SET or not settled:
        return []
    query = select(StockLevel.id).where(
        StockLevel.shop_id == shop.id,
        StockLevel.id > after,
        StockLevel.due.is_(False),
        StockLevel.reason == "",
        StockLevel.wanted.is_not(None),
    )
    if not all_of_them:
        old = StockLevel.seen_at < database_now() - _FRESH
        query = query.where(or_(StockLevel.seen_at.is_(None), old, _differed(shop.id)))
    return list(session().scalars(query.order_by(StockLevel.id).limit(MOST_READ)))


def _differed(shop_id: int) -> ColumnElement[bool]:
    standing = select(DriftRow.about).where(
        DriftRow.shop_id == shop_id,
        DriftRow.kind == Kind.STOCK,
        DriftRow.state.in_((OPEN, REPAIRING)),
    )
    return StockLevel.id.in_([about["level"] for about in session().scalars(standing)])


def look(shop: Shop, ids: Sequence[int], claimed: Claim) -> Found:
    """Read levels from Shopify: the version each had when it was asked for, and its quantity there.
    Commits; no transaction is open meanwhile."""
    rows = session().query(StockLevel).filter(StockLevel.id.in_(ids)).all()
    asked = {row.id: (row.item, row.location, row.version) for row in rows}
    client = shopify_for(shop, BACKGROUND)
    there: dict[tuple[str, str], int] = {}
    for location in sorted({location for _, location, _ in asked.values()}):
        atomically(lambda: renew(claimed))
        items = [item for item, at, _ in asked.values() if at == location]
        read = read_available(client, location, items)
        there |= {(item, location): units for item, units in read.items()}
    return {key: (version, there.get((item, at))) for key, (item, at, version) in asked.items()}


def take(shop: Shop, found: Found) -> dict[str, int]:
    """Keep what differs; counts. What changed since it was asked for is left for another time. The
    caller commits."""
    counts = {"levels": 0, "found": 0, "gone": 0, "under_way": 0}
    levels = session().query(StockLevel).filter(StockLevel.id.in_(found)).populate_existing()
    names = _names(shop, levels.all())
    setting = is_being_set(shop)
    for level in levels:
        version, units = found[level.id]
        if setting or level.due or level.version != version or level.wanted is None:
            counts["under_way"] += 1
            _touch(shop, level)
            continue
        counts["levels"] += 1
        if units is None or units == level.wanted:
            counts["gone"] += _alike(shop, level)
        else:
            counts["found"] += _differs(shop, level, units, names.get(level.item, ""))
    return counts


def is_being_set(shop: Shop) -> bool:
    """Whether stock is about to be set in Shopify."""
    connection = connection_of(shop)
    owed = select(Owed.id).where(
        Owed.shop_id == shop.id,
        Owed.effect == Effect.STOCK,
        Owed.subject_id == (connection.id if connection else ""),
        Owed.dead_at.is_(None),
    )
    return session().scalar(owed) is not None


def _names(shop: Shop, levels: Sequence[StockLevel]) -> Mapping[str, str]:
    query = select(CatalogueItem.item, CatalogueItem.sku, CatalogueItem.name).where(
        CatalogueItem.shop_id == shop.id, CatalogueItem.item.in_({each.item for each in levels})
    )
    return {row.item: row.sku or row.name for row in session().execute(query)}


def _differs(shop: Shop, level: StockLevel, units: int, name: str) -> bool:
    places = {place["id"]: place["name"] for place in shop.locations}
    found = Difference(
        Kind.STOCK,
        _key(level),
        Repair.SET_STOCK,
        f"Available at {places.get(level.location, 'its location')}: {units}.",
        f"It should be {level.wanted} by what the warehouse has.",
        about={"level": level.id},
    )
    return drift_rows.note(shop.id, found, subject=level.item, name=name)


def _alike(shop: Shop, level: StockLevel) -> int:
    row = _row(shop, level)
    if row is not None:
        drift_rows.let_go(row, None)
    # It was read, that is all: nobody need judge it again.
    seen = update(StockLevel).where(StockLevel.id == level.id).values(seen_at=database_now())
    session().execute(seen, execution_options={"synchronize_session": False})
    return int(row is not None)


def _touch(shop: Shop, level: StockLevel) -> None:
    row = _row(shop, level)
    if row is not None:
        drift_rows.touch([row])


def _row(shop: Shop, level: StockLevel) -> DriftRow | None:
    rows = session().query(DriftRow).filter_by(shop_id=shop.id, key=_key(level))
    return rows.filter(DriftRow.state.in_((OPEN, REPAIRING))).one_or_none()


def _key(level: StockLevel) -> str:
    return f"{Kind.STOCK}:{level.id}"


def begin_repair(row: DriftRow) -> None:
    """Have a level read and set anew. The caller commits."""
    level = session().get(StockLevel, row.about["level"])
    if level is not None:
        mine = StockLevel.id == level.id
        stock_marks.levels(row.shop_id, mine, seen=None, expected=level.seen)
        owe_stock(session().get_one(Shop, row.shop_id), lane=STAFF)


def is_under_way(shop: Shop, row: DriftRow) -> bool:
    """Whether a level is still to be set."""
    level = session().get(StockLevel, row.about["level"], populate_existing=True)
    return is_being_set(shop) or (level is not None and level.due)
