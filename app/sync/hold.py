"""Has the WMS hold what should be held, and release it. What it holds for a reason of its own is
left as it is."""

from collections.abc import Sequence
from contextlib import closing

from app.db import session
from app.errors import Rejected
from app.models import Connection, OutboundOrder, Shop
from app.sync import breaker, journal, unheard, warehouse_state
from app.sync.capabilities import refusal_of
from app.sync.claims import Claim, await_arrival, finish
from app.sync.engine import atomically
from app.sync.on_hold import EDITED, GOES_ON, IN_SHOPIFY
from app.sync.outside import wms_for
from app.sync.situations import connection_of, is_edited, is_on_its_way
from app.wms.http import ConnectorApi

_HELD = {
    EDITED: "The warehouse holds it: it was edited after it was sent.",
    IN_SHOPIFY: "The warehouse holds it: it is on hold in Shopify.",
}
_HELD_ALREADY = "The warehouse holds it already, for a reason of its own."
_STILL_HELD = "The warehouse still holds it, for a reason of its own."


def hold(shop: Shop, claims: Sequence[Claim]) -> None:
    """Hold or release each claimed outbound order, as is wanted now. Repeating is safe."""
    for claimed in claims:
        _hold(shop, claimed)


def _hold(shop: Shop, claimed: Claim) -> None:
    outbound, connection = _unsettled(claimed), connection_of(shop)
    if outbound is not None and is_on_its_way(outbound):
        atomically(lambda: await_arrival([claimed]))
        return
    if outbound is not None:
        warehouse_state.look_first(shop, [outbound.id])
        outbound = _unsettled(claimed)
    if outbound is None or outbound.wms_held or connection is None:
        atomically(lambda: _leave(claimed))
    else:
        _ask(shop, connection, claimed, outbound)


def _unsettled(claimed: Claim) -> OutboundOrder | None:
    """The claimed outbound order, None when it is held or not as is wanted."""
    outbound = session().get(OutboundOrder, int(claimed.subject_id))
    settled = outbound is None or outbound.archived or outbound.hold_wanted == outbound.held
    return None if settled else outbound


def _leave(claimed: Claim) -> None:
    """Nothing is to be asked for; the WMS's own hold is not ours to end."""
    outbound = _unsettled(claimed)
    if outbound is not None and outbound.wms_held:
        outbound.held = outbound.hold_wanted
        message = _HELD_ALREADY if outbound.held else _STILL_HELD
        journal.write(outbound.shop_id, "held", message, order=outbound.order)
    finish([claimed])


def _ask(shop: Shop, connection: Connection, claimed: Claim, outbound: OutboundOrder) -> None:
    wanted, external_id = outbound.hold_wanted, outbound.external_id
    reason = EDITED if is_edited(outbound) else IN_SHOPIFY
    refusal = refusal_of(connection, "hold")
    if refusal is None:
        with closing(wms_for(connection)) as wms:
            refusal = _asked(wms, external_id, reason if wanted else "")
        if refusal is not None:
            unheard.require_word(shop, refusal)
        breaker.answered(connection)
    atomically(lambda: _take(claimed, reason if wanted else "", refusal))


def _asked(wms: ConnectorApi, external_id: str, reason: str) -> Rejected | None:
    """Hold for a reason, or release without one; returns the WMS's refusal, if it refuses."""
    try:
        if reason:
            wms.hold(external_id, reason)
        else:
            wms.release(external_id)
    except Rejected as refusal:
        return refusal
    return None


def _take(claimed: Claim, reason: str, refusal: Rejected | None) -> None:
    """A refusal is final: the log says what a person must do."""
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    outbound.held = bool(reason) and refusal is None
    done = _HELD[reason] if reason else GOES_ON
    undone = f"The warehouse did not {'hold' if reason else 'release'} it."
    message = f"{undone} {refusal.message}" if refusal else done
    level = journal.WARNING if refusal else journal.INFO
    code = refusal.code if refusal else ""
    journal.write(outbound.shop_id, "held", message, order=outbound.order, level=level, code=code)
    finish([claimed])
