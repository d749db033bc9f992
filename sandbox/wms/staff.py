"""What staff change about an order by their own hand; the apps hear of it."""

from collections.abc import Callable
from typing import Any

from sandbox.wms import changes, inventory
from sandbox.wms.accounts import Account
from sandbox.wms.book import Book
from sandbox.wms.orders import STATES
from sandbox.wms.problems import Problem

Request = dict[str, Any]


def hold(account: Account, request: Request) -> Request:
    """Stop work on an order. Raises Problem 404, 409."""
    return _change(account, changes.hold, request)


def release(account: Account, request: Request) -> Request:
    """Let work on a held order go on. Raises Problem 404, 409."""
    return _change(account, changes.release, request)


def set_ship_by(account: Account, request: Request) -> Request:
    """Give an order another latest shipping time, or none. Raises Problem 404, 409."""
    return _change(account, changes.set_ship_by, request)


def set_state(account: Account, external_id: str, state: Any) -> Request:
    """Put an order into a state, whatever it was in. Raises Problem 404, 422."""
    if state not in STATES:
        raise Problem(422, "invalid", f"state must be one of {', '.join(STATES)}.")
    with account.lock:
        order = changes.find(account.book, external_id)
        order.state = state
        inventory.follow(account, order)
        return announce(account, external_id)


def announce(account: Account, external_id: str) -> Request:
    """Tell the apps how an order stands; returns what they are told."""
    reference = account.book.by_reference(external_id) or {}
    account.tell("order.state_changed", reference)
    return reference


def _change(
    account: Account, deed: Callable[[Book, Request], Request], request: Request
) -> Request:
    deed(account.book, request)
    return announce(account, request["external_id"])
