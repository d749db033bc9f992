"""Takes in what the warehouse tells of shipments. Only what is newer than the last telling counts,
so it does not matter how often, in what order or by which way it comes."""

from collections.abc import Sequence
from urllib.parse import urlsplit

from sqlalchemy import update

from app.db import database_now, session
from app.domain import carriers
from app.domain.settings import Settings
from app.domain.shipments import CANCELLED, Pushed, Snapshot, Tracking, in_units, in_words
from app.domain.states import Effect
from app.models import Connection, OutboundOrder, Shipment
from app.sync import dividing, journal
from app.sync.engine import owe_order
from app.sync.order_terms import keep_numbers
from app.sync.owing import DEFAULT, STAFF, owe
from app.wms import feeds

NEW, CHANGED, KNOWN, UNKNOWN = "new", "changed", "known", "unknown"


def take(connection: Connection, told: feeds.Shipment) -> str:
    """Keep a shipment and owe Shopify what is new of it; returns what it was. The caller
    commits."""
    row = _row(connection, told.id)
    if row is not None and row.told_version >= told.version:
        return KNOWN
    outbound = row.outbound_order if row else outbound_of(connection, told.external_id)
    if outbound is None:
        return UNKNOWN
    fresh = row is None
    if row is None:
        row = Shipment(
            shop_id=connection.shop_id,
            order_id=outbound.order_id,
            outbound_order_id=outbound.id,
            connection_id=connection.id,
            generation=connection.generation,
            number=told.id,
        )
        session().add(row)
    parts = [] if fresh else dividing.parts_of(row)
    _keep(row, told)
    dividing.share_out(row, parts)
    session().flush()
    for each in (row, *parts):
        _follow(outbound, each)
        owe_fulfil(each)
    keep_numbers(row.shop_id, row.order_id, [package["number"] for package in row.packages])
    journal.write(
        connection.shop_id, "told", f"The warehouse: {_words(told)}.", order=outbound.order
    )
    return NEW if fresh else CHANGED


def _follow(outbound: OutboundOrder, row: Shipment) -> None:
    """Keep what left before the warehouse lost an order (``losses.py``) true."""
    before = dict(outbound.shipped_before)
    if before.pop(str(row.id), None) is not None:
        taken_back = row.state == CANCELLED
        outbound.shipped_before = before | ({} if taken_back else {str(row.id): row.lines})


def owe_fulfil(row: Shipment, *, lane: str = DEFAULT) -> None:
    """Owe Shopify what it has not of a shipment. The caller commits."""
    owe(row.shop_id, ("shipment", str(row.id)), Effect.FULFIL, lane=lane)


def unsettle(shop_id: int) -> None:
    """The rules have changed: shipments that were not to be fulfilled yet may be now. The next
    export looks at them. The caller commits."""
    session().execute(
        update(Shipment)
        .where(Shipment.shop_id == shop_id, Shipment.settled, Shipment.fulfillment == "")
        .values(settled=False),
        execution_options={"synchronize_session": False},
    )


def owe_those_of(order_id: int) -> None:
    """Look again at what an order's shipments could not do so far. The caller commits."""
    waiting = session().query(Shipment).filter_by(order_id=order_id, settled=False)
    for row in waiting.order_by(Shipment.id):
        row.reason, row.message = "", ""
        owe_fulfil(row)


def try_again(shop_id: int, ids: Sequence[int], actor: str) -> int:
    """A person wants these shipments fulfilled now, whatever kept them; the orders are read too,
    for what is known of them may be old. How many there were to try. The caller commits, then
    rings."""
    query = session().query(Shipment).filter(Shipment.shop_id == shop_id, Shipment.id.in_(ids))
    rows = query.filter_by(settled=False).order_by(Shipment.id).all()
    for row in rows:
        order = row.outbound_order.order
        row.reason, row.message = "", ""
        owe_fulfil(row, lane=STAFF)
        owe_order(order, Effect.READ, lane=STAFF)
        journal.write(shop_id, "asked", "Asked to be fulfilled again.", order=order, actor=actor)
    return len(rows)


def _row(connection: Connection, number: str) -> Shipment | None:
    return (
        session()
        .query(Shipment)
        .filter_by(connection_id=connection.id, generation=connection.generation, number=number)
        .one_or_none()
    )


def outbound_of(connection: Connection, external_id: str) -> OutboundOrder | None:
    """The outbound order that the warehouse knows by this id."""
    return (
        session()
        .query(OutboundOrder)
        .filter_by(
            connection_id=connection.id,
            generation=connection.generation,
            external_id=external_id,
        )
        .one_or_none()
    )


def _keep(row: Shipment, told: feeds.Shipment) -> None:
    row.told_version, row.state, row.seen_at = told.version, told.state[:32], database_now()
    row.lines = _quantities(told)
    row.packages = [
        {
            "code": package.carrier.code[:64],
            "name": package.carrier.name[:64],
            "number": package.tracking_number[:255],
            "url": _address(package.tracking_url),
        }
        for package in told.packages[:100]
    ]
    row.documents = [
        {"kind": each.kind[:32], "url": _address(each.url), "expires_at": each.expires_at[:40]}
        for each in told.documents[:20]
        if _address(each.url)
    ]
    row.settled, row.reason, row.message = False, "", ""


def _quantities(told: feeds.Shipment) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in told.lines:
        found[line.line_id] = found.get(line.line_id, 0) + line.quantity
    return {line: number for line, number in found.items() if number}


def _address(url: str) -> str:
    """A web address that a page may link to, else nothing."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return url if parts.scheme in ("http", "https") and parts.hostname and len(url) < 2000 else ""


def _words(told: feeds.Shipment) -> str:
    units = sum(line.quantity for line in told.lines)
    numbers = ", ".join(package.tracking_number for package in told.packages[:5])
    return f"{in_words(told.state)}, {in_units(units)}" + (
        f", {numbers}" if numbers.strip(", ") else ""
    )


def snapshot_of(row: Shipment, settings: Settings) -> Snapshot:
    """A shipment as the warehouse told last, its carriers by Shopify's names."""
    packages = [package for package in row.packages if package["number"] or package["url"]]
    names = [
        carriers.company_for(package["code"], package["name"], settings.carriers)
        for package in row.packages
    ]
    tracking = Tracking(
        company=next((name for name in names if name), ""),
        numbers=tuple(package["number"] for package in packages if package["number"]),
        urls=tuple(package["url"] for package in packages if package["url"]),
    )
    return Snapshot(row.state, row.lines, tracking)


def pushed_of(row: Shipment) -> Pushed:
    """What Shopify has of a shipment."""
    given = row.pushed.get("tracking") or {}
    return Pushed(
        fulfillment=row.fulfillment,
        tracking=Tracking(
            given.get("company", ""), tuple(given.get("numbers", ())), tuple(given.get("urls", ()))
        ),
        told=row.pushed.get("told", ""),
        prepared=row.pushed.get("prepared", False),
        withdrawn=row.pushed.get("withdrawn", False),
    )
