"""Where a shop's stock stands: how far its warehouse has told, and whether it may be set."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.db import session
from app.domain import stock
from app.domain.settings import Settings
from app.domain.states import Effect
from app.models import Catalogue, Connection, Run, Shop, StockReading
from app.shopify.inventory import SCOPE
from app.sync import journal
from app.sync.owing import DEFAULT, owe
from app.sync.situations import connection_of, paused_because

JOB, PREVIEW, SCAN = "update_inventory", "stock_preview", "scan_catalogue"
# The cursor of a run that waits until everything that is due was judged.
JUDGING = "judging"
# What was changed in Shopify is judged when the inbox has had a moment to bring the order.
INBOX_WAIT = 2.0
SCOPE_MISSING, NOT_COMPARED = "scope-missing", "not-compared"
PROBLEMS = {
    SCOPE_MISSING: "Stock can't be set: Tagdock may not write inventory. Allow it under Settings,"
    " Access.",
    NOT_COMPARED: "Stock is not set: what it would change was not looked at since the warehouse"
    " account or the locations changed. Compare it under Settings, Stock.",
}


class Mode(StrEnum):
    """What is done about stock: nothing, only compared, or set."""

    OFF = "off"
    COMPARE = "compare"
    SET = "set"


def reading_of(shop_id: int) -> StockReading:
    """How far a shop's warehouse has told of its stock. The caller commits."""
    reading = session().get(StockReading, shop_id)
    if reading is None:
        reading = StockReading(shop_id=shop_id, snapshot=0, complete=0, counted={}, problem="")
        session().add(reading)
        session().flush()
    return reading


def mode_of(shop: Shop) -> Mode:
    """What is to be done about a shop's stock now."""
    if _is_confirmed(shop):
        return Mode.SET if is_compared(shop) else Mode.COMPARE
    return Mode.COMPARE if is_comparing(shop.id) else Mode.OFF


def is_setting(shop: Shop) -> bool:
    """Whether a shop's stock is set; asks nothing of the database where it is off."""
    return _is_confirmed(shop) and is_compared(shop)


def _is_confirmed(shop: Shop) -> bool:
    settings = Settings.from_stored(shop.settings)
    return settings.update_inventory and settings.stock_confirmed


def is_compared(shop: Shop) -> bool:
    """Whether people were shown what setting stock would change, of all that would be set now: no
    warehouse counts for another location than then, whoever changed that."""
    reading = reading_of(shop.id)
    if reading.compared_at is None or reading.places is None:
        return reading.compared_at is not None
    places = places_of(shop, connection_of(shop))
    return all(reading.places.get(code) == location for code, location in places.items())


def is_set(shop: Shop) -> bool:
    """Whether stock is set, and nothing keeps it from being set."""
    judged = can_judge(shop, connection_of(shop))
    return is_setting(shop) and judged and not problem_of(shop)


def is_wanted(shop: Shop) -> bool:
    """Whether the warehouse's stock is to be read at all."""
    on = Settings.from_stored(shop.settings).update_inventory
    return on or is_comparing(shop.id) or open_run(shop.id, SCAN) is not None


def is_comparing(shop_id: int) -> bool:
    """Whether people wait to see what setting stock would change."""
    return open_run(shop_id, PREVIEW) is not None


def open_run(shop_id: int, kind: str) -> Run | None:
    """The newest run of this kind that has not ended."""
    query = session().query(Run).filter_by(shop_id=shop_id, kind=kind, finished_at=None)
    return query.order_by(Run.started_at.desc()).first()


def problem_of(shop: Shop) -> str:
    """The code of what keeps all stock from being compared or set; empty when nothing does."""
    return "" if SCOPE in shop.scopes.split(",") else SCOPE_MISSING


def note_problem(shop_id: int, code: str) -> None:
    """Tell the log of a problem once, as long as it is the same. The caller commits."""
    reading = reading_of(shop_id)
    if reading.problem != code and code:
        journal.write(shop_id, "stock", PROBLEMS[code], level=journal.WARNING, code=code)
    reading.problem = code


def can_judge(shop: Shop, connection: Connection | None) -> bool:
    """Whether what is known of both sides is all of it, and of the account that is connected."""
    told = bool(reading_of(shop.id).complete) and knows_catalogue(shop.id)
    return told and not paused_because(connection)


def knows_catalogue(shop_id: int) -> bool:
    """Whether Shopify's catalogue was scanned: before that, no SKU is known to be missing there."""
    known = session().get(Catalogue, shop_id)
    return known is not None and known.scanned_at is not None


def places_of(shop: Shop, connection: Connection | None) -> dict[str, str]:
    """The location that each warehouse counts for."""
    return places_by(Settings.from_stored(shop.settings), shop, connection)


def places_by(settings: Settings, shop: Shop, connection: Connection | None) -> dict[str, str]:
    """The same by other settings than the shop's own."""
    if connection is None:
        return {}
    told = [str(each.get("code") or "") for each in connection.info.get("warehouses", ())]
    codes = {*told, connection.default_warehouse, *settings.stock_locations}
    active = [place["id"] for place in shop.locations if place["active"]]
    return stock.counting(settings, codes - {""}, connection.default_warehouse, active)


def count(shop_id: int, counts: Mapping[str, int]) -> None:
    """Add to what was done about a shop's stock. The caller commits."""
    reading = reading_of(shop_id)
    known: dict[str, Any] = dict(reading.counted)
    for name, number in counts.items():
        if number:
            known[name] = known.get(name, 0) + number
    reading.counted = known


def owe_stock(shop: Shop, *, lane: str = DEFAULT, wait: float = 0.0) -> None:
    """Owe Shopify the stock that is due. The caller commits."""
    connection = connection_of(shop)
    if connection is not None:
        subject = ("connection", connection.id)
        owe(shop.id, subject, Effect.STOCK, lane=lane, wait=wait)
