"""The control API for orders: a merchant's hand on them, by HTTP."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify
from werkzeug.exceptions import NotFound

from sandbox.shopify import cancelling, editing, holds, merchant, shipments, warehouse
from sandbox.shopify import fulfillment_orders as fulfilment
from sandbox.shopify.control import asked, the_shop, the_world
from sandbox.shopify.order_dump import dump
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, gid, number_of
from sandbox.shopify.world import World

Deed = Callable[[World, Shop, Node, dict[str, Any]], Any]

LISTED = (
    "id",
    "name",
    "tags",
    "createdAt",
    "updatedAt",
    "displayFinancialStatus",
    "displayFulfillmentStatus",
    "cancelledAt",
    "closedAt",
    "test",
)


def list_orders(name: str) -> Any:
    """List a shop's orders, oldest first."""
    world, shop = the_world(), the_shop(name)
    with world.lock:
        rows = [_line(order) for order in shop.orders.values()]
    return jsonify(rows)


def _line(order: Node) -> dict[str, Any]:
    return {key: order[key] for key in LISTED} | {
        "number": number_of(order["id"]),
        "total": order["currentTotalPriceSet"]["shopMoney"],
        "customer": (order["customer"] or {}).get("displayName"),
        "lines": len(order["_lines"]),
        "routed": order["_routed"],
    }


def show_order(name: str, number: int) -> Any:
    """Return everything about an order."""
    world, shop = the_world(), the_shop(name)
    with world.lock:
        return jsonify(dump(_order(shop, number)))


def create_orders(name: str) -> Any:
    """Create ``count`` orders from one description; return their ids."""
    world, shop, spec = the_world(), the_shop(name), asked()
    count = int(spec.pop("count", 1))
    with world.lock:
        made = [merchant.place_order(world, shop, dict(spec)) for _ in range(count)]
    return jsonify(ids=[one["id"] for one in made], names=[one["name"] for one in made]), 201


def act(name: str, number: int, deed: str) -> Any:
    """Do something to an order; answer with the order as it is then."""
    world, shop = the_world(), the_shop(name)
    if deed not in DEEDS:
        raise NotFound(f"There is nothing called {deed}; known: {', '.join(sorted(DEEDS))}.")
    with world.lock:
        order = _order(shop, number)
        DEEDS[deed](world, shop, order, asked())
        return jsonify(dump(order))


def _order(shop: Shop, number: int) -> Node:
    order = shop.order(number)
    if order is None:
        raise NotFound(f"There is no order {number} in {shop.domain}.")
    return order


def _chosen(order: Node, body: dict[str, Any]) -> Node:
    """Return the fulfillment order named in the body, else the first open one."""
    wanted = number_of(str(body.get("fulfillment_order", 0)))
    several: list[Node] = order["_fulfillment_orders"]
    for one in several:
        if number_of(one["id"]) == wanted or (not wanted and one["status"] in fulfilment.OPEN):
            return one
    raise NotFound("The order has no such fulfillment order.")


def _move(world: World, shop: Shop, order: Node, body: dict[str, Any]) -> None:
    location = gid("Location", number_of(str(body["location"])))
    warehouse.move(world, shop, _chosen(order, body), location, body.get("lines"))


def _split(world: World, shop: Shop, order: Node, body: dict[str, Any]) -> None:
    one = _chosen(order, body)
    lines = body.get("lines") or fulfilment.everything(one)[-1:]
    warehouse.split(world, shop, one, lines)


def _merge(world: World, shop: Shop, order: Node, _: dict[str, Any]) -> None:
    warehouse.merge(world, shop, fulfilment.still_open(order))


def _hold(world: World, shop: Shop, order: Node, body: dict[str, Any]) -> None:
    wish = holds.Wish(body.get("reason", "OTHER"), body.get("notes"))
    holds.hold(world, shop, _chosen(order, body), wish, body.get("lines"))


def _release(world: World, shop: Shop, order: Node, body: dict[str, Any]) -> None:
    holds.release(world, shop, _chosen(order, body), body.get("holds"))


def _deadline(world: World, shop: Shop, order: Node, body: dict[str, Any]) -> None:
    holds.set_deadline(world, shop, [_chosen(order, body)], body["fulfill_by"])


def _reschedule(world: World, shop: Shop, order: Node, body: dict[str, Any]) -> None:
    holds.reschedule(world, shop, _chosen(order, body), body["fulfill_at"])


def _fulfil(world: World, shop: Shop, order: Node, body: dict[str, Any]) -> None:
    one = _chosen(order, body)
    shipments.fulfil(world, shop, [(one, body.get("lines") or [])], body.get("tracking"))


def _unfulfil(world: World, shop: Shop, order: Node, body: dict[str, Any]) -> None:
    wanted = number_of(str(body.get("fulfillment", 0)))
    done = [one for one in order["_fulfillments"] if one["status"] == "SUCCESS"]
    made = next((one for one in done if wanted in (0, number_of(one["id"]))), None)
    if made is None:
        raise NotFound("The order has no fulfillment.")
    shipments.cancel(world, shop, made)


def _cancel(world: World, shop: Shop, order: Node, body: dict[str, Any]) -> None:
    keys = ("reason", "restock", "refund", "notify", "note")
    wish = cancelling.Wish(**{key: body[key] for key in keys if key in body})
    cancelling.cancel(world, shop, order, wish)


DEEDS: dict[str, Deed] = {
    "edit": editing.edit,
    "tags": merchant.tag,
    "pay": lambda world, shop, order, _: merchant.pay_order(world, shop, order),
    "cancel": _cancel,
    "close": lambda world, shop, order, _: merchant.close(world, shop, order),
    "reopen": lambda world, shop, order, _: merchant.reopen(world, shop, order),
    "delete": lambda world, shop, order, _: merchant.delete(world, shop, order),
    "risk": lambda world, shop, order, body: merchant.assess_risk(
        world, shop, order, body.get("recommendation", "INVESTIGATE")
    ),
    "route": lambda world, shop, order, _: merchant.route_order(world, shop, order),
    "move": _move,
    "split": _split,
    "merge": _merge,
    "hold": _hold,
    "release": _release,
    "deadline": _deadline,
    "reschedule": _reschedule,
    "ready": lambda world, shop, order, body: warehouse.open_scheduled(
        world, shop, _chosen(order, body)
    ),
    "fulfil": _fulfil,
    "cancel-fulfillment": _unfulfil,
}


def attach(blueprint: Blueprint) -> None:
    """Add the order routes to the control API."""
    rule = "/sandbox/<name>/orders"
    blueprint.add_url_rule(rule, view_func=list_orders, methods=["GET"])
    blueprint.add_url_rule(rule, view_func=create_orders, methods=["POST"])
    blueprint.add_url_rule(f"{rule}/<int:number>", view_func=show_order, methods=["GET"])
    blueprint.add_url_rule(f"{rule}/<int:number>/<deed>", view_func=act, methods=["POST"])
