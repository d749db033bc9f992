"""The Cloud App's page for returns."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox.wms import desk, returning, stock_views, views
from sandbox.wms.dress import dress
from sandbox.wms.forms import whole
from sandbox.wms.gate import world
from sandbox.wms.problems import Problem
from sandbox.wms.returns import DISPOSITIONS

goods_in = Blueprint("goods_in", __name__)
dress(goods_in)


@goods_in.get("/returns")
def returns() -> str:
    """Announced returns, the newest first, with what is still missing of each."""
    found = views.newest(stock_views.returns(world()))
    return render_template("returns.html", found=found, dispositions=DISPOSITIONS)


@goods_in.post("/returns/<verb>")
def change_return(verb: str) -> Response:
    """Receive some units of a line, or close a return."""
    form = request.form
    account = desk.account_of(world(), form.get("account", ""))
    wanted: dict[str, Any] = {"external_id": form.get("external_id", "")}
    with account.lock:
        if verb == "close":
            returning.close(account, wanted)
        elif verb == "receive":
            returning.receive(account, wanted | {"lines": [_line()]})
        else:
            raise Problem(404, "invalid", f"There is no button {verb}.")
    return redirect(url_for("goods_in.returns"), 303)


def _line() -> dict[str, Any]:
    disposition, units = request.form.get("disposition", ""), whole("units")
    if disposition not in DISPOSITIONS or units < 1:
        raise Problem(422, "invalid", "Say how many units, at least one, and what becomes of them.")
    return {
        "line_id": request.form.get("line_id", ""),
        "quantity": units,
        "disposition": disposition,
    }
