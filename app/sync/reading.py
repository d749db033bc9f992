"""Reads orders with everything that the shop's settings ask for."""

from collections.abc import Sequence

from app.domain.metadata import metafields_in
from app.domain.settings import Settings
from app.domain.shop_order import OrderRead
from app.models import Shop
from app.shopify import orders
from app.shopify.client import Shopify
from app.sync.preferences import settings_of

_TERMS_SCOPE = "read_payment_terms"


def read_orders(
    shop: Shop, client: Shopify, ids: Sequence[str], settings: Settings | None = None
) -> dict[str, OrderRead | None]:
    """Return each of at most ten orders by its id, None for one that Shopify does not show.
    ``settings``: others than the shop's own."""
    chosen = settings or settings_of(shop)
    return orders.read_orders(
        client,
        ids,
        metafields=metafields_in(chosen.metadata),
        payment_terms=_TERMS_SCOPE in shop.scopes.split(","),
    )
