"""A shipment: some units of an order that are packed together and leave together."""

import secrets
from dataclasses import dataclass, field
from typing import Any

KINDS = ("label", "packing_slip", "invoice")
# What may happen to a shipment in which state, and the state it is in then.
STEPS: dict[str, tuple[tuple[str, ...], str]] = {
    "ship": (("packed",), "shipped"),
    "in_transit": (("shipped", "out_for_delivery"), "in_transit"),
    "out_for_delivery": (("shipped", "in_transit"), "out_for_delivery"),
    "ready_for_pickup": (
        ("packed", "shipped", "in_transit", "out_for_delivery"),
        "ready_for_pickup",
    ),
    "deliver": (
        ("shipped", "in_transit", "out_for_delivery", "ready_for_pickup"),
        "delivered",
    ),
    "cancel": (
        ("packed", "shipped", "in_transit", "out_for_delivery", "ready_for_pickup"),
        "cancelled",
    ),
}


@dataclass
class Shipment:
    """``told`` once an app was shown it; ``key`` makes its documents' addresses unguessable."""

    id: str
    external_id: str
    warehouse: str
    lines: list[dict[str, Any]]
    packages: list[dict[str, Any]] = field(default_factory=list)
    state: str = "packed"
    version: int = 0
    packed_at: str | None = None
    shipped_at: str | None = None
    delivered_at: str | None = None
    told: bool = False
    key: str = field(default_factory=lambda: secrets.token_urlsafe(12))

    @property
    def live(self) -> bool:
        """Whether it holds its units: anything but cancelled."""
        return self.state != "cancelled"

    @property
    def gone(self) -> bool:
        """Whether its units have left the warehouse."""
        return self.live and self.shipped_at is not None

    def steps(self) -> list[str]:
        """What may happen to it now."""
        return [step for step, (before, _) in STEPS.items() if self.state in before]

    def kinds(self) -> list[str]:
        """The documents there are of it: a label needs a package."""
        return [kind for kind in KINDS if kind != "label" or self.packages]

    def item(self, origin: str, *, documents: bool) -> dict[str, Any]:
        """The full snapshot that feed and callback show."""
        return {
            "id": self.id,
            "version": self.version,
            "external_id": self.external_id,
            "warehouse": self.warehouse,
            "state": self.state,
            "packed_at": self.packed_at,
            "shipped_at": self.shipped_at,
            "delivered_at": self.delivered_at,
            "packages": [dict(package) for package in self.packages],
            "lines": [dict(line) for line in self.lines],
            "documents": [self._document(origin, kind) for kind in self.kinds() if documents],
        }

    def _document(self, origin: str, kind: str) -> dict[str, Any]:
        return {
            "kind": kind,
            "url": f"{origin}/documents/{self.id}/{self.key}/{kind}.pdf",
            "media_type": "application/pdf",
            "expires_at": None,
        }
