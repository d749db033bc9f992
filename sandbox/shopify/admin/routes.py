"""The blueprint that every part of the admin hangs its routes on, and what they all need."""

from flask import Blueprint, current_app
from werkzeug.exceptions import NotFound

from sandbox.shopify.shop import Shop
from sandbox.shopify.world import World

blueprint = Blueprint(
    "admin",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/admin-static",
)


def the_world() -> World:
    """Return the world of this app."""
    world: World = current_app.config["WORLD"]
    return world


def the_shop(handle: str) -> Shop:
    """Return the shop of a page's address; raise 404 when there is none."""
    shop = the_world().shop(handle)
    if shop is None:
        raise NotFound(f"There is no shop {handle}.")
    return shop
