"""Compares with Shopify what webhooks may have missed: every order changed since the last look.
The WMS is asked what it can do by now, too.

After an install it also takes in the orders that were tagged to be sent before.
"""

from datetime import datetime, timedelta

from app.db import database_now, session
from app.domain.states import Effect, Event
from app.domain.tags import TagState, Vocabulary
from app.models import Order, Run, Shop
from app.shopify.orders import list_orders
from app.shopify.values import OrderBrief, OrderPage
from app.sync import connect, returns, runs
from app.sync.absorb import first_seen
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, record
from app.sync.outside import BACKGROUND, settings, shopify_for
from app.sync.owing import BULK, owe

# Shopify's search lags behind its data, and clocks differ.
_OVERLAP = timedelta(minutes=5)
RECONCILE, ADOPT = "reconcile", "adopt"


def reconcile(shop: Shop, claimed: Claim) -> None:
    """Go through one page of orders changed since the last reconciliation."""
    since = (shop.reconciled_until or shop.installed_at) - _OVERLAP
    _look(shop, claimed, f"status:any updated_at:>='{since:%Y-%m-%dT%H:%M:%SZ}'")


def adopt(shop: Shop, claimed: Claim) -> None:
    """Go through one page of orders that somebody tagged to be sent before the install."""
    tag = Vocabulary(settings().tag_prefix).tag(TagState.NO_SYNC)
    _look(shop, claimed, f"status:any tag:'{tag}'")


def _look(shop: Shop, claimed: Claim, query: str) -> None:
    run = session().get_one(Run, claimed.subject_id)
    shop_id, after, started = shop.id, run.cursor or None, run.started_at
    client = shopify_for(shop, BACKGROUND)
    page = list_orders(client, query=query, after=after)
    atomically(lambda: _take(shop_id, claimed, page, started))


def _take(shop_id: int, claimed: Claim, page: OrderPage, started: datetime) -> None:
    shop = session().get_one(Shop, shop_id)
    run = session().get_one(Run, claimed.subject_id)
    found = sum(_compare(shop, brief) for brief in page.orders)
    counts = {"looked": len(page.orders), "changed": found}
    if page.next_cursor:
        runs.count(run, counts)
        run.cursor = page.next_cursor
        owe(shop_id, ("run", run.id), Effect.RUN, lane=BULK)
    else:
        if run.kind == RECONCILE:
            shop.reconciled_until = min(started, database_now())
            connect.owe_look(shop_id)
        runs.finish(run, counts=counts)
    finish([claimed])


def _compare(shop: Shop, brief: OrderBrief) -> int:
    """Read the order again when it is not as we know it, or when our own tags are the last that we
    know: they may have come after a change that nobody told us of."""
    order = session().query(Order).filter_by(shop_id=shop.id, gid=brief.id).one_or_none()
    vocabulary = Vocabulary(settings().tag_prefix)
    seen = vocabulary.state_tags(brief.tags)
    if order is None:
        no_sync = vocabulary.tag(TagState.NO_SYNC).casefold()
        asked = any(tag.casefold() == no_sync for tag in seen)
        if not asked and brief.created_at < shop.installed_at:
            return 0
        record(first_seen(shop, brief.id, name=brief.name), Event.SEEN, lane=BULK)
        return 1
    newer = order.read_updated_at is None or brief.updated_at > order.read_updated_at
    tagged = sorted(seen) != sorted(order.tags_written) and not order.tag_pending
    if newer or tagged or order.hidden:
        record(order, Event.CHANGED, lane=BULK)
        returns.owe_look(shop, order, lane=BULK)
        return 1
    return 0
