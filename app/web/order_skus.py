"""Where an order's trouble with a SKU is looked into: the product, and the SKU doctor."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from flask_babel import gettext as _

from app.domain.facts import Facts, LineFacts
from app.domain.rules import Verdict
from app.domain.skus import Kind
from app.models import Order
from app.web.links import link

UNKNOWN = "sku-unknown"
Link = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Way:
    """A place to go to beside what mends the gate. ``name`` is what extensions call it by."""

    name: str
    label: str
    address: str


def ways_of(verdict: Verdict, order: Order, to: Link = link) -> list[Way]:
    """Where else a closed gate leads to: nowhere unless a SKU closes it. ``to`` makes the address
    of a page: ``link``, or ``url_for`` for one that is opened from outside of the app."""
    lines = Facts.from_json(order.facts).shipped_lines
    if verdict.gate == "sku":
        bare = bare_product(lines)
        return [_doctor(to(_DOCTOR, q=bare, kind=Kind.NO_SKU.value))] if bare else []
    if verdict.gate != "accepted" or not _is_unknown(order):
        return []
    sku = _named(lines, verdict.message)
    product = [Way("product", _("Open product"), product_search(sku))] if sku else []
    return [*product, _doctor(to(_DOCTOR, **({"q": sku} if sku else _MISSING)))]


_DOCTOR = "skus.index"
_MISSING = {"kind": Kind.NOT_AT_WAREHOUSE.value}


def _doctor(address: str) -> Way:
    return Way("skus", _("SKU doctor"), address)


def bare_product(lines: list[LineFacts]) -> str:
    """The title of the first product that lacks a SKU; empty where no such line has a product."""
    bare = [line for line in lines if not line.sku and line.variant]
    return bare[0].name.partition(" - ")[0] if bare else ""


def product_search(text: str) -> str:
    """Where Shopify's admin lists the products that a text finds."""
    return f"shopify://admin/products?query={quote(text)}"


def _is_unknown(order: Order) -> bool:
    return UNKNOWN in {order.reason, *(each.reason for each in order.outbound_orders)}


def _named(lines: list[LineFacts], message: str) -> str:
    """The first of the order's SKUs that the warehouse names."""
    skus = sorted({line.sku for line in lines if line.sku}, key=len, reverse=True)
    return next((sku for sku in skus if re.search(_alone(sku), message)), "")


def _alone(sku: str) -> str:
    return rf"(?<!\w){re.escape(sku)}(?!\w)"
