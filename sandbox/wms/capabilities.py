"""What this warehouse can do, and the refusal of what it was told to lack."""

from typing import Any

from sandbox.wms.problems import Problem
from sandbox.wms.settings import Settings

HERE: dict[str, Any] = {
    "order_update": True,
    "cancel": True,
    "cancel_lines": True,
    "hold": True,
    "sla": True,
    "packed_event": False,
    "delivered_event": False,
    "partial_shipments": False,
    "inventory": False,
    "inventory_keys": [],
    "returns": False,
    "callbacks": True,
    "documents": False,
}
REFUSALS = {
    "order_update": "This warehouse takes no changes to an order it has.",
    "cancel": "This warehouse cancels no orders.",
    "cancel_lines": "This warehouse cancels whole orders only.",
    "hold": "This warehouse holds no orders back.",
    "sla": "This warehouse takes no shipping times.",
    "callbacks": "This warehouse calls nobody back.",
}


def offered(settings: Settings) -> dict[str, Any]:
    """The capabilities as *connection* tells them."""
    return HERE | dict.fromkeys(settings.lacks, False)


def need(settings: Settings, name: str) -> None:
    """Raise Problem 501 when the warehouse lacks a capability."""
    if name in settings.lacks:
        raise Problem(501, "unsupported", REFUSALS[name])
