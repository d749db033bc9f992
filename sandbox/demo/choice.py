"""Which of the seeded orders are ordinary enough to show first."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.demo.journey import state_tags

_YOUNG = timedelta(days=30)


def plain(order: Mapping[str, Any]) -> bool:
    """Whether any shop with a warehouse would send it: paid, recent, addressed, every SKU there."""
    return (
        state_tags(order["tags"]) == "(none)"
        and order["displayFinancialStatus"] == "PAID"
        and not (order["cancelledAt"] or order["closed"] or order["test"])
        and datetime.now(UTC) - datetime.fromisoformat(order["createdAt"]) < _YOUNG
        and bool(order["shippingAddress"])
        and all(line["sku"] for line in order["lineItems"])
    )
