"""Access to a shop: by token exchange, authorization code, refresh or client credentials.

Pure in the sense that nothing is kept: who calls stores the pair, under the shop's row lock.
Every function raises TryLater, or Rejected with what to do. All grants may be repeated, save an
authorization code, which works once.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from shopify_app import (
    ClientCredentialsExchangeResult,
    IdTokenDetails,
    ShopifyApp,
    TokenExchangeAccessToken,
    TokenExchangeResult,
    User,
)

from app.config import Config
from app.shopify.oauth import NOT_PERMITTED, open_client, post, refusal
from app.shopify.origin import check_shop_domain, is_shop_domain
from app.shopify.values import Person, TokenSet

# What the app asks for, as in shopify.app.toml.
SCOPES = (
    "write_orders",
    "write_merchant_managed_fulfillment_orders",
    "write_fulfillments",
    "read_locations",
    "read_products",
    "read_customers",
)
# Of a staff member's name, more than this many signs are cut off.
LONGEST_NAME = 120
_DOMAIN = ".myshopify.com"


def exchange(config: Config, shop: str, id_token: str) -> TokenSet:
    """Trade a verified ID token of this shop for an expiring offline token."""
    return _token_set(_exchanged(config, shop, id_token, "offline"))


def _exchanged(config: Config, shop: str, id_token: str, mode: str) -> TokenExchangeResult:
    details = IdTokenDetails(
        exchangeable=True, token=id_token, claims={"dest": f"https://{check_shop_domain(shop)}"}
    )
    with open_client(config, shop) as client:
        return _app(config).exchange_using_token_exchange(
            mode, id_token=details, expiring=True, http_client=client
        )


def ask_who(config: Config, shop: str, id_token: str) -> Person | None:
    """Ask whose verified ID token this is; None when Shopify doesn't say.

    The answer carries an online token, by which one could act as that person: it is let go here.
    """
    result = _exchanged(config, shop, id_token, "online")
    given = result.access_token
    if not result.ok or given is None:
        raise refusal(result.log.code)
    return _person(given.user) if given.user else None


def _person(user: User) -> Person:
    words = f"{user.first_name or ''} {user.last_name or ''}"
    plain = "".join(sign if sign.isprintable() else " " for sign in words)
    return Person(user_id=str(user.id), name=" ".join(plain.split())[:LONGEST_NAME])


def refresh(config: Config, shop: str, refresh_token: str) -> TokenSet:
    """Trade a refresh token for a new pair. The old one works until the new one is used."""
    old = TokenExchangeAccessToken(
        shop=check_shop_domain(shop).removesuffix(_DOMAIN),
        token="",
        expires=None,
        scope="",
        access_mode="offline",
        refresh_token=refresh_token,
        refresh_token_expires=None,
        user=None,
    )
    with open_client(config, shop) as client:
        result = _app(config).refresh_token_exchanged_access_token(old, http_client=client)
    return _token_set(result)


def client_credentials(config: Config, shop: str) -> TokenSet:
    """Get a token for a shop of the organisation that owns the app. It has no refresh token."""
    name = check_shop_domain(shop).removesuffix(_DOMAIN)
    with open_client(config, shop) as client:
        result = _app(config).exchange_using_client_credentials(name, http_client=client)
    if NOT_PERMITTED in result.log.detail:
        raise refusal(NOT_PERMITTED)
    return _token_set(result)


def exchange_code(config: Config, shop: str, code: str) -> TokenSet:
    """Trade the code of a validated callback for an expiring offline token."""
    given = post(config, check_shop_domain(shop), {"code": code, "expiring": 1})
    return TokenSet(
        access_token=str(given["access_token"]),
        expires_at=_in(given.get("expires_in")),
        refresh_token=given.get("refresh_token") or None,
        refresh_expires_at=_in(given.get("refresh_token_expires_in")),
        scope=str(given.get("scope") or ""),
    )


def authorize_url(config: Config, shop: str, state: str) -> str:
    """Return where to send a browser that is to install the app by authorization code."""
    grant = _grant(config.shopify_api_key, config.shopify_api_secret)
    session = grant(check_shop_domain(shop), config.shopify_api_version)
    url: str = session.create_permission_url(list(SCOPES), f"{config.app_url}/auth/callback", state)
    if config.shopify_origin:
        # A browser cannot send another Host header: the sandbox reads the shop from the query.
        return (
            f"{config.shopify_origin}/admin/oauth/authorize?{url.partition('?')[2]}&"
            + urlencode({"shop": shop})
        )
    return url


def validate_callback(config: Config, params: Mapping[str, str]) -> bool:
    """Whether the parameters are signed by Shopify, for a shop, less than a day ago.

    The ``state`` is the caller's to compare.
    """
    if not is_shop_domain(params.get("shop", "")) or not params.get("timestamp", "").isdecimal():
        return False
    grants = (_grant(config.shopify_api_key, secret) for secret in config.shopify_secrets)
    return any(grant.validate_params(dict(params)) for grant in grants)


def _app(config: Config) -> ShopifyApp:
    return ShopifyApp(config.shopify_api_key, config.shopify_api_secret)


def _grant(api_key: str, secret: str) -> Any:
    """Return ShopifyAPI's session class with this app's identity, leaving its globals alone."""
    from shopify.session import Session

    return type("Grant", (Session,), {"api_key": api_key, "secret": secret})


def _token_set(result: TokenExchangeResult | ClientCredentialsExchangeResult) -> TokenSet:
    given = result.access_token
    if not result.ok or given is None:
        raise refusal(result.log.code)
    pair = given if isinstance(given, TokenExchangeAccessToken) and given.refresh_token else None
    return TokenSet(
        access_token=given.token,
        expires_at=_moment(given.expires),
        refresh_token=pair.refresh_token if pair else None,
        refresh_expires_at=_moment(pair.refresh_token_expires) if pair else None,
        scope=given.scope or "",
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def _in(seconds: object) -> datetime | None:
    if not isinstance(seconds, int):
        return None
    return datetime.now(UTC) + timedelta(seconds=seconds)
