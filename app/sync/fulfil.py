"""Gives Shopify what the warehouse has shipped: one step after another, each written down.

Shopify's ``fulfillmentCreate`` takes no idempotency key. So an attempt is written down before it is
made, and one whose outcome nobody knows is looked up among the order's fulfillments first.
"""

from collections.abc import Sequence
from functools import partial

from app.db import session
from app.domain import shipments
from app.domain.facts import Facts, PartFacts
from app.domain.settings import Settings
from app.domain.shipments import Snapshot, Wishes
from app.domain.states import Effect, Event
from app.errors import Rejected
from app.models import Order, OutboundOrder, Shipment, Shop
from app.shopify import fulfillments
from app.shopify.answers import NOT_POSSIBLE
from app.shopify.client import Shopify
from app.sync import archive, attempts, dividing, journal, moves, out_of_sight, shipping, tallies
from app.sync.claims import Claim, finish, renew
from app.sync.engine import atomically, owe_order, record
from app.sync.moves import Move
from app.sync.outside import NORMAL, shopify_for, usable_token
from app.sync.preferences import settings_of

_MOST_STEPS = 8
_ON_HOLD = "Shopify holds this fulfillment order. It is fulfilled when the hold is released."
_NOTHING_LEFT = (
    "Nothing to fulfil: Shopify no longer asks for these units at this location. They were"
    " fulfilled, cancelled or moved there."
)
_REFUSED = (
    "Shopify refused the fulfillment: {words} It is tried again when the order changes there."
)


def fulfil(shop: Shop, claims: Sequence[Claim]) -> None:
    """Bring each claimed shipment to Shopify, as far as it can go now."""
    for claimed in claims:
        for _ in range(_MOST_STEPS):
            move = atomically(lambda claimed=claimed: _decide(shop, claimed))  # type: ignore[misc]
            if move is None:
                break
            _do(shop, claimed, move)


def _do(shop: Shop, claimed: Claim, move: Move) -> None:
    client = shopify_for(shop, NORMAL, token=move.token)
    try:
        answer = move.act(client)
    except Rejected as problem:
        if problem.code == fulfillments.NOT_WHOLE:
            atomically(lambda: _not_whole(claimed))
            return
        if problem.code != NOT_POSSIBLE:
            atomically(lambda: _end_attempt(claimed))
            raise
        words = problem.message
        atomically(lambda: _refused(claimed, words))
        return
    atomically(lambda: move.note(shop, claimed, answer))


def _end_attempt(claimed: Claim) -> None:
    """Shopify answered no: nothing was made, or nothing can be found out. Reads of the order need
    not wait any more; an attempt that was to be looked up still is, before it is tried again."""
    row = session().get_one(Shipment, int(claimed.subject_id))
    if row.attempt is not None:
        attempts.leave(row, row.outbound_order.order)


def _decide(shop: Shop, claimed: Claim) -> Move | None:
    """Find the next step and write down that it begins; None: there is none, the claim is done."""
    row = session().get(Shipment, int(claimed.subject_id))
    settings = settings_of(shop)
    if row is not None and row.attempt is not None and row.reason != out_of_sight.AGE:
        # Whatever has been switched off since: what became of it must be known.
        renew(claimed)
        gid = row.outbound_order.order.gid
        look = partial(fulfillments.read_fulfillments, order=gid)
        return Move(look, _look, usable_token(shop))
    if row is None or row.outbound_order.archived or row.reason or not settings.fulfil:
        finish([claimed])
        return None
    order = row.outbound_order.order
    if order.deleted:
        row.settled = True
        finish([claimed])
        return None
    renew(claimed)
    token = usable_token(shop)
    move = _move(row, order, settings, token)
    if move is None:
        _rest(row, claimed)
    return move


def _move(row: Shipment, order: Order, settings: Settings, token: str) -> Move | None:
    attempts.begin_anew(row)
    part = _part_of(order, row.outbound_order)
    now = shipping.snapshot_of(row, settings)
    wishes = Wishes(on_packed=settings.fulfil_on == "packed")
    step = shipments.next_step(now, shipping.pushed_of(row), part.method if part else "", wishes)
    match step:
        case shipments.Fulfil():
            return _begin(row, order, now, settings, token)
        case shipments.Track(tracking):
            return moves.tracking(row, tracking, token)
        case shipments.Tell(state):
            return moves.telling(row, state, token)
        case shipments.Prepare():
            return moves.preparing(row, token)
        case shipments.Withdraw():
            return moves.withdrawing(row, token)
    dividing.split_off_growth(row, Facts.from_json(order.facts).parts)
    row.settled = True
    return None


def _rest(row: Shipment, claimed: Claim) -> None:
    """Nothing can be done now."""
    if row.settled and row.fulfillment:
        archive.owe_if_wished(row.outbound_order.order)
    finish([claimed])


def _part_of(order: Order, outbound: OutboundOrder) -> PartFacts | None:
    parts = Facts.from_json(order.facts).parts
    return next((part for part in parts if part.id == outbound.fulfillment_order), None)


def _begin(
    row: Shipment, order: Order, now: Snapshot, settings: Settings, token: str
) -> Move | None:
    """Write an attempt down, or say why there can be none."""
    parts = Facts.from_json(order.facts).parts
    if any(part.live and not part.line_ids for part in parts):
        # Kept by an older version, which did not need the ids of the lines.
        owe_order(order, Effect.READ)
        return None
    outbound = row.outbound_order
    if outbound.shopify_hold:
        return moves.lifting(row, token)
    found = dividing.allocate(row, parts)
    if not found.portions:
        _explain(row, order, parts)
        return None
    attempts.begin(row, order, found, now.tracking)
    portions, notify = list(found.portions), settings.notify_customer

    def act(client: Shopify) -> str:
        return fulfillments.create(client, portions, now.tracking, notify=notify)

    return Move(act, _made, token)


def _explain(row: Shipment, order: Order, parts: Sequence[PartFacts]) -> None:
    own = next((p for p in parts if p.id == row.outbound_order.fulfillment_order), None)
    on_hold = own is not None and own.status in ("ON_HOLD", "SCHEDULED")
    _block(
        row, order, "on-hold" if on_hold else "nothing-left", _ON_HOLD if on_hold else _NOTHING_LEFT
    )


def _block(row: Shipment, order: Order, reason: str, message: str) -> None:
    """Say why Shopify can't have it; nothing is tried until the order changes there."""
    row.reason, row.message = reason, message
    journal.write(
        row.shop_id, "not_fulfilled", message, order=order, level=journal.WARNING, code=reason
    )


def _refused(claimed: Claim, words: str) -> None:
    """Shopify's own no: what we know of the order may be old, so it is read; then a change there
    lets the shipment be tried again."""
    row = session().get_one(Shipment, int(claimed.subject_id))
    order = row.outbound_order.order
    attempts.drop(row, order)
    if order.hidden:
        out_of_sight.tell(row, order)
    else:
        _block(row, order, NOT_POSSIBLE, _REFUSED.format(words=words))
    owe_order(order, Effect.READ)
    finish([claimed])


def _not_whole(claimed: Claim) -> None:
    """Nothing was asked for: the next attempt is in parts."""
    renew(claimed)
    row = session().get_one(Shipment, int(claimed.subject_id))
    attempts.drop(row, row.outbound_order.order)
    dividing.note_not_whole(row)


def _made(shop: Shop, claimed: Claim, answer: object) -> None:
    """The fulfillment is there: from now on the ledger counts its units as fulfilled."""
    renew(claimed)
    row = session().get_one(Shipment, int(claimed.subject_id))
    _settle_attempt(shop, row, str(answer))


def _settle_attempt(shop: Shop, row: Shipment, fulfillment: str) -> None:
    outbound, order = row.outbound_order, row.outbound_order.order
    tallies.note_shipped(shop, order)
    missing = attempts.succeed(row, outbound, order, fulfillment)
    record(order, Event.SHIPPED, outbound=outbound)
    if order.returned:
        # What was open again may not be any more.
        owe_order(order, Effect.READ)
    units = sum(row.pushed["units"].values())
    journal.write(
        row.shop_id, "fulfilled", f"Fulfilled in Shopify: {shipments.in_units(units)}.", order=order
    )
    if missing:
        text = f"Units that Shopify no longer asks for: {sum(missing.values())}. {_NOTHING_LEFT}"
        journal.write(
            row.shop_id, "not_fulfilled", text, order=order, level=journal.WARNING, code="partly"
        )


def _look(shop: Shop, claimed: Claim, answer: object) -> None:
    """Take the fulfillment that the attempt made for ours, or let it be tried again."""
    renew(claimed)
    row = session().get_one(Shipment, int(claimed.subject_id))
    order = row.outbound_order.order
    made: list[fulfillments.Made] | None = answer  # type: ignore[assignment]
    if made is None and not order.deleted:
        _not_shown(row, order, claimed)
        return
    ours = attempts.find(row, made or [])
    if ours is None:
        attempts.drop(row, order)
    else:
        _settle_attempt(shop, row, ours)


def _not_shown(row: Shipment, order: Order, claimed: Claim) -> None:
    """The fulfillment may be there, and would be made twice: it is looked up once Shopify shows the
    order again."""
    attempts.leave(row, order)
    out_of_sight.hide(order)
    out_of_sight.tell(row, order)
    owe_order(order, Effect.READ)
    finish([claimed])
