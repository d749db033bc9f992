"""Where the buttons and verbs of staff begin: whose order or shipment it is, and what is done."""

from collections.abc import Callable
from typing import Any

from sandbox.wms import packing, sellers, staff
from sandbox.wms.accounts import Account
from sandbox.wms.capabilities import offered
from sandbox.wms.problems import Problem
from sandbox.wms.shipments import Shipment
from sandbox.wms.world import World

Deed = Callable[[Account, dict[str, Any]], Any]

DEEDS: dict[str, Deed] = {
    "hold": staff.hold,
    "release": staff.release,
    "pack": packing.pack,
    "ship": packing.ship,
    "deliver": packing.deliver,
    "cancel": sellers.cancel,
    "ship_by": staff.set_ship_by,
}


def account_of(world: World, name: Any) -> Account:
    """The account of that name. Raises Problem 404."""
    if name not in world.accounts:
        raise Problem(404, "invalid", f"There is no account {name}.")
    return world.accounts[name]


def account_with(world: World, shipment_id: str) -> Account:
    """The account that a shipment belongs to. Raises Problem 404."""
    for account in list(world.accounts.values()):
        if shipment_id in account.shipments:
            return account
    raise Problem(404, "invalid", f"There is no shipment {shipment_id}.")


def shown(account: Account, shipment: Shipment) -> dict[str, Any]:
    """A shipment as the feed shows it, or would."""
    return shipment.item(account.origin(), documents=offered(account.settings())["documents"])


def deed(verb: str) -> Deed:
    """What a button on an order's page does. Raises Problem 404."""
    if verb not in DEEDS:
        raise Problem(404, "invalid", f"There is no button {verb}.")
    return DEEDS[verb]
