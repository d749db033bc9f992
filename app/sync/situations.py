"""Puts what the gates look at together from the rows."""

from app.db import database_now, session
from app.domain.facts import Facts
from app.domain.settings import Settings
from app.domain.situation import Situation
from app.domain.states import State
from app.models import Connection, Order, OutboundOrder, Shop
from app.models.connection import NEVER_TESTED, OTHER_ACCOUNT, REFUSED
from app.sync.engine import live

_PAUSED = {
    NEVER_TESTED: "The connection was never tested. Test it in Settings.",
    REFUSED: "Token refused. Copy it again from the connector's page.",
    OTHER_ACCOUNT: "The app URL now leads to another warehouse account. Confirm it in Settings.",
}


def connection_of(shop: Shop) -> Connection | None:
    """The shop's connection, if it has one."""
    return session().query(Connection).filter_by(shop_id=shop.id).one_or_none()


def paused_because(connection: Connection | None) -> str:
    """Why nothing may be sent, in a sentence; empty when sending may go on.

    A warehouse that is merely unreachable does not pause: its work waits by itself.
    """
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
        manual=order.manual,
        hidden=order.hidden or order.deleted,
        read=bool(order.facts),
        sent=any(outbound.confirmed_revision for outbound in live(order)),
        refused=refused.message if refused else "",
        edited=any(is_edited(outbound) for outbound in live(order)),
        returned=order.returned,
        default_warehouse=connection.default_warehouse if connection else "",
        shop_locations=frozenset(location["id"] for location in shop.locations),
        settings=Settings.from_stored(shop.settings),
    )


def is_edited(outbound: OutboundOrder) -> bool:
    """Whether the WMS has it, but not as it is now."""
    behind = outbound.wanted_revision > outbound.confirmed_revision
    return outbound.confirmed_revision > 0 and behind and bool(outbound.confirmed_lines)
