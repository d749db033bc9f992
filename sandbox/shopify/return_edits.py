"""What a merchant changes of an open return: lines added, lines taken out.

Each deed fires ``orders/updated``; Shopify publishes no topic for it. Callers hold the world's
lock. NotPossible is raised where the admin would not offer it.
"""

from sandbox.shopify import returns
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.merchant import changed
from sandbox.shopify.returns import BAD_STATE, Wanted, undisposed
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node
from sandbox.shopify.world import World


def add(world: World, shop: Shop, one: Node, lines: list[Wanted]) -> None:
    """Have more units come back: they get return lines and reverse fulfillment orders of their
    own."""
    _check_open(one)
    fresh = returns.new_lines(shop, lines)
    one["_lines"] += fresh
    one["_reverse"] += returns.send_back(shop, one, fresh)
    _edited(world, shop, one)


def remove(world: World, shop: Shop, one: Node, sku: str, quantity: int) -> None:
    """Take units out of a return; none that anything was done about."""
    _check_open(one)
    left = quantity
    for line in [line for line in one["_lines"] if _sku(line) == sku]:
        taken = min(left, line["unprocessedQuantity"], _untouched(one, line))
        _take(one, line, taken)
        left -= taken
    if left:
        raise NotPossible(f"Only {quantity - left} of {sku} can be taken out of the return.")
    one["_lines"] = [line for line in one["_lines"] if line["quantity"]]
    _edited(world, shop, one)


def _check_open(one: Node) -> None:
    if one["status"] != "OPEN":
        raise NotPossible(BAD_STATE, ["returnId"], "INVALID_STATE")


def _sku(line: Node) -> str:
    return str(line["fulfillmentLineItem"]["lineItem"]["sku"])


def _goods(one: Node, line: Node) -> list[Node]:
    unit = line["fulfillmentLineItem"]
    rows = [row for reverse in one["_reverse"] for row in reverse["_lines"]]
    return [row for row in rows if row["fulfillmentLineItem"] is unit]


def _free(row: Node) -> int:
    disposed = sum(end["quantity"] for end in row["dispositions"])
    return int(row["totalQuantity"]) - disposed


def _untouched(one: Node, line: Node) -> int:
    return sum(map(_free, _goods(one, line)))


def _take(one: Node, line: Node, count: int) -> None:
    for name in ("quantity", "processableQuantity", "unprocessedQuantity", "refundableQuantity"):
        line[name] -= count
    for row in _goods(one, line):
        taken = min(count, _free(row))
        row["totalQuantity"] -= taken
        count -= taken
    for reverse in one["_reverse"]:
        reverse["_lines"] = [row for row in reverse["_lines"] if row["totalQuantity"]]


def _edited(world: World, shop: Shop, one: Node) -> None:
    for reverse in one["_reverse"]:
        reverse["status"] = "OPEN" if any(map(undisposed, reverse["_lines"])) else "CLOSED"
    one["totalQuantity"] = sum(line["quantity"] for line in one["_lines"])
    returns.settle(one)
    changed(world, shop, one["order"])
