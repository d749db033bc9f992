"""Leaves orders for later that changed while they were read: they hold up no others."""

from collections.abc import Mapping, Sequence

from app.domain.shop_order import OrderRead
from app.models import Order
from app.sync.absorb import OVERTAKEN, Before, is_overtaken
from app.sync.claims import Claim, postpone

_WAIT = 0.5


def give_back(
    claims: Sequence[Claim],
    orders: Sequence[Order],
    before: Mapping[int, Before],
    reads: Mapping[str, OrderRead | None],
) -> list[Claim]:
    """Give the claims of orders back of which something newer is known than their read; returns
    the other claims. The caller commits."""
    late = {
        str(order.id) for order in orders if is_overtaken(order, before[order.id], reads[order.gid])
    }
    given_back = [claimed for claimed in claims if claimed.subject_id in late]
    postpone(given_back, _WAIT, OVERTAKEN, hold=_WAIT, counts=False)
    return [claimed for claimed in claims if claimed.subject_id not in late]


def those_of(claims: Sequence[Claim], orders: Sequence[Order]) -> list[Order]:
    """The orders that are claimed."""
    claimed = {claim.subject_id for claim in claims}
    return [order for order in orders if str(order.id) in claimed]
