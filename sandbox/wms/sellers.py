"""Point 10: what the warehouse cancels by itself, as when goods turn out to be broken."""

from typing import Any

from sandbox.wms import quantities, shipping
from sandbox.wms.accounts import Account
from sandbox.wms.changes import find
from sandbox.wms.ledger import now
from sandbox.wms.orders import Order
from sandbox.wms.problems import Problem

Item = dict[str, Any]


def cancel(account: Account, request: dict[str, Any]) -> Item:
    """Cancel units that are not packed: those of ``lines``, or all there are.

    Returns the feed's item. Its quantities are absolute, what was cancelled before included, and
    left out for a whole order. Raises Problem 404, 409 when nothing can be cancelled, 422.
    """
    order = find(account.book, request["external_id"])
    if order.state == "cancelled":
        raise Problem(409, "invalid", "The order is cancelled already.")
    units = quantities.chosen(order, request.get("lines"))
    for line_id, many in units.items():
        order.cancelled[line_id] = order.cancelled.get(line_id, 0) + many
    item = _item(account, order, units, request.get("reason"))
    account.note(
        "seller_cancelled",
        external_id=order.external_id,
        id=item["id"],
        reason=item["reason"],
        lines=dict(order.cancelled),
    )
    account.feeds["cancellations"].put(item["id"], item)
    account.tell("order.cancelled", item)
    shipping.settle(account, order)
    return item


def _item(account: Account, order: Order, units: dict[str, int], reason: str | None) -> Item:
    item: Item = {
        "id": f"C-{len(account.feeds['cancellations'].items()) + 1:05}",
        "external_id": order.external_id,
        "initiator": "seller",
        "reason": reason,
        "at": now(),
    }
    if quantities.state(order) == "cancelled":
        return item
    lines = [{"line_id": key, "cancelled_quantity": order.cancelled[key]} for key in units]
    return item | {"lines": lines}
