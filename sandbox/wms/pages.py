"""The Cloud App: what a warehouse's staff see. Plain pages; every button is a form."""

from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from sandbox.wms import views
from sandbox.wms.accounts import TECHNOLOGIES, new_token
from sandbox.wms.control_connectors import app_url
from sandbox.wms.dress import dress
from sandbox.wms.forms import number
from sandbox.wms.gate import world
from sandbox.wms.jobs import STATUSES
from sandbox.wms.orders import STATES
from sandbox.wms.words import LANGUAGES

pages = Blueprint("pages", __name__)
dress(pages)


@pages.get("/language/<code>")
def choose_language(code: str) -> Response:
    """Remember the reader's language and go back."""
    back = urlsplit(request.referrer or "/").path or "/"
    answer = redirect(back)
    answer.set_cookie("lang", code if code in LANGUAGES else "en", samesite="Lax")
    return answer


@pages.get("/")
def connectors() -> str:
    """All connectors."""
    return render_template("connectors.html", rows=views.connectors(world()))


@pages.get("/connectors/new")
def new_connector() -> str:
    """The form of a new one."""
    return render_template("new_connector.html", technologies=TECHNOLOGIES)


@pages.post("/connectors")
def add_connector() -> Response:
    """Save and continue."""
    form = request.form
    added = world().add_connector(
        form.get("label", ""), form.get("technology", ""), form.get("account", "")
    )
    return redirect(url_for("pages.connector", connector_id=added.id), 303)


@pages.get("/connectors/<connector_id>")
def connector(connector_id: str) -> str:
    """One connector: token, app URL, advanced, warehouses."""
    found = world().connector(connector_id)
    return render_template(
        "connector.html",
        connector=found,
        app_url=app_url(found),
        settings=world().settings,
        waiting=views.waiting(world(), found),
    )


@pages.post("/connectors/<connector_id>/<verb>")
def change_connector(connector_id: str, verb: str) -> Response:
    """A button on a connector's page."""
    found = world().connector(connector_id)
    if verb == "token":
        found.token = new_token()
    elif verb == "switch":
        found.enabled = not found.enabled
    elif verb == "advanced":
        _schedule(found)
    elif verb == "run":
        world().account(found).jobs.release(connector=found.id)
    elif verb == "remove":
        world().connectors.pop(found.id)
        return redirect(url_for("pages.connectors"), 303)
    return redirect(url_for("pages.connector", connector_id=found.id), 303)


def _schedule(found: Any) -> None:
    found.automatic = "automatic" in request.form
    world().change_settings({"job_seconds": number("job_seconds")})


@pages.get("/orders")
def orders() -> str:
    """Orders, with a filter by text and state."""
    text, state = request.args.get("q", ""), request.args.get("state", "")
    return render_template(
        "orders.html",
        found=views.orders(world(), text, state),
        refused=views.refused(world()),
        arriving=sum(views.waiting_orders(account) for account in world().accounts.values()),
        q=text,
        state=state,
        states=STATES,
    )


@pages.get("/log")
def log() -> str:
    """The queue log: jobs, newest first, by a part of their id or an order's and by status."""
    text, status = request.args.get("q", ""), request.args.get("status", "")
    found = views.jobs(world(), text, status)
    return render_template("log.html", found=found, q=text, status=status, statuses=STATUSES)


@pages.get("/log/<job_id>")
def job(job_id: str) -> str:
    """One job: what became of each order, and the lines it wrote."""
    found = views.job(world(), job_id)
    return render_template("job.html", job=found, links=views.order_links(world(), found))


@pages.get("/log/requests")
def requests_log() -> str:
    """What the apps asked."""
    return render_template("requests.html", found=views.newest(world().ledger.entries("request")))


@pages.get("/log/callbacks")
def callbacks_log() -> str:
    """What was told to the apps."""
    return render_template("callbacks.html", found=views.newest(world().ledger.entries("callback")))
