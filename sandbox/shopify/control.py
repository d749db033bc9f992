"""The control API under ``/sandbox``: what tests, the demo and the admin pages turn and read."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, current_app, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound

from sandbox.shopify import installation, seeds
from sandbox.shopify.app_config import split_scopes
from sandbox.shopify.faults import UnknownFault
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.id_tokens import issue
from sandbox.shopify.mutating import Wrong
from sandbox.shopify.orders import UnknownOrderKey
from sandbox.shopify.shop import Shop
from sandbox.shopify.staff import hired
from sandbox.shopify.webhooks import replay
from sandbox.shopify.world import World

blueprint = Blueprint("control", __name__)


def the_world() -> World:
    """Return the world of this app."""
    world: World = current_app.config["WORLD"]
    return world


def the_shop(name: str) -> Shop:
    """Return a shop by domain or handle; raise 404 when there is none."""
    shop = the_world().shop(name)
    if shop is None:
        raise NotFound(f"There is no shop {name}.")
    return shop


def asked() -> dict[str, Any]:
    """Return the JSON object of the request, empty when there is none."""
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else {}


@blueprint.errorhandler(HTTPException)
def _http_error(error: HTTPException) -> Any:
    return jsonify(error=error.description), error.code or 500


@blueprint.errorhandler(NotPossible)
@blueprint.errorhandler(Wrong)
@blueprint.errorhandler(UnknownFault)
@blueprint.errorhandler(UnknownOrderKey)
@blueprint.errorhandler(ValueError)
@blueprint.errorhandler(KeyError)
@blueprint.errorhandler(TypeError)
def _refused(error: Exception) -> Any:
    return jsonify(error=str(error)), 422


@blueprint.get("/healthz")
def healthz() -> Any:
    """Say that the stand-in answers."""
    return jsonify(ok=True)


@blueprint.post("/sandbox/reset")
def reset() -> Any:
    """Begin anew with a seed: ``{"seed": "demo|none"}``."""
    world, seed = the_world(), asked().get("seed", "demo")
    world.clear()
    with world.lock:
        seeds.plant(world, seed)
    return jsonify(shops=sorted(world.shops))


@blueprint.get("/sandbox/shops")
def shops() -> Any:
    """List the shops."""
    world = the_world()
    return jsonify([_shop_line(shop) for shop in world.shops.values()])


def _shop_line(shop: Shop) -> dict[str, Any]:
    return {
        "domain": shop.domain,
        "handle": shop.handle,
        "name": shop.name,
        "installed": shop.installed,
        "scopes": sorted(shop.scopes),
        "orders": len(shop.orders),
        "locations": [{"id": one["id"], "name": one["name"]} for one in shop.locations.values()],
    }


@blueprint.post("/sandbox/<name>/install")
def install(name: str) -> Any:
    """Install the app; ``{"scopes": [...]}`` grants others than the app's file asks for."""
    shop, scopes = the_shop(name), asked().get("scopes")
    installation.install(the_world(), shop, frozenset(scopes) if scopes is not None else None)
    return jsonify(_shop_line(shop))


@blueprint.post("/sandbox/<name>/uninstall")
def uninstall(name: str) -> Any:
    """Uninstall the app."""
    installation.uninstall(the_world(), the_shop(name))
    return jsonify(ok=True)


@blueprint.post("/sandbox/<name>/redact")
def redact(name: str) -> Any:
    """Send ``shop/redact``."""
    installation.redact(the_world(), the_shop(name))
    return jsonify(ok=True)


@blueprint.post("/sandbox/<name>/customers/<any(redact, data_request):deed>")
def ask_about_customer(name: str, deed: str) -> Any:
    """Send ``customers/redact`` or ``customers/data_request`` for ``{"orders": [number]}``."""
    orders = [int(number) for number in asked().get("orders", [])]
    installation.ask_about_customer(the_world(), the_shop(name), f"customers/{deed}", orders)
    return jsonify(ok=True)


@blueprint.post("/sandbox/<name>/id-token")
def id_token(name: str) -> Any:
    """Return an ID token for ``{"user"}``; ``{"claims": {…}}`` replaces claims."""
    body = asked()
    shop, claims = the_shop(name), body.get("claims") or {}
    return jsonify(token=issue(the_world().app, shop.domain, str(body.get("user", "1")), **claims))


@blueprint.post("/sandbox/<name>/staff")
def staff(name: str) -> Any:
    """Hire or rename ``{"id", "first_name", "last_name", "email", "locale"}``."""
    person = hired(asked())
    with the_world().lock:
        the_shop(name).staff[str(person.id)] = person
    return jsonify(person.as_json())


@blueprint.get("/sandbox/<name>/staff")
def list_staff(name: str) -> Any:
    """List the shop's people."""
    return jsonify([person.as_json() for person in the_shop(name).staff.values()])


@blueprint.post("/sandbox/<name>/tokens")
def fixed_token(name: str) -> Any:
    """Return a fixed token, as an older custom app has; ``{"scopes": "a,b" or [...]}``."""
    world, shop, scopes = the_world(), the_shop(name), asked().get("scopes")
    chosen = split_scopes(scopes) if isinstance(scopes, str) else frozenset(scopes or ())
    with world.lock:
        shop.installed = True
        shop.scopes = shop.scopes or chosen or world.app.scopes
        token = world.tokens.fixed(shop.domain, chosen or shop.scopes)
    return jsonify(access_token=token.text, scope=",".join(sorted(token.scopes)))


@blueprint.delete("/sandbox/<name>/tokens")
def revoke(name: str) -> Any:
    """Revoke a shop's access tokens; ``?refresh=0`` keeps refresh tokens usable."""
    world, shop = the_world(), the_shop(name)
    with world.lock:
        world.tokens.revoke(shop.domain, request.args.get("refresh") != "0")
    return jsonify(ok=True)


@blueprint.get("/sandbox/<name>/points")
def points(name: str) -> Any:
    """Return the points a shop's requests cost, after a mark when ``after`` is given."""
    after = request.args.get("after", 0, int)
    return jsonify(the_world().ledger.points(the_shop(name).domain, after))


@blueprint.post("/sandbox/<name>/webhooks/replay")
def replay_webhook(name: str) -> Any:
    """Post an old webhook again: ``{"id", "as_shop", "as_topic", "hmac": "keep|bad"}``; returns the
    status."""
    the_shop(name)
    body = asked()
    keep = body.get("hmac", "keep") == "keep"
    forged = (body.get("as_shop"), keep, body.get("as_topic"))
    return jsonify(status=replay(the_world(), body["id"], *forged))


@blueprint.get("/sandbox/ledger")
def ledger() -> Any:
    """Return ledger entries, oldest first: ``?kind=&shop=&after=``."""
    world, args = the_world(), request.args
    after = args.get("after", 0, int)
    return jsonify(world.ledger.read(args.get("kind", ""), args.get("shop", ""), after))


@blueprint.post("/sandbox/ledger/mark")
def mark() -> Any:
    """Return where the ledger stands."""
    return jsonify(seq=the_world().ledger.mark())


@blueprint.get("/sandbox/faults")
def faults() -> Any:
    """List the faults in force."""
    return jsonify(the_world().faults.listed())


@blueprint.put("/sandbox/faults")
def put_faults() -> Any:
    """Replace the faults: a list, or ``{"rules": [...]}``."""
    body = request.get_json()
    the_world().faults.replace(body["rules"] if isinstance(body, dict) else body)
    return jsonify(the_world().faults.listed())


@blueprint.put("/sandbox/settings")
def put_settings() -> Any:
    """Change settings; unknown ones are refused."""
    the_world().change_settings(asked())
    return settings()


@blueprint.get("/sandbox/settings")
def settings() -> Any:
    """Return the settings."""
    return jsonify(asdict(the_world().settings))


@blueprint.get("/sandbox/quiet")
def quiet() -> Any:
    """Say whether anything is still to be delivered or routed."""
    waiting = the_world().timers.waiting
    return jsonify(quiet=waiting == 0, pending_webhooks=waiting)
