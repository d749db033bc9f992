"""May this order go, and if not, why and what mends it: one table of gates.

The engine, the pages and the extensions read the same verdicts. The order of the table is the order
in which a person is told. A manual send overrides only the gates marked so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain import gates
from app.domain.situation import HIGH_RISK, Situation, cooled_at, is_being_rated, rated_by


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


GATES: tuple[Gate, ...] = (
    Gate("connection", gates.connection, fix="settings"),
    Gate("tracked", gates.tracked, fix="add", manual_overrides=True),
    Gate("automatic", gates.automatic, fix="send", manual_overrides=True),
    Gate("kind", gates.kind, fix="rules"),
    Gate("risk", gates.risk, fix="rules", manual_overrides=True),
    Gate("paid", gates.paid, fix=""),
    Gate("cooloff", gates.cooloff, fix="send", manual_overrides=True),
    Gate("edited", gates.edited, fix="send", manual_overrides=True),
    Gate("age", gates.age, fix="access"),
    Gate("routed", gates.routed, fix=""),
    Gate("shippable", gates.shippable, fix=""),
    Gate("location", gates.location, fix="map"),
    Gate("hold", gates.hold, fix="order"),
    Gate("reshipped", gates.reshipped, fix="send", manual_overrides=True),
    Gate("fields", gates.fields, fix="order"),
    Gate("sku", gates.sku, fix="product"),
    Gate("accepted", gates.accepted, fix="send"),
)
# The WMS's refusal stands on the page, but does not forbid the next try: its own timing does.
_INFORMS_ONLY = {"accepted"}
# An order that fails one of these is not for the warehouse at all: no state tag. It only waits
# while its risk is being rated, and while nobody has decided about its location.
NOT_IMPORTABLE = frozenset({"kind", "risk", "shippable", "location"})


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
    return all(v.ok or _only_waits(at, v.gate) for v in verdicts(at) if v.gate in NOT_IMPORTABLE)


def _only_waits(at: Situation, gate: str) -> bool:
    unmapped = any(at.is_unmapped(part.location) for part in at.facts.live_parts)
    return (gate == "risk" and at.facts.risk != HIGH_RISK) or (gate == "location" and unmapped)


def makes_error(at: Situation, verdict: Verdict | None) -> bool:
    """Whether the merchant wants an order held by this gate to be shown as an error."""
    return (
        verdict is not None
        and verdict.gate == "sku"
        and at.settings.lines_without_sku == "error"
        and at.tracked
    )


def opens_at(at: Situation, gate: str) -> datetime | None:
    """When a gate opens by itself, if that is only a matter of time."""
    if gate == "cooloff":
        return cooled_at(at)
    if gate == "risk" and is_being_rated(at):
        return rated_by(at)
    return None


def as_json(found: list[Verdict]) -> list[dict[str, Any]]:
    """The gates as the API gives them."""
    return [{"gate": v.gate, "ok": v.ok, "message": v.message, "fix": v.fix} for v in found]
