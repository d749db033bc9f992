"""An order's status as extensions read it: with the place where each closed gate is mended, and
whether the warehouse holds it."""

from typing import Any
from urllib.parse import urlsplit

from app.domain.rules import Verdict
from app.models import Order, Shop
from app.sync import reports
from app.sync.engine import live
from app.web.order_gates import fix_of, is_held, keeps, known
from app.web.order_list import find_order


def order_status(shop: Shop, gid: str) -> dict[str, Any] | None:
    """``reports.order_status`` for a card; None when we have not seen the order.

    Each gate has the ``address`` where it is mended, and says whether it ``keeps`` the order; each
    warehouse order says whether it is ``held``. Gates that mean nothing yet are left out.
    """
    found = reports.order_status(shop, gid)
    order = find_order(shop, gid.rpartition("/")[2])
    if found is None or order is None:
        return None
    held = {outbound.external_id for outbound in live(order) if is_held(outbound)}
    gates = known(order, [_verdict(gate) for gate in found["gates"]])
    return {
        **found,
        "gates": [_gate(verdict, order) for verdict in gates],
        "warehouse_orders": [
            {**each, "held": each["external_id"] in held} for each in found["warehouse_orders"]
        ],
    }


def _verdict(gate: dict[str, Any]) -> Verdict:
    return Verdict(gate["gate"], gate["ok"], gate["message"], gate["fix"])


def _gate(verdict: Verdict, order: Order) -> dict[str, Any]:
    return {
        "gate": verdict.gate,
        "ok": verdict.ok,
        "message": verdict.message,
        "fix": verdict.fix,
        "keeps": keeps(order, verdict),
        "address": _address(verdict, order),
    }


def _address(verdict: Verdict, order: Order) -> str:
    """A path in the app, or a page of Shopify's admin; empty where neither mends the gate."""
    fix = fix_of(verdict, order)
    if fix is None or not fix.address:
        return ""
    return urlsplit(fix.address).path if fix.address.startswith("/") else fix.address
