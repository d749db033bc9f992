"""The control API's verbs for returns: listed, received, closed."""

from typing import Any

from flask import Blueprint, jsonify

from sandbox.wms import desk, returning, stock_views
from sandbox.wms.bodies import ReturnDeed, checked
from sandbox.wms.gate import world
from sandbox.wms.problems import Problem

control_returns = Blueprint("control_returns", __name__, url_prefix="/sandbox/returns")
control_returns.register_error_handler(Problem, lambda problem: problem.response())


@control_returns.get("")
def returns() -> Any:
    """Every return of every account, oldest first."""
    return jsonify(stock_views.returns(world()))


@control_returns.post("/receive")
def receive() -> Any:
    """Take goods in: ``{external_id, account?, lines?}``."""
    return _do(returning.receive)


@control_returns.post("/close")
def close() -> Any:
    """Expect nothing more: ``{external_id, account?}``."""
    return _do(returning.close)


def _do(deed: desk.Deed) -> Any:
    wanted = checked(ReturnDeed)
    account = desk.account_of(world(), wanted.get("account", "ACME"))
    with account.lock:
        return jsonify(deed(account, wanted))
