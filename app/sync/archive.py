"""Closes orders in Shopify once everything in them was handed over, where the merchant wants it."""

from collections.abc import Sequence

from app.db import session
from app.domain.facts import Facts
from app.domain.states import Effect
from app.models import Order, Shop
from app.shopify.fulfillments import close_order
from app.sync import journal
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, owe_order
from app.sync.outside import NORMAL, shopify_for
from app.sync.preferences import settings_of


def owe_if_wished(order: Order) -> None:
    """Owe the closing of an order that has nothing more to ship. The caller commits."""
    if _is_over(order) and settings_of_order(order):
        owe_order(order, Effect.ARCHIVE)


def settings_of_order(order: Order) -> bool:
    """Whether the order's shop wants orders closed."""
    return settings_of(session().get_one(Shop, order.shop_id)).archive


def archive(shop: Shop, claims: Sequence[Claim]) -> None:
    """Close each claimed order. Repeating is safe."""
    for claimed in claims:
        order = session().get(Order, int(claimed.subject_id))
        if order is None or not _is_over(order):
            atomically(lambda claimed=claimed: finish([claimed]))  # type: ignore[misc]
            continue
        gid = order.gid
        close_order(shopify_for(shop, NORMAL), gid)
        atomically(lambda claimed=claimed: _closed(claimed))  # type: ignore[misc]


def _closed(claimed: Claim) -> None:
    order = session().get_one(Order, int(claimed.subject_id))
    facts = Facts.from_json(order.facts)
    order.facts = facts.to_json() | {"closed": True}
    journal.write(order.shop_id, "archived", "Archived in Shopify: all is shipped.", order=order)
    finish([claimed])


def _is_over(order: Order) -> bool:
    facts = Facts.from_json(order.facts)
    return not facts.closed and bool(facts.parts) and not facts.live_parts
