"""How much of Shopify's API a shop's app may use right now."""

from redis import Redis
from redis.exceptions import RedisError

from app.models import Shop
from app.shopify.bucket import Bucket, Level
from app.web.current import config

# A page is not kept waiting for a number.
_PATIENCE = 0.25


def budget_of(shop: Shop) -> Level | None:
    """The shop's points; None when nobody has used any for a day, or Redis doesn't answer."""
    settings = config()
    try:
        with Redis.from_url(
            settings.redis_url, socket_connect_timeout=_PATIENCE, socket_timeout=_PATIENCE
        ) as client:
            return Bucket(client, shop.domain, settings.shopify_api_key).look()
    except RedisError:
        return None
