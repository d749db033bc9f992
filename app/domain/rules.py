"""May this order go, and if not, why and what mends it: one table of gates.

The engine, the pages and the extensions read the same verdicts. The order of the table is the order
in which a person is told. A manual send overrides only the gates marked so.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from app.domain.facts import Facts

# Shopify hides orders older than this without the scope read_all_orders.
VISIBLE_FOR = timedelta(days=60)
# Fulfillment orders are made shortly after the order; none by then means nothing to ship.
ROUTING_TAKES = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Situation:
    """Everything the gates look at. ``locations`` maps a location's gid to a warehouse code, or to
    None for *Don't send*; a location that is not in it goes to ``default_warehouse``.

    ``sent``: some revision is already at the WMS. ``refused``: the WMS's last words where it
    refused this order, or empty.
    """

    facts: Facts
    now: datetime
    first_seen_at: datetime
    placed_at: datetime | None = None
    connected: bool = True
    connection_message: str = ""
    automatic: bool = True
    tracked: bool = True
    manual: bool = False
    hidden: bool = False
    read: bool = True
    sent: bool = False
    refused: str = ""
    default_warehouse: str = ""
    locations: dict[str, str | None] = field(default_factory=dict)

    def warehouse_for(self, location: str) -> str | None:
        """The warehouse a location's fulfillment orders go to; None when they are not sent."""
        if location in self.locations:
            return self.locations[location]
        return self.default_warehouse or None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate says. ``message`` is empty when it is open. ``fix`` names the remedy."""

    gate: str
    ok: bool
    message: str = ""
    fix: str = ""
    overridden: bool = False


Test = Callable[[Situation], str]


@dataclass(frozen=True, slots=True)
class Gate:
    """``test`` returns an empty text when the gate is open, else the reason in a sentence."""

    name: str
    test: Test
    fix: str
    manual_overrides: bool = False


def _connection(at: Situation) -> str:
    return "" if at.connected else at.connection_message or "No warehouse is connected."


def _tracked(at: Situation) -> str:
    return "" if at.tracked else "This order is not in automation."


def _automatic(at: Situation) -> str:
    return "" if at.automatic else "Automatic processes are off. Only Send to WMS sends."


def _kind(at: Situation) -> str:
    facts = at.facts
    return _first(
        (facts.cancelled, "The order is cancelled."),
        (facts.financial_status in ("refunded", "voided"), "The order is fully refunded."),
        (facts.test and not at.manual, "This is a test order."),
    )


def _age(at: Situation) -> str:
    return _first(
        (
            at.hidden,
            "Shopify no longer shows this order to Tagdock: it is older than 60 days, or deleted.",
        )
    )


def _routed(at: Situation) -> str:
    if at.facts.parts:
        return ""
    recent = at.now - at.first_seen_at < ROUTING_TAKES
    waiting = recent or not at.read
    return "Shopify has not yet decided where to fulfil this order from." if waiting else ""


def _shippable(at: Situation) -> str:
    nothing = at.read and not at.facts.live_parts and not _routed(at)
    return "There is nothing left to ship." if nothing and not at.sent else ""


def _location(at: Situation) -> str:
    parts = at.facts.live_parts
    if not parts or any(at.warehouse_for(part.location) for part in parts):
        return ""
    names = ", ".join(sorted({part.location_name for part in parts}))
    return f"The location {names} is not mapped to a warehouse."


def _hold(at: Situation) -> str:
    """Closed when nothing of the order may go; parts that are free go without the others."""
    parts = at.facts.live_parts
    held = [part for part in parts if part.status == "ON_HOLD" or part.holds]
    later = [part for part in parts if part.status == "SCHEDULED" and part not in held]
    if len(held) + len(later) < len(parts):
        return ""
    reasons = ", ".join(sorted({reason for part in held for reason in part.holds}))
    return _first(
        (bool(held), f"Fulfilment is on hold in Shopify{': ' + reasons if reasons else ''}."),
        (bool(later), "Fulfilment is scheduled for later in Shopify."),
    )


def _fields(at: Situation) -> str:
    missing, concealed = at.facts.missing, at.facts.concealed
    named = ", ".join(missing)
    hidden = any(name.startswith(("shippingAddress", "customer")) for name in concealed)
    return _first(
        (
            bool(missing) and hidden,
            f"Shopify hides the {named} from this app. Ask for access to protected customer data.",
        ),
        (bool(missing), f"The {named} is missing. Enter it in Shopify."),
    )


def _sku(at: Situation) -> str:
    bare = [line.name for line in at.facts.shipped_lines if not line.sku and not line.gift_card]
    return _first((bool(bare), f"No SKU: {', '.join(bare[:3])}{' …' if len(bare) > 3 else ''}."))


def _accepted(at: Situation) -> str:
    return at.refused


def _first(*cases: tuple[bool, str]) -> str:
    return next((text for applies, text in cases if applies), "")


GATES: tuple[Gate, ...] = (
    Gate("connection", _connection, fix="settings"),
    Gate("tracked", _tracked, fix="add", manual_overrides=True),
    Gate("automatic", _automatic, fix="send", manual_overrides=True),
    Gate("kind", _kind, fix="rules"),
    Gate("age", _age, fix="access"),
    Gate("routed", _routed, fix=""),
    Gate("shippable", _shippable, fix=""),
    Gate("location", _location, fix="map"),
    Gate("hold", _hold, fix="order"),
    Gate("fields", _fields, fix="order"),
    Gate("sku", _sku, fix="product"),
    Gate("accepted", _accepted, fix="send"),
)
# The WMS's refusal stands on the page, but does not forbid the next try: its own timing does.
_INFORMS_ONLY = {"accepted"}
# An order that fails one of these is not for the warehouse at all: no state tag.
NOT_IMPORTABLE = frozenset({"kind", "shippable", "location"})


def verdicts(at: Situation) -> list[Verdict]:
    """Every gate's verdict, in order."""
    return [_verdict(gate, at) for gate in GATES]


def _verdict(gate: Gate, at: Situation) -> Verdict:
    message = gate.test(at)
    overridden = bool(message) and at.manual and gate.manual_overrides
    ok = not message or overridden
    return Verdict(gate.name, ok, "" if ok else message, "" if ok else gate.fix, overridden)


def closed(at: Situation) -> Verdict | None:
    """The gate that forbids sending, or None: the order may go.

    Of several the first, except that *automatic* stands back: what would hold a person's own send
    too is worth more to know. So does *tracked* where the order is not for the warehouse, or not
    yet known to be: that is why it is not tracked.
    """
    found = [v for v in verdicts(at) if not v.ok and v.gate not in _INFORMS_ONLY]
    why = NOT_IMPORTABLE | {"routed"}
    aside = {"automatic", "tracked"} if any(v.gate in why for v in found) else {"automatic"}
    telling = [v for v in found if v.gate not in aside]
    return next(iter(telling or found), None)


def importable(at: Situation) -> bool:
    """Whether the order belongs to automation at all (it may still have to wait on gates)."""
    return all(v.ok for v in verdicts(at) if v.gate in NOT_IMPORTABLE)


def as_json(found: list[Verdict]) -> list[dict[str, Any]]:
    """The gates as the API gives them."""
    return [{"gate": v.gate, "ok": v.ok, "message": v.message, "fix": v.fix} for v in found]
