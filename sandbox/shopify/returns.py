"""Returns: opened, asked for, approved or declined, closed, opened again, called off.

Each deed fires its webhook and ``orders/updated``. Callers hold the world's lock. NotPossible is
raised where Shopify answers a user error.
"""

from dataclasses import dataclass

from sandbox.shopify import payloads
from sandbox.shopify.fulfillment_orders import NotPossible
from sandbox.shopify.merchant import changed
from sandbox.shopify.returning import status_of
from sandbox.shopify.shop import Shop
from sandbox.shopify.values import Node, iso, now
from sandbox.shopify.webhooks import publish
from sandbox.shopify.world import World

BAD_STATE = "Return status is invalid."


@dataclass(frozen=True, slots=True)
class Wanted:
    """Units of a shipment's line that come back, and why."""

    unit: Node
    quantity: int
    reason: str = "UNKNOWN"
    note: str = ""


def new_return(world: World, shop: Shop, order: Node, lines: list[Wanted], status: str) -> Node:
    """Open a return, or note that the customer asks for one; an archived order opens again."""
    one: Node = {
        "__typename": "Return",
        "id": shop.new_id("Return"),
        "name": f"{order['name']}-R{len(order['_returns']) + 1}",
        "status": status,
        "createdAt": iso(now()),
        "closedAt": None,
        "requestApprovedAt": None,
        "decline": None,
        "order": order,
        "totalQuantity": sum(line.quantity for line in lines),
        "returnShippingFees": [],
        "_lines": new_lines(shop, lines),
        "_reverse": [],
        "_refunds": [],
    }
    shop.returns[one["id"]] = one
    order["_returns"].append(one)
    if not order["cancelledAt"]:
        order["closedAt"], order["closed"] = None, False
    if status == "OPEN":
        one["_reverse"] = send_back(shop, one, one["_lines"])
    _changed(world, shop, one, "returns/approve" if status == "OPEN" else "returns/request")
    return one


def new_lines(shop: Shop, wanted: list[Wanted]) -> list[Node]:
    """Return lines of a return for these units."""
    return [_line(shop, one) for one in wanted]


def _line(shop: Shop, wanted: Wanted) -> Node:
    return {
        "__typename": "ReturnLineItem",
        "id": shop.new_id("ReturnLineItem"),
        "fulfillmentLineItem": wanted.unit,
        "quantity": wanted.quantity,
        "processableQuantity": wanted.quantity,
        "processedQuantity": 0,
        "unprocessedQuantity": wanted.quantity,
        "refundableQuantity": wanted.quantity,
        "refundedQuantity": 0,
        "returnReason": wanted.reason,
        "returnReasonNote": wanted.note,
        "customerNote": None,
    }


def send_back(shop: Shop, one: Node, lines: list[Node]) -> list[Node]:
    """Return reverse fulfillment orders for lines of a return, one for each place they were shipped
    from."""
    places: dict[str, list[Node]] = {}
    for line in lines:
        places.setdefault(line["fulfillmentLineItem"]["_place"], []).append(line)
    return [_reverse(shop, one, rows) for rows in places.values()]


def _reverse(shop: Shop, one: Node, lines: list[Node]) -> Node:
    reverse: Node = {
        "__typename": "ReverseFulfillmentOrder",
        "id": shop.new_id("ReverseFulfillmentOrder"),
        "status": "OPEN",
        "order": one["order"],
        "thirdPartyConfirmation": None,
        "_return": one,
        "_lines": [
            {
                "__typename": "ReverseFulfillmentOrderLineItem",
                "id": shop.new_id("ReverseFulfillmentOrderLineItem"),
                "totalQuantity": line["quantity"],
                "fulfillmentLineItem": line["fulfillmentLineItem"],
                "dispositions": [],
            }
            for line in lines
        ],
    }
    shop.reverse_orders[reverse["id"]] = reverse
    return reverse


def approve(world: World, shop: Shop, one: Node) -> None:
    """Accept what a customer asked for."""
    if one["status"] != "REQUESTED":
        words = "Return is not approvable. Only returns with status REQUESTED can be approved."
        raise NotPossible(words, ["input", "id"], "INVALID_STATE")
    one["status"], one["requestApprovedAt"] = "OPEN", iso(now())
    one["_reverse"] = send_back(shop, one, one["_lines"])
    _changed(world, shop, one, "returns/approve")


def decline(world: World, shop: Shop, one: Node, reason: str = "OTHER", note: str = "") -> None:
    """Refuse what a customer asked for."""
    if one["status"] != "REQUESTED":
        words = "Return is not declinable. Only non-refunded returns with status REQUESTED"
        raise NotPossible(f"{words} can be declined.", ["input", "id"], "INVALID_STATE")
    one["status"], one["decline"] = "DECLINED", {"reason": reason, "note": note}
    settle(one)
    publish(world, shop, "returns/decline", payloads.declined_return(one), one["order"])
    changed(world, shop, one["order"])


def close(world: World, shop: Shop, one: Node) -> None:
    """Note that a return is complete; one that is closed already stays as it is."""
    if one["status"] not in ("OPEN", "CLOSED"):
        raise NotPossible(BAD_STATE, ["id"], "INVALID_STATE")
    if one["status"] == "OPEN":
        one["status"], one["closedAt"] = "CLOSED", iso(now())
        _set_reverse(one, "CLOSED")
        _changed(world, shop, one, "returns/close")


def reopen(world: World, shop: Shop, one: Node) -> None:
    """Take up a closed return again; one that is open already stays as it is."""
    if one["status"] not in ("OPEN", "CLOSED"):
        raise NotPossible(BAD_STATE, ["id"], "INVALID_STATE")
    if one["status"] == "CLOSED":
        one["status"], one["closedAt"] = "OPEN", None
        _set_reverse(one, "OPEN")
        _changed(world, shop, one, "returns/reopen")


def cancel(world: World, shop: Shop, one: Node) -> None:
    """Call a return off, as long as nothing was done about it."""
    if one["status"] == "CANCELED":
        return
    if one["status"] not in ("OPEN", "REQUESTED") or _begun(one):
        raise NotPossible("Return is not cancelable.", ["id"], "INVALID_STATE")
    one["status"] = "CANCELED"
    for reverse in one["_reverse"]:
        reverse["status"] = "CANCELED"
    _changed(world, shop, one, "returns/cancel")


def _begun(one: Node) -> bool:
    processed = any(line["processedQuantity"] for line in one["_lines"])
    return processed or any(
        line["dispositions"] for reverse in one["_reverse"] for line in reverse["_lines"]
    )


def _set_reverse(one: Node, status: str) -> None:
    for reverse in one["_reverse"]:
        reverse["status"] = status if any(map(undisposed, reverse["_lines"])) else "CLOSED"


def undisposed(line: Node) -> int:
    """Return the units of a reverse fulfillment order's line whose end isn't settled."""
    final = (one for one in line["dispositions"] if one["type"] != "PROCESSING_REQUIRED")
    left: int = line["totalQuantity"] - sum(one["quantity"] for one in final)
    return left


def settle(one: Node) -> None:
    """Let the order say how its returns stand."""
    one["order"]["returnStatus"] = status_of(one["order"])


def _changed(world: World, shop: Shop, one: Node, topic: str) -> None:
    """Announce a return that changed, and its order."""
    settle(one)
    opened = topic in ("returns/approve", "returns/request", "returns/process")
    body = payloads.opened_return(one) if opened else payloads.changed_return(one)
    publish(world, shop, topic, body, one["order"])
    changed(world, shop, one["order"])


def processed(world: World, shop: Shop, one: Node) -> None:
    """Announce that some of a return was processed."""
    _changed(world, shop, one, "returns/process")
