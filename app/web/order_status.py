"""An order's status as extensions read it: with the place where each closed gate is mended."""

from typing import Any
from urllib.parse import urlsplit

from app.domain.rules import Verdict
from app.models import Order, Shop
from app.sync import reports
from app.web.order_gates import fix_of
from app.web.order_list import find_order


def order_status(shop: Shop, gid: str) -> dict[str, Any] | None:
    """``reports.order_status`` with an ``address`` at each gate; None when we have not seen it."""
    found = reports.order_status(shop, gid)
    order = find_order(shop, gid.rpartition("/")[2])
    if found is None or order is None:
        return None
    gates = [{**gate, "address": _address(gate, order)} for gate in found["gates"]]
    return {**found, "gates": gates}


def _address(gate: dict[str, Any], order: Order) -> str:
    """A path in the app, or a page of Shopify's admin; empty where neither mends the gate."""
    fix = fix_of(Verdict(gate["gate"], gate["ok"], gate["message"], gate["fix"]), order)
    if fix is None or not fix.address:
        return ""
    return urlsplit(fix.address).path if fix.address.startswith("/") else fix.address
