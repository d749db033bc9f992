"""Shopify's locations beside the warehouses of the WMS."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.db import session
from app.domain.facts import Facts
from app.domain.settings_spoilt import UNREADABLE
from app.domain.tags import TagState
from app.models import Connection, Order, Shop
from app.sync.preferences import settings_of
from app.sync.situations import connection_of

# Open orders are counted among this many of each state, the newest first.
_COUNTED = 250
_OPEN = (TagState.NO_SYNC, TagState.SYNCING, TagState.ERROR, TagState.UNTRACKED)


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse of the WMS. ``known``: the WMS has named it in its last answer."""

    code: str
    name: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """A location of the shop. ``decided``: somebody has chosen, be it a warehouse's ``code`` or
    None for *Don't send*. ``proposed``: the code of the warehouse of the same name, or empty.
    ``gone``: the shop has no such location any more; ``unreadable``: it stands for choices that
    could not be read."""

    gid: str
    name: str
    active: bool
    decided: bool
    code: str | None
    proposed: str
    open_orders: int
    gone: bool = False

    @property
    def unreadable(self) -> bool:
        return self.gid == UNREADABLE


def warehouses_of(connection: Connection | None) -> list[Warehouse]:
    """The warehouses that the WMS named when it was last asked."""
    named: list[dict[str, Any]] = connection.info.get("warehouses", []) if connection else []
    return [Warehouse(each["code"], each.get("name") or each["code"]) for each in named]


def placed_of(shop: Shop) -> list[Place]:
    """The shop's locations, by name, those that are switched off last."""
    chosen = settings_of(shop).locations
    known = warehouses_of(connection_of(shop))
    counts = open_orders(shop)
    places = [
        Place(
            gid=each["id"],
            name=each["name"],
            active=each.get("active", True),
            decided=each["id"] in chosen,
            code=chosen.get(each["id"]),
            proposed=_proposed(each["name"], known, alone=len(shop.locations) == 1),
            open_orders=counts[each["id"]],
        )
        for each in shop.locations
    ]
    places.sort(key=lambda place: (not place.active, place.name.casefold()))
    return [*places, *_gone(shop, chosen)]


def _gone(shop: Shop, chosen: Mapping[str, str | None]) -> list[Place]:
    """The choices for locations that the shop has not, as far as its own are known."""
    known = {each["id"] for each in shop.locations}
    gone = sorted(gid for gid in chosen if known and gid not in known)
    return [
        Place(
            gid=gid,
            name=location_name(gid),
            active=False,
            decided=True,
            code=chosen[gid],
            proposed="",
            open_orders=0,
            gone=True,
        )
        for gid in gone
    ]


def location_name(gid: str) -> str:
    """What a location is called that the shop has not."""
    if gid == UNREADABLE:
        return _("Choices that could not be read")
    return _("Location %(number)s", number=gid.rpartition("/")[2])


def choices(places: Sequence[Place], known: Sequence[Warehouse]) -> list[Warehouse]:
    """The warehouses to choose from, and those chosen once that the WMS does not name now."""
    codes = {warehouse.code for warehouse in known}
    chosen = {place.code for place in places if place.code and not place.gone}
    gone = sorted(chosen - codes)
    return [*known, *(Warehouse(code, code, known=False) for code in gone)]


def proposals(places: Sequence[Place]) -> list[Place]:
    """The locations nobody has decided on for which there is something to propose."""
    return [place for place in places if place.proposed and not place.decided]


def undecided(places: Sequence[Place]) -> list[Place]:
    """The locations in use that nobody has decided on while others lead to a warehouse: their
    orders are not sent."""
    if not any(place.code for place in places):
        return []
    return [place for place in places if place.active and not place.decided]


def _proposed(name: str, known: Sequence[Warehouse], *, alone: bool) -> str:
    same = [each.code for each in known if each.name.casefold() == name.casefold()]
    if not same and alone and len(known) == 1:
        return known[0].code
    return same[0] if same else ""


def open_orders(shop: Shop) -> Counter[str]:
    """How many orders not yet at the warehouse have something to ship at each location."""
    return Counter(
        location
        for facts in _facts(shop)
        if not facts.cancelled
        for location in {part.location for part in facts.live_parts}
    )


def _facts(shop: Shop) -> Iterator[Facts]:
    for state in _OPEN:
        query = (
            select(Order.facts)
            .where(Order.shop_id == shop.id, Order.tag_state == state, Order.deleted.is_(False))
            .order_by(Order.placed_at.desc())
            .limit(_COUNTED)
        )
        yield from map(Facts.from_json, session().scalars(query))
