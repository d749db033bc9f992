"""Reads what changed in Shopify's catalogue since the last look, then has the SKU doctor go on.

It is owed some time after Shopify says that products changed, however many did, and after a scan.
"""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.db import database_now, session
from app.models import Catalogue, Shop
from app.shopify.catalogue import VariantPage, list_variants
from app.sync import sku_doctor
from app.sync.catalogue import keep, owe_look, state_of
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.outside import BACKGROUND, shopify_for
from app.sync.stock_state import is_wanted, owe_stock

# Products are often changed one after another.
_GATHER = 60.0
_SECONDS = 8.0
# Shopify's search lags behind its data, and clocks differ.
_OVERLAP = timedelta(minutes=5)


def notice(shop_id: int) -> None:
    """Products changed: look at them when others have had the time to follow. The caller
    commits."""
    known = session().get(Catalogue, shop_id)
    if known is not None and known.scan:
        owe_look(shop_id, wait=_GATHER)


def look(shop: Shop, claims: Sequence[Claim]) -> None:
    """Read what changed and go on examining; what is left when the time is up is owed again."""
    end = time.monotonic() + _SECONDS
    more = not read_changes(shop, end)
    while not more and atomically(lambda: sku_doctor.go_on(state_of(shop.id))):
        more = time.monotonic() >= end

    def work() -> None:
        finish(claims)
        if more:
            owe_look(shop.id)

    atomically(work)


def read_changes(shop: Shop, end: float) -> bool:
    """Take in what changed since the last look; True: all of it, False: the time (``end``, of the
    monotonic clock) was up first. Before the catalogue was scanned there is nothing to do. Commits.

    Raises TryLater, Rejected.
    """
    while time.monotonic() < end:
        begun = atomically(lambda: _begin(shop.id))
        if begun is None:
            return True
        since, cursor = begun
        query = f"updated_at:>='{since - _OVERLAP:%Y-%m-%dT%H:%M:%SZ}'"
        client = shopify_for(shop, BACKGROUND)
        found = list_variants(client, after=cursor or None, query=query)
        atomically(lambda found=found, cursor=cursor: _take(shop, cursor, found))  # type: ignore[misc]
        if not found.next_cursor:
            return True
    return False


def _begin(shop_id: int) -> tuple[datetime, str] | None:
    """Since when there may be changes, and where to go on with them."""
    state = state_of(shop_id)
    if state.scanned_at is None or state.changed_until is None:
        return None
    if not state.changes_cursor:
        state.changes_from = database_now()
    return state.changed_until, state.changes_cursor


def _take(shop: Shop, cursor: str, found: VariantPage) -> None:
    """Take a page of changes in, and go on behind it unless somebody else was quicker."""
    state = state_of(shop.id)
    groups = keep(state, found.items, state.scan)
    sku_doctor.look_at(shop.id, groups)
    if groups and is_wanted(shop):
        owe_stock(shop)
    if state.changes_cursor == cursor:
        state.changes_cursor = found.next_cursor or ""
        if not found.next_cursor:
            state.changed_until = state.changes_from
