"""Takes a store in for an app of its merchant's own, with nobody at its admin: by client
credentials, or by the fixed token of an older custom app, which nobody exchanges or renews."""

from dataclasses import replace

from app.models import Shop
from app.shopify import tokens
from app.shopify.bucket import Bucket
from app.shopify.client import Shopify
from app.shopify.orders import read_shop
from app.shopify.values import TokenSet
from app.sync.engine import atomically
from app.sync.install import install
from app.sync.outside import redis, settings
from app.sync.owing import DEFAULT
from app.sync.ring import ring


def install_with(domain: str, token: str) -> list[str]:
    """Ask Shopify what the token may do, then install the store with it; commits. Returns the
    permissions that it lacks. Raises Rejected for a token or a store that Shopify doesn't know,
    TryLater when Shopify doesn't answer: then nothing is kept."""
    return _install(domain, TokenSet(token, None, None, None, ""))


def install_by_credentials(domain: str) -> list[str]:
    """The same with a token that Shopify gives for the app's own client id and secret; another is
    got by them whenever it is about to end."""
    return _install(domain, tokens.client_credentials(settings(), domain))


def _install(domain: str, given: TokenSet) -> list[str]:
    config = settings()
    bucket = Bucket(redis(), domain, config.shopify_api_key)
    client = Shopify(domain, given.access_token, config=config, bucket=bucket)
    granted = read_shop(client).scopes
    known = replace(given, scope=",".join(sorted(granted)))
    shop: Shop = atomically(lambda: install(domain, known))
    ring(shop.id, DEFAULT)
    return [scope for scope in tokens.SCOPES if scope not in granted]
