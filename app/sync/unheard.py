"""Tells an answer of the WMS about an order from one that says nothing of it."""

from app.errors import Rejected, TryLater
from app.models import Shop
from app.sync import breaker

# Not the connector API answered, or nobody was asked.
_NOT_THE_WMS = ("not-the-contract", "app-url-")
_TOO_MUCH = "rate-limited"


def require_word(shop: Shop, refusal: Rejected) -> None:
    """Return when a refusal is about the order that the WMS was asked about. One that says nothing
    of it is raised: as Rejected where the WMS refuses us, which pauses sending, else as TryLater,
    for it passes by itself."""
    if breaker.refused(shop, refusal):
        raise refusal
    if refusal.code.startswith(_NOT_THE_WMS) or refusal.code == _TOO_MUCH:
        raise TryLater(refusal.message) from refusal
