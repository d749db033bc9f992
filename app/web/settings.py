"""Settings: an index, then a form each."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from app.web.banners import banner_for
from app.web.parts import page
from app.web.setup_api import find_connection

blueprint = Blueprint("settings", __name__, url_prefix="/settings")


@blueprint.get("")
def index() -> ResponseReturnValue:
    """What can be set, and how it stands."""
    connection = find_connection()
    return page("settings.html", {}, connection=connection, warning=banner_for(connection))


@blueprint.get("/connection")
def connection() -> ResponseReturnValue:
    """The form of the connection to the warehouse."""
    known = find_connection()
    return page(
        "settings_connection.html",
        {"connection": "parts/connection.html"},
        connection=known,
        warning=banner_for(known),
        save_bar=True,
    )
