"""The Cloud App's page for breaking things: faults in force and how the warehouse behaves."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox.wms.dress import dress
from sandbox.wms.faults import DEEDS, PLACES
from sandbox.wms.forms import number, value
from sandbox.wms.gate import world
from sandbox.wms.settings import LACKABLE

workshop = Blueprint("workshop", __name__)
dress(workshop)


@workshop.get("/faults")
def faults() -> str:
    """Faults in force, and how the warehouse behaves."""
    return render_template(
        "faults.html",
        rules=world().faults.rules(),
        settings=world().settings,
        places=PLACES,
        deeds=DEEDS,
        lackable=LACKABLE,
    )


@workshop.post("/faults")
def add_fault() -> Response:
    """Put one more fault in force."""
    form = request.form
    rule = {
        "where": form.get("where"),
        "do": form.get("do"),
        "value": value(form.get("value", "")),
        "times": int(number("times")) if form.get("times") else None,
    }
    world().faults.replace([*world().faults.rules(), rule])
    return redirect(url_for("workshop.faults"), 303)


@workshop.post("/faults/remove")
def remove_faults() -> Response:
    """Remove one fault by its place in the list, or all of them."""
    rules = world().faults.rules()
    if request.form.get("index", "").isdecimal():
        del rules[int(request.form["index"]) : int(request.form["index"]) + 1]
    else:
        rules = []
    world().faults.replace(rules)
    return redirect(url_for("workshop.faults"), 303)


@workshop.post("/behaviour")
def behaviour() -> Response:
    """Change how the warehouse behaves."""
    form = request.form
    world().change_settings(
        {
            "mode": form.get("mode"),
            "job_seconds": number("job_seconds"),
            "max_batch": int(number("max_batch")),
            "hold_jobs": "hold_jobs" in form,
            "accept_all_skus": "accept_all_skus" in form,
            "lacks": form.getlist("lacks"),
        }
    )
    return redirect(url_for("workshop.faults"), 303)
