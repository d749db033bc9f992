"""What the warehouse's own staff do to an order; the app hears of it as of any change of state."""

from typing import Any

from sandbox.wms import changes
from sandbox.wms.orders import STATES
from sandbox.wms.problems import Problem
from sandbox.wms.views import order as order_by_number
from sandbox.wms.world import Account, World


def account_of(world: World, name: Any) -> Account:
    """The account of that name. Raises Problem 404."""
    if name not in world.accounts:
        raise Problem(404, "invalid", f"There is no account {name}.")
    return world.accounts[name]


def do(world: World, account: str, wms_id: str, verb: str, reason: str | None) -> None:
    """Hold, release or pack an order by its number. Raises Problem 404, 409."""
    if verb not in ("hold", "release", "pack"):
        raise Problem(404, "invalid", f"There is no button {verb}.")
    known = account_of(world, account)
    external_id = order_by_number(world, account, wms_id).external_id
    if verb == "pack":
        _check_packable(known, external_id)
        set_state(world, known, external_id, "packed")
        return
    change = changes.hold if verb == "hold" else changes.release
    with known.lock:
        change(known.book, {"external_id": external_id, "reason": reason})
    _announce(world, known, external_id)


def set_state(world: World, account: Account, external_id: str, state: Any) -> dict[str, Any]:
    """Put an order into a state, whatever it was in. Raises Problem 404, 422."""
    if state not in STATES:
        raise Problem(422, "invalid", f"state must be one of {', '.join(STATES)}.")
    with account.lock:
        changes.find(account.book, external_id).state = state
    return _announce(world, account, external_id)


def _check_packable(account: Account, external_id: str) -> None:
    order = changes.find(account.book, external_id)
    if order.state != "picking":
        words = order.state.replace("_", " ")
        raise Problem(409, "invalid", f"The order is {words}: there is nothing to pack.")


def _announce(world: World, account: Account, external_id: str) -> dict[str, Any]:
    with account.lock:
        reference = account.book.by_reference(external_id) or {}
    world.announce(account, "order.state_changed", reference)
    return reference
