"""The steps after a fulfillment: what to ask Shopify, and what to write down of its answer."""

from collections.abc import Callable
from dataclasses import dataclass

from app.db import session
from app.domain import shipments
from app.domain.shipments import Tracking
from app.domain.states import Event
from app.models import Shipment, Shop
from app.shopify import fulfillments, holding
from app.shopify.client import Shopify
from app.sync import attempts, journal, mirror
from app.sync.claims import Claim, renew
from app.sync.engine import record


@dataclass(frozen=True, slots=True)
class Move:
    """A step that was decided on: what to ask Shopify, and what to write down of the answer."""

    act: Callable[[Shopify], object]
    note: Callable[[Shop, Claim, object], None]
    token: str


def tracking(row: Shipment, wanted: Tracking, token: str) -> Move:
    """Give the fulfillment its new tracking. The buyer had one e-mail already."""
    gid = row.fulfillment

    def note(_shop: Shop, claimed: Claim, _answer: object) -> None:
        fresh = _renewed(claimed)
        fresh.pushed = fresh.pushed | {"tracking": attempts.as_json(wanted)}
        _say(fresh, "tracked", f"Tracking in Shopify: {', '.join(wanted.numbers) or 'a link'}.")

    return Move(lambda client: fulfillments.track(client, gid, wanted, notify=False), note, token)


def telling(row: Shipment, state: str, token: str) -> Move:
    """Tell where the parcel is. What is about to be told is written down, for Shopify keeps as many
    events as it is told: when nobody knows what became of one, they are read first."""
    gid, unknown = row.fulfillment, row.pushed.get("telling") == state
    row.pushed = row.pushed | {"telling": state}

    def act(client: Shopify) -> None:
        if not (unknown and fulfillments.is_told(client, gid, state)):
            fulfillments.tell(client, gid, state)

    def note(_shop: Shop, claimed: Claim, _answer: object) -> None:
        fresh = _renewed(claimed)
        fresh.pushed = fresh.pushed | {"told": state}
        _say(fresh, "told_shopify", f"Shopify knows: {shipments.in_words(state)}.")
        if state == shipments.DELIVERED:
            outbound = fresh.outbound_order
            record(outbound.order, Event.DELIVERED, outbound=outbound)

    return Move(act, note, token)


def preparing(row: Shipment, token: str) -> Move:
    """Tell that a pick-up order is ready."""
    part = row.outbound_order.fulfillment_order

    def note(_shop: Shop, claimed: Claim, _answer: object) -> None:
        fresh = _renewed(claimed)
        fresh.pushed = fresh.pushed | {"prepared": True}
        _say(fresh, "told_shopify", "Shopify knows: ready for pick-up.")

    return Move(lambda client: fulfillments.prepare(client, part), note, token)


def lifting(row: Shipment, token: str) -> Move:
    """Take our own hold away, for Shopify fulfils nothing that is on hold."""
    outbound = row.outbound_order
    # It leaves: the warehouse does not hold it any more, whatever it said last.
    gid, outbound.wms_held = outbound.fulfillment_order, False

    def note(_shop: Shop, claimed: Claim, _answer: object) -> None:
        fresh = _renewed(claimed)
        mirror.lifted(fresh.outbound_order)
        _say(fresh, "held", mirror.LIFTED)

    return Move(lambda client: holding.lift(client, gid), note, token)


def withdrawing(row: Shipment, token: str) -> Move:
    """Take the fulfillment back."""
    gid = row.fulfillment

    def note(_shop: Shop, claimed: Claim, _answer: object) -> None:
        fresh = _renewed(claimed)
        outbound, order = fresh.outbound_order, fresh.outbound_order.order
        attempts.take_back(fresh, outbound, order)
        order.returned = True
        _say(fresh, "withdrawn", "The warehouse took the shipment back; so did Shopify.")
        record(order, Event.FULFILLMENT_CANCELLED)

    return Move(lambda client: fulfillments.withdraw(client, gid), note, token)


def _renewed(claimed: Claim) -> Shipment:
    renew(claimed)
    return session().get_one(Shipment, int(claimed.subject_id))


def _say(row: Shipment, event: str, message: str) -> None:
    journal.write(row.shop_id, event, message, order=row.outbound_order.order)
