"""What takes a merchant's yes to stock back, and what follows when it is given."""

from datetime import timedelta

from sqlalchemy import delete, or_, update

from app.db import database_now, session
from app.domain.settings import Settings
from app.domain.states import Effect
from app.models import Connection, Shop, StockLevel, WarehouseStock
from app.sync import journal, stock_marks
from app.sync.owing import owe
from app.sync.runs import SCHEDULE
from app.sync.situations import connection_of, paused_because
from app.sync.stock_runs import begin_comparison, differs
from app.sync.stock_state import is_compared, owe_stock, places_by, reading_of

# So long after a comparison it still tells how Shopify stands.
_FRESH = timedelta(minutes=15)
_QUIETLY = {"synchronize_session": False}
_OTHER_ACCOUNT = (
    "Stock is not set any more: the warehouse account changed. Compare it under Settings, Stock,"
    " and confirm."
)
_OTHER_PLACES = (
    "Stock is not set any more: warehouses count for other locations now. Compare it under"
    " Settings, Stock, and confirm."
)


def account_changed(connection: Connection, actor: str) -> None:
    """Forget what the old account told; nothing is set before the new one's stock was compared.
    The caller commits."""
    shop = session().get_one(Shop, connection.shop_id, populate_existing=True)
    _withdraw(shop, _OTHER_ACCOUNT, actor)
    of_shop = WarehouseStock.shop_id == shop.id
    session().execute(delete(WarehouseStock).where(of_shop), execution_options=_QUIETLY)
    nothing = {"wanted": None, "told": None, "unsent": 0, "due": False, "reason": "", "message": ""}
    mine = update(StockLevel).where(StockLevel.shop_id == shop.id).values(nothing)
    session().execute(mine, execution_options=_QUIETLY)
    reading = reading_of(shop.id)
    reading.snapshot = reading.complete = 0
    reading.told_until = None


def settings_changed(shop: Shop, before: Settings, after: Settings, actor: str) -> Settings:
    """What the settings are to be when a merchant changes them so. Where warehouses count for other
    locations than before, stock must be compared again. The caller commits."""
    connection = connection_of(shop)
    if places_by(before, shop, connection) != places_by(after, shop, connection):
        stock_marks.unsettle(shop)
        reading_of(shop.id).compared_at = None
        if before.stock_confirmed:
            journal.write(
                shop.id, "stock", _OTHER_PLACES, level=journal.WARNING, actor=actor, code="stock"
            )
        return after.model_copy(update={"stock_confirmed": False})
    if _is_on(after) and not _is_on(before):
        begin(shop)
    return after


def look_at_places(shop: Shop) -> None:
    """Take the yes back where a warehouse counts for another location than was compared, though
    nobody changed the settings: a location was closed, or the WMS has another default warehouse.
    The caller commits."""
    if reading_of(shop.id).compared_at is not None and not is_compared(shop):
        _withdraw(shop, _OTHER_PLACES, "")


def begin(shop: Shop) -> None:
    """Stock may be set from now on: what differs is due, and what changed since is read. The caller
    commits."""
    connection = connection_of(shop)
    if connection is not None:
        stock_marks.levels(shop.id, or_(differs(), StockLevel.reason != ""))
        owe(shop.id, ("connection", connection.id), Effect.FEED)
        owe_stock(shop)
        _compare_anew(shop, connection)


def _compare_anew(shop: Shop, connection: Connection) -> None:
    """While stock was not set, anybody may have changed what is known of Shopify's."""
    compared_at = reading_of(shop.id).compared_at
    is_old = compared_at is not None and compared_at < database_now() - _FRESH
    if is_old and not paused_because(connection):
        begin_comparison(shop, connection, SCHEDULE)


def _is_on(settings: Settings) -> bool:
    return settings.update_inventory and settings.stock_confirmed


def _withdraw(shop: Shop, why: str, actor: str) -> None:
    reading_of(shop.id).compared_at = None
    settings = Settings.from_stored(shop.settings)
    if settings.stock_confirmed:
        shop.settings = settings.model_copy(update={"stock_confirmed": False}).to_stored()
        shop.settings_version += 1
        journal.write(shop.id, "stock", why, level=journal.WARNING, actor=actor, code="stock")
