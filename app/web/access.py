"""The door: nothing but the named exceptions is answered without a good ID token.

The shop is taken from the verified token alone; ``?shop=`` only says where to ask for a new one.
"""

import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

import structlog
from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from app.db import session
from app.errors import Rejected
from app.models import Shop
from app.shopify import tokens, verify
from app.shopify.origin import is_shop_domain
from app.sync.engine import atomically
from app.sync.install import install
from app.sync.ring import ring
from app.web.answers import answer, refuse_session, wants_json
from app.web.csp import allow_frame
from app.web.current import config

# Answered without an ID token: each proves itself in another way, or tells nothing.
OPEN_BLUEPRINTS = frozenset({"auth", "webhooks", "callbacks", "health", "operator"})
OPEN_ENDPOINTS = frozenset({"static"})
_HOST = re.compile(r"[A-Za-z0-9+/_=-]{1,512}")


def register(app: Flask) -> None:
    """Guard every route of the app, also those that are added later."""
    app.before_request(guard)


def guard() -> ResponseReturnValue | None:
    """Set ``g.shop`` and ``g.actor`` from the ID token, or answer instead of the view."""
    if request.endpoint is None or is_open(request.endpoint):
        return None
    token = id_token()
    try:
        person = verify.verify_id_token(config(), token)
    except Rejected:
        return _turn_away()
    allow_frame(person.shop)
    structlog.contextvars.bind_contextvars(shop=person.shop)
    try:
        shop = _find(person.shop) or _admit(person.shop, token)
    except Rejected as refusal:
        return answer(401, refusal.message, refusal.code)
    g.actor, g.shop, g.shop_id = person.user_id, shop, shop.id
    return None


def is_open(endpoint: str) -> bool:
    """Whether an endpoint answers without an ID token."""
    return endpoint in OPEN_ENDPOINTS or endpoint.partition(".")[0] in OPEN_BLUEPRINTS


def host() -> str:
    """The admin's ``host`` parameter, which links carry on; empty when it is none."""
    given = request.args.get("host", "")
    return given if _HOST.fullmatch(given) else ""


def id_token() -> str:
    """The ID token that came with this request, verified or not; empty when none did."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme:
        return token.strip() if scheme.lower() == "bearer" else ""
    return request.args.get("id_token", "")


def _turn_away() -> ResponseReturnValue:
    """Send a page to where App Bridge gets a fresh token; tell a script to retry with one."""
    if wants_json() or "Authorization" in request.headers:
        return refuse_session()
    domain = request.args.get("shop", "")
    if request.method != "GET" or not is_shop_domain(domain):
        return answer(401, _("Open this app from the Apps list of your Shopify admin."))
    return Response(status=302, headers={"Location": _patch_address()})


def _patch_address() -> str:
    kept = [(key, text) for key, text in request.args.items(multi=True) if key != "id_token"]
    reload = f"{request.path}?{urlencode(kept)}"
    return f"/auth/patch-id-token?{urlencode(kept)}&shopify-reload={quote(reload, safe='')}"


def _find(domain: str) -> Shop | None:
    """The installed shop with a usable access token, or None."""
    if request.method == "GET":  # takes no write lock on SQLite
        session().connection(execution_options={"reading": True})
    shop = session().scalar(select(Shop).where(Shop.domain == domain, Shop.installed))
    return shop if shop is not None and _has_access(shop) else None


def _has_access(shop: Shop) -> bool:
    """Whether the stored token works or can be refreshed."""
    token = shop.token
    if token is None or not token.access_token:
        return False
    soon = datetime.now(UTC) + timedelta(minutes=1)
    if token.expires_at is None or token.expires_at > soon:
        return True
    return bool(token.refresh_token) and (
        token.refresh_expires_at is None or token.refresh_expires_at > soon
    )


def _admit(domain: str, id_token: str) -> Shop:
    """Exchange the ID token for access to a shop that is new or has come back; commits."""
    session().rollback()
    given = tokens.exchange(config(), domain, id_token)
    shop = atomically(lambda: install(domain, given))
    ring(shop.id, "default")
    return shop
