"""Shopify's authorization pages and token endpoint."""

import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from html import escape
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, jsonify, redirect, request

from sandbox.serve import drop_connection
from sandbox.shopify.app_config import split_scopes
from sandbox.shopify.id_tokens import bearer_of
from sandbox.shopify.installation import host_parameter, install, uninstall
from sandbox.shopify.shop import Shop
from sandbox.shopify.tokens import REFRESH_SECONDS, Refresh, Token
from sandbox.shopify.world import World

blueprint = Blueprint("oauth", __name__)

EXCHANGE = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"
OFFLINE = "urn:shopify:params:oauth:token-type:offline-access-token"
ONLINE = "urn:shopify:params:oauth:token-type:online-access-token"
DAY = 86_400
Form = Mapping[str, Any]

CONSENT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Install {app}</title>
<body style="font-family:system-ui;max-width:32rem;margin:4rem auto">
<h1>Install {app}</h1><p>on <b>{shop}</b>. It asks for:</p><ul>{scopes}</ul>
<form method="get"><input type="hidden" name="approve" value="1">{fields}
<button>Install</button></form></body></html>"""


class Refused(Exception):
    """The token endpoint answers an OAuth error: a code, words, a status."""

    def __init__(self, code: str, words: str = "", status: int = 400) -> None:
        super().__init__(words)
        self.code, self.status = code, status


def _world() -> World:
    world: World = current_app.config["WORLD"]
    return world


@blueprint.get("/admin/oauth/authorize")
def authorize() -> Any:
    """Show the consent page; approved, go back to the app with a code and a signature."""
    world, shop = _world(), _shop()
    target = request.args.get("redirect_uri", "")
    if request.args.get("client_id") != world.app.client_id:
        return _oauth_page("application_cannot_be_found", "No such application.")
    if target not in _allowed(world):
        return _oauth_page("invalid_request", "The redirect_uri is not whitelisted")
    if request.args.get("approve") is None:
        return _consent(world, shop)
    code = secrets.token_hex(16)
    scopes = split_scopes(request.args.get("scope", "")) or world.app.scopes
    install(world, shop, scopes)
    with world.lock:
        world.codes[code] = (shop.domain, scopes)
    return redirect(f"{target}?{_signed_query(world, shop, code)}")


def _allowed(world: World) -> set[str]:
    return {*world.app.redirect_urls, f"{world.app.url}/auth/callback"}


def _consent(world: World, shop: Shop) -> Response:
    scopes = split_scopes(request.args.get("scope", "")) or world.app.scopes
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in request.args.items(multi=True)
    )
    items = "".join(f"<li>{escape(scope)}</li>" for scope in sorted(scopes))
    page = CONSENT.format(app=escape(world.app.name), shop=shop.domain, scopes=items, fields=fields)
    return Response(page, content_type="text/html; charset=utf-8")


def _oauth_page(code: str, words: str) -> Response:
    text = f"<h1>Oauth error {code}: {words}</h1>"
    return Response(text, 400, content_type="text/html; charset=utf-8")


def _signed_query(world: World, shop: Shop, code: str) -> str:
    query = {
        "code": code,
        "host": host_parameter(shop),
        "shop": shop.domain,
        "state": request.args.get("state", ""),
        "timestamp": str(int(time.time())),
    }
    return urlencode(query | {"hmac": sign_query(world.app.client_secret, query)})


def sign_query(secret: str, query: Mapping[str, str]) -> str:
    """Return the hexadecimal HMAC Shopify adds to the addresses it sends browsers to."""
    message = "&".join(f"{key}={value}" for key, value in sorted(query.items()))
    return hmac.digest(secret.encode(), message.encode(), hashlib.sha256).hex()


@blueprint.post("/admin/oauth/access_token")
def access_token() -> Any:
    """Give out tokens: by code, ID token, client credentials or refresh token."""
    world = _world()
    form = _form()
    grant = str(form.get("grant_type") or "authorization_code")
    faults = world.faults.take("token", grant)
    if "delay" in faults:
        time.sleep(float(faults["delay"] or 1))
    if "drop_before" in faults:
        return drop_connection()
    if "status" in faults:
        return jsonify(error="server_error"), int(faults["status"] or 503)
    answer = _granted(world, grant, form)
    return drop_connection() if "drop_after" in faults else answer


def _form() -> Form:
    body = request.get_json(silent=True)
    return body if isinstance(body, dict) else request.form


def _granted(world: World, grant: str, form: Form) -> Any:
    domain = request.host.partition(":")[0]
    try:
        _check_client(world, grant, form)
        with world.lock:
            answer = GRANTS[grant](world, _shop(), form)
    except Refused as refused:
        world.ledger.add("token", shop=domain, grant=grant, error=refused.code)
        return _refused(refused)
    world.ledger.add("token", shop=domain, grant=grant, error=None)
    return jsonify(answer)


def _check_client(world: World, grant: str, form: Form) -> None:
    if form.get("client_id") != world.app.client_id:
        raise Refused("application_cannot_be_found", "No such application.")
    if form.get("client_secret") != world.app.client_secret:
        raise Refused("invalid_client", "Client authentication failed.")
    if grant not in GRANTS:
        raise Refused("unsupported_grant_type", f"Unknown grant type {grant}.")


def _shop() -> Shop:
    """The shop by Host; on the bare origin, where a browser can't set that, by ``?shop=``."""
    world, host = _world(), request.host.partition(":")[0]
    shop = world.shop(host) or world.shop(request.args.get("shop", ""))
    if shop is None:
        raise Refused("shop_not_found", "No such shop.", 404)
    return shop


@blueprint.errorhandler(Refused)
def _refused(refused: Refused) -> Any:
    return jsonify(error=refused.code, error_description=str(refused)), refused.status


def _by_code(world: World, shop: Shop, form: Form) -> dict[str, Any]:
    domain, scopes = world.codes.pop(str(form.get("code")), ("", frozenset()))
    if domain != shop.domain:
        raise Refused("invalid_request", "The authorization code was not found or was already used")
    return _offline(world, shop, scopes, form)


def _by_id_token(world: World, shop: Shop, form: Form) -> dict[str, Any]:
    if form.get("subject_token_type") != ID_TOKEN:
        raise Refused("invalid_request", "subject_token_type must be an ID token.")
    bearer = bearer_of(world.app, str(form.get("subject_token")))
    if bearer is None or bearer.shop != shop.domain:
        raise Refused("invalid_subject_token", "The subject token is invalid or expired.")
    if not shop.installed:
        raise Refused("app_not_installed", "The app is not installed on this shop.")
    if form.get("requested_token_type") == ONLINE:
        return _online(world, shop, bearer.user)
    if form.get("requested_token_type") != OFFLINE:
        raise Refused("invalid_request", "requested_token_type is not known.")
    return _offline(world, shop, shop.scopes, form)


def _by_credentials(world: World, shop: Shop, _: Form) -> dict[str, Any]:
    if not shop.installed:
        raise Refused("shop_not_permitted", "The app is not installed on this shop.")
    token = world.tokens.issue(shop.domain, shop.scopes, world.settings.token_seconds)
    return _plain(token) | {"expires_in": max(world.settings.token_seconds - 1, 0)}


def _by_refresh(world: World, shop: Shop, form: Form) -> dict[str, Any]:
    used = world.tokens.use_refresh(str(form.get("refresh_token")), shop.domain)
    if used is None:
        raise Refused("invalid_grant", "The refresh token is invalid or expired.")
    token = world.tokens.issue(shop.domain, used.scopes, world.settings.token_seconds)
    return _pair(world, token, world.tokens.issue_refresh(token, used.text))


GRANTS = {
    "authorization_code": _by_code,
    EXCHANGE: _by_id_token,
    "client_credentials": _by_credentials,
    "refresh_token": _by_refresh,
}


def _offline(world: World, shop: Shop, scopes: frozenset[str], form: Form) -> dict[str, Any]:
    if str(form.get("expiring", "")).lower() not in ("1", "true"):
        return _plain(world.tokens.fixed(shop.domain, scopes))
    token = world.tokens.issue(shop.domain, scopes, world.settings.token_seconds)
    return _pair(world, token, world.tokens.issue_refresh(token))


def _online(world: World, shop: Shop, user: str) -> dict[str, Any]:
    """A token of one person's own, and who that is."""
    person = shop.staff.get(user)
    if person is None:
        raise Refused("invalid_subject_token", "The subject token is of nobody at this shop.")
    token = world.tokens.issue(shop.domain, shop.scopes, DAY)
    about = {"associated_user_scope": _listed(token), "associated_user": person.as_json()}
    return _plain(token) | about | {"expires_in": DAY}


def _pair(world: World, token: Token, refresh: Refresh) -> dict[str, Any]:
    return _plain(token) | {
        "expires_in": world.settings.token_seconds,
        "refresh_token": refresh.text,
        "refresh_token_expires_in": REFRESH_SECONDS,
    }


def _plain(token: Token) -> dict[str, Any]:
    return {"access_token": token.text, "scope": _listed(token)}


def _listed(token: Token) -> str:
    return ",".join(sorted(token.scopes))


@blueprint.delete("/admin/api_permissions/current.json")
def remove_itself() -> Any:
    """Uninstall the app at its own wish."""
    world, shop = _world(), _shop()
    if world.tokens.valid(request.headers.get("X-Shopify-Access-Token", ""), shop.domain) is None:
        return jsonify(errors="[API] Invalid API key or access token"), 401
    uninstall(world, shop)
    return jsonify({})
