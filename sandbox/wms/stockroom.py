"""The Cloud App's pages for warehouses and stock."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox.wms import desk, inventory, stock_views, views, warehouses
from sandbox.wms.bodies import stock_rows
from sandbox.wms.dress import dress
from sandbox.wms.forms import whole
from sandbox.wms.gate import world
from sandbox.wms.problems import Problem

stockroom = Blueprint("stockroom", __name__)
dress(stockroom)


@stockroom.get("/warehouses")
def warehouse_list() -> str:
    """The warehouses, and a form for one more."""
    return render_template("warehouses.html", rows=stock_views.warehouses(world()))


@stockroom.post("/warehouses")
def add_warehouse() -> Response:
    """Add a warehouse."""
    form, known = request.form, world().settings.warehouses
    fresh = warehouses.with_new(known, form.get("code", ""), form.get("name", ""))
    world().change_settings({"warehouses": fresh})
    return redirect(url_for("stockroom.warehouse_list"), 303)


@stockroom.post("/warehouses/<verb>")
def change_warehouse(verb: str) -> Response:
    """Make a warehouse the default, or remove one."""
    changed = {"default": warehouses.with_default, "remove": warehouses.without}.get(verb)
    if changed is None:
        raise Problem(404, "invalid", f"There is no button {verb}.")
    fresh = changed(world().settings.warehouses, request.form.get("code", ""))
    world().change_settings({"warehouses": fresh})
    return redirect(url_for("stockroom.warehouse_list"), 303)


@stockroom.get("/stock")
def stock() -> str:
    """The SKUs that orders named, and those the warehouse does not know or lacks."""
    text = request.args.get("q", "").strip()
    return render_template(
        "stock.html",
        found=views.first(stock_views.stock(world(), text)),
        q=text,
        all=world().settings.accept_all_skus,
        accounts=list(world().accounts),
        warehouses=world().settings.warehouses,
    )


@stockroom.post("/stock/count")
def count() -> Response:
    """Count a SKU in a warehouse: so many are there, so many are on their way."""
    form = request.form
    row = {
        "sku": form.get("sku", "").strip(),
        "warehouse": form.get("warehouse", ""),
        "on_hand": whole("on_hand"),
        "incoming": whole("incoming"),
    }
    account = desk.account_of(world(), form.get("account", ""))
    with account.lock:
        inventory.count(account, stock_rows([row]))
    return redirect(url_for("stockroom.stock", q=form.get("q") or None), 303)


# What a button does: the setting that lists the SKU, and whether it goes in.
BUTTONS = {
    "add": ("unknown_skus", False),
    "forget": ("unknown_skus", True),
    "arrived": ("out_of_stock_skus", False),
    "missing": ("out_of_stock_skus", True),
}


@stockroom.post("/stock/<verb>")
def change_stock(verb: str) -> Response:
    """Add or forget a SKU, or say whether there is any of it."""
    if verb not in BUTTONS:
        raise Problem(404, "invalid", f"There is no button {verb}.")
    setting, listed = BUTTONS[verb]
    sku = request.form.get("sku", "").strip()
    others = [item for item in getattr(world().settings, setting) if item != sku]
    world().change_settings({setting: [*others, sku] if listed and sku else others})
    return redirect(url_for("stockroom.stock"), 303)
