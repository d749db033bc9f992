"""Finds what is to come back: returns that were opened in Shopify, of units that the warehouse has
shipped.

Shopify tells of them only an app with the scope for it, so they are looked for when an order that
was shipped has changed, and by the job *Cancellations*. What is kept of them is in
``returns_kept.py``.
"""

from collections.abc import Sequence

from sqlalchemy import select

from app.db import session
from app.domain.facts import Facts
from app.domain.states import Effect
from app.errors import Rejected
from app.models import Order, Return, Shop
from app.shopify import orders as shopify_orders
from app.shopify import returns as shopify_returns
from app.shopify.returns import ReturnsRead
from app.sync import returns_kept
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, owe_order
from app.sync.outside import BACKGROUND, NORMAL, shopify_for
from app.sync.owing import DEFAULT, owe
from app.sync.situations import connection_of

_SCOPES = {"read_returns", "write_returns"}
# Several things happen to an order at once; one look is enough.
_WAIT = 1.0
# Fifty orders each. Known returns stand first, so the new ones are on the last page.
_MOST_PAGES = 40


def may_read(shop: Shop) -> bool:
    """Whether Shopify shows us returns."""
    return bool(_SCOPES & set(shop.scopes.split(",")))


def owe_look(shop: Shop, order: Order, *, lane: str = DEFAULT) -> None:
    """Owe a look at an order's returns, if there can be any. The caller commits."""
    shipped = any(any(outbound.fulfilled_lines.values()) for outbound in order.outbound_orders)
    closed = order.outbound_orders and any(
        not part.live for part in Facts.from_json(order.facts).parts
    )
    if may_read(shop) and (shipped or closed):
        owe_order(order, Effect.FIND_RETURNS, lane=lane, wait=_WAIT)


def find(shop: Shop, claims: Sequence[Claim]) -> None:
    """Look at the claimed orders' returns, and keep what is new of them."""
    gids = {
        order.id: order.gid
        for claimed in claims
        if (order := session().get(Order, int(claimed.subject_id))) and not order.deleted
    }
    if not gids or not may_read(shop):
        atomically(lambda: finish(claims))
        return
    known = set(session().scalars(select(Return.order_id).where(Return.order_id.in_(gids))))
    try:
        found = _read(shop, gids, known)
    except Rejected as problem:
        if problem.code != shopify_returns.SCOPE_MISSING:
            raise
        atomically(lambda: _scope_is_gone(shop, claims))
        return
    atomically(lambda: _take_all(shop, found, claims))


def _read(shop: Shop, gids: dict[int, str], known: set[int]) -> dict[int, ReturnsRead]:
    client = shopify_for(shop, NORMAL)
    there = shopify_returns.with_returns(client, list(gids.values()))
    return {
        order_id: shopify_returns.read_returns(client, gid)
        for order_id, gid in gids.items()
        if gid in there or order_id in known
    }


def _scope_is_gone(shop: Shop, claims: Sequence[Claim]) -> None:
    owe(shop.id, ("shop", str(shop.id)), Effect.READ_SHOP)
    finish(claims)


def _take_all(shop: Shop, found: dict[int, ReturnsRead], claims: Sequence[Claim]) -> None:
    connection = connection_of(shop)
    for order_id, read in found.items() if connection else ():
        order = session().get_one(Order, order_id)
        for each in read.returns:
            assert connection is not None
            returns_kept.take(order, each, read, connection)
    finish(claims)


def look_for_new(shop: Shop) -> None:
    """Owe a look at orders with a return under way that we know nothing of. Commits."""
    if not may_read(shop):
        return
    client, after = shopify_for(shop, BACKGROUND), None
    query = "status:any AND return_status:in_progress"
    for _ in range(_MOST_PAGES):
        page = shopify_orders.list_orders(client, query=query, after=after)
        gids = [brief.id for brief in page.orders]
        atomically(lambda gids=gids: _owe_unknown(shop, gids))  # type: ignore[misc]
        after = page.next_cursor
        if not after:
            return


def _owe_unknown(shop: Shop, gids: Sequence[str]) -> None:
    known = select(Return.order_id).where(Return.shop_id == shop.id)
    query = session().query(Order).filter(Order.shop_id == shop.id, Order.gid.in_(gids))
    for order in query.filter(Order.id.not_in(known.scalar_subquery())).order_by(Order.id):
        owe_look(shop, order)
