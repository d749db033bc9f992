"""Settings: an index, then a form each. The forms change the one document of settings_api."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from app.sync.alerts import signing_secret
from app.sync.preferences import settings_of
from app.sync.schedule import JOBS
from app.web import tally
from app.web.banners import banner_for
from app.web.current import config, shop
from app.web.parts import page
from app.web.settings_access import access_of, missing
from app.web.settings_api import document
from app.web.settings_edits import edited_orders
from app.web.settings_fulfilment import carrier_rows
from app.web.settings_places import choices, placed_of, proposals, undecided, warehouses_of
from app.web.settings_stock import stock_values
from app.web.setup_api import find_connection
from app.web.sku_words import admin_product

blueprint = Blueprint("settings", __name__, url_prefix="/settings")
SECTIONS = {
    "connection": _("Connection"),
    "locations": _("Locations"),
    "order_rules": _("Order rules"),
    "defaults": _("Defaults and fields"),
    "fulfilment": _("Fulfilment"),
    "stock": _("Stock"),
    "automation": _("Automation"),
    "alerts": _("Alerts and logs"),
    "access": _("Access"),
    "data": _("Data"),
}


def form_values() -> dict[str, Any]:
    """What every form of settings shows, and the wizard too."""
    connection = find_connection()
    settings = settings_of(shop())
    return {
        "connection": connection,
        "warning": banner_for(connection),
        "settings": settings,
        "version": shop().settings_version,
        "read": settings.model_dump(mode="json"),
        "warehouses_known": warehouses_of(connection),
        "choices": choices,
    }


@blueprint.get("")
def index() -> ResponseReturnValue:
    """What can be set, and how it stands."""
    places = placed_of(shop())
    return page(
        "settings.html",
        {},
        sections=SECTIONS,
        undecided=undecided(places),
        places=places,
        missing=missing(shop().scopes),
        changed_at=shop().settings_changed_at,
        changed_by=shop().settings_changed_by,
        **form_values(),
    )


@blueprint.get("/connection")
def connection() -> ResponseReturnValue:
    """The form of the connection to the warehouse."""
    return _section("connection", {"connection": "parts/connection.html"}, save_bar=True)


@blueprint.get("/locations")
def locations() -> ResponseReturnValue:
    """Which location's orders go to which warehouse."""
    places = placed_of(shop())
    return _section("locations", places=places, proposed=proposals(places), save_bar=True)


@blueprint.get("/order-rules")
def order_rules() -> ResponseReturnValue:
    """Which orders go, when, and a preview of it."""
    return _section("order_rules", save_bar=True, edited=edited_orders(shop()))


@blueprint.get("/defaults")
def defaults() -> ResponseReturnValue:
    """What goes with every order, and what every order must have."""
    return _section("defaults", save_bar=True)


@blueprint.get("/fulfilment")
def fulfilment() -> ResponseReturnValue:
    """What Shopify and the customer are told of what the warehouse ships."""
    carriers = carrier_rows(find_connection(), settings_of(shop()).carriers)
    return _section("fulfilment", save_bar=True, carriers=carriers)


@blueprint.get("/stock")
def stock() -> ResponseReturnValue:
    """Whether the warehouse's stock is set in Shopify, what that would change, and where it
    counts."""
    return _section(
        "stock",
        {"stock": "parts/settings_stock.html"},
        save_bar=True,
        places=placed_of(shop()),
        admin_product=admin_product,
        **stock_values(shop(), find_connection()),
    )


@blueprint.get("/automation")
def automation() -> ResponseReturnValue:
    """The switch, and the jobs."""
    names = tuple(job.name for job in JOBS)
    return _section(
        "automation", {"jobs": "parts/jobs.html"}, scheduled=tally.jobs(shop(), names), every=JOBS
    )


@blueprint.get("/alerts")
def alerts() -> ResponseReturnValue:
    """Whom to tell, and how long the log is kept."""
    return _section(
        "alerts",
        save_bar=True,
        sends_mail=config().sends_mail,
        signing_secret=signing_secret(shop().domain),
    )


@blueprint.get("/access")
def access() -> ResponseReturnValue:
    """What Shopify lets the app do."""
    return _section("access", access=access_of(shop().scopes))


@blueprint.get("/data")
def data() -> ResponseReturnValue:
    """Export and disconnect."""
    return _section("data", document=document(shop()))


def _section(
    name: str, parts: dict[str, str] | None = None, *, save_bar: bool = False, **values: Any
) -> ResponseReturnValue:
    return page(
        f"settings_{name}.html",
        parts or {},
        title=SECTIONS[name],
        save_bar=save_bar,
        **form_values(),
        **values,
    )
