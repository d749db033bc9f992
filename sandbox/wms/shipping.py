"""What happens to a shipment after it was packed, and how the apps hear of it."""

from typing import Any

from sandbox.wms import inventory, quantities
from sandbox.wms.accounts import Account
from sandbox.wms.capabilities import need, offered
from sandbox.wms.carriers import package
from sandbox.wms.ledger import now
from sandbox.wms.orders import Order
from sandbox.wms.problems import Problem
from sandbox.wms.shipments import STEPS, Shipment

NEEDS = dict.fromkeys(("in_transit", "out_for_delivery", "deliver"), "delivered_event")
KINDS = {"cancelled": "shipment_cancelled"}


def find(account: Account, shipment_id: str) -> Shipment:
    """The shipment of that id. Raises Problem 404."""
    try:
        return account.shipments[shipment_id]
    except KeyError:
        raise Problem(404, "invalid", f"There is no shipment {shipment_id}.") from None


def advance(
    account: Account, shipment: Shipment, step: str, packages: list[Any] | None = None
) -> None:
    """Take one of ``STEPS``. Raises Problem 404, 409 when it is too early or too late, 501."""
    _check_step(account, shipment, step)
    if step == "ship":
        leave(account, shipment, packages)
    else:
        _go_on(account, shipment, STEPS[step][1])
    order = account.book.orders.get(shipment.external_id)
    if order:
        settle(account, order)


def leave(account: Account, shipment: Shipment, packages: list[Any] | None = None) -> None:
    """Hand a packed shipment to its carrier; the caller settles the order."""
    if packages is not None:
        shipment.packages = [package(wanted) for wanted in packages]
    if not shipment.packages:
        shipment.packages = [package(number=f"DP{shipment.id.removeprefix('S-'):0>10}")]
    shipment.state, shipment.shipped_at = "shipped", now()
    publish(account, shipment, "shipped")


def track(account: Account, shipment: Shipment, packages: list[Any]) -> None:
    """Replace a shipment's packages, as after a mistyped number. Raises Problem 409."""
    if not shipment.live:
        raise Problem(409, "invalid", f"The shipment {shipment.id} is cancelled.")
    shipment.packages = [package(wanted) for wanted in packages]
    publish(account, shipment, "tracking_changed")


def publish(account: Account, shipment: Shipment, kind: str) -> None:
    """Raise a shipment's version, write it down, show it in the feed and call the apps.

    A warehouse without ``packed_event`` says nothing of a shipment before it leaves.
    """
    shipment.version += 1
    account.note(
        kind,
        external_id=shipment.external_id,
        shipment=shipment.id,
        version=shipment.version,
        lines=[dict(line) for line in shipment.lines],
    )
    can = offered(account.settings())
    early = shipment.state in ("packed", "cancelled") and not shipment.told
    if early and not can["packed_event"]:
        return
    shipment.told = True
    item = shipment.item(account.origin(), documents=can["documents"])
    account.feeds["shipments"].put(shipment.id, item)
    account.tell("shipment.updated", item)


def settle(account: Account, order: Order) -> None:
    """Put an order into the state that follows from its shipments, and let the stock follow.

    The apps are told if the state changed.
    """
    before, order.state = order.state, quantities.state(order)
    inventory.follow(account, order)
    if order.state != before:
        account.tell("order.state_changed", account.book.by_reference(order.external_id) or {})


def _check_step(account: Account, shipment: Shipment, step: str) -> None:
    if step not in STEPS:
        raise Problem(404, "invalid", f"There is no step {step}. Steps are {', '.join(STEPS)}.")
    if step in NEEDS:
        need(account.settings(), NEEDS[step])
    if step not in shipment.steps():
        words = shipment.state.replace("_", " ")
        raise Problem(409, "invalid", f"The shipment {shipment.id} is {words} already.")


def _go_on(account: Account, shipment: Shipment, state: str) -> None:
    shipment.state = state
    if state == "delivered":
        shipment.delivered_at = now()
        shipment.shipped_at = shipment.shipped_at or shipment.delivered_at
    publish(account, shipment, KINDS.get(state, state))
