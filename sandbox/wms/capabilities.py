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
    "packed_event": True,
    "delivered_event": True,
    "partial_shipments": True,
    "inventory": True,
    "inventory_keys": ["sku", "inventory_item_id"],
    "returns": True,
    "callbacks": True,
    "documents": True,
}
REFUSALS = {
    "order_update": "This warehouse takes no changes to an order it has.",
    "cancel": "This warehouse cancels no orders.",
    "cancel_lines": "This warehouse cancels whole orders only.",
    "hold": "This warehouse holds no orders back.",
    "sla": "This warehouse takes no shipping times.",
    "packed_event": "This warehouse does not tell when something is packed.",
    "delivered_event": "This warehouse does not follow what its carriers do.",
    "partial_shipments": "This warehouse ships whole orders only.",
    "documents": "This warehouse shows no documents.",
    "returns": "This warehouse takes no announced returns.",
    "inventory": "This warehouse tells nothing of its stock.",
    "callbacks": "This warehouse calls nobody back.",
    "cancellations": "This warehouse doesn't tell what it cancels by itself.",
}


def offered(settings: Settings) -> dict[str, Any]:
    """The capabilities as *connection* tells them."""
    found = HERE | {name: False for name in settings.lacks if name in HERE}
    if not found["inventory"]:
        found["inventory_keys"] = []
    elif "inventory_item_id" in settings.lacks:
        found["inventory_keys"] = ["sku"]
    return found


def need(settings: Settings, name: str) -> None:
    """Raise Problem 501 when the warehouse lacks a capability."""
    if name in settings.lacks:
        raise Problem(501, "unsupported", REFUSALS[name])
