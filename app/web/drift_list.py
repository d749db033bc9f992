"""Which differences the report shows, and in what words."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select

from app.db import session
from app.domain.drift import SAFE, Kind, Repair
from app.models import DriftRow, Run, Shop
from app.models.drift import OPEN, REPAIRING
from app.sync.drift_rows import DRIFT
from app.web.paging import Cursor, Page, page_of
from app.web.sentences import said

FIELDS = ("kind", "order", "shopify", "warehouse", "found_at", "state", "message")
KEYS: Any = (DriftRow.found_at, DriftRow.id)
_AT_ONCE = 1_000
_STANDING = (OPEN, REPAIRING)
KINDS = {
    Kind.MISSING: _("Missing"),
    Kind.DOUBLED: _("Doubled"),
    Kind.QUANTITY: _("Quantity"),
    Kind.TRACKING: _("Tracking"),
    Kind.STATE: _("State"),
    Kind.STOCK: _("Stock"),
}
# What each repair does, for those who are about to ask for it.
REPAIRS = {
    Repair.READ_IN: _("Take the order in"),
    Repair.SEND: _("Send it again"),
    Repair.SEND_REST: _("Send the rest again"),
    Repair.RESEND: _("Send it again"),
    Repair.TAKE_CANCELLED: _("Count it as cancelled"),
    Repair.FULFIL: _("Fulfil it again"),
    Repair.REFULFIL: _("Fulfil it again"),
    Repair.REMAKE: _("Make its fulfillment anew"),
    Repair.WITHDRAW: _("Cancel this fulfillment"),
    Repair.TRACK: _("Put the tracking right"),
    Repair.READ: _("Do what the tag asks for"),
    Repair.TAG: _("Put the tag right"),
    Repair.SET_STOCK: _("Set the quantity"),
}
# What these do can't be undone, or a buyer hears of it.
WARNINGS = {
    Repair.SEND_REST: _(
        "What the warehouse has not shipped is sent to it again, under the same order. What it"
        " shipped without a word would be shipped twice: ask the warehouse first."
    ),
    Repair.TAKE_CANCELLED: _(
        "The order counts as cancelled by the warehouse. If your settings say so, it is cancelled"
        " in Shopify too."
    ),
    Repair.REFULFIL: _(
        "Somebody cancelled its fulfillment in Shopify. A new one is made, and the buyer gets"
        " another e-mail if your settings say so."
    ),
    Repair.REMAKE: _(
        "Its fulfillment is cancelled in Shopify and made anew with the units that were shipped."
        " The buyer gets another e-mail if your settings say so."
    ),
    Repair.WITHDRAW: _(
        "The fulfillment that belongs to no shipment is cancelled in Shopify. Its units are open"
        " again, and wait for you before anything is sent."
    ),
}


def kind_of(text: str) -> str:
    """The kind that an address asks for; empty for all of them."""
    return text if text in list(Kind) else ""


def found(shop: Shop, wanted: str, cursor: Cursor | None) -> dict[str, Any]:
    """A page of what differs, and how much of each kind there is."""
    rows: Page[DriftRow] = page_of(_standing(shop, wanted), KEYS, cursor)
    return {
        "page": rows,
        "counts": counts(shop),
        "safe": _safe(shop, wanted) if wanted else 0,
        "repairs": REPAIRS,
        "warnings": WARNINGS,
    }


def _standing(shop: Shop, wanted: str) -> Select[Any]:
    query = select(DriftRow).where(DriftRow.shop_id == shop.id, DriftRow.state.in_(_STANDING))
    return query.where(DriftRow.kind == wanted) if wanted else query


def counts(shop: Shop) -> dict[str, int]:
    """How much differs, by kind."""
    query = select(DriftRow.kind, func.count()).where(
        DriftRow.shop_id == shop.id, DriftRow.state.in_(_STANDING)
    )
    rows = session().execute(query.group_by(DriftRow.kind)).all()
    return {row[0]: row[1] for row in rows}


def _safe(shop: Shop, wanted: str) -> int:
    """How much of a kind may be repaired at once."""
    query = select(func.count()).where(
        DriftRow.shop_id == shop.id,
        DriftRow.state == OPEN,
        DriftRow.kind == wanted,
        DriftRow.repair.in_(sorted(SAFE)),
    )
    return session().scalar(query) or 0


def last_ended(shop: Shop) -> Run | None:
    """The comparison that ended last."""
    query = select(Run).where(Run.shop_id == shop.id, Run.kind == DRIFT)
    query = query.where(Run.finished_at.is_not(None))
    return session().scalar(query.order_by(Run.started_at.desc()).limit(1))


def lines(shop: Shop, wanted: str) -> Iterator[tuple[str, ...]]:
    """Every difference as a line of a file, the oldest first."""
    last = 0
    while True:
        query = _standing(shop, wanted).where(DriftRow.id > last).order_by(DriftRow.id)
        rows = session().scalars(query.limit(_AT_ONCE)).all()
        told = [_line(row) for row in rows]
        last = rows[-1].id if rows else last
        session().rollback()  # while they are being sent, nothing is open
        yield from told
        if len(told) < _AT_ONCE:
            return


def _line(row: DriftRow) -> tuple[str, ...]:
    at = row.found_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    told = (said(row.shopify), said(row.warehouse), at, row.state, said(row.message))
    return (str(KINDS[Kind(row.kind)]), row.name, *told)
