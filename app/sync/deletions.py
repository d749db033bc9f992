"""Orders deleted in Shopify: believed only when Shopify does not show the order any more."""

from collections.abc import Sequence

from app.db import session
from app.domain.states import Event
from app.errors import TryLater
from app.models import Order, Shop
from app.shopify.orders import read_orders
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, live, record
from app.sync.outside import NORMAL, shopify_for
from app.sync.situations import is_on_its_way

# Shopify may show an order for a moment after it told that it was deleted.
_LOOKS, _BETWEEN = 3, 60.0


def look(shop: Shop, claims: Sequence[Claim]) -> None:
    """See whether Shopify still shows an order that it is said to have deleted; if it does, look
    twice more."""
    claimed = claims[0]
    order = session().get(Order, int(claimed.subject_id))
    if order is None:
        atomically(lambda: finish(claims))
        return
    gid, order_id = order.gid, order.id
    there = read_orders(shopify_for(shop, NORMAL), [gid])[gid] is not None
    if there and claimed.attempts < _LOOKS:
        raise TryLater("Shopify still shows the order.", _BETWEEN)
    atomically(lambda: _conclude(order_id, claims, there=there))


def _conclude(order_id: int, claims: Sequence[Claim], *, there: bool) -> None:
    finish(claims)
    order = session().get(Order, order_id)
    if order is None:
        return
    if there:
        record(order, Event.CHANGED)
    elif not order.deleted:
        _delete(order)


def _delete(order: Order) -> None:
    """What the WMS has of it is asked back; no tag is written any more."""
    order.deleted, order.tracked = True, False
    for outbound in live(order):
        if is_on_its_way(outbound):
            outbound.cancel_wanted = True
        known = bool(outbound.confirmed_revision)
        record(order, Event.CANCELLED if known else Event.DELETED, outbound=outbound)
    order.tag_state, order.reason, order.message = "untracked", "deleted", "Deleted in Shopify."


def lift(order: Order) -> None:
    """Shopify shows an order that counted as deleted: it is there. The caller commits."""
    if not order.deleted:
        return
    order.deleted, order.reason, order.message = False, "", ""
    order.tracked = bool(live(order)) and not order.taken_out
