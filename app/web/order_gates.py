"""Why an order isn't syncing: each gate's verdict, and the one thing that mends it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.domain.facts import Facts
from app.domain.rules import Verdict
from app.models import Order
from app.sync.engine import live
from app.sync.outcomes import refused_of
from app.sync.overdue import OVERDUE
from app.sync.reports import gates_of, unsendable
from app.sync.situations import is_settled
from app.web.context import admin_order
from app.web.links import link
from app.web.order_settled import is_outlived, settlement
from app.web.order_skus import bare_product, product_search, ways_of
from app.web.order_standing import standings
from app.web.words import GATES

SEND, ADD = "/api/orders/send", "/api/orders/add"
# To these the warehouse, or a person, has had a word before: it is sent again.
_AGAIN = frozenset({"accepted", "edited", "reshipped"})
# The fixes that come to nothing where sending does.
_TO_SEND = frozenset({"send", "add"})
# What there is to say of an order that can't be sent any more.
_LAST_WORDS = frozenset({"kind", "age", "shippable", "accepted"})


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
    gates, ended, settled = known(order, gates_of(order)), pointless(order), settlement(order)
    return {
        "failed": [each for each in gates if keeps(order, each, ended=bool(ended))],
        "idle": [each for each in gates if is_idle(order, each, ended=bool(ended))],
        "passed": [verdict for verdict in gates if verdict.ok],
        "ended": ended,
        "settled": settled,
        "outlived": is_outlived(order),
        "note_of": note_of,
        "fix_of": lambda verdict: fix_of(verdict, order, ended=bool(ended)),
        "ways_of": lambda verdict: ways_of(verdict, order),
        "gate_label": gate_label,
        **standings(),
    }


def pointless(order: Order) -> str:
    """Why sending the order would do nothing, in a sentence; empty when it may be sent. What was
    given up is taken up by it, whatever is left to ship."""
    if order.deleted:
        return "The order was deleted in Shopify."
    found = unsendable(order)
    if found is None or (order.given_up and found.gate == "shippable"):
        return ""
    return (found.gate == "shippable" and settlement(order)) or found.message


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


def keeps(order: Order, verdict: Verdict, *, ended: bool) -> bool:
    """Whether a gate keeps the order. Nothing keeps one of which nothing is left to send. What is
    on its way is past every gate, or a person overrode it; but without a warehouse it gets nowhere.
    What was refused was sent, so it is not the switch that keeps it.
    ``ended``: sending it would do nothing, and only what says so is worth a word."""
    if verdict.ok or is_settled(order) or (ended and verdict.gate not in _LAST_WORDS):
        return False
    if verdict.gate == "automatic" and refused_of(order):
        return False
    moves = order.reason in ("", OVERDUE) and order.tag_state in ("syncing", "synced")
    return not moves or verdict.gate == "connection"


def is_idle(order: Order, verdict: Verdict, *, ended: bool) -> bool:
    """Whether a gate is closed, but not what keeps the order."""
    return not verdict.ok and not keeps(order, verdict, ended=ended)


def note_of(verdict: Verdict) -> str:
    """What there is to say of a check that passed although its gate is closed."""
    if verdict.moot:
        return _("closed, but nothing is left to send")
    return _("overridden by a person's send") if verdict.overridden else ""


def gate_label(gate: str) -> str:
    """A gate's label."""
    return str(GATES[gate].label) if gate in GATES else gate


def fix_of(verdict: Verdict, order: Order, *, ended: bool) -> Fix | None:
    """What mends what a gate found; None where nothing does but time, and where nothing can.
    ``ended``: sending the order would do nothing."""
    maker = _FIXES.get(verdict.fix)
    if maker is None or (ended and verdict.fix in _TO_SEND):
        return None
    return maker(verdict, order)


def _send(verdict: Verdict, _order: Order) -> Fix:
    return Fix(_("Send again") if verdict.gate in _AGAIN else _("Send to WMS"), post=SEND)


def _rules(_verdict: Verdict, order: Order) -> Fix | None:
    """No rule lets a cancelled order go."""
    if Facts.from_json(order.facts).cancelled:
        return None
    return Fix(_("Order rules"), section("order_rules"))


def _product(_verdict: Verdict, order: Order) -> Fix:
    """The product of the first line without a SKU, looked for by its title; the order itself where
    no such line has a product."""
    title = bare_product(Facts.from_json(order.facts).shipped_lines)
    address = product_search(title) if title else admin_order(order)
    return Fix(_("Open product") if title else _("Open order"), address)


_FIXES: dict[str, Callable[[Verdict, Order], Fix | None]] = {
    "settings": lambda _verdict, _order: Fix(_("Settings"), link("settings.connection")),
    "rules": _rules,
    "access": lambda _verdict, _order: Fix(_("Access"), section("access")),
    "map": lambda _verdict, _order: Fix(_("Map"), section("locations")),
    "add": lambda _verdict, _order: Fix(_("Add"), post=ADD, done=_("Put into automation.")),
    "send": _send,
    "defaults": lambda _verdict, _order: Fix(_("Defaults and fields"), section("defaults")),
    "order": lambda _verdict, order: Fix(_("Open order"), admin_order(order)),
    "product": _product,
}


def section(name: str) -> str:
    """The address of a section of Settings."""
    known = f"settings.{name}" in current_app.view_functions
    return link(f"settings.{name}" if known else "settings.index")
