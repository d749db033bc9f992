"""Which of the seeded orders are ordinary enough to show first."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_YOUNG = timedelta(days=30)
_FEW_LINES = 6


def plain(order: Mapping[str, Any]) -> bool:
    """Whether any shop with a warehouse would send it: paid, recent, addressed, every SKU there.

    ``order`` is everything that the Shopify stand-in tells of it.
    """
    return _settled(order) and _young(order) and _shippable(order)


def _settled(order: Mapping[str, Any]) -> bool:
    ended = order["cancelledAt"] or order["closed"] or order["test"]
    return order["displayFinancialStatus"] == "PAID" and not ended


def _young(order: Mapping[str, Any]) -> bool:
    return datetime.now(UTC) - datetime.fromisoformat(order["createdAt"]) < _YOUNG


def _shippable(order: Mapping[str, Any]) -> bool:
    lines = order["lines"]
    named = all(line["sku"] and line["requiresShipping"] for line in lines)
    return bool(order["shippingAddress"]) and named and len(lines) < _FEW_LINES
