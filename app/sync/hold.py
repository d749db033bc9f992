"""Holds at the WMS what was edited in Shopify after it was sent, and releases it again."""

from collections.abc import Iterable, Sequence
from contextlib import closing

from app.db import session
from app.domain.settings import Settings
from app.domain.states import Effect
from app.errors import Rejected
from app.models import OutboundOrder, Shop
from app.sync import breaker, journal
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.outside import wms_for
from app.sync.owing import owe
from app.sync.situations import connection_of, is_edited
from app.wms.http import ConnectorApi

_REASON = "Edited in Shopify after it was sent"
_HELD = "The warehouse holds it: it was edited after it was sent."
_RELEASED = "The warehouse goes on with it."


def want_holds(outbounds: Iterable[OutboundOrder], settings: Settings) -> None:
    """Owe a hold of what was edited, where the settings ask for it, and a release of what was not
    edited after all. The caller commits."""
    for outbound in outbounds:
        want_hold(outbound, wanted=settings.after_edit == "hold" and is_edited(outbound))


def want_hold(outbound: OutboundOrder, *, wanted: bool) -> None:
    """Owe a hold or a release of one outbound order, if that is news. The caller commits."""
    if outbound.hold_wanted != wanted:
        outbound.hold_wanted = wanted
        owe(outbound.shop_id, ("outbound", str(outbound.id)), Effect.HOLD)


def hold(shop: Shop, claims: Sequence[Claim]) -> None:
    """Hold or release each claimed outbound order, as is wanted now. Repeating is safe."""
    for claimed in claims:
        _hold(shop, claimed)


def _hold(shop: Shop, claimed: Claim) -> None:
    outbound = session().get(OutboundOrder, int(claimed.subject_id))
    connection = connection_of(shop)
    settled = outbound is None or outbound.archived or outbound.hold_wanted == outbound.held
    if outbound is None or connection is None or settled:
        atomically(lambda: finish([claimed]))
        return
    wanted, external_id = outbound.hold_wanted, outbound.external_id
    with closing(wms_for(connection)) as wms:
        refusal = _asked(wms, external_id, hold=wanted)
    if refusal is not None and breaker.refused(shop, refusal):
        raise refusal
    breaker.answered(connection)
    atomically(lambda: _take(claimed, wanted, refusal))


def _asked(wms: ConnectorApi, external_id: str, *, hold: bool) -> Rejected | None:
    try:
        if hold:
            wms.hold(external_id, _REASON)
        else:
            wms.release(external_id)
    except Rejected as refusal:
        return refusal
    return None


def _take(claimed: Claim, wanted: bool, refusal: Rejected | None) -> None:
    """A refusal is final: the log says what a person must do."""
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    outbound.held = wanted
    done = _HELD if wanted else _RELEASED
    undone = f"The warehouse did not {'hold' if wanted else 'release'} it."
    message = f"{undone} {refusal.message}" if refusal else done
    level = journal.WARNING if refusal else journal.INFO
    code = refusal.code if refusal else ""
    journal.write(outbound.shop_id, "held", message, order=outbound.order, level=level, code=code)
    finish([claimed])
