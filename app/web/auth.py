"""Installing by the authorization-code grant, and the page where App Bridge gets a fresh token."""

import hmac
import secrets

from flask import Blueprint, Response, make_response, redirect, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeTimedSerializer

from app.errors import Rejected
from app.shopify import tokens
from app.shopify.origin import admin_address, is_shop_domain
from app.shopify.verify import patch_id_token_page
from app.sync.engine import atomically
from app.sync.install import install
from app.sync.owing import DEFAULT
from app.sync.ring import ring
from app.web.answers import answer
from app.web.csp import allow_frame
from app.web.current import config

blueprint = Blueprint("auth", __name__)
COOKIE = "tagdock_state"
STATE_SECONDS = 600


@blueprint.get("/auth")
def begin() -> ResponseReturnValue:
    """Send the browser to Shopify's consent page, remembering that it was us who asked."""
    domain = request.args.get("shop", "")
    if not is_shop_domain(domain):
        sentence = _("This is not a Shopify domain. Use the shop's own name.myshopify.com address.")
        return answer(400, sentence)
    state = secrets.token_urlsafe(24)
    response = make_response(redirect(tokens.authorize_url(config(), domain, state)))
    response.set_cookie(
        COOKIE,
        _signer().dumps([domain, state]),
        max_age=STATE_SECONDS,
        path="/auth",
        httponly=True,
        samesite="Lax",
        secure=config().app_url.startswith("https://"),
    )
    return response


@blueprint.get("/auth/callback")
def finish() -> ResponseReturnValue:
    """Install the shop that Shopify sends back, and open the app in its admin."""
    params = request.args.to_dict()
    domain = params.get("shop", "")
    if not (tokens.validate_callback(config(), params) and _is_ours(domain, params.get("state"))):
        sentence = _("This installation wasn't begun here, or took too long. Start it again.")
        return answer(400, sentence)
    try:
        given = tokens.exchange_code(config(), domain, params.get("code", ""))
    except Rejected as refusal:
        return answer(400, refusal.message, refusal.code)
    shop = atomically(lambda: install(domain, given))
    ring(shop.id, DEFAULT)
    response = make_response(redirect(admin_address(config(), domain)))
    response.delete_cookie(COOKIE, path="/auth")
    return response


@blueprint.get("/auth/patch-id-token")
def patch_id_token() -> ResponseReturnValue:
    """Let App Bridge fetch a fresh ID token and reload the page that lacked one."""
    try:
        page = patch_id_token_page(config(), f"{config().app_url}{request.full_path}")
    except Rejected as refusal:
        return answer(400, refusal.message, refusal.code)
    allow_frame(request.args["shop"])
    return Response(page.body, headers=dict(page.headers))


def _is_ours(domain: str, state: str | None) -> bool:
    """Whether this browser began an installation of this very shop a short while ago."""
    try:
        asked = _signer().loads(request.cookies.get(COOKIE, ""), max_age=STATE_SECONDS)
    except BadData:
        return False
    return hmac.compare_digest(f"{domain} {state}".encode(), " ".join(asked).encode())


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(config().secret_key, salt="install-state")
