"""Whether a body is one of its topic, where a topic says that something is over.

The signature covers the body alone: a signed body of one topic could be posted under another.
"""

from collections.abc import Callable, Mapping
from typing import Any

Body = Mapping[str, Any]
_ORDERS = {"customers/redact": "orders_to_redact", "customers/data_request": "orders_requested"}


def fits(topic: str, shop: str, body: Body) -> bool:
    """Whether a body can be one of this topic for this shop; every body fits a topic that only
    makes us read."""
    check = _CHECKS.get(topic)
    return check is None or check(topic, shop, body)


def _is_the_shop(_topic: str, shop: str, body: Body) -> bool:
    """``app/uninstalled`` brings the shop as it is, which a privacy topic never does."""
    named = body.get("myshopify_domain") == shop and "shop_domain" not in body
    return named and _is_number(body.get("id")) and isinstance(body.get("domain"), str)


def _is_shop_redact(_topic: str, shop: str, body: Body) -> bool:
    """``shop/redact`` names the shop and nothing else."""
    return body.keys() == {"shop_id", "shop_domain"} and _names(shop, body)


def _is_customer(topic: str, shop: str, body: Body) -> bool:
    """A privacy topic about a customer: what it calls the orders tells one from the other."""
    other = next(name for each, name in _ORDERS.items() if each != topic)
    known = isinstance(body.get("customer"), dict) and isinstance(body.get(_ORDERS[topic]), list)
    return known and other not in body and _names(shop, body)


def _names(shop: str, body: Body) -> bool:
    return body.get("shop_domain") == shop and _is_number(body.get("shop_id"))


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


_CHECKS: dict[str, Callable[[str, str, Body], bool]] = {
    "app/uninstalled": _is_the_shop,
    "shop/redact": _is_shop_redact,
    **dict.fromkeys(_ORDERS, _is_customer),
}
