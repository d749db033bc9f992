"""Keeps the latest shipping time the same on both sides: whoever changed it last is followed.

What Shopify wants goes with the document; a change after that goes by itself, where the WMS takes
it so, and with a new revision where it does not. A change by the WMS becomes Shopify's deadline.
"""

from collections.abc import Sequence
from contextlib import closing
from datetime import datetime

from app.db import session
from app.domain.facts import Facts
from app.domain.states import Effect
from app.domain.warehouse_states import OVER
from app.errors import Rejected
from app.models import OutboundOrder, Shop
from app.shopify import holding
from app.shopify.answers import NOT_POSSIBLE
from app.sync import breaker, journal, unheard
from app.sync.capabilities import can
from app.sync.claims import Claim, await_arrival, finish
from app.sync.engine import atomically, owe_order
from app.sync.outside import NORMAL, shopify_for, wms_for
from app.sync.owing import owe
from app.sync.situations import connection_of, is_on_its_way

_WMS, _SHOPIFY = "wms", "shopify"
_UNSUPPORTED = "unsupported"
_NONE = "No latest shipping time any more."


def seen_in_shopify(outbound: OutboundOrder, ship_by: datetime | None, *, as_sent: bool) -> None:
    """Note by when Shopify wants it to leave. ``as_sent``: the WMS has got just this content. The
    caller commits."""
    if outbound.ship_by == ship_by:
        return
    if as_sent and outbound.ship_by is None and outbound.wms_ship_by is None:
        outbound.wms_ship_by = ship_by
    outbound.ship_by = ship_by
    _owe_wms(outbound)


def accepted(outbound: OutboundOrder) -> None:
    """The WMS has the revision that was sent, and its shipping time. The caller commits."""
    outbound.wms_ship_by = outbound.sent_ship_by
    _owe_wms(outbound)


def _owe_wms(outbound: OutboundOrder) -> None:
    outbound.ship_by_for = ""
    if outbound.confirmed_revision and outbound.ship_by != outbound.wms_ship_by:
        outbound.ship_by_for = _WMS
        _owe(outbound, Effect.SLA)


def seen_at_wms(outbound: OutboundOrder, ship_by: datetime | None) -> None:
    """Note by when the WMS says that it must leave; None: it does not say. The caller commits."""
    if ship_by is None or ship_by == outbound.wms_ship_by:
        return
    outbound.wms_ship_by, outbound.ship_by_for = ship_by, ""
    if ship_by != outbound.ship_by:
        outbound.ship_by_for = _SHOPIFY
        _say(outbound, f"The warehouse has set the latest shipping time: {_text(ship_by)}.")
        _owe(outbound, Effect.DEADLINE)


def tell_wms(shop: Shop, claims: Sequence[Claim]) -> None:
    """Tell the WMS by when each claimed outbound order must leave. Repeating is safe."""
    for claimed in claims:
        _tell_wms(shop, claimed)


def _tell_wms(shop: Shop, claimed: Claim) -> None:
    outbound = session().get(OutboundOrder, int(claimed.subject_id))
    connection = connection_of(shop)
    alone = connection is not None and can(connection, "sla")
    if outbound is None or connection is None or not (alone and _is_for(outbound, _WMS)):
        atomically(lambda: finish([claimed]))
        return
    if is_on_its_way(outbound):
        atomically(lambda: await_arrival([claimed]))
        return
    wanted, external_id, refusal = outbound.ship_by, outbound.external_id, None
    with closing(wms_for(connection)) as wms:
        try:
            wms.ship_by(external_id, wanted)
        except Rejected as problem:
            refusal = problem
    if refusal is not None:
        unheard.require_word(shop, refusal)
    breaker.answered(connection)
    atomically(lambda: _told_wms(shop, claimed, wanted, refusal))


def _is_for(outbound: OutboundOrder, whom: str) -> bool:
    over = outbound.archived or outbound.wms_state in OVER or outbound.order.deleted
    return outbound.ship_by_for == whom and not over


def _told_wms(
    shop: Shop, claimed: Claim, wanted: datetime | None, refusal: Rejected | None
) -> None:
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    if outbound.ship_by == wanted:
        outbound.ship_by_for = ""
    if refusal is None:
        outbound.wms_ship_by = wanted
        _say(outbound, f"The warehouse knows: {_ship_by(wanted)}")
    elif refusal.code == _UNSUPPORTED:
        _goes_with_a_revision(shop, outbound)
    else:
        text = f"The warehouse did not take the latest shipping time. {refusal.message}"
        _say(outbound, text, code=refusal.code)
    finish([claimed])


def _goes_with_a_revision(shop: Shop, outbound: OutboundOrder) -> None:
    """Remember that the WMS lacks it, and plan the order again."""
    connection = connection_of(shop)
    if connection is not None:
        abilities = {**connection.info.get("capabilities", {}), "sla": False}
        connection.info = {**connection.info, "capabilities": abilities}
    owe_order(outbound.order, Effect.READ)


def tell_shopify(shop: Shop, claims: Sequence[Claim]) -> None:
    """Give Shopify's fulfillment orders the deadline that the WMS has. Repeating is safe."""
    for claimed in claims:
        _tell_shopify(shop, claimed)


def _tell_shopify(shop: Shop, claimed: Claim) -> None:
    outbound = session().get(OutboundOrder, int(claimed.subject_id))
    wanted = outbound.wms_ship_by if outbound and _is_for(outbound, _SHOPIFY) else None
    if outbound is None or wanted is None or not _is_open(outbound):
        atomically(lambda: finish([claimed]))
        return
    gid, words = outbound.fulfillment_order, ""
    try:
        holding.set_deadline(shopify_for(shop, NORMAL), gid, wanted)
    except Rejected as problem:
        if problem.code != NOT_POSSIBLE:
            raise
        words = problem.message
    atomically(lambda: _told_shopify(claimed, wanted, words))


def _is_open(outbound: OutboundOrder) -> bool:
    parts = Facts.from_json(outbound.order.facts).live_parts
    return any(part.id == outbound.fulfillment_order for part in parts)


def _told_shopify(claimed: Claim, wanted: datetime, words: str) -> None:
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    if outbound.wms_ship_by == wanted and outbound.ship_by_for == _SHOPIFY:
        outbound.ship_by_for = ""
    if words:
        _say(outbound, f"Shopify did not take the deadline. {words}", code=NOT_POSSIBLE)
    else:
        outbound.ship_by = wanted
        # A read that began before would show the old one as news.
        outbound.order.fulfilled_seq += 1
        _say(outbound, f"Shopify knows: {_ship_by(wanted)}")
    finish([claimed])


def _owe(outbound: OutboundOrder, effect: Effect) -> None:
    owe(outbound.shop_id, ("outbound", str(outbound.id)), effect)


def _ship_by(moment: datetime | None) -> str:
    return f"ship by {_text(moment)}." if moment else _NONE.lower()


def _text(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"


def _say(outbound: OutboundOrder, message: str, *, code: str = "") -> None:
    level = journal.WARNING if code else journal.INFO
    journal.write(
        outbound.shop_id, "ship_by", message, order=outbound.order, level=level, code=code
    )
