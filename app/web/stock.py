"""Stock: what updating it would change and what is left alone, and the verbs compare, on and
off."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import Rejected
from app.sync import preferences, stock
from app.sync.engine import atomically
from app.sync.owing import STAFF
from app.sync.preferences import Saved
from app.sync.ring import ring
from app.web import spreadsheet
from app.web.answers import refuse
from app.web.banners import banner_for
from app.web.bodies import json_object
from app.web.current import actor, shop, shop_id
from app.web.parts import page
from app.web.sentences import said
from app.web.setup_api import find_connection
from app.web.sku_words import admin_product
from app.web.stock_list import CHANGES, all_stock, list_stock, shown_of_request
from app.web.stock_words import REASONS

blueprint = Blueprint("stock", __name__)


@blueprint.get("/stock")
def index() -> ResponseReturnValue:
    """A page of what would change, or of what is left alone for a reason."""
    show = shown_of_request()
    return page(
        "stock.html",
        {"rows": "parts/stock_rows.html"},
        show=show,
        changes=show == CHANGES,
        page=list_stock(shop(), show),
        reasons=REASONS,
        admin_product=admin_product,
        stock=atomically(lambda: stock.preview_state(shop())),
        warning=banner_for(find_connection()),
    )


@blueprint.get("/stock/export.csv")
def export() -> ResponseReturnValue:
    """All of it, as a file for a spreadsheet."""
    show = shown_of_request()
    header = (
        "SKU",
        _("Product"),
        _("Location"),
        _("Shopify now"),
        _("Warehouse"),
        _("Will be"),
        _("Why"),
    )
    rows = (
        (row.sku, row.name, row.place, _cell(row.now), _cell(row.there), _cell(row.wanted), row.why)
        for row in all_stock(shop(), show)
    )
    return spreadsheet.download(f"stock-{show}.csv", header, rows)


def _cell(number: int | None) -> str | int:
    return "" if number is None else number


@blueprint.post("/api/stock/compare")
def compare() -> ResponseReturnValue:
    """See what updating stock would change; nothing is set."""
    try:
        run = atomically(lambda: stock.begin_preview(shop(), actor()).id)
    except Rejected as refusal:
        return refuse(409, said(refusal.message), refusal.code)
    ring(shop_id(), STAFF)
    return jsonify(run=run), 202


@blueprint.post("/api/stock/confirm")
def confirm() -> ResponseReturnValue:
    """Set stock from now on, as it was compared."""
    version = json_object().get("version")
    if not isinstance(version, int):
        return refuse(422, _("Name the version of the settings that you saw."), "version-missing")
    try:
        saved = atomically(lambda: stock.confirm(shop(), actor(), version))
    except Rejected as refusal:
        return refuse(409, said(refusal.message), refusal.code)
    return _answer(saved)


@blueprint.post("/api/stock/off")
def switch_off() -> ResponseReturnValue:
    """Set no stock any more. What is in Shopify stays as it is."""
    return _answer(
        atomically(
            lambda: preferences.save(
                shop(),
                {"update_inventory": False},
                version=shop().settings_version,
                actor=actor(),
            )
        )
    )


def _answer(saved: Saved) -> ResponseReturnValue:
    if saved.stale or saved.errors:
        return refuse(409, _("Somebody changed the settings meanwhile. Reload the page."), "stale")
    ring(shop_id(), STAFF)
    return jsonify(ok=True)
