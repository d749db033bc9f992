"""Cancels a fulfillment in Shopify that a person has pointed to, and lets another be made of its
shipment where that is what was asked for.

``fulfillmentCancel`` may be repeated: the order's fulfillments are read first, every time.
"""

from app.db import session
from app.domain.drift import Repair
from app.domain.gates import OUT_OF_SIGHT
from app.domain.states import Effect
from app.errors import Rejected
from app.models import DriftRow, Order, Shipment, Shop
from app.models.drift import OPEN
from app.shopify import fulfillments
from app.shopify.answers import NOT_POSSIBLE
from app.shopify.client import Shopify
from app.sync import journal, shipping
from app.sync.claims import Claim, finish, postpone
from app.sync.engine import atomically, owe_order
from app.sync.outside import NORMAL, shopify_for
from app.sync.owing import STAFF

REPAIRS = frozenset({Repair.WITHDRAW, Repair.REFULFIL, Repair.REMAKE})
_DONE = "withdrawn"
_LOOK = 1.0
_REFUSED = "Shopify did not cancel the fulfillment: {words}"
_OWNED = "The fulfillment belongs to a shipment by now. It was left as it is."


def is_to_do(row: DriftRow) -> bool:
    """Whether a repair begins with the fulfillment that there is."""
    return row.repair in REPAIRS and not row.about.get(_DONE)


def perform(shop: Shop, claimed: Claim) -> None:
    """Cancel the fulfillment if it still stands, and note what follows."""
    row = session().get_one(DriftRow, int(claimed.subject_id))
    order = session().get_one(Order, row.order_id)
    gid, wanted = order.gid, str(row.about.get("fulfillment", ""))
    if row.repair == Repair.WITHDRAW and _is_owned(shop.id, wanted):
        atomically(lambda: _give_back(claimed, _OWNED))
        return
    words = _cancelled(shopify_for(shop, NORMAL), gid, wanted)
    atomically(lambda: _give_back(claimed, words) if words else _note(claimed))


def _cancelled(client: Shopify, order: str, fulfillment: str) -> str:
    """Cancel a fulfillment if it still stands; returns why that can't be, else nothing."""
    found = fulfillments.read_fulfillments(client, order)
    if found is None:
        return OUT_OF_SIGHT
    if not any(made.id == fulfillment and not made.cancelled for made in found):
        return ""
    try:
        fulfillments.withdraw(client, fulfillment)
    except Rejected as problem:
        if problem.code != NOT_POSSIBLE:
            raise
        return _REFUSED.format(words=problem.message)
    return ""


def _is_owned(shop_id: int, fulfillment: str) -> bool:
    owner = session().query(Shipment.id).filter_by(shop_id=shop_id, fulfillment=fulfillment)
    return owner.first() is not None


def _give_back(claimed: Claim, words: str) -> None:
    row = session().get_one(DriftRow, int(claimed.subject_id))
    row.state, row.message = OPEN, words
    finish([claimed])


def _note(claimed: Claim) -> None:
    row = session().get_one(DriftRow, int(claimed.subject_id))
    order = session().get_one(Order, row.order_id)
    row.about = row.about | {_DONE: True}
    if row.repair != Repair.REFULFIL:
        text = "Cancelled a fulfillment in Shopify, to repair what differs."
        journal.write(row.shop_id, "withdrawn", text, order=order)
        owe_order(order, Effect.READ, lane=STAFF)
    if row.repair != Repair.WITHDRAW:
        _begin_anew(session().get_one(Shipment, row.about["shipment"]), order)
    postpone([claimed], _LOOK, "", hold=0.0, counts=False)


def _begin_anew(shipment: Shipment, order: Order) -> None:
    """The shipment has no fulfillment any more. Its units stay counted as fulfilled until the next
    one is made: the warehouse has shipped them, and must not be asked to cancel them."""
    units = shipment.pushed.get("replaces") or shipment.pushed.get("units", {})
    shipment.fulfillment, shipment.pushed = "", {"replaces": units}
    shipment.settled, shipment.reason, shipment.message = False, "", ""
    order.fulfilled_seq += 1
    shipping.owe_fulfil(shipment, lane=STAFF)
