"""How the warehouse says that an order stands, and by when it leaves, as its page shows it."""

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _

from app.domain.states import State
from app.domain.warehouse_states import OVER
from app.models import OutboundOrder

_WORDS = {
    "on_hold": _("On hold"),
    "awaiting_stock": _("Waiting for stock"),
    "picking": _("Picking"),
    "packed": _("Packed"),
    "partially_shipped": _("Shipped in part"),
    "shipped": _("Shipped"),
    "delivered": _("Delivered"),
    "cancelled": _("Cancelled"),
}
# Warehouse orders in these states are nothing that a hold could keep.
_GONE = frozenset({State.CANCELLED, State.SUPERSEDED, State.DONE})


def standings() -> dict[str, Any]:
    """What the template of the warehouse orders asks."""
    return {"is_held": is_held, "leaves_by": leaves_by, "warehouse_standing": warehouse_standing}


def is_held(outbound: OutboundOrder) -> bool:
    """Whether the warehouse has it and keeps it: because it was edited, because Shopify holds it,
    or for a reason of its own."""
    return (outbound.held or outbound.wms_held) and outbound.state not in _GONE


def warehouse_standing(outbound: OutboundOrder) -> str:
    """How it stands, in a word or two; one that we don't know as the WMS calls it. Empty where
    nothing is known, or the page says it otherwise."""
    state = outbound.wms_state
    if outbound.archived or outbound.state != State.ACCEPTED or not state:
        return ""
    if state == "on_hold" and is_held(outbound):
        return ""
    return str(_WORDS.get(state) or state.replace("_", " ").capitalize())


def leaves_by(outbound: OutboundOrder) -> datetime | None:
    """By when it must leave; None where nobody has said, or it has left."""
    there = outbound.confirmed_revision and not outbound.archived
    open_there = there and outbound.state not in _GONE and outbound.wms_state not in OVER
    return (outbound.wms_ship_by or outbound.ship_by) if open_there else None
