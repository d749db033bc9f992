"""Orders: the list, and one order with the reason why it is where it is."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.models import Order
from app.web import order_exchanges
from app.web.answers import answer
from app.web.banners import banner_for
from app.web.current import shop
from app.web.order_bundle import bundle_of, file_name
from app.web.order_diff import differences
from app.web.order_filter import Filter
from app.web.order_gates import why
from app.web.order_list import (
    count_orders,
    find_order,
    is_number,
    known_reasons,
    known_warehouses,
    list_orders,
)
from app.web.order_returns import returns_of
from app.web.order_shipments import shipments_of
from app.web.order_timeline import stretch
from app.web.order_tracking import tracking_of
from app.web.paging import Cursor
from app.web.parts import page
from app.web.setup_api import find_connection

blueprint = Blueprint("orders", __name__)
# While something is on its way a page looks after it more often. In seconds.
_PACE, _BUSY_PACE = 30, 5
_MOST_KEY = 2**31
# Each part of an order's page: its template, and what it shows.
_PARTS: dict[str, tuple[str, Callable[[Order], dict[str, Any]]]] = {
    "order": (
        "parts/order.html",
        lambda order: {**why(order), "differences": differences(order)},
    ),
    "shipments": (
        "parts/order_shipments.html",
        lambda order: {"shipments": shipments_of(shop(), order)},
    ),
    "returns": (
        "parts/order_returns.html",
        lambda order: {"returns": returns_of(shop(), order)},
    ),
    "exchanges": (
        "parts/order_exchanges.html",
        lambda order: {"exchanges": order_exchanges.exchanges(shop(), order)},
    ),
    "timeline": (
        "parts/order_timeline.html",
        lambda order: {"stretch": stretch(shop(), order)},
    ),
    "facts": (
        "parts/order_facts.html",
        lambda order: {"payment": order_exchanges.payment(order)},
    ),
}


@blueprint.get("/orders")
def index() -> ResponseReturnValue:
    """A page of the orders that a filter finds."""
    connection = find_connection()
    wanted = Filter.of_request()
    found = list_orders(shop(), wanted, Cursor.read(request.args.get("cursor")))
    return page(
        "orders.html",
        {"rows": "parts/order_rows.html"},
        wanted=wanted,
        page=found,
        tracking=tracking_of(shop(), found.rows),
        reasons=known_reasons(shop()),
        known_warehouses=known_warehouses(shop()),
        total=count_orders(shop(), wanted) if wanted.asks_for_all_that_wait else 0,
        set_up=shop().setup_done_at is not None,
        warning=banner_for(connection),
    )


@blueprint.get("/orders/<number>")
def show(number: str) -> ResponseReturnValue:
    """One order; also an address for orders that we have never seen."""
    if not is_number(number):
        return answer(404, _("There is no such order."))
    order = find_order(shop(), number)
    if order is None:
        return render_template("order_unseen.html", number=number), 404
    asked = request.args.get("part", "")
    shown = {asked: _PARTS[asked]} if asked in _PARTS else _PARTS
    values: dict[str, Any] = {"order": order, "number": number, "pace": _pace(order)}
    for _template, found in shown.values():
        values |= found(order)
    templates = {name: template for name, (template, _found) in _PARTS.items()}
    return page("order.html", templates, warning=banner_for(find_connection()), **values)


def _pace(order: Order) -> int:
    return _BUSY_PACE if order.tag_state == "syncing" else _PACE


@blueprint.get("/orders/<number>/events")
def events(number: str) -> ResponseReturnValue:
    """Older events of an order's timeline."""
    order = find_order(shop(), number) if is_number(number) else None
    if order is None:
        return answer(404, _("There is no such order."))
    found = stretch(shop(), order, request.args.get("before"))
    return render_template("parts/order_events.html", number=number, stretch=found)


@blueprint.get("/orders/<number>/documents/<outbound>/<revision>")
def document(number: str, outbound: str, revision: str) -> ResponseReturnValue:
    """A document as it was sent."""
    if not (_is_key(outbound) and _is_key(revision)):
        return answer(404, _("There is no such document."))
    found = order_exchanges.document(shop(), number, int(outbound), int(revision))
    return _text(found, _("There is no such document."))


@blueprint.get("/orders/<number>/answers/<batch>/<outbound>")
def wms_answer(number: str, batch: str, outbound: str) -> ResponseReturnValue:
    """What the WMS answered to a document."""
    known = _is_key(outbound) and batch.isprintable()
    found = order_exchanges.answer(shop(), number, batch, int(outbound)) if known else None
    return _text(found, _("There is no such answer."))


@blueprint.get("/orders/<number>/bundle")
def bundle(number: str) -> ResponseReturnValue:
    """Everything that helps to find a fault with an order, without personal data, as one file."""
    order = find_order(shop(), number) if is_number(number) else None
    if order is None:
        return answer(404, _("There is no such order."))
    response = Response(bundle_of(shop(), order), mimetype="application/json")
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(order)}"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _is_key(text: str) -> bool:
    return is_number(text) and int(text) < _MOST_KEY


def _text(found: str | None, lacking: str) -> ResponseReturnValue:
    if found is None:
        return answer(404, lacking)
    return render_template("parts/order_text.html", text=found)
