"""An order the warehouse has accepted, and which of its revisions count as known."""

from dataclasses import dataclass, field
from typing import Any

from sandbox.wms.documents import Document
from sandbox.wms.problems import Problem
from sandbox.wms.shipments import Shipment

OPEN_STATES = ("on_hold", "awaiting_stock", "picking")
STATES = (*OPEN_STATES, "packed", "partially_shipped", "shipped", "delivered", "cancelled")


@dataclass
class Order:
    """An accepted order at its highest revision. ``closed_up_to`` is what a cancellation covers."""

    external_id: str
    wms_id: str
    document: Document
    revision: int = 0
    state: str = "picking"
    content_hash: str = ""
    job_id: str = ""
    issues: list[dict[str, Any]] = field(default_factory=list)
    cancelled: dict[str, int] = field(default_factory=dict)
    closed_up_to: int = 0
    ship_by: str | None = None
    hold_reason: str | None = None
    shipments: list[Shipment] = field(default_factory=list)

    def reference(self) -> dict[str, Any]:
        """What *by-ref* answers."""
        return {
            "external_id": self.external_id,
            "revision": self.revision,
            "wms_id": self.wms_id,
            "state": self.state,
            "job_id": self.job_id,
            "issues": self.issues,
            "ship_by": self.ship_by,
            "hold_reason": self.hold_reason,
        }

    def as_json(self) -> dict[str, Any]:
        """All the warehouse holds, for tests to compare."""
        document = self.document
        return self.reference() | {
            "number": document.number,
            "order_ref": document.order_ref,
            "warehouse": document.warehouse,
            "defaults": dict(document.defaults or {}),
            "metadata": dict(document.metadata or {}),
            "content_hash": self.content_hash,
            "payment": document.payment.model_dump(mode="json") if document.payment else None,
            "lines": [
                {
                    "line_id": line.line_id,
                    "sku": line.sku,
                    "name": line.name,
                    "quantity": line.quantity,
                    "cancelled_quantity": self.cancelled.get(line.line_id, 0),
                }
                for line in document.lines
            ],
        }

    def quantity(self, line_id: str) -> int:
        """Units of a line that are still wanted."""
        ordered = {line.line_id: line.quantity for line in self.document.lines}
        return ordered[line_id] - self.cancelled.get(line_id, 0)


def open_state(order: Order) -> str:
    """Where an order that nobody holds stands: it waits for stock or is being picked."""
    return "awaiting_stock" if order.issues else "picking"


def is_repetition(order: Order, revision: int, digest: str) -> bool:
    """Whether a revision is known already. Raises Problem ``revision-conflict``."""
    if revision < order.revision or revision <= order.closed_up_to:
        return True
    if revision == order.revision and digest != order.content_hash:
        raise Problem(
            409,
            "revision-conflict",
            f"Revision {revision} was received before with other content. Send a higher revision.",
        )
    return revision == order.revision
