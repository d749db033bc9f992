"""What orders take from stock: placing one commits units, shipping takes them off the shelf.

Each order remembers what it has committed and where. After any change that is compared with what
its open fulfillment orders ask for, and only the difference moves, so that edits, moves, splits,
holds and cancellations need no bookkeeping of their own. Callers hold the world's lock.
"""

from collections import Counter
from collections.abc import Iterable

from sandbox.shopify.fulfillment_orders import OPEN
from sandbox.shopify.shop import Shop
from sandbox.shopify.stock import level_or_new
from sandbox.shopify.stock_log import changing
from sandbox.shopify.values import Node
from sandbox.shopify.world import World

Spot = tuple[str, str]
Units = Iterable[tuple[Node, int]]


def settle(world: World, shop: Shop, order: Node) -> None:
    """Commit what an order asks for now, and give back what it no longer does."""
    held: Counter[Spot] = order["_committed"]
    wanted = _wanted(shop, order)
    for spot in sorted(set(held) | set(wanted)):
        _commit(world, shop, order, spot, wanted[spot] - held[spot])


def _commit(world: World, shop: Shop, order: Node, spot: Spot, units: int) -> None:
    if units:
        with changing(world, shop, _level(shop, spot), order["id"]) as kept:
            kept["committed"] += units
            kept["available"] -= units
        order["_committed"][spot] += units


def _wanted(shop: Shop, order: Node) -> Counter[Spot]:
    """Return units by inventory item and location; before routing, where the lines will go."""
    wanted: Counter[Spot] = Counter()
    if order["_routed"]:
        for one in order["_fulfillment_orders"]:
            if one["status"] in OPEN:
                wanted.update(_remaining(one))
    elif not order["cancelledAt"]:
        for line in order["_lines"]:
            place = shop.place_for(line["_location"] or order["_location"])
            wanted.update(_spot(line, place, line["currentQuantity"]))
    return wanted


def _remaining(one: Node) -> Counter[Spot]:
    place = one["assignedLocation"]["location"]
    found: Counter[Spot] = Counter()
    for row in one["_lines"]:
        found.update(_spot(row["lineItem"], place, row["remainingQuantity"]))
    return found


def _spot(line: Node, place: Node, units: int) -> dict[Spot, int]:
    """Return the units of a line as a place in stock; nothing for what is not tracked."""
    variant = line["variant"]
    if not variant or not variant["inventoryItem"]["tracked"]:
        return {}
    return {(variant["inventoryItem"]["id"], place["id"]): units}


def _level(shop: Shop, spot: Spot) -> Node:
    """Return a level; one at a location deleted since is still there."""
    item, place = shop.items[spot[0]], spot[1]
    return item["_levels"].get(place) or level_or_new(item, shop.locations[place])


def ship(world: World, shop: Shop, order: Node, place: Node, units: Units) -> None:
    """Take shipped units of lines off the shelf of a location; fewer than none puts them back.

    They come back committed, as the units of a cancelled shipment are.
    """
    for line, count in units:
        for spot in _spot(line, place, count):
            with changing(world, shop, _level(shop, spot), order["id"]) as kept:
                kept["committed"] -= count
            order["_committed"][spot] -= count


def lose(world: World, shop: Shop, order: Node) -> None:
    """Give up what an order has committed without putting it back for sale."""
    for spot, count in list(order["_committed"].items()):
        if count:
            with changing(world, shop, _level(shop, spot), order["id"]) as kept:
                kept["committed"] -= count
    order["_committed"].clear()


def give_back(world: World, shop: Shop, order: Node) -> None:
    """Return all that an order has committed, as it is deleted."""
    for spot, count in list(order["_committed"].items()):
        _commit(world, shop, order, spot, -count)
