"""What may be returned of an order, and where its returns stand."""

from collections import Counter
from collections.abc import Iterator

from sandbox.shopify.values import Node

OVER = frozenset({"CANCELED", "DECLINED"})


def returnable(order: Node) -> Iterator[tuple[Node, Node, int]]:
    """Yield shipments, their lines and the units of each that no return has claimed yet."""
    claimed = _claimed(order)
    for made in order["_fulfillments"]:
        for unit in made["_lines"] if made["status"] == "SUCCESS" else ():
            left = unit["quantity"] - claimed[unit["id"]] - unit["_refunded"]
            yield made, unit, left


def _claimed(order: Node) -> Counter[str]:
    claimed: Counter[str] = Counter()
    for one in order["_returns"]:
        for line in one["_lines"] if one["status"] not in OVER else ():
            claimed[line["fulfillmentLineItem"]["id"]] += line["quantity"]
    return claimed


def status_of(order: Node) -> str:
    """Return how an order's returns stand as a whole."""
    several = order["_returns"]
    statuses = {one["status"] for one in several}
    if "REQUESTED" in statuses:
        return "RETURN_REQUESTED"
    if "OPEN" in statuses:
        reverse = [row for one in several if one["status"] == "OPEN" for row in one["_reverse"]]
        inspected = all(row["status"] == "CLOSED" for row in reverse)
        return "INSPECTION_COMPLETE" if inspected else "IN_PROGRESS"
    return "RETURNED" if "CLOSED" in statuses else "NO_RETURN"
