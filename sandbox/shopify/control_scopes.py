"""The control API for what a merchant lets the app do: what is granted, more of it, less of it."""

from typing import Any

from flask import Blueprint, jsonify

from sandbox.shopify import installation
from sandbox.shopify.control import asked, the_shop, the_world
from sandbox.shopify.shop import Shop
from sandbox.shopify.world import World


def tell_scopes(name: str) -> Any:
    """List ``granted``, and what the app's file names as ``required`` and ``optional``."""
    world, shop = the_world(), the_shop(name)
    return jsonify(_detail(world, shop))


def change_scopes(name: str) -> Any:
    """Grant ``{"grant": [scope]}`` and take ``{"revoke": [scope]}`` away; answers like the list."""
    world, shop, body = the_world(), the_shop(name), asked()
    more, less = frozenset(body.get("grant") or ()), frozenset(body.get("revoke") or ())
    with world.lock:
        installation.change_scopes(world, shop, more, less)
        return jsonify(_detail(world, shop))


def _detail(world: World, shop: Shop) -> dict[str, list[str]]:
    return {
        "granted": sorted(shop.scopes),
        "required": sorted(world.app.scopes),
        "optional": sorted(world.app.optional_scopes),
    }


def attach(blueprint: Blueprint) -> None:
    """Hang the routes on the control API."""
    path = "/sandbox/<name>/scopes"
    blueprint.add_url_rule(path, view_func=tell_scopes, methods=["GET"])
    blueprint.add_url_rule(path, view_func=change_scopes, methods=["POST"])
