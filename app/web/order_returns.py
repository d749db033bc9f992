"""What comes back of an order: whether the warehouse expects it, what came, what Shopify has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import session
from app.domain import returns as domain
from app.domain.facts import Facts
from app.domain.states import Effect
from app.models import Order, Owed, Return, Shop
from app.sync.returns_again import may_be_tried
from app.sync.returns_coming import is_complete
from app.sync.returns_kept import OVER
from app.web.context import admin_order
from app.web.order_shipments import Units
from app.web.sentences import said
from app.web.words import Badge

# As many of an order are shown.
MOST = 50
_EXPECTED = Badge(lazy_gettext("Expected"), "info", "clock")
_ANNOUNCING = Badge(lazy_gettext("Being announced"), "caution", "refresh")
_NOT_ANNOUNCED = Badge(lazy_gettext("Not announced"), "warning", "alert-triangle")
_STATES = {
    domain.EXPECTED: _EXPECTED,
    domain.RECEIVED: Badge(lazy_gettext("Received"), "success", "package"),
    domain.CLOSED: Badge(lazy_gettext("Complete"), "success", "check-circle"),
}
_CALLED_OFF = Badge(lazy_gettext("Called off"), "neutral", "x-circle")
_UNDER_WAY = Badge(lazy_gettext("Being told to Shopify"), "caution", "refresh")
_NOT_TOLD = Badge(lazy_gettext("Not in Shopify"), "warning", "alert-triangle")
_IN_SHOPIFY = Badge(lazy_gettext("In Shopify"), "success", "check-circle")
_CLOSED_THERE = lazy_gettext(
    "It is closed in Shopify. Open it again there when it comes, so that Shopify takes it in."
)
_ENDS = {
    "restock": lazy_gettext("restocked"),
    "scrap": lazy_gettext("scrapped"),
    "quarantine": lazy_gettext("set aside"),
}


@dataclass(frozen=True, slots=True)
class Came:
    """Units of a line that came, and what the warehouse did with them."""

    units: Units
    end: str


@dataclass(frozen=True, slots=True)
class ShownReturn:
    """A return as the page shows it. ``standing`` is how far Shopify has it; ``address`` leads to
    the order there, ``again``: trying again may help."""

    id: int
    name: str
    warehouse: str
    badge: Badge
    standing: Badge | None
    wanted: list[Units]
    came: list[Came]
    text: str
    address: str
    again: bool


def returns_of(shop: Shop, order: Order) -> list[ShownReturn]:
    """An order's returns, the first one first."""
    query = (
        select(Return)
        .where(Return.shop_id == shop.id, Return.order_id == order.id)
        .options(joinedload(Return.outbound_order))
        .order_by(Return.id)
        .limit(MOST)
    )
    lines = Facts.from_json(order.facts).lines
    names = {line.id: (line.name, line.sku) for line in lines}
    rows = session().scalars(query).all()
    dead = _given_up(rows)
    return [_shown(row, order, names, dead.get(str(row.id), "")) for row in rows]


def _given_up(rows: Sequence[Return]) -> dict[str, str]:
    """Why the warehouse was never told of some returns: it was tried too often."""
    waiting = [str(row.id) for row in rows if row.announced_at is None]
    if not waiting:
        return {}
    query = select(Owed.subject_id, Owed.last_error).where(
        Owed.subject_type == "return",
        Owed.subject_id.in_(waiting),
        Owed.effect == Effect.ANNOUNCE,
        Owed.dead_at.is_not(None),
    )
    return {row.subject_id: row.last_error for row in session().execute(query)}


def returns_in_bundle(order: Order) -> list[dict[str, Any]]:
    """What is kept of an order's returns, for a support bundle."""
    query = select(Return).where(Return.order_id == order.id).order_by(Return.id).limit(MOST)
    columns = [column.key for column in Return.__table__.columns]
    return [{name: getattr(row, name) for name in columns} for row in session().scalars(query)]


def _shown(
    row: Return, order: Order, names: Mapping[str, tuple[str, str]], dead: str
) -> ShownReturn:
    return ShownReturn(
        id=row.id,
        name=row.name,
        warehouse=row.outbound_order.warehouse if row.outbound_order else "",
        badge=_badge(row, dead),
        standing=_standing(row),
        wanted=[_units(line, _wanted(row, each), names) for line, each in row.lines.items()],
        came=[_came(each, names) for each in row.told],
        text=_text(row, dead),
        address=admin_order(order),
        again=may_be_tried(row) and bool(row.reason or dead),
    )


def _wanted(row: Return, line: Mapping[str, Any]) -> int:
    """The units that are to come; when none are any more, those that are over."""
    number = int(line["quantity"])
    return number + sum(line["ended"].values()) if row.reason == OVER else number


def _badge(row: Return, dead: str) -> Badge:
    if row.status in (domain.CANCELED, domain.DECLINED) and not row.told:
        return _CALLED_OFF
    if row.announced_at is None:
        return _NOT_ANNOUNCED if row.reason or dead else _ANNOUNCING
    known = _STATES.get(row.state)
    return known or Badge(row.state.replace("_", " "), "neutral", "package")


def _standing(row: Return) -> Badge | None:
    if not row.told:
        return None
    if row.reason:
        return _NOT_TOLD
    return _IN_SHOPIFY if row.settled else _UNDER_WAY


def _text(row: Return, dead: str) -> str:
    """What there is to say: what keeps it, else what to do."""
    if row.message or dead:
        return said(row.message) or f"{said(dead)} {_('It was given up.')}"
    if row.reason or row.announced_at is None:
        return ""
    if is_complete(row):
        ready = row.settled and row.status == domain.OPEN
        return _("Ready to refund in Shopify.") if ready else ""
    return str(_CLOSED_THERE) if row.status == domain.CLOSED and row.state != domain.CLOSED else ""


def _came(told: Mapping[str, Any], names: Mapping[str, tuple[str, str]]) -> Came:
    end = _ENDS.get(told["disposition"])
    return Came(
        _units(told["line"], told["quantity"], names),
        str(end) if end else told["disposition"] or _("nothing said"),
    )


def _units(line: str, number: int, names: Mapping[str, tuple[str, str]]) -> Units:
    name, sku = names.get(line, (_("Line %(id)s", id=line.rpartition("/")[2]), ""))
    return Units(number, name, sku)
