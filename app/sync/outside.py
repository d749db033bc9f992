"""Opens the two outside systems for a shop: Shopify with a fresh token, the WMS with its own."""

from datetime import timedelta
from functools import cache

from flask import current_app
from redis import Redis
from sqlalchemy import or_, update

from app.config import Config
from app.db import database_now, session
from app.domain.states import Effect
from app.errors import Rejected, TryLater
from app.models import Connection, Shop, ShopToken
from app.shopify import tokens
from app.shopify.bucket import Bucket
from app.shopify.client import Shopify
from app.shopify.values import TokenSet
from app.sync.owing import owe
from app.wms.address import way_to
from app.wms.http import ConnectorApi
from app.wms.limits import CALL_SECONDS

URGENT, NORMAL, BACKGROUND = 0, 1, 2
# A token is refreshed this long before it ends.
_MARGIN = timedelta(minutes=5)
# Longer than a refresh may take: then somebody else may try.
_REFRESH_LEASE = timedelta(seconds=20)


def settings() -> Config:
    """The running application's settings."""
    config: Config = current_app.config["TAGDOCK"]
    return config


@cache
def redis() -> Redis:
    """The process's connection pool to Redis. No call waits longer than two seconds."""
    return Redis.from_url(settings().redis_url, socket_timeout=2.0, socket_connect_timeout=2.0)


def shopify_for(shop: Shop, priority: int = NORMAL, *, token: str = "") -> Shopify:
    """A client for the shop's Admin API. Ends the transaction: none is open during a request.
    ``token`` is one that ``usable_token`` gave just now.

    Raises TryLater while another process renews the token, Rejected when there is none.
    """
    config, domain = settings(), shop.domain
    if not token:
        token = access_token(shop)
        session().commit()
    bucket = Bucket(redis(), domain, config.shopify_api_key)
    return Shopify(domain, token, config=config, bucket=bucket, priority=priority)


def access_token(shop: Shop) -> str:
    """The shop's offline token, renewed first when it is about to end.

    The row's lease lets one process at a time renew it, with no transaction open during the
    request; the new pair is stored in one commit. A lost renewal is safe: Shopify keeps the old
    refresh token usable until its successor is used.
    """
    stored = session().get(ShopToken, shop.id, populate_existing=True)
    if stored is None or stored.access_token is None:
        raise Rejected(
            "shopify-token-missing", "Tagdock has no access. Open it in Shopify's admin."
        )
    now = database_now()
    if stored.expires_at is None or stored.expires_at - now > _MARGIN:
        return stored.access_token
    if not _lease(shop.id):
        if stored.expires_at > now:
            return stored.access_token
        raise TryLater("The access token is being renewed.", 1.0, counts=False)
    return _renew(shop, stored.refresh_token)


def usable_token(shop: Shop) -> str:
    """The shop's token if it need not be renewed, else an empty text. Ends no transaction."""
    stored = session().get(ShopToken, shop.id, populate_existing=True)
    if stored is None or stored.access_token is None:
        return ""
    ends = stored.expires_at
    return stored.access_token if ends is None or ends - database_now() > _MARGIN else ""


def renew(shop: Shop) -> str:
    """Trade the shop's token for a new one, however long the old one has to go. Ends the
    transaction. Raises TryLater while another process does, Rejected when Shopify gives none."""
    if not _lease(shop.id):
        raise TryLater("The access token is being renewed.", 1.0, counts=False)
    stored = session().get(ShopToken, shop.id, populate_existing=True)
    return _renew(shop, stored.refresh_token if stored else None)


def _lease(shop_id: int) -> bool:
    now = database_now()
    free = or_(ShopToken.refreshing_until.is_(None), ShopToken.refreshing_until <= now)
    won = session().scalars(
        update(ShopToken)
        .where(ShopToken.shop_id == shop_id, free)
        .values(refreshing_until=now + _REFRESH_LEASE)
        .returning(ShopToken.shop_id),
        execution_options={"synchronize_session": False},
    )
    got = won.one_or_none() is not None
    session().commit()
    return got


def _renew(shop: Shop, refresh_token: str | None) -> str:
    config, domain = settings(), shop.domain
    session().commit()
    if refresh_token:
        fresh = tokens.refresh(config, domain, refresh_token)
    else:
        fresh = tokens.client_credentials(config, domain)
    store_tokens(shop, fresh)
    if set(fresh.scope.split(",")) - {"", *shop.scopes.split(",")}:
        # A new token may do what was granted since the one before it.
        owe(shop.id, ("shop", str(shop.id)), Effect.READ_SHOP)
    session().commit()
    return fresh.access_token


def store_tokens(shop: Shop, fresh: TokenSet) -> None:
    """Keep a token pair, replacing the old one. The caller commits."""
    stored = session().get(ShopToken, shop.id, populate_existing=True)
    if stored is None:
        stored = ShopToken(shop_id=shop.id)
        session().add(stored)
    stored.access_token = fresh.access_token
    stored.expires_at = fresh.expires_at
    stored.refresh_token = fresh.refresh_token
    stored.refresh_expires_at = fresh.refresh_expires_at
    stored.obtained_at = database_now()
    stored.refreshing_until = None


def wms_for(connection: Connection, *, seconds: float = CALL_SECONDS) -> ConnectorApi:
    """A client for the shop's WMS, which has so long to answer; close it after use. Ends the
    transaction: none is open during a request."""
    wms = wms_at(connection, seconds=seconds)
    session().commit()
    return wms


def wms_at(connection: Connection, *, seconds: float = CALL_SECONDS) -> ConnectorApi:
    """The same, for after the transaction: the caller commits before the first request."""
    token, hosts = connection.token or "", settings().wms_allowed_hosts
    return ConnectorApi(connection.app_url, token, allowed_hosts=hosts, timeout=seconds)


def way_of(connection: Connection) -> str:
    """A mark of the address and token in use now, as a refusal of the WMS bears it."""
    return way_to(connection.app_url, connection.token or "")
