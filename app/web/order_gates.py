"""Why an order isn't syncing: each gate's verdict, and the one thing that mends it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _

from app.domain.facts import Facts
from app.domain.rules import Verdict
from app.domain.states import State
from app.models import Order, OutboundOrder
from app.sync.engine import live
from app.sync.reports import gates_of
from app.web.context import admin_order
from app.web.links import link
from app.web.words import GATES

SEND, ADD = "/api/orders/send", "/api/orders/add"
# To these the warehouse, or a person, has had a word before: it is sent again.
_AGAIN = frozenset({"accepted", "edited", "reshipped"})
# Warehouse orders in these states are nothing that a hold could keep.
_OVER = frozenset({State.CANCELLED, State.SUPERSEDED, State.DONE})


@dataclass(frozen=True, slots=True)
class Fix:
    """What mends a gate: an address to go to, or one to post the order's id to. ``done`` says that
    it was; without it the run that began is followed."""

    label: str
    address: str = ""
    post: str = ""
    done: str = ""


def why(order: Order) -> dict[str, Any]:
    """The gates as the page shows them: those that are closed, and those that are open."""
    gates = known(order, gates_of(order))
    return {
        "failed": [verdict for verdict in gates if keeps(order, verdict)],
        "passed": [verdict for verdict in gates if verdict.ok],
        "fix_of": fix_of,
        "gate_label": gate_label,
        "is_held": is_held,
    }


def known(order: Order, gates: list[Verdict]) -> list[Verdict]:
    """The verdicts without those that praise what has not happened yet."""
    unknown = _not_yet(order)
    return [verdict for verdict in gates if not verdict.ok or verdict.gate not in unknown]


def _not_yet(order: Order) -> frozenset[str]:
    """The gates that mean nothing before the order was sent, or before the warehouse answered."""
    outbounds = live(order)
    if not any(outbound.sent_revision for outbound in outbounds):
        return _AGAIN
    answered = any(outbound.confirmed_revision for outbound in outbounds)
    return frozenset() if answered else frozenset({"accepted"})


def keeps(order: Order, verdict: Verdict) -> bool:
    """Whether a gate keeps the order. What is on its way is past every gate, or a person overrode
    it; but without a warehouse it gets nowhere."""
    if verdict.ok:
        return False
    if order.reason or order.tag_state not in ("syncing", "synced"):
        return True
    return verdict.gate == "connection" and not _settled(order)


def _settled(order: Order) -> bool:
    """Whether the warehouse has the order as it is now."""
    behind = any(each.wanted_revision > each.confirmed_revision for each in live(order))
    return order.tag_state == "synced" and not behind


def is_held(outbound: OutboundOrder) -> bool:
    """Whether the warehouse has it and keeps it, because the order was edited."""
    return outbound.held and outbound.state not in _OVER


def gate_label(gate: str) -> str:
    """A gate's label."""
    return str(GATES[gate].label) if gate in GATES else gate


def fix_of(verdict: Verdict, order: Order) -> Fix | None:
    """What mends what a gate found; None where nothing does but time."""
    maker = _FIXES.get(verdict.fix)
    return maker(verdict, order) if maker else None


def _send(verdict: Verdict, _order: Order) -> Fix:
    return Fix(_("Send again") if verdict.gate in _AGAIN else _("Send to WMS"), post=SEND)


def _product(_verdict: Verdict, order: Order) -> Fix:
    """The product of the first line without a SKU, looked for by its title; the order itself where
    no such line has a product."""
    lines = Facts.from_json(order.facts).shipped_lines
    bare = [line for line in lines if not line.sku and line.variant]
    title = bare[0].name.partition(" - ")[0] if bare else ""
    address = f"shopify://admin/products?query={quote(title)}" if title else admin_order(order)
    return Fix(_("Open product") if title else _("Open order"), address)


_FIXES: dict[str, Callable[[Verdict, Order], Fix]] = {
    "settings": lambda _verdict, _order: Fix(_("Settings"), link("settings.connection")),
    "rules": lambda _verdict, _order: Fix(_("Order rules"), section("order_rules")),
    "access": lambda _verdict, _order: Fix(_("Access"), section("access")),
    "map": lambda _verdict, _order: Fix(_("Map"), section("locations")),
    "add": lambda _verdict, _order: Fix(_("Add"), post=ADD, done=_("Put into automation.")),
    "send": _send,
    "order": lambda _verdict, order: Fix(_("Open order"), admin_order(order)),
    "product": _product,
}


def section(name: str) -> str:
    """The address of a section of Settings."""
    known = f"settings.{name}" in current_app.view_functions
    return link(f"settings.{name}" if known else "settings.index")
