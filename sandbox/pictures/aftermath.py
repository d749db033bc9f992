"""What follows on the shop's day: goods come back, both sides come to differ, work is given up."""

from typing import Any

from sandbox.demo.client import SHOP
from sandbox.pictures.shop import RETURNED, PicturedShop, until

FORBIDDEN, LOST, WITHDRAWN = 10, 12, 13


def play(shop: PicturedShop) -> None:
    """Some of an order comes back; the warehouse loses one, staff cancel another's fulfillment."""
    _come_back(shop)
    _ship(shop, WITHDRAWN)
    number = _order(shop, WITHDRAWN)["id"].rsplit("/", 1)[1]
    shop.client.shopify("POST", f"/{SHOP}/orders/{number}/cancel-fulfillment", {})
    shop.client.wms("POST", "/orders/forget", {"external_id": _reference(shop, LOST)})
    shop.settle()


def forbid(shop: PicturedShop) -> None:
    """An order is shipped that is to be archived then, which Shopify lets this server not do."""
    version = shop.client.app("GET", "/api/settings")["version"]
    shop.client.app("PUT", "/api/settings", {"version": version, "archive": True})
    refusal = {"where": "graphql", "match": "CloseOrder", "do": "status", "value": 403, "times": 1}
    shop.client.shopify("PUT", "/faults", {"rules": [refusal]})
    _ship(shop, FORBIDDEN)


def _come_back(shop: PicturedShop) -> None:
    """Two units of an order are sent back: one can be sold again, one can't."""
    _ship(shop, RETURNED)
    sku = _order(shop, RETURNED)["lines"][0]["sku"]
    lines = [{"sku": sku, "quantity": 1, "reason": reason} for reason in ("UNWANTED", "DEFECTIVE")]
    opened = {"order": shop.orders[RETURNED].rsplit("/", 1)[1], "lines": lines}
    shop.client.shopify("POST", f"/{SHOP}/returns", opened)
    until(lambda: bool(shop.client.wms("GET", "/returns")))
    (expected,) = shop.client.wms("GET", "/returns")
    came = [{"sku": sku, "quantity": 1, "disposition": end} for end in ("restock", "scrap")]
    received = {"external_id": expected["external_id"], "lines": came}
    shop.client.wms("POST", "/returns/receive", received)
    until(lambda: _disposed(shop) == len(came))


def _disposed(shop: PicturedShop) -> int:
    """How many units Shopify knows to be restocked or written off."""
    (found,) = shop.client.shopify("GET", f"/{SHOP}/returns")
    rows = [row for each in found["reverse_fulfillment_orders"] for row in each["lines"]]
    return sum(each["quantity"] for row in rows for each in row["dispositions"])


def _ship(shop: PicturedShop, place: int) -> None:
    """The warehouse ships an order whole."""
    shop.client.wms("POST", "/orders/ship", {"external_id": _reference(shop, place)})
    until(lambda: bool(_order(shop, place)["fulfillments"]))


def _reference(shop: PicturedShop, place: int) -> str:
    return str(_order(shop, place)["fulfillment_orders"][0]["id"])


def _order(shop: PicturedShop, place: int) -> dict[str, Any]:
    number = shop.orders[place].rsplit("/", 1)[1]
    return dict(shop.client.shopify("GET", f"/{SHOP}/orders/{number}"))
