"""The SKU doctor: which SKUs are missing, doubled or without a match, on both sides."""

from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.sync import catalogue_scan
from app.sync.engine import atomically
from app.sync.owing import STAFF
from app.sync.ring import ring
from app.web import spreadsheet
from app.web.banners import banner_for
from app.web.current import actor, shop, shop_id
from app.web.parts import page
from app.web.setup_api import find_connection
from app.web.sku_list import Filter, all_findings, count_findings, list_findings
from app.web.sku_words import KINDS, admin_product, advice

blueprint = Blueprint("skus", __name__)
# While the catalogue is scanned the page looks after it more often. In seconds.
_PACE, _BUSY_PACE = 60, 3


@blueprint.get("/skus")
def index() -> ResponseReturnValue:
    """How the SKUs stand, and a page of those that a filter finds."""
    wanted = Filter.of_request()
    return page(
        "skus.html",
        {"summary": "parts/sku_summary.html", "rows": "parts/sku_rows.html"},
        wanted=wanted,
        page=list_findings(shop(), wanted),
        warning=banner_for(find_connection()),
        kinds=KINDS,
        advice=advice,
        admin_product=admin_product,
        **_standing(),
    )


def _standing() -> dict[str, Any]:
    found = catalogue_scan.standing(shop().id)
    pace = _BUSY_PACE if found.running or found.examining else _PACE
    return {"standing": found, "counts": count_findings(shop()), "pace": pace}


@blueprint.get("/skus/export.csv")
def export() -> ResponseReturnValue:
    """Everything that a filter finds, as a file for a spreadsheet."""
    wanted = Filter.of_request()
    header = (_("Finding"), "SKU", _("Product"), _("Warehouse"), _("What to do"), _("Variant"))
    rows = (
        (KINDS[row.kind].label, row.sku, row.name, row.warehouse, advice(row), row.variant)
        for row in all_findings(shop(), wanted)
    )
    name = "-".join(part for part in ("skus", wanted.kind) if part)
    return spreadsheet.download(f"{name}.csv", header, rows)


@blueprint.post("/api/skus/scan")
def scan() -> ResponseReturnValue:
    """Scan the catalogue now; the scan that is under way when there is one."""
    run = atomically(lambda: catalogue_scan.begin(shop().id, actor()))
    ring(shop_id(), STAFF)
    return jsonify(run=run), 202
