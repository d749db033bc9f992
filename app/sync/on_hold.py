"""What the WMS should hold, because it was edited or put on hold in Shopify after it was sent, and
what it holds for a reason of its own. Each side's hold outlives the other's.

To the WMS an order is on hold or not, whoever asked for it: who did is told by the reason.
"""

from sqlalchemy import select

from app.db import session
from app.domain.facts import Facts
from app.domain.settings import Settings
from app.domain.states import ON_ITS_WAY, Effect, State
from app.domain.warehouse_states import ON_HOLD, OVER
from app.models import Connection, Order, OutboundOrder, Owed
from app.sync import journal, mirror
from app.sync.capabilities import lacks
from app.sync.engine import live
from app.sync.owing import owe
from app.sync.situations import is_edited

# The reasons that we give the WMS.
EDITED, IN_SHOPIFY = "Edited in Shopify after it was sent", "On hold in Shopify"
GOES_ON = "The warehouse goes on with it."
_THERE = ON_ITS_WAY | {State.ACCEPTED}
_OWN, _QUOTED = "The warehouse holds it.", "{rest} It says: “{quote}”."
_OVERRULED = "The warehouse goes on with it, though it is on hold in Shopify."


def want_holds(order: Order, settings: Settings) -> None:
    """Owe a hold of what is on hold in Shopify or was edited, where the settings ask for that, and
    a release of what is neither any more. The caller commits."""
    held = _held_in_shopify(order)
    for outbound in live(order):
        edited = settings.after_edit == "hold" and is_edited(outbound)
        on_hold = outbound.fulfillment_order in held and outbound.state in _THERE
        want_hold(outbound, wanted=edited or on_hold)


def keep_hold(outbound: OutboundOrder) -> None:
    """The WMS has the content that was edited: it is released, unless Shopify holds it. The caller
    commits."""
    if outbound.hold_wanted:
        held = _held_in_shopify(outbound.order)
        want_hold(outbound, wanted=outbound.fulfillment_order in held)


def _held_in_shopify(order: Order) -> set[str]:
    parts = Facts.from_json(order.facts).parts
    return {part.id for part in parts if part.status == "ON_HOLD" or (part.live and part.holds)}


def want_hold(outbound: OutboundOrder, *, wanted: bool) -> None:
    """Owe a hold or a release of one outbound order, if that is news. The caller commits."""
    if outbound.hold_wanted != wanted:
        outbound.hold_wanted = wanted
        owe(outbound.shop_id, ("outbound", str(outbound.id)), Effect.HOLD)


def stays_held(outbound: OutboundOrder, connection: Connection) -> bool:
    """Whether a revision sent now must say that the order is held: each says anew whether it is.
    What is held only because it was edited goes on with the revision that follows."""
    if not can_hold(connection):
        return False
    if outbound.wms_held or not (outbound.held or outbound.hold_wanted):
        return outbound.wms_held
    in_shopify = outbound.fulfillment_order in _held_in_shopify(outbound.order)
    return in_shopify and (outbound.held or _is_being_held(outbound))


def can_hold(connection: Connection) -> bool:
    """Whether this WMS can hold orders at all, as far as it told."""
    return not lacks(connection, "hold")


def seen_at_wms(outbound: OutboundOrder, before: str, reason: str) -> None:
    """Note whether the WMS holds an order for a reason of its own, and owe Shopify that; its state
    was ``before``, ``reason`` is why it holds it now. The caller commits."""
    on_hold = outbound.wms_state == ON_HOLD
    known, outbound.hold_reason = outbound.hold_reason, reason if on_hold else ""
    own = on_hold and (outbound.wms_held or not _is_ours(outbound) or _is_news(reason, known))
    if own != outbound.wms_held:
        outbound.wms_held = own
        _say(outbound, _own(reason) if own else GOES_ON)
        mirror.owe_mirror(outbound)
        _keep_ours(outbound)
    elif before == ON_HOLD and not on_hold and outbound.held and outbound.hold_wanted:
        _say(outbound, _OVERRULED)


def _is_ours(outbound: OutboundOrder) -> bool:
    """Whether the WMS holds it because we asked for that, as far as we know."""
    return outbound.held or (outbound.hold_wanted and _is_being_held(outbound))


def _is_news(reason: str, known: str) -> bool:
    """Whether somebody at the WMS holds, for this reason, what was held for us."""
    return reason not in ("", known) and not any(ours in reason for ours in (EDITED, IN_SHOPIFY))


def _keep_ours(outbound: OutboundOrder) -> None:
    """The WMS has ended its own hold, and with it ours, if there is one: it is asked for anew."""
    if outbound.hold_wanted and outbound.wms_state not in (ON_HOLD, *OVER):
        outbound.held = False
        owe(outbound.shop_id, ("outbound", str(outbound.id)), Effect.HOLD)


def _is_being_held(outbound: OutboundOrder) -> bool:
    """Whether the WMS is yet to answer our wish; one that it refused is not owed any more."""
    mine = Owed.subject_type == "outbound", Owed.subject_id == str(outbound.id)
    query = select(Owed.id).where(*mine, Owed.effect == Effect.HOLD, Owed.dead_at.is_(None))
    return session().scalar(query) is not None


def _own(reason: str) -> str:
    return _QUOTED.format(rest=_OWN, quote=reason.rstrip(". ")) if reason else _OWN


def _say(outbound: OutboundOrder, message: str) -> None:
    level = journal.INFO if message == GOES_ON else journal.WARNING
    journal.write(outbound.shop_id, "held", message, order=outbound.order, level=level)
