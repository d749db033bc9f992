"""Puts what the gates look at together from the rows."""

from sqlalchemy import bindparam, select

from app.db import database_now, session
from app.domain.facts import Facts
from app.domain.plan import less
from app.domain.settings import Settings
from app.domain.situation import Situation
from app.domain.states import DROPPED, ON_ITS_WAY, State
from app.models import Connection, Order, OutboundOrder, Shop
from app.models.connection import NEVER_TESTED, OTHER_ACCOUNT, REFUSED
from app.sync.engine import live
from app.sync.on_the_way import has_all_left
from app.sync.units_back import is_beyond_telling

_PAUSED = {
    NEVER_TESTED: "The connection was never tested. Test it in Settings.",
    REFUSED: "Token refused. Copy it again from the connector's page.",
    OTHER_ACCOUNT: "The app URL now leads to another warehouse account. Confirm it in Settings.",
}
_OF_SHOP = select(Connection).where(Connection.shop_id == bindparam("of_shop"))


def connection_of(shop: Shop) -> Connection | None:
    """The shop's connection, if it has one."""
    return session().scalars(_OF_SHOP, {"of_shop": shop.id}).one_or_none()


def paused_because(connection: Connection | None) -> str:
    """Why nothing may be sent, in a sentence; empty when sending may go on.

    A warehouse that is merely unreachable does not pause: its work waits by itself.
    """
    if connection is not None and connection.locked:
        return "The stored token can't be read any more. Enter it again in Settings."
    if connection is None or not connection.app_url or not connection.token:
        return "No warehouse is connected. Connect one on Tagdock's home page."
    general = _PAUSED.get(connection.status, "")
    return (connection.status_message or general) if connection.status == REFUSED else general


def situation_of(order: Order, shop: Shop, connection: Connection | None) -> Situation:
    """What the gates see of an order now."""
    paused = paused_because(connection)
    refused = next((o for o in live(order) if o.state == State.REJECTED), None)
    return Situation(
        facts=Facts.from_json(order.facts),
        now=database_now(),
        first_seen_at=order.first_seen_at,
        placed_at=order.placed_at,
        connected=not paused,
        connection_message=paused,
        automatic=bool(connection and connection.automatic),
        tracked=order.tracked,
        manual=order.manual or order.put_in,
        hidden=order.hidden or order.deleted,
        read=bool(order.facts),
        sent=any(outbound.confirmed_revision for outbound in live(order)),
        refused=refused.message if refused else "",
        edited=any(is_edited(outbound) for outbound in live(order)),
        untold=any(is_untold(outbound, connection) for outbound in live(order)),
        returned=order.returned,
        there=_there(order),
        changed=_changed(order),
        settled=is_settled(order),
        default_warehouse=connection.default_warehouse if connection else "",
        required_defaults=_required_defaults(connection) if connection else (),
        shop_locations=frozenset(location["id"] for location in shop.locations),
        settings=Settings.from_stored(shop.settings),
    )


def _there(order: Order) -> frozenset[str]:
    """The fulfillment orders of which the WMS has something. One that was moved may have been
    there, and be yet to go to where it is now."""
    wanted = [each for each in live(order) if each.state not in DROPPED]
    had = {each.fulfillment_order for each in live(order) if each.confirmed_revision}
    return frozenset(
        had - {each.fulfillment_order for each in wanted if not each.confirmed_revision}
    )


def _changed(order: Order) -> frozenset[str]:
    """The fulfillment orders of which the WMS should have another revision."""
    return frozenset(each.fulfillment_order for each in live(order) if _is_behind(each))


def _required_defaults(connection: Connection) -> tuple[tuple[str, str], ...]:
    """The key and the name of each default value that the WMS requires."""
    declared = connection.info.get("default_fields", [])
    return tuple(
        (each["key"], each.get("label") or each["key"]) for each in declared if each.get("required")
    )


def is_there(outbound: OutboundOrder) -> bool:
    """Whether the WMS has it, if only under the revision before the one that it refused."""
    refused = outbound.state == State.REJECTED and outbound.confirmed_revision > 0
    return outbound.state in (State.ACCEPTED, State.DONE) or refused


def is_on_its_way(outbound: OutboundOrder) -> bool:
    """Whether the WMS is yet to say what became of what was sent last."""
    return outbound.state in ON_ITS_WAY


def is_edited(outbound: OutboundOrder) -> bool:
    """Whether the WMS has it, but not as it is now, and something of it is still to be shipped."""
    return (
        outbound.confirmed_revision > 0 and bool(outbound.confirmed_lines) and _is_behind(outbound)
    )


def is_untold(outbound: OutboundOrder, connection: Connection | None) -> bool:
    """Whether it was edited, and the WMS can't be told of that."""
    return (
        connection is not None and is_edited(outbound) and is_beyond_telling(outbound, connection)
    )


def is_all_fulfilled(outbound: OutboundOrder) -> bool:
    """Whether Shopify asks for nothing of it any more but what Tagdock has fulfilled, and all that
    the WMS has of it was shipped."""
    nothing_left = outbound.lines == less(outbound.fulfilled_of_it, {})
    return nothing_left and has_all_left(outbound)


def _is_behind(outbound: OutboundOrder) -> bool:
    newer = outbound.wanted_revision > outbound.confirmed_revision
    return newer and not is_all_fulfilled(outbound)


# Nothing is under way, and the WMS has refused nothing.
_AT_REST = {State.ACCEPTED, State.CANCELLED, State.SUPERSEDED, State.DONE}


def is_settled(order: Order) -> bool:
    """Whether the WMS has all that it should have of an order: nothing of it is left to send."""
    outbounds = live(order)
    begun = any(outbound.confirmed_revision for outbound in outbounds)
    waits = order.unplanned or order.returned or order.given_up
    return begun and not waits and all(_is_at_rest(outbound) for outbound in outbounds)


def _is_at_rest(outbound: OutboundOrder) -> bool:
    wanted = outbound.state == State.ACCEPTED and _is_behind(outbound)
    return outbound.state in _AT_REST and not (wanted or outbound.held_back)
