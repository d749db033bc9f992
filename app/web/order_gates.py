"""Why an order isn't syncing: each gate's verdict, and the one thing that mends it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from flask import current_app
from flask_babel import gettext as _

from app.domain.facts import Facts
from app.domain.rules import Verdict
from app.models import Order
from app.sync.reports import gates_of
from app.web.context import admin_order
from app.web.links import link
from app.web.words import GATES

SEND, ADD = "/api/orders/send", "/api/orders/add"
# To these the warehouse, or a person, has had a word before: it is sent again.
_AGAIN = frozenset({"accepted", "edited", "reshipped"})


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
    gates = gates_of(order)
    return {
        "failed": [] if _gone(order) else [verdict for verdict in gates if not verdict.ok],
        "passed": [verdict for verdict in gates if verdict.ok],
        "fix_of": fix_of,
        "gate_label": gate_label,
        "gate_hint": gate_hint,
    }


def _gone(order: Order) -> bool:
    """Whether nothing of it waits: what would have kept it is past, or a person overrode it."""
    return order.tag_state in ("syncing", "synced") and not order.reason


def gate_label(gate: str) -> str:
    """A gate's label."""
    return str(GATES[gate].label) if gate in GATES else gate


def gate_hint(gate: str) -> str:
    """What is to be done about a gate that no click mends; empty where one does."""
    return str(GATES[gate].hint) if gate in GATES else ""


def fix_of(verdict: Verdict, order: Order) -> Fix | None:
    """What mends what a gate found; None where nothing does but time."""
    maker = _FIXES.get(verdict.fix)
    return maker(verdict, order) if maker else None


def _send(verdict: Verdict, _order: Order) -> Fix:
    return Fix(_("Send again") if verdict.gate in _AGAIN else _("Send to WMS"), post=SEND)


def _product(_verdict: Verdict, order: Order) -> Fix:
    """The product of the first line without a SKU, looked for by its title."""
    bare = [line for line in Facts.from_json(order.facts).shipped_lines if not line.sku]
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
