"""What the warehouse shipped of an order, and what Shopify has of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.db import session
from app.domain.carriers import company_for
from app.domain.facts import Facts
from app.domain.settings import Settings
from app.domain.states import Effect
from app.models import Order, Owed, Shipment, Shop
from app.sync.preferences import settings_of
from app.web.shipment_standing import Standing, standing_of
from app.web.shipment_words import document_label, state_badge
from app.web.words import Badge

# As many of an order are shown.
MOST = 50


@dataclass(frozen=True, slots=True)
class Parcel:
    """A package: who carries it, its number, and where it can be followed (empty: nowhere)."""

    company: str
    number: str
    address: str


@dataclass(frozen=True, slots=True)
class Units:
    """How many of an order line are in it."""

    quantity: int
    name: str
    sku: str


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that the WMS published. ``expired``: its address leads nowhere any more."""

    label: str
    address: str
    expires_at: datetime | None
    expired: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A shipment as the page shows it."""

    id: int
    number: str
    warehouse: str
    seen_at: datetime
    badge: Badge
    standing: Standing
    parcels: list[Parcel]
    units: list[Units]
    papers: list[Paper]


def shipments_of(shop: Shop, order: Order) -> list[Shown]:
    """An order's shipments, by warehouse order, the first one first."""
    query = (
        select(Shipment)
        .where(Shipment.shop_id == shop.id, Shipment.order_id == order.id)
        .options(joinedload(Shipment.outbound_order))
        .order_by(Shipment.outbound_order_id, Shipment.id)
        .limit(MOST)
    )
    rows = session().scalars(query).all()
    if not rows:
        return []
    facts, settings, owed = Facts.from_json(order.facts), settings_of(shop), _owed(rows)
    return [_shown(row, order, facts, settings, owed.get(str(row.id))) for row in rows]


def _owed(rows: Sequence[Shipment]) -> dict[str, Owed]:
    """What Shopify is still owed of each shipment."""
    query = select(Owed).where(
        Owed.subject_type == "shipment",
        Owed.subject_id.in_([str(row.id) for row in rows]),
        Owed.effect == Effect.FULFIL,
    )
    return {owed.subject_id: owed for owed in session().scalars(query)}


def _shown(
    row: Shipment, order: Order, facts: Facts, settings: Settings, owed: Owed | None
) -> Shown:
    names = {line.id: (line.name, line.sku) for line in facts.lines}
    return Shown(
        id=row.id,
        number=row.number,
        warehouse=row.outbound_order.warehouse,
        seen_at=row.seen_at,
        badge=state_badge(row.state),
        standing=standing_of(row, order, facts, settings, owed),
        parcels=[_parcel(each, settings) for each in row.packages],
        units=[_units(line, number, names) for line, number in row.lines.items()],
        papers=[_paper(each) for each in row.documents],
    )


def _parcel(package: Mapping[str, Any], settings: Settings) -> Parcel:
    company = company_for(package["code"], package["name"], settings.carriers)
    return Parcel(company, package["number"], web_address(package["url"]))


def _units(line: str, number: int, names: Mapping[str, tuple[str, str]]) -> Units:
    name, sku = names.get(line, (_("Line %(id)s", id=line.rpartition("/")[2]), ""))
    return Units(number, name, sku)


def _paper(document: Mapping[str, Any]) -> Paper:
    expires_at = _moment(document["expires_at"])
    return Paper(
        label=document_label(document["kind"]),
        address=web_address(document["url"]),
        expires_at=expires_at,
        expired=expires_at is not None and expires_at <= datetime.now(UTC),
    )


def _moment(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def web_address(url: str) -> str:
    """The address if a page may link to it: nothing but http and https."""
    return url if url.lower().startswith(("https://", "http://")) else ""
