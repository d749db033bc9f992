"""Whether a request is Shopify's: ID tokens, webhooks, and the page that fetches a fresh token."""

import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shopify_app import RequestInput, ShopifyApp

from app.config import Config
from app.errors import Rejected
from app.shopify.origin import frame_ancestors, is_shop_domain
from app.shopify.values import Session, Webhook

_CDN = "https://cdn.shopify.com"
_TOPIC = re.compile(r"[a-z_]{1,60}/[a-z_]{1,60}", re.ASCII)
_RELOAD = re.compile(r"/(?![/\\])[^\x00-\x20\x7f]*")


@dataclass(frozen=True, slots=True)
class Page:
    """An HTML answer: its body and its headers."""

    body: str
    headers: Mapping[str, str]


def verify_id_token(config: Config, token: str, *, leeway: float = 5) -> Session:
    """Return who sent an ID token; raise Rejected ``unauthorized`` unless every claim holds.

    The library checks signature (both secrets) and audience; it lets a token without ``exp`` or
    ``sub`` pass, so the rest is checked here. ``leeway`` is for clocks, in seconds.
    """
    request = _request("GET", "/", {"authorization": f"Bearer {token}"})
    result = _app(config).verify_admin_ui_ext_req(request)
    if not result.ok or result.id_token is None:
        raise _denied("The session has expired or is not for this app. Reload the page.")
    claims = result.id_token.claims
    begins, expires = _number(claims, "nbf"), _number(claims, "exp")
    if not begins - leeway <= time.time() <= expires + leeway:
        raise _denied("The session has expired. Reload the page.")
    return Session(
        shop=_shop(claims),
        user_id=_text(claims, "sub"),
        expires_at=datetime.fromtimestamp(expires, UTC),
        locale=str(claims["locale"]) if claims.get("locale") else None,
    )


def verify_webhook(config: Config, headers: Mapping[str, str], raw: bytes) -> Webhook:
    """Return a delivery signed with one of the app's secrets; else raise Rejected ``unauthorized``.

    A good signature vouches for the body alone: the headers could be another delivery's.
    """
    given = {name.lower(): value for name, value in headers.items()}
    if not _is_signed(config, given, raw):
        raise _denied("The webhook's signature is not good.")
    webhook = Webhook(
        topic=given.get("x-shopify-topic", ""),
        shop=given.get("x-shopify-shop-domain", ""),
        webhook_id=given.get("x-shopify-webhook-id", "")[:255],
        event_id=given.get("x-shopify-event-id", "")[:255],
        triggered_at=_maybe_moment(given.get("x-shopify-triggered-at", "")),
        body=_json_object(raw),
    )
    known = is_shop_domain(webhook.shop) and _TOPIC.fullmatch(webhook.topic)
    if not known or not webhook.webhook_id:
        raise _denied("The webhook does not say which shop, topic and delivery it is.")
    return webhook


def patch_id_token_page(config: Config, url: str) -> Page:
    """Return the page that gets a fresh ID token and goes back to where ``shopify-reload`` says.

    ``url`` is the request's whole address. Raises Rejected when its ``shop`` is no shop's domain or
    ``shopify-reload`` leaves the app: the library would copy the one into the page's policy and
    leaves the other to App Bridge.
    """
    query = {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}
    shop, reload = query.get("shop", ""), query.get("shopify-reload", "")
    if not is_shop_domain(shop) or not _RELOAD.fullmatch(reload):
        raise Rejected("bad-request", "Open the app from the Shopify admin.")
    page = _app(config).app_home_patch_id_token(_request("GET", url, {})).response
    headers = {name: _from_cdn(config, value) for name, value in page.headers.items()}
    headers["Content-Security-Policy"] = frame_ancestors(config, shop)
    return Page(body=_from_cdn(config, page.body), headers=headers)


def _app(config: Config) -> ShopifyApp:
    return ShopifyApp(
        config.shopify_api_key, config.shopify_api_secret, config.shopify_old_api_secret or None
    )


def _request(method: str, url: str, headers: Mapping[str, str], body: str = "") -> RequestInput:
    return {"method": method, "url": url, "headers": dict(headers), "body": body}


def _denied(sentence: str) -> Rejected:
    return Rejected("unauthorized", sentence)


def _shop(claims: Mapping[str, Any]) -> str:
    """Return the one shop that ``iss`` and ``dest`` both name."""
    destination, issuer = _text(claims, "dest"), _text(claims, "iss")
    shop = destination.removeprefix("https://")
    if not is_shop_domain(shop) or issuer not in (f"https://{shop}/admin", f"https://{shop}"):
        raise _denied("The session is not of one Shopify shop.")
    return shop


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    if not isinstance(value, str) or not value:
        raise _denied(f"The session lacks its {name}.")
    return value


def _number(claims: Mapping[str, Any], name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _denied(f"The session lacks its {name}.")
    return float(value)


def _is_signed(config: Config, headers: Mapping[str, str], raw: bytes) -> bool:
    # The library compares texts, which fails on anything but ASCII.
    if not headers.get("x-shopify-hmac-sha256", "").isascii():
        return False
    try:
        request = _request("POST", "/webhooks", headers, raw.decode("utf-8"))
        return _app(config).verify_webhook_req(request).ok
    except (ValueError, RecursionError):
        # Bytes that are no text, or JSON that no parser takes.
        return False


def _json_object(raw: bytes) -> Mapping[str, Any]:
    try:
        body = json.loads(raw or b"{}")
    except (ValueError, RecursionError) as error:
        raise Rejected("bad-request", "The webhook's body is not JSON.") from error
    if not isinstance(body, dict):
        raise Rejected("bad-request", "The webhook's body is not a JSON object.")
    return body


def _maybe_moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _from_cdn(config: Config, text: str) -> str:
    return text.replace(_CDN, config.shopify_cdn) if config.shopify_cdn else text
