"""May this order go, and if not, why and what mends it: one table of gates.

The engine, the pages and the extensions read the same verdicts. The order of the table is the order
in which a person is told. A manual send overrides only the gates marked so.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from app.domain import gates
from app.domain.situation import HIGH_RISK, Situation, cooled_at, is_being_rated, rated_by


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a gate says. ``message`` is empty when it is open. ``fix`` names the remedy.
    ``overridden``: closed, but a person sent it; ``moot``: closed, but nothing is left to send."""

    gate: str
    ok: bool
    message: str = ""
    fix: str = ""
    overridden: bool = False
    moot: bool = False


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
# These say when an order goes, and nothing of one that the WMS has as it is.
_MOOT_ONCE_THERE = frozenset({"tracked", "automatic", "paid", "cooloff", "fields", "sku"})
# An order that fails one of these is not for the warehouse at all: no state tag. It only waits
# while its risk is being rated, and while nobody has decided about its location.
NOT_IMPORTABLE = frozenset({"kind", "risk", "shippable", "location"})
# These promise that the order goes by itself.
_BEFORE_IT_GOES = frozenset({"paid", "cooloff"})
# While one of these is closed, a person's own send does nothing either.
_NOTHING_TO_SEND = ("kind", "shippable")


def verdicts(at: Situation) -> list[Verdict]:
    """Every gate's verdict, in order."""
    return [_verdict(gate, at) for gate in GATES]


def _verdict(gate: Gate, at: Situation) -> Verdict:
    message = gate.test(at)
    overridden = bool(message) and at.manual and gate.manual_overrides
    moot = bool(message) and at.settled and gate.name in _MOOT_ONCE_THERE
    if not message or overridden or moot:
        return Verdict(gate.name, ok=True, overridden=overridden and not moot, moot=moot)
    return Verdict(gate.name, ok=False, message=message, fix=_fix(gate, at))


def _fix(gate: Gate, at: Situation) -> str:
    """What mends a closed gate: of missing fields those that the order itself lacks come first, and
    what the WMS can't be told no sending mends."""
    if gate.name == "edited" and at.untold:
        return ""
    return "defaults" if gate.name == "fields" and not gates.own_fields(at) else gate.fix


def closed(at: Situation) -> Verdict | None:
    """The gate that forbids sending, or None: the order may go.

    Of several the first, except that *automatic* stands back: what would hold a person's own send
    too is worth more to know. So does *tracked* where the order is not for the warehouse, or not
    yet known to be: that is why it is not tracked. What an order that is not for the warehouse
    would wait for before it went is worth nothing.
    """
    found = [v for v in verdicts(at) if not v.ok and _forbids(at, v.gate)]
    aside = _aside(at, {verdict.gate for verdict in found})
    telling = [v for v in found if v.gate not in aside]
    return next(iter(telling or found), None)


def _aside(at: Situation, closed_gates: set[str]) -> set[str]:
    if any(gate in NOT_IMPORTABLE and not _only_waits(at, gate) for gate in closed_gates):
        return {"automatic", "tracked", *_BEFORE_IT_GOES}
    unsure = closed_gates & (NOT_IMPORTABLE | {"routed"})
    return {"automatic", "tracked"} if unsure else {"automatic"}


def _forbids(at: Situation, gate: str) -> bool:
    """Whether a closed gate holds the order. One that was sent and has nothing left to ship is
    done: what the WMS still has of it is brought up to date like any other."""
    return gate not in _INFORMS_ONLY and not (gate == "shippable" and at.sent)


def unsendable(at: Situation) -> Verdict | None:
    """What makes it pointless to send the order even by hand, or None: a person may send it."""
    found = {verdict.gate: verdict for verdict in verdicts(replace(at, manual=True))}
    return next((found[gate] for gate in _NOTHING_TO_SEND if not found[gate].ok), None)


def importable(at: Situation) -> bool:
    """Whether the order belongs to automation at all (it may still have to wait on gates)."""
    found = [v for v in verdicts(at) if not v.ok and v.gate in NOT_IMPORTABLE]
    return not any(_forbids(at, v.gate) and not _only_waits(at, v.gate) for v in found)


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
    return [asdict(verdict) for verdict in found]
