"""The control API for returns: a merchant's hand on them, by HTTP."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify
from werkzeug.exceptions import NotFound

from sandbox.shopify import disposals, processing, return_edits, returns
from sandbox.shopify.control import asked, the_shop, the_world
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.order_dump import dump_return
from sandbox.shopify.returning import returnable
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, gid, number_of
from sandbox.shopify.world import World

Deed = Callable[[World, Shop, Node, dict[str, Any]], None]


def list_returns(name: str) -> Any:
    """List a shop's returns, oldest first."""
    world, shop = the_world(), the_shop(name)
    with world.lock:
        return jsonify([dump_return(one) for one in shop.returns.values()])


def open_return(name: str) -> Any:
    """Open a return of an order: ``{"order", "lines", "status": "OPEN or REQUESTED"}``.

    ``lines`` are ``[{"sku" or "line_id", "quantity", "reason", "note"}]``, all that was shipped
    when there are none.
    """
    world, shop, body = the_world(), the_shop(name), asked()
    with world.lock:
        order = shop.order(str(body["order"]))
        if order is None:
            raise NotFound(f"There is no order {body['order']} in {shop.domain}.")
        lines = _wanted(order, body.get("lines"))
        status = str(body.get("status", "OPEN")).upper()
        if status not in ("OPEN", "REQUESTED"):
            raise ValueError("A return begins OPEN or REQUESTED.")
        return jsonify(dump_return(returns.new_return(world, shop, order, lines, status))), 201


def _wanted(order: Node, rows: list[dict[str, Any]] | None) -> list[returns.Wanted]:
    """Turn order lines into units of shipments; raises NotPossible when too few were shipped."""
    left = [(unit, count) for _, unit, count in returnable(order) if count > 0]
    if rows is None:
        found = [returns.Wanted(unit, count) for unit, count in left]
    else:
        found = [one for row in rows for one in _units(left, row)]
    if not found:
        raise NotPossible("Nothing of the order can be returned.")
    return found


def _units(left: list[tuple[Node, int]], row: dict[str, Any]) -> list[returns.Wanted]:
    wanted, found = int(row.get("quantity", 1)), []
    for unit, count in left:
        if _is_of(unit["lineItem"], row) and wanted:
            taken = min(wanted, count)
            wanted -= taken
            reason = str(row.get("reason", "UNKNOWN"))
            found.append(returns.Wanted(unit, taken, reason, str(row.get("note", ""))))
    if wanted:
        raise NotPossible("Return line item has an invalid quantity.")
    return found


def _is_of(line: Node, row: dict[str, Any]) -> bool:
    if "line_id" in row:
        return number_of(line["id"]) == number_of(str(row["line_id"]))
    return bool(line["sku"] == row.get("sku"))


def act(name: str, number: int, deed: str) -> Any:
    """Do something to a return; answer with it as it is then."""
    world, shop = the_world(), the_shop(name)
    if deed not in DEEDS:
        raise NotFound(f"There is nothing called {deed}; known: {', '.join(sorted(DEEDS))}.")
    with world.lock:
        one = shop.returns.get(gid("Return", number))
        if one is None:
            raise NotFound(f"There is no return {number} in {shop.domain}.")
        DEEDS[deed](world, shop, one, asked())
        return jsonify(dump_return(one))


def _decline(world: World, shop: Shop, one: Node, body: dict[str, Any]) -> None:
    returns.decline(world, shop, one, body.get("reason", "OTHER"), body.get("note", ""))


def _dispose(world: World, shop: Shop, one: Node, body: dict[str, Any]) -> None:
    """``{"type", "location", "lines": [{"id", "quantity"}]}``; all that is left without lines."""
    kind, place = str(body.get("type", "RESTOCKED")), _place(shop, body.get("location"))
    for reverse in one["_reverse"]:
        wanted = {row["id"]: int(row["quantity"]) for row in body.get("lines") or ()}
        rows = [
            {
                "reverseFulfillmentOrderLineItemId": line["id"],
                "quantity": wanted.get(line["id"], 0) if wanted else returns.undisposed(line),
                "dispositionType": kind,
                "locationId": place or line["fulfillmentLineItem"]["_place"],
            }
            for line in reverse["_lines"]
        ]
        rows = [row for row in rows if row["quantity"]]
        if rows:
            disposals.dispose(world, shop, disposals.checked(shop, rows, ["lines"]))


def _place(shop: Shop, name: str | None) -> str | None:
    for one in shop.locations.values() if name else ():
        if name in (one["name"], one["id"], str(number_of(one["id"]))):
            return str(one["id"])
    return None


def _process(world: World, shop: Shop, one: Node, body: dict[str, Any]) -> None:
    """``{"lines": [{"id", "quantity"}]}``; all that is left without lines."""
    everything = [
        {"id": line["id"], "quantity": line["processableQuantity"]} for line in one["_lines"]
    ]
    rows = body.get("lines") or [row for row in everything if row["quantity"]]
    processing.process(world, shop, one, {"returnLineItems": rows})


def _add(world: World, shop: Shop, one: Node, body: dict[str, Any]) -> None:
    """``{"lines": [{"sku" or "line_id", "quantity", "reason", "note"}]}``."""
    return_edits.add(world, shop, one, _wanted(one["order"], body["lines"]))


def _remove(world: World, shop: Shop, one: Node, body: dict[str, Any]) -> None:
    """``{"sku", "quantity"}``."""
    return_edits.remove(world, shop, one, str(body["sku"]), int(body.get("quantity", 1)))


DEEDS: dict[str, Deed] = {
    "approve": lambda world, shop, one, _: returns.approve(world, shop, one),
    "decline": _decline,
    "add": _add,
    "remove": _remove,
    "close": lambda world, shop, one, _: returns.close(world, shop, one),
    "reopen": lambda world, shop, one, _: returns.reopen(world, shop, one),
    "cancel": lambda world, shop, one, _: returns.cancel(world, shop, one),
    "dispose": _dispose,
    "process": _process,
}


def attach(blueprint: Blueprint) -> None:
    """Add the routes of returns to the control API."""
    rule = "/sandbox/<name>/returns"
    blueprint.add_url_rule(rule, view_func=list_returns, methods=["GET"])
    blueprint.add_url_rule(rule, view_func=open_return, methods=["POST"])
    blueprint.add_url_rule(
        f"{rule}/<int:number>/<deed>", "act_on_return", view_func=act, methods=["POST"]
    )
