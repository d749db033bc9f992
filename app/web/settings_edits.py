"""How many orders the choice for edited orders concerns when it is made."""

from sqlalchemy import func, select

from app.db import session
from app.models import OutboundOrder, Shop

# Nothing more is told to the warehouse about these.
_OVER = ("cancelled", "superseded", "done")


def edited_orders(shop: Shop) -> int:
    """How many orders were edited after they were sent, the warehouse having the former version."""
    count = func.count(OutboundOrder.order_id.distinct())
    behind = select(count).where(
        OutboundOrder.shop_id == shop.id,
        OutboundOrder.state.not_in(_OVER),
        OutboundOrder.archived.is_(False),
        OutboundOrder.confirmed_revision > 0,
        OutboundOrder.wanted_revision > OutboundOrder.confirmed_revision,
    )
    return session().scalar(behind) or 0
