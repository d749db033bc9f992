"""Where a shop's Admin API is: the shop itself, or the sandbox standing in for it."""

import re

from app.config import Config
from app.errors import Rejected

_SHOP = re.compile(r"[a-z0-9][a-z0-9-]*\.myshopify\.com", re.ASCII)


def is_shop_domain(text: str) -> bool:
    """Whether this is a whole ``name.myshopify.com`` domain in lower case and nothing more."""
    return _SHOP.fullmatch(text) is not None


def check_shop_domain(text: str) -> str:
    """Return the domain as it came; raise Rejected when it is no shop's domain."""
    if not is_shop_domain(text):
        raise Rejected(
            "shop-domain-invalid",
            "This is not a Shopify domain. Use the shop's own name.myshopify.com address.",
        )
    return text


def origin_of(config: Config, shop: str) -> tuple[str, str]:
    """Return (base URL without a trailing slash, value of the Host header) for a shop's domain."""
    domain = check_shop_domain(shop)
    return (config.shopify_origin or f"https://{domain}"), domain


def admin_address(config: Config, shop: str, path: str = "") -> str:
    """Return where the app, or a page of it, is in a shop's admin."""
    handle = check_shop_domain(shop).removesuffix(".myshopify.com")
    admin = config.shopify_origin or "https://admin.shopify.com"
    return f"{admin}/store/{handle}/apps/{config.shopify_api_key}/{path}".rstrip("/")


def frame_ancestors(config: Config, shop: str) -> str:
    """Return the content security policy that lets only this shop's admin frame a page."""
    allowed = [f"https://{check_shop_domain(shop)}", "https://admin.shopify.com"]
    return " ".join(["frame-ancestors", *allowed, *filter(None, [config.shopify_origin])])
