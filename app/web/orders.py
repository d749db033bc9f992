"""Orders: the list, and one order with the reason why it is where it is."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.domain.rules import Verdict
from app.models import Order
from app.sync.reports import gates_of
from app.web.banners import banner_for
from app.web.context import admin_order
from app.web.current import shop
from app.web.links import link
from app.web.log_list import order_lines
from app.web.order_list import Filter, count_orders, find_order, known_reasons, list_orders
from app.web.paging import Cursor
from app.web.parts import page
from app.web.setup_api import find_connection
from app.web.words import GATES

blueprint = Blueprint("orders", __name__)
LINES = 50


@dataclass(frozen=True, slots=True)
class Fix:
    """A link to where a person mends something."""

    address: str
    label: str


@blueprint.get("/orders")
def index() -> ResponseReturnValue:
    """A page of the orders that a filter finds."""
    connection = find_connection()
    wanted = Filter.of_request()
    return page(
        "orders.html",
        {"rows": "parts/order_rows.html"},
        wanted=wanted,
        page=list_orders(shop(), wanted, Cursor.read(request.args.get("cursor"))),
        reasons=known_reasons(shop()),
        total=count_orders(shop(), wanted) if wanted.state == "no_sync" else 0,
        connected=connection is not None,
        warning=banner_for(connection),
    )


@blueprint.get("/orders/<number>")
def show(number: str) -> ResponseReturnValue:
    """One order; also an address for orders that we have never seen."""
    order = find_order(shop(), number) if _is_number(number) else None
    if order is None:
        if not _is_number(number):
            return render_template("refusal.html", sentence=_("There is no such order.")), 404
        return render_template("order_unseen.html", number=number), 404
    parts = {"order": "parts/order.html", "facts": "parts/order_facts.html"}
    return page("order.html", parts, number=number, **_values(order))


def _values(order: Order) -> dict[str, Any]:
    gates = gates_of(order)
    lines = order_lines(shop(), order.id, LINES)
    return {
        "order": order,
        "warning": banner_for(find_connection()),
        "failed": [] if _gone(order) else [verdict for verdict in gates if not verdict.ok],
        "passed": [verdict for verdict in gates if verdict.ok],
        "lines": lines[:LINES],
        "more": len(lines) > LINES,
        "ever_sent": any(outbound.sent_revision for outbound in order.outbound_orders),
        "gate_label": gate_label,
        "fix_of": fix_of,
    }


def _gone(order: Order) -> bool:
    """Whether nothing of it waits: what would have kept it is past, or a person overrode it."""
    return order.tag_state in ("syncing", "synced") and not order.reason


def gate_label(gate: str) -> str:
    """A gate's label."""
    return str(GATES[gate].label) if gate in GATES else gate


def fix_of(verdict: Verdict, order: Order) -> Fix | None:
    """The page that mends what a gate found; None where none does."""
    remedies = {
        "settings": Fix(link("settings.connection"), _("Settings")),
        "order": Fix(admin_order(order), _("Open order")),
        "product": Fix(admin_order(order), _("Open order")),
    }
    return remedies.get(verdict.fix)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 19
