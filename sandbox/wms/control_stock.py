"""The control API's verbs for stock: listed, counted, adjusted."""

from typing import Any

from flask import Blueprint, jsonify, request

from sandbox.wms import desk, inventory, stock_views
from sandbox.wms.bodies import any_json, stock_rows
from sandbox.wms.gate import world
from sandbox.wms.problems import Problem

control_stock = Blueprint("control_stock", __name__, url_prefix="/sandbox")
control_stock.register_error_handler(Problem, lambda problem: problem.response())


@control_stock.get("/stock")
def stock() -> Any:
    """Every SKU the warehouse has heard of, with what was counted of it."""
    return jsonify(stock_views.stock(world()))


@control_stock.put("/stock")
def count() -> Any:
    """Set or adjust, all or none: ``?account=``, a list of ``{sku, warehouse?, on_hand or adjust,
    incoming?, inventory_item_id?}``."""
    account = desk.account_of(world(), request.args.get("account", "ACME"))
    rows = stock_rows(any_json())
    with account.lock:
        return jsonify(changed=inventory.count(account, rows))


@control_stock.post("/stock/replace")
def replace() -> Any:
    """Go on with another database: ``?account=``. Versions and the feed begin anew, and cursors
    that were given before are taken for this one's."""
    account = desk.account_of(world(), request.args.get("account", "ACME"))
    with account.lock:
        return jsonify(rows=inventory.replace(account))
