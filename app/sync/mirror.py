"""Shows the warehouse's own holds in Shopify, by a hold that is known as ours, and takes it away.

A person who releases that hold in Shopify has the warehouse asked to go on. Our own hold is no hold
to us: it is never sent back, keeps nothing from being sent, and goes before we fulfil.
"""

from collections.abc import Sequence

from app.db import session
from app.domain.facts import Facts, PartFacts
from app.domain.states import Effect
from app.errors import Rejected
from app.models import Order, OutboundOrder, Shop
from app.shopify import holding
from app.shopify.answers import NOT_POSSIBLE
from app.sync import journal
from app.sync.claims import Claim, finish
from app.sync.engine import atomically, live
from app.sync.outside import NORMAL, shopify_for
from app.sync.owing import owe

_NOTES = "Held by the warehouse"
_HELD = "Held in Shopify too, because the warehouse holds it."
LIFTED = "The warehouse's hold is gone from Shopify."
_BY_HAND = "The warehouse's hold was released in Shopify. The warehouse is asked to go on."
_REFUSED = "Not held in Shopify. {words} The warehouse holds it all the same."


def owe_mirror(outbound: OutboundOrder) -> None:
    """Owe Shopify what the warehouse says of holding. The caller commits."""
    owe(outbound.shop_id, ("outbound", str(outbound.id)), Effect.MIRROR)


def let_go(shop_id: int) -> None:
    """The warehouse account is another from now on: what the old one holds is not shown any more.
    The caller commits."""
    shown = (
        session()
        .query(OutboundOrder)
        .filter(OutboundOrder.shop_id == shop_id, OutboundOrder.shopify_hold != "")
    )
    for outbound in shown:
        owe_mirror(outbound)


def compare(order: Order) -> None:
    """Note what became of our holds in Shopify, as the last read shows them. The caller commits."""
    parts = {part.id: part for part in Facts.from_json(order.facts).parts}
    newest = {outbound.fulfillment_order: outbound for outbound in live(order)}
    for gid, outbound in newest.items():
        part = parts.get(gid)
        there = part.own_hold if part is not None and part.live else ""
        if there != outbound.shopify_hold:
            _note(outbound, part, there)


def _note(outbound: OutboundOrder, part: PartFacts | None, there: str) -> None:
    outbound.shopify_hold = there
    if not there and outbound.wms_held and part is not None and part.live:
        _released_by_hand(outbound)
    elif bool(there) != outbound.wms_held:
        owe_mirror(outbound)


def _released_by_hand(outbound: OutboundOrder) -> None:
    """The hold is ours to end from now on, unless Shopify holds it for another reason too."""
    outbound.wms_held, outbound.held = False, True
    owe(outbound.shop_id, ("outbound", str(outbound.id)), Effect.HOLD)
    journal.write(outbound.shop_id, "held", _BY_HAND, order=outbound.order)


def mirror(shop: Shop, claims: Sequence[Claim]) -> None:
    """Have each claimed outbound order held in Shopify as it is at the warehouse, or not."""
    for claimed in claims:
        _mirror(shop, claimed)


def _mirror(shop: Shop, claimed: Claim) -> None:
    outbound = session().get(OutboundOrder, int(claimed.subject_id))
    if outbound is None or not _is_due(outbound):
        atomically(lambda: finish([claimed]))
        return
    gid, wanted = outbound.fulfillment_order, _is_wanted(outbound)
    notes = f"{_NOTES}: {outbound.hold_reason}" if outbound.hold_reason else _NOTES
    client, there, words = shopify_for(shop, NORMAL), "", ""
    try:
        if wanted:
            there = holding.hold(client, gid, notes)
        else:
            holding.lift(client, gid)
    except Rejected as problem:
        if problem.code != NOT_POSSIBLE:
            raise
        words = problem.message
    atomically(lambda: _done(claimed, there, words))


def _is_due(outbound: OutboundOrder) -> bool:
    parts = Facts.from_json(outbound.order.facts).live_parts
    open_in_shopify = any(part.id == outbound.fulfillment_order for part in parts)
    differs = _is_wanted(outbound) != bool(outbound.shopify_hold)
    return differs and open_in_shopify and not outbound.order.deleted


def _is_wanted(outbound: OutboundOrder) -> bool:
    return outbound.wms_held and not outbound.archived


def _done(claimed: Claim, there: str, words: str) -> None:
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    order = outbound.order
    if words:
        journal.write(
            outbound.shop_id,
            "held",
            _REFUSED.format(words=words),
            order=order,
            level=journal.WARNING,
            code=NOT_POSSIBLE,
        )
    else:
        lifted(outbound, there)
        journal.write(outbound.shop_id, "held", _HELD if there else LIFTED, order=order)
    finish([claimed])


def lifted(outbound: OutboundOrder, there: str = "") -> None:
    """Note which hold of ours Shopify has now; a read that began before knows less than we do. The
    caller commits."""
    outbound.shopify_hold = there
    outbound.order.fulfilled_seq += 1
