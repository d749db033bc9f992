"""Keeps what differs: a row a difference. What is found again stays, what is over is gone."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete

from app.db import database_now, session
from app.domain.drift import Difference, Kind
from app.models import DriftLook, DriftRow, Order, Shop
from app.models.drift import GONE, OPEN, REPAIRING
from app.sync import journal

DRIFT = "drift"
_KEPT = timedelta(days=60)
# Clocks differ.
_SAME_SECOND = timedelta(seconds=5)
_STANDING = (OPEN, REPAIRING)
_WORDS = {
    Kind.MISSING: "Missing",
    Kind.DOUBLED: "Doubled",
    Kind.QUANTITY: "Other quantity",
    Kind.TRACKING: "Other tracking",
    Kind.STATE: "Other tag",
    Kind.STOCK: "Other stock",
}


def standing_of(shop_id: int, order_ids: Collection[int]) -> dict[int, list[DriftRow]]:
    """What was found of some orders and is not gone."""
    found: dict[int, list[DriftRow]] = {order_id: [] for order_id in order_ids}
    rows = (
        session()
        .query(DriftRow)
        .filter(
            DriftRow.shop_id == shop_id,
            DriftRow.order_id.in_(order_ids),
            DriftRow.state.in_(_STANDING),
        )
    )
    for row in rows.order_by(DriftRow.id):
        found[row.order_id or 0].append(row)
    return found


def keep(
    order: Order, known: Sequence[DriftRow], found: Sequence[Difference], asked: Collection[str]
) -> tuple[int, int]:
    """Bring an order's rows up to date: how many are new, and how many are gone. ``asked``: the
    sides that were asked; what the others would say is left as it was. The caller commits."""
    keys = {each.key for each in found}
    new = sum(note(order.shop_id, each, order=order) for each in found)
    over = [row for row in known if row.key not in keys and row.side in asked]
    for row in over:
        let_go(row, order)
    touch([row for row in known if row not in over])
    return new, len(over)


def note(
    shop_id: int,
    found: Difference,
    *,
    order: Order | None = None,
    subject: str = "",
    name: str = "",
    run_id: str = "",
) -> bool:
    """Keep a difference; True: it is new. The caller commits."""
    row = session().query(DriftRow).filter_by(shop_id=shop_id, key=found.key).one_or_none()
    now = database_now()
    if row is None:
        row = DriftRow(shop_id=shop_id, key=found.key, found_at=now, state=GONE, run_id="")
        session().add(row)
    new = row.state == GONE
    if new:
        row.state, row.found_at, row.gone_at, row.message = OPEN, now, None, ""
    row.kind, row.repair, row.side = found.kind, found.repair, found.side
    row.shopify, row.warehouse = found.shopify, found.warehouse
    row.about, row.seen_at, row.run_id = dict(found.about), now, run_id or row.run_id
    row.order_id = order.id if order else None
    row.subject, row.name = (order.gid, order.name[:255]) if order else (subject, name[:255])
    if new:
        _log(row, order, "drift_found", in_words(row), level=journal.WARNING)
    return new


def let_go(row: DriftRow, order: Order | None) -> None:
    """It is no longer so. The caller commits."""
    row.state, row.gone_at, row.message = GONE, database_now(), ""
    _log(row, order, "drift_gone", f"No longer so: {in_words(row)}")


def touch(rows: Sequence[DriftRow]) -> None:
    """They were looked at and are kept as they are. The caller commits."""
    now = database_now()
    for row in rows:
        row.seen_at = now


def in_words(row: DriftRow) -> str:
    """A difference as the log says it."""
    there, here = (text.rstrip(".") for text in (row.shopify, row.warehouse))
    return f"{_WORDS[Kind(row.kind)]}. In Shopify: {there}. At the warehouse: {here}."


def sweep(shop: Shop, since: datetime) -> int:
    """After a comparison: what it has not come across is no longer compared, and what is gone for
    long is let go of. How many are gone now. The caller commits."""
    rows = (
        session()
        .query(DriftRow)
        .filter(
            DriftRow.shop_id == shop.id,
            DriftRow.state == OPEN,
            DriftRow.seen_at < since,
        )
    )
    left = rows.order_by(DriftRow.id).limit(1000).all()
    for row in left:
        let_go(row, session().get(Order, row.order_id) if row.order_id else None)
    before = database_now() - _KEPT
    session().execute(
        delete(DriftRow).where(
            DriftRow.shop_id == shop.id, DriftRow.state == GONE, DriftRow.gone_at < before
        ),
        execution_options={"synchronize_session": False},
    )
    return len(left)


def remember_alike(order: Order, mark: int, updated_at: datetime | None) -> None:
    """Nothing differs: until something changes it need not be read again. Shopify's times are whole
    seconds: what changed just now may change again and look the same. The caller commits."""
    if updated_at is not None and database_now() - updated_at < _SAME_SECOND:
        return
    session().merge(
        DriftLook(
            order_id=order.id, order_updated_at=updated_at, mark=mark, compared_at=database_now()
        )
    )


def _log(
    row: DriftRow, order: Order | None, event: str, message: str, *, level: str = journal.INFO
) -> None:
    journal.write(
        row.shop_id, event, message, order=order, level=level, code=DRIFT, run_id=row.run_id
    )
