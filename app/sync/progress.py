"""Tells Shopify, once, that the warehouse is at work on an order, where the merchant wishes that.

Shopify then shows the fulfillment order as in progress, and moves it no more.
"""

from collections.abc import Sequence

from app.db import session
from app.domain.facts import Facts
from app.domain.states import Effect
from app.domain.warehouse_states import AT_WORK
from app.errors import Rejected
from app.models import OutboundOrder, Shop
from app.shopify import holding
from app.shopify.answers import NOT_POSSIBLE
from app.sync import journal
from app.sync.claims import Claim, finish
from app.sync.engine import atomically
from app.sync.outside import NORMAL, shopify_for
from app.sync.owing import owe
from app.sync.preferences import save, settings_of

_TOLD, _REFUSED = "told", "refused"
_DONE = "Shopify knows: the warehouse is at work on it."
_UNDONE = "Shopify was not told that the warehouse is at work on it. {words}"
_INELIGIBLE = (
    "Shopify lets this app report no progress: apps from its App Store may not. Report progress was"
    " switched off."
)


def owe_if_wished(outbound: OutboundOrder) -> None:
    """Owe Shopify the word that the warehouse is at work. The caller commits."""
    news = outbound.wms_state in AT_WORK and not outbound.progress
    if news and settings_of(session().get_one(Shop, outbound.shop_id)).report_progress:
        owe(outbound.shop_id, ("outbound", str(outbound.id)), Effect.PROGRESS)


def report(shop: Shop, claims: Sequence[Claim]) -> None:
    """Report the progress of each claimed outbound order. Repeating is safe."""
    for claimed in claims:
        _report(shop, claimed)


def _report(shop: Shop, claimed: Claim) -> None:
    outbound = session().get(OutboundOrder, int(claimed.subject_id))
    if outbound is None or not _is_due(shop, outbound):
        atomically(lambda: finish([claimed]))
        return
    gid, problem = outbound.fulfillment_order, None
    try:
        holding.report_progress(shopify_for(shop, NORMAL), gid)
    except Rejected as refusal:
        if refusal.code not in (NOT_POSSIBLE, holding.NOT_FOR_THIS_APP):
            raise
        problem = refusal
    atomically(lambda: _take(shop.id, claimed, problem))


def _is_due(shop: Shop, outbound: OutboundOrder) -> bool:
    """Whether it is still to be told. What is on hold or over can't be in progress."""
    parts = Facts.from_json(outbound.order.facts).live_parts
    status = next((part.status for part in parts if part.id == outbound.fulfillment_order), "")
    may = status == "OPEN" and not (outbound.shopify_hold or outbound.archived)
    return may and not outbound.progress and settings_of(shop).report_progress


def _take(shop_id: int, claimed: Claim, problem: Rejected | None) -> None:
    outbound = session().get_one(OutboundOrder, int(claimed.subject_id))
    if problem is None:
        outbound.progress = _TOLD
        journal.write(shop_id, "told_shopify", _DONE, order=outbound.order)
    elif problem.code == holding.NOT_FOR_THIS_APP:
        _switch_off(shop_id)
    else:
        outbound.progress = _REFUSED
        text = _UNDONE.format(words=problem.message)
        journal.write(
            shop_id,
            "told_shopify",
            text,
            order=outbound.order,
            level=journal.WARNING,
            code=NOT_POSSIBLE,
        )
    finish([claimed])


def _switch_off(shop_id: int) -> None:
    """Explained once, and not asked again."""
    shop = session().get_one(Shop, shop_id)
    if settings_of(shop).report_progress:
        save(shop, {"report_progress": False}, version=shop.settings_version, actor="")
        journal.write(
            shop_id, "settings", _INELIGIBLE, level=journal.WARNING, code="not-for-this-app"
        )
