"""An order's status as extensions read it: with the place where each closed gate is mended, and
whether the warehouse holds it."""

from typing import Any
from urllib.parse import urlsplit

from flask import url_for

from app.domain.rules import Verdict
from app.models import Order, Shop
from app.sync import reports
from app.sync.engine import live
from app.sync.situations import connection_of
from app.web.order_gates import Fix, fix_of, keeps, known, note_of, pointless
from app.web.order_list import find_order
from app.web.order_settled import is_outlived, settlement
from app.web.order_skus import ways_of
from app.web.order_standing import is_held, warehouse_standing


def order_status(shop: Shop, gid: str) -> dict[str, Any] | None:
    """``reports.order_status`` for a card; None when we have not seen the order.

    Each gate has the ``address`` where it is mended and the ``ways`` to look into it, says whether
    it ``keeps`` the order, and in a ``note`` what there is to say of one that is closed and passed
    all the same. Each warehouse order says whether it is ``held`` and, in words, how far the
    warehouse is with it (``standing``). Gates that mean nothing yet are left out. ``ended`` says
    why sending it would do nothing, None when it may be sent; ``settled`` that nothing of it waits,
    None while something does. ``connection`` is how the connection to the warehouse is; None
    without one.
    """
    found = reports.order_status(shop, gid)
    order = find_order(shop, gid.rpartition("/")[2])
    if found is None or order is None:
        return None
    connection = connection_of(shop)
    more = {
        outbound.external_id: {
            "held": is_held(outbound),
            "standing": warehouse_standing(outbound),
        }
        for outbound in live(order)
    }
    gates = known(order, [Verdict(**gate) for gate in found["gates"]])
    ended, settled = pointless(order), settlement(order)
    return {
        **found,
        **({"reason": None, "message": ""} if is_outlived(order) else {}),
        "connection": connection.standing if connection else None,
        "ended": {"message": ended} if ended else None,
        "settled": {"message": settled} if settled else None,
        "gates": [_gate(verdict, order, ended=bool(ended)) for verdict in gates],
        "warehouse_orders": [
            {**each, **more[each["external_id"]]} for each in found["warehouse_orders"]
        ],
    }


def _gate(verdict: Verdict, order: Order, *, ended: bool) -> dict[str, Any]:
    fix = fix_of(verdict, order, ended=ended)
    return {
        "gate": verdict.gate,
        "ok": verdict.ok,
        "message": verdict.message,
        "fix": verdict.fix if fix else "",
        "note": note_of(verdict),
        "keeps": keeps(order, verdict, ended=ended),
        "address": _address(fix),
        "ways": [
            {"name": way.name, "address": way.address} for way in ways_of(verdict, order, url_for)
        ],
    }


def _address(fix: Fix | None) -> str:
    """A path in the app, or a page of Shopify's admin; empty where neither mends the gate."""
    if fix is None or not fix.address:
        return ""
    return urlsplit(fix.address).path if fix.address.startswith("/") else fix.address
