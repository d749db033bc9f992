"""Shadow run: the last orders through the rules and documents, with nothing written anywhere.

Reads Shopify alone. No row is added, no tag is written, the WMS is not asked.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from app.db import session
from app.domain import documents, rules
from app.domain.documents import Addressee
from app.domain.facts import facts_of
from app.domain.metadata import metafields_in
from app.domain.plan import plan
from app.domain.rules import Verdict
from app.domain.settings import Settings
from app.domain.shop_order import OrderRead
from app.domain.situation import Situation
from app.models import Connection, Order, Shop
from app.shopify.orders import MOST_READ, last_orders, read_orders
from app.sync.outside import URGENT, shopify_for
from app.sync.situations import connection_of, situation_of

MOST = 50
# No more orders are asked for after this many seconds.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Shadow:
    """What would become of one order. ``closed`` is the gate it would wait at, None when it would
    be sent; ``documents`` is what the WMS would get, one for each warehouse order."""

    gid: str
    name: str
    closed: Verdict | None
    documents: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Preview:
    """The orders looked at, the newest first. ``complete``: there was time for all of them."""

    shadows: list[Shadow]
    complete: bool = True


def preview(shop: Shop, settings: Settings, count: int) -> Preview:
    """Say what would become of the shop's last orders under these settings.

    Raises TryLater and Rejected as a read of Shopify does. Ends the transaction; writes nothing.
    """
    shop_id = shop.id
    client = shopify_for(shop, URGENT)
    begun = time.monotonic()
    ids, metafields = last_orders(client, count), metafields_in(settings.metadata)
    reads: list[OrderRead] = []
    for chunk in _chunks(ids):
        if time.monotonic() - begun > PATIENCE:
            return Preview(_judged(shop_id, settings, reads), complete=False)
        found = read_orders(client, chunk, metafields=metafields)
        reads += [read for each in chunk if (read := found[each]) is not None]
    return Preview(_judged(shop_id, settings, reads))


def _chunks(ids: list[str]) -> Iterator[list[str]]:
    return (ids[start : start + MOST_READ] for start in range(0, len(ids), MOST_READ))


def _judged(shop_id: int, settings: Settings, reads: list[OrderRead]) -> list[Shadow]:
    """Judge reads of orders as if they had just come in, with automatic processes on."""
    session().connection(execution_options={"reading": True})
    known = session().get_one(Shop, shop_id)
    connection = connection_of(known)
    with session().no_autoflush:
        found = [_shadow(read, known, connection, settings) for read in reads]
    session().rollback()
    return found


def _shadow(
    read: OrderRead, shop: Shop, connection: Connection | None, settings: Settings
) -> Shadow:
    at = replace(
        situation_of(_stand_in(read, shop), shop, connection), automatic=True, settings=settings
    )
    return Shadow(read.id, read.name, rules.closed(at), _documents(read, at))


def _stand_in(read: OrderRead, shop: Shop) -> Order:
    """A row for the order as if it had just been read; it never gets near the database."""
    return Order(
        shop_id=shop.id,
        gid=read.id,
        name=read.name,
        placed_at=read.created_at,
        first_seen_at=read.created_at,
        facts=facts_of(read).to_json(),
        tracked=True,
        manual=False,
        put_in=False,
        hidden=False,
        deleted=False,
        returned=False,
        outbound_orders=[],
    )


def _documents(read: OrderRead, at: Situation) -> list[dict[str, Any]]:
    """The first revision of each warehouse order, as if the WMS had nothing of it yet."""
    wanted = plan(at.parts, [], at.warehouse_for).wanted
    carrier = wanted[0].external_id if wanted and at.facts.cash_on_delivery else ""
    return [
        documents.build(
            read,
            Addressee(
                each.external_id, each.fulfillment_order, each.warehouse, each.lines, carrier
            ),
            at.settings,
        )
        for each in wanted
    ]
